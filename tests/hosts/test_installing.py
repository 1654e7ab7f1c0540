"""The installer: from a clean home folder to the first deletion to the removal, for any `aws`."""

from __future__ import annotations

import dataclasses
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from awscli_rekcl import __version__
from tests.hosts import installs
from tests.hosts.installs import Host
from tests.hosts.shell import Aws, Result
from tests.hosts.texts import blocks
from tests.simulator.client import Simulator
from tests.wheel import build

SOAK = "SOAK" in os.environ
ZIP = "awscli_rekcl-config.zip"

CONFIG = """\
# mine
[default]
region = us-east-1
s3 =
  max_concurrent_requests = 20

# a comment
[profile other]
region = eu-west-1
"""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree."""
    return build(tmp_path_factory.mktemp("wheel"), 1_000_000_000)


@pytest.fixture
def clean(host: Host, aws: Aws, tmp_path: Path) -> Aws:
    """``aws`` without the plugin, and with the user's own configuration."""
    aws.config.write_text(CONFIG)
    aws.environment.pop("PYTHONPATH", None)
    # No other `aws` of this machine, which the installer would try.
    aws.environment["PATH"] = str(aws.home / "bin")
    if host.major == 1:
        aws.host = dataclasses.replace(host, aws=_copy(host, tmp_path / "venv"))
    (aws.home / "bin" / "aws").unlink()
    (aws.home / "bin" / "aws").symlink_to(aws.host.aws)
    return aws


def _copy(host: Host, folder: Path) -> Path:
    """A version 1 into which the plugin can be installed without leaving traces in the host."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (packages,) = folder.glob("lib/python3*/site-packages")
    (theirs,) = host.aws.parents[1].glob("lib/python3*/site-packages")
    (packages / "host.pth").write_text(f"{theirs}\n")
    _, script = host.aws.read_text().split("\n", 1)
    return _script(folder / "bin" / "aws", script, folder / "bin" / "python")


def _script(path: Path, text: str, interpreter: str | Path = "/bin/sh") -> Path:
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(f"#!{interpreter}\n{text}\n")
    path.chmod(0o755)
    return path


def _installer(
    aws: Aws, program: Path, *args: str, code: int | None = 0
) -> subprocess.CompletedProcess[str]:
    """Run the installer out of a wheel, a zip or a folder with the package in it."""
    words = [sys.executable, f"{program}/awscli_rekcl", *args]
    done = subprocess.run(words, env=aws.environment, capture_output=True, text=True)
    assert code in (None, done.returncode), done.stderr
    return done


def _delete_one(aws: Aws, simulator: Simulator, code: int | None = 0) -> Result:
    (arn,) = simulator.seed({"cats": ["v1"]})["cats"].versions
    result = aws.run("rekognition", "delete-model-and-wait", "--project-version-arn", arn, "--yes")
    assert code in (None, result.returncode), result.stderr
    return result


def _has_command(aws: Aws) -> bool:
    return "--project-version-arn" in aws.run("rekognition", "delete-model-and-wait").stderr


@pytest.mark.hosts("v2", "v2-debian", "v1", "v1-old")
def test_from_a_clean_home_to_the_first_deletion_to_the_removal(
    clean: Aws, wheel: Path, simulator: Simulator, tmp_path: Path
) -> None:
    def status(code: int, *words: str) -> None:
        said = _installer(clean, wheel, "status", code=code).stdout
        for word in words:
            assert word in said

    status(1, "works, but without the command: the configuration does not name the plugin")
    _installer(clean, wheel, "install")
    assert clean.config.read_text().startswith(CONFIG)
    version = clean.host.version.split()[0].split("/")[1]
    zipped = clean.home / ZIP
    loaded = f"{clean.home}/bin/aws ({version}): has the command, version {__version__} from "
    status(0, f"{loaded}{zipped}\n", f"Configuration: {clean.config}\n")
    _delete_one(clean, simulator)
    configured, plugin = clean.config.read_text(), zipped.read_bytes()
    zipped.unlink()
    why = f"No module named 'awscli_rekcl' ({sys.executable} {wheel}/awscli_rekcl install)"
    status(1, "does not work: ", why)
    _installer(clean, wheel, "install")  # a repair, or an update
    assert (clean.config.read_text(), zipped.read_bytes()) == (configured, plugin)
    # By what was installed: neither clone nor wheel is needed any more.
    _installer(clean, zipped, "remove")
    assert clean.config.read_text() == CONFIG
    assert not [path for path in tmp_path.rglob("*rekcl*") if "plugins" not in path.parts]
    assert "invalid choice" in _delete_one(clean, simulator, code=None).stderr.lower()
    assert clean.run("--version").returncode == 0


@pytest.mark.hosts("v2", "v2-debian")
def test_without_the_installer(clean: Aws, wheel: Path, simulator: Simulator) -> None:
    clean.environment.pop("AWS_CONFIG_FILE")
    (clean.home / ".aws").mkdir()
    shutil.copy(wheel, clean.home / ".aws" / ZIP)
    (steps,) = (block for block in blocks("sh") if "configure set" in block)
    path = f"{clean.environment['PATH']}:{os.environ['PATH']}"
    result = clean.bash(f"set -e; {steps}", env={"PATH": path})
    assert result.returncode == 0, result.stderr
    _delete_one(clean, simulator)
    again = (clean.home / ".aws" / "config").read_text()
    _installer(clean, wheel, "install")
    assert (clean.home / ".aws" / "config").read_text() == again


# Runs the installer, and sends it a signal at one of its lines; prints how many it ran.
AT_A_LINE = """
import os, sys
package, action, number, at = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
sys.path.insert(0, package)
from awscli_rekcl.install.commands import main
lines = 0
def trace(frame, event, arg):
    global lines
    if "/awscli_rekcl/install/" in frame.f_code.co_filename:
        lines += event == "line"
        if event == "line" and lines == at:
            os.kill(os.getpid(), number)
        return trace
sys.settrace(trace)
status = main([action])
sys.settrace(None)
print(lines)
sys.exit(status)
"""


@pytest.mark.slow
@pytest.mark.parametrize("action", ["install", "update", "remove"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.hosts("v1", "v2")
def test_interrupted_at_any_line(clean: Aws, wheel: Path, action: str, number: int) -> None:
    command = "install" if action == "update" else action

    def run(at: int) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-c", AT_A_LINE, str(wheel), command, str(number), str(at)]
        return subprocess.run(words, env=clean.environment, capture_output=True, text=True)

    def prepare() -> None:
        _installer(clean, wheel, "remove" if action == "install" else "install")
        if action == "update":  # from another version
            with zipfile.ZipFile(clean.home / ZIP, "a") as zipped:
                zipped.writestr("awscli_rekcl/old.py", "")

    prepare()
    lines = int(run(0).stdout.split()[-1])
    step = lines // (200 if SOAK else 5)
    for at in range(random.Random(action).randint(1, step), lines, step):
        prepare()
        before = clean.config.read_text()
        done = run(at)
        version = clean.run("--version")
        assert version.returncode == 0, (at, version.stderr)
        if done.stderr.startswith("Interrupted."):
            assert clean.config.read_text() == before
        _installer(clean, wheel, command)
        assert _has_command(clean) == (action != "remove")
    _installer(clean, wheel, "remove")
    assert clean.config.read_text().strip() == CONFIG.strip()
    assert not [path for path in clean.home.iterdir() if "rekcl" in path.name]


@pytest.mark.parametrize("order", ["v1 first", pytest.param("v2 first", marks=pytest.mark.slow)])
@pytest.mark.hosts("v2")
def test_version_1_and_version_2(
    clean: Aws, wheel: Path, simulator: Simulator, tmp_path: Path, order: str
) -> None:
    v1 = installs.find("v1")
    if not isinstance(v1, Host):
        pytest.skip(f"v1: {v1}")
    other = dataclasses.replace(v1, aws=_copy(v1, tmp_path / "v1"))
    first, second = (other, clean.host) if order == "v1 first" else (clean.host, other)
    clean.environment["PATH"] = str(first.aws.parent)
    _installer(clean, wheel, "install")
    clean.environment["PATH"] += f":{second.aws.parent}"
    if second.major == 1:  # it is installed later, and has no command that works until then
        status = _installer(clean, wheel, "status", code=None).stdout
        assert "No module named 'awscli_rekcl' (" in status
        assert f"{wheel}/awscli_rekcl install)" in status
    installed = _installer(clean, wheel, "install")
    assert installed.stdout.count(": has the command") == 2
    for host in (first, second):
        clean.host = host
        _delete_one(clean, simulator)
    _installer(clean, wheel, "remove")
    for host in (first, second):
        clean.host = host
        assert clean.run("--version").returncode == 0
    assert clean.config.read_text() == CONFIG
    assert not list(tmp_path.rglob("awscli_rekcl-*"))


class Kind(NamedTuple):
    """A way in which people come to have an `aws`."""

    script: str  # a file, or what a script does, with {uv}, {v2}, {home} ...
    state: str = "has the command"
    name: str = "aws"
    named: str = ""  # what has to be named with --aws


CONTAINER = """exec unshare {unshare} sh -c '
    mount -t tmpfs none /root && mkdir /root/.aws && mount --bind {home}/.aws /root/.aws &&
    mount -t tmpfs none {home} || exit 99
    HOME=/root; unset AWS_CONFIG_FILE; exec {v2} "$@"' x "$@"
"""
KINDS = {
    "pipx": Kind("{pipx}"),
    "uv": Kind("{uv}"),
    "a blank": Kind("{blank}"),
    "awslocal": Kind("{awslocal}", name="awslocal"),
    "shim": Kind('exec env {uv} "$@"'),
    "env -i": Kind('exec env -i HOME={home} {uv} "$@"', named="{uv}"),
    "its own file": Kind('AWS_CONFIG_FILE={home}/x exec {uv} "$@"', "works, but without the comm"),
    "docker": Kind(CONTAINER),
    "no answer": Kind("echo 'pyenv: aws: command not found' >&2; exit 127", "does not work: "),
}


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Version 1 as installers of applications install it, which come from the index."""
    folder = tmp_path_factory.mktemp("tools")

    def run(*command: str, uv: str = "u") -> None:
        env = {**os.environ, "PIPX_HOME": f"{folder}/p", "PIPX_BIN_DIR": f"{folder}/p/bin"}
        env |= {"UV_TOOL_DIR": f"{folder}/{uv}", "UV_TOOL_BIN_DIR": f"{folder}/{uv}/bin"}
        done = subprocess.run(command, env=env, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"{command[0]}: {done.stderr}")

    run(sys.executable, "-m", "venv", f"{folder}/venv")
    run(f"{folder}/venv/bin/pip", "install", "-q", "pipx", "uv")
    run(f"{folder}/venv/bin/pipx", "install", "awscli")
    install = (f"{folder}/venv/bin/uv", "tool", "install")
    for name in ("u", "u v"):
        run(*install, "awscli", uv=name)
    run(*install, "awscli-local", "--with", "awscli", uv="u v")
    found = {"pipx": "p", "uv": "u", "blank": "u v"}
    paths = {name: f"{folder}/{place}/bin/aws" for name, place in found.items()}
    return {**paths, "awslocal": f"{paths['blank']}local"}


# Of these the first is as the official image: root, the folder at /root/.aws, and no other one.
QUICK = ("docker", "no answer")
SLOW = [pytest.param(kind, marks=pytest.mark.slow) for kind in KINDS if kind not in QUICK]


@pytest.mark.parametrize("kind", [*QUICK, *SLOW])
@pytest.mark.hosts("v2", "v2-debian")
def test_every_kind_of_aws(
    clean: Aws, wheel: Path, simulator: Simulator, kind: str, request: pytest.FixtureRequest
) -> None:
    tools = {} if kind in QUICK else request.getfixturevalue("tools")
    unshare = "--mount" if os.geteuid() == 0 else "--mount -r"
    places = {**tools, "home": clean.home, "v2": clean.host.aws, "unshare": unshare}
    texts = [
        re.sub("{([a-z0-9]+)}", lambda match: str(places[match[1]]), text) for text in KINDS[kind]
    ]
    script, state, name, named = texts
    program = clean.home / "bin" / name
    other = clean.home / "other" / "aws"  # one that is there in any case
    other.parent.mkdir()
    (clean.home / "bin" / "aws").rename(other)
    if script.startswith("/"):
        program.symlink_to(script)
    else:
        _script(program, f"PATH=/usr/sbin:/usr/bin:/sbin:/bin\n{script}")
    (clean.home / ".aws").mkdir()
    (clean.home / ".aws" / "credentials").write_text(
        "[default]\naws_access_key_id = x\naws_secret_access_key = x\n"
    )
    clean.environment.pop("AWS_CONFIG_FILE")
    clean.environment.update(PATH=f"{program.parent}:{other.parent}")
    clean.environment.update(AWS_ENDPOINT_URL=simulator.url)  # for awslocal

    def run(*args: str) -> subprocess.CompletedProcess[str]:
        words = [str(program), *args]
        return subprocess.run(words, env=clean.environment, capture_output=True, text=True)

    works = run("--version").returncode == 0
    if kind == "docker" and not works:
        pytest.skip("no mount namespaces here")
    if named:
        refused = _installer(clean, wheel, "install", code=1)
        assert f"{program} (" in refused.stderr
        assert "Name that program with --aws PATH" in refused.stderr
        assert os.listdir(clean.home / ".aws") == ["credentials"]
    installed = _installer(clean, wheel, "install", *(["--aws", named] if named else []))
    (line,) = (line for line in installed.stdout.splitlines() if f" {program} (" in line)
    assert f": {state}" in line
    has_command = state == "has the command"
    _installer(clean, wheel, "status", "--aws", str(program), code=0 if has_command else 1)
    (arn,) = simulator.seed({"cats": ["v1"]})["cats"].versions
    endpoint = () if name == "awslocal" else ("--endpoint-url", simulator.url)
    words = ("--yes", "--region", "us-east-1", "--project-version-arn", arn)
    deleted = run(*endpoint, "rekognition", "delete-model-and-wait", *words)
    assert (deleted.returncode == 0) == has_command, deleted.stderr
    _installer(clean, wheel, "remove")
    assert (run("--version").returncode == 0) == works
    assert not [name for name in os.listdir(clean.home / ".aws") if "rekcl" in name]


@pytest.mark.hosts("v2")
@pytest.mark.parametrize(
    ("mounts", "reason"),
    [
        ("mount --bind {0} {0}", ""),  # of the file alone, as in a container
        ("mount --bind {1} {1} && mount -o remount,ro,bind {1}", ": Read-only file system.\n"),
    ],
)
def test_what_is_mounted(clean: Aws, wheel: Path, mounts: str, reason: str, tmp_path: Path) -> None:
    target = tmp_path / "target" / "config"
    target.parent.mkdir()
    clean.config.rename(target)
    clean.config.symlink_to(target)
    unshare = "unshare --mount" if os.geteuid() == 0 else "unshare --mount -r"
    install = f"{sys.executable} {wheel}/awscli_rekcl install"
    result = clean.bash(
        f"exec {unshare} sh -c '{mounts.format(target, target.parent)} || exit 99; {install}'",
        env={"PATH": f"{clean.environment['PATH']}:{os.environ['PATH']}"},
    )
    if result.returncode == 99 or result.stderr.startswith("unshare: "):
        pytest.skip("no mount namespaces here")
    assert result.returncode == (1 if reason else 0)
    assert reason in result.stderr
    assert (clean.config.read_text() == CONFIG) == bool(reason)
    if not reason:
        assert _has_command(clean)
        _installer(clean, wheel, "remove")
    assert clean.config.read_text() == CONFIG
    assert not list(tmp_path.rglob("*awscli_rekcl-*"))


@pytest.mark.hosts("v2-debian")
def test_what_root_makes_for_somebody_else_is_theirs(clean: Aws, wheel: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can have the home folder of somebody else")
    nobody = 65534
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        shutil.copy(wheel, home / wheel.name)
        os.chown(home, nobody, nobody)
        env = {**clean.environment, "HOME": folder, "PATH": "/usr/bin:/bin"}
        env.pop("AWS_CONFIG_FILE")
        words = ["/usr/bin/python3", f"{home / wheel.name}/awscli_rekcl", "install", "--completion"]
        # As by a sudo that keeps HOME, and then by the user.
        user: dict[str, Any] = {"user": nobody, "group": nobody, "extra_groups": []}
        for options in ({}, user):
            done = subprocess.run(
                words, env=env, cwd="/", capture_output=True, text=True, **options
            )
            assert done.returncode == 0, done.stderr
            owners = {path.owner() for path in home.rglob("*") if path.suffix != ".whl"}
            assert owners == {"nobody"}
        (home / ".aws").chmod(0)
        words[2:] = ["status"]
        status = subprocess.run(words, env=env, cwd="/", capture_output=True, text=True, **user)
        assert f"{home}/.aws/config" in status.stdout + status.stderr
        assert "Permission denied" in status.stdout + status.stderr


@pytest.mark.hosts("v1")
def test_two_configurations_of_one_python_each_run_their_own_plugin(
    clean: Aws, wheel: Path
) -> None:
    for name in ("a", "b"):
        (clean.home / name).mkdir()
        clean.environment["AWS_CONFIG_FILE"] = str(clean.home / name / "config")
        _installer(clean, wheel, "install")
    for name in ("a", "b"):
        clean.environment["AWS_CONFIG_FILE"] = str(clean.home / name / "config")
        status = _installer(clean, wheel, "status").stdout
        assert f"version {__version__} from {clean.home / name / ZIP}\n" in status
        _installer(clean, wheel, "remove")


@pytest.mark.slow
@pytest.mark.hosts("v2")
def test_two_installers_and_somebody_who_configures(clean: Aws, wheel: Path) -> None:
    words = [sys.executable, f"{wheel}/awscli_rekcl", "install"]
    both = [subprocess.Popen(words, env=clean.environment) for _ in range(2)]
    number = 0
    while any(process.poll() is None for process in both):
        number += 1
        setting = ("configure", "set", "default.sso_region", f"n{number}")
        done = clean.run(*setting, endpoint=False)
        assert done.returncode == 0, done.stderr
        assert f"sso_region = n{number}\n" in clean.config.read_text()
    assert clean.run("--version").returncode == 0
    _installer(clean, wheel, "install")
    assert _has_command(clean)
    assert sorted(path.name for path in clean.home.glob("*rekcl*")) == [ZIP]


@pytest.mark.parametrize("way", ["clone", pytest.param("package", marks=pytest.mark.slow)])
@pytest.mark.hosts("v2")
def test_out_of_a_clone_and_as_a_package(clean: Aws, wheel: Path, tmp_path: Path, way: str) -> None:
    folder = installs.ROOT
    if way == "package":
        folder = tmp_path / "package"
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--target"]
        subprocess.run([*pip, str(folder), str(wheel)], check=True)
    for action in ("install", "status", "remove"):
        words = [sys.executable, "-m", "awscli_rekcl", action]
        done = subprocess.run(
            words, cwd=folder, env=clean.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    assert clean.config.read_text() == CONFIG
