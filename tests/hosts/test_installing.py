"""The installer: from a clean home folder to the first deletion to the removal, and ways out."""

from __future__ import annotations

import dataclasses
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hosts import installs
from tests.hosts.installs import Host
from tests.hosts.shell import Aws, Result
from tests.hosts.texts import TROUBLESHOOTING
from tests.simulator.client import Simulator
from tests.unit.test_config_file import FORMS
from tests.unit.test_package import build

SOAK = "SOAK" in os.environ

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
    """A version 1 into which the plugin can be installed without leaving traces in the host.

    It has the packages of the host, pip included.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (packages,) = folder.glob("lib/python3*/site-packages")
    (theirs,) = host.aws.parents[1].glob("lib/python3*/site-packages")
    (packages / "host.pth").write_text(f"{theirs}\n")
    _, script = host.aws.read_text().split("\n", 1)
    aws = folder / "bin" / "aws"
    aws.write_text(f"#!{folder / 'bin' / 'python'}\n{script}")
    aws.chmod(0o755)
    return aws


def _installer(aws: Aws, wheel: Path, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, f"{wheel}/awscli_rekcl", *args, "--aws", str(aws.host.aws)]
    return subprocess.run(command, env=aws.environment, capture_output=True, text=True)


def _delete_one(aws: Aws, simulator: Simulator) -> Result:
    (arn,) = simulator.seed({"cats": ["v1"]})["cats"].versions
    return aws.run("rekognition", "delete-model-and-wait", "--project-version-arn", arn, "--yes")


@pytest.mark.hosts("v2", "v2-debian", "v1", "v1-old")
def test_from_a_clean_home_to_the_first_deletion_to_the_removal(
    clean: Aws, wheel: Path, simulator: Simulator
) -> None:
    installed = _installer(clean, wheel, "install")
    assert installed.returncode == 0, installed.stderr
    assert clean.config.read_text().startswith(CONFIG)
    result = _delete_one(clean, simulator)
    assert result.returncode == 0, result.stderr

    configured = clean.config.read_text()
    again = _installer(clean, wheel, "install")  # an update
    assert again.returncode == 0, again.stderr
    assert clean.config.read_text() == configured

    removed = _installer(clean, wheel, "remove")
    assert removed.returncode == 0, removed.stderr
    assert clean.config.read_text().strip() == CONFIG.strip()
    assert not (clean.home / "awscli_rekcl-config.zip").exists()
    assert "invalid choice" in _delete_one(clean, simulator).stderr.lower()
    assert clean.run("--version").returncode == 0


@pytest.mark.hosts("v2", "v2-debian")
def test_other_plugins_stay(clean: Aws, wheel: Path, simulator: Simulator) -> None:
    other = clean.home / "other"
    other.mkdir()
    (other / "theirs.py").write_text("def awscli_initialize(event_hooks): pass\n")
    config = f"{CONFIG}[plugins]\n# theirs\ncli_legacy_plugin_path = {other}\ntheirs = theirs\n"
    clean.config.write_text(config)
    assert _installer(clean, wheel, "install").returncode == 0
    assert _delete_one(clean, simulator).returncode == 0
    assert _installer(clean, wheel, "remove").returncode == 0
    assert clean.config.read_text() == config


@pytest.mark.hosts("v2")
def test_the_wheel_itself_is_enough(clean: Aws, wheel: Path, simulator: Simulator) -> None:
    # The way without a second Python, by the commands of the AWS CLI.
    for name, value in (("cli_legacy_plugin_path", str(wheel)), ("rekcl", "awscli_rekcl")):
        clean.run("configure", "set", f"plugins.{name}", value, endpoint=False)
    result = _delete_one(clean, simulator)
    assert result.returncode == 0, result.stderr


@pytest.mark.hosts("v2")
def test_an_install_that_would_break_another_aws_is_taken_back(clean: Aws, wheel: Path) -> None:
    (clean.home / "bin" / "aws").write_text(
        '#!/bin/sh\ncase "$(/bin/cat $AWS_CONFIG_FILE)" in *cli_legacy*) exit 255;; esac\n'
    )
    refused = _installer(clean, wheel, "install")
    assert refused.returncode == 1
    assert "AWS_CONFIG_FILE" in refused.stderr
    assert clean.config.read_text() == CONFIG
    assert not (clean.home / "awscli_rekcl-config.zip").exists()


@pytest.mark.slow
@pytest.mark.hosts("v2")
def test_remove_mends_a_configuration_whose_plugin_is_gone(clean: Aws, wheel: Path) -> None:
    assert _installer(clean, wheel, "install").returncode == 0
    (clean.home / "awscli_rekcl-config.zip").unlink()
    assert clean.run("--version").returncode != 0
    assert _installer(clean, wheel, "install").returncode == 1
    assert _installer(clean, wheel, "remove").returncode == 0
    assert clean.run("--version").returncode == 0
    assert clean.config.read_text().strip() == CONFIG.strip()


@pytest.mark.slow
@pytest.mark.hosts("v2")
def test_a_home_without_any_configuration(clean: Aws, wheel: Path, simulator: Simulator) -> None:
    clean.config.unlink()
    assert _installer(clean, wheel, "install").returncode == 0
    assert _delete_one(clean, simulator).returncode == 0
    assert _installer(clean, wheel, "remove").returncode == 0
    assert clean.config.read_text() == ""


# Forms in which people have the plugin's lines, with what the file says of the places of the zip.
BROKEN = {
    "not parsed": "[default]\nregion\n",
    "a section twice": "[plugins]\nrekcl = awscli_rekcl\n[plugins]\n",
    "byte order mark": "\ufeff[default]\nregion = us-east-1\n",
    "not UTF-8": "[profile caf\udce9]\nregion = us-east-1\n",
}
NO_PLUGIN = {"no file": None, "empty": "", "no plugins": CONFIG, "empty section": "[plugins]\n"}
ALL_FORMS: dict[str, str | None] = {**NO_PLUGIN, **FORMS, **BROKEN}
SOME_FORMS = ("no file", "upper case", "indented", "CRLF", "another home", "not parsed")


@pytest.mark.slow
@pytest.mark.hosts("v2")
@pytest.mark.parametrize("action", ["install", "remove"])
@pytest.mark.parametrize("form", ALL_FORMS if SOAK else SOME_FORMS)
def test_every_form_of_the_file(
    clean: Aws, wheel: Path, form: str, action: str, record_property: Callable[[str, object], None]
) -> None:
    text = ALL_FORMS[form]
    zipped = clean.home / "awscli_rekcl-config.zip"
    clean.config.unlink()
    if text is not None:
        # The zip is there, as after an installation.
        assert _installer(clean, wheel, "install").returncode == 0
        text = text.replace("/home/me/.aws", str(clean.home))
        clean.config.write_bytes(text.encode(errors="surrogateescape"))
    worked = clean.run("--version").returncode == 0
    done = _installer(clean, wheel, action)
    works = clean.run("--version").returncode == 0
    loaded = "--project-version-arn" in clean.run("rekognition", "delete-model-and-wait").stderr
    record_property("cell", f"{form} | {action} | {done.returncode}, works {works}, {loaded}")
    if form in BROKEN and form != "not UTF-8":
        assert done.returncode == 1
        assert f"{clean.config}, line " in done.stderr
    elif action == "remove":
        assert done.returncode == 0, done.stderr
        assert not loaded
        assert not zipped.exists()
        assert works or form == "not UTF-8"
    elif done.returncode == 0:
        assert works
        assert loaded
    else:
        assert not worked
        assert "run `awscli-rekcl remove`" in done.stderr
    if done.returncode:
        assert clean.config.read_bytes() == (text or "").encode(errors="surrogateescape")


@pytest.mark.slow
@pytest.mark.parametrize("action", ["install", "update", "remove"])
@pytest.mark.hosts("v1", "v2")
def test_killed_at_any_moment(clean: Aws, wheel: Path, action: str) -> None:
    command = [sys.executable, f"{wheel}/awscli_rekcl", "install" if action == "update" else action]
    command += ["--aws", str(clean.host.aws)]
    numbers = random.Random(action)
    seconds = 1.0  # of a run, as far as is known
    for _ in range(100 if SOAK and clean.host.major == 2 else 20 if SOAK else 4):
        if action != "install":
            assert _installer(clean, wheel, "install").returncode == 0
        if action == "update":
            _make_older(clean)
        started = time.monotonic()
        # With pip, where it runs one.
        process = subprocess.Popen(
            command, env=clean.environment, stdout=subprocess.DEVNULL, start_new_session=True
        )
        try:
            process.wait(numbers.uniform(0, seconds * 1.1))
            seconds = time.monotonic() - started
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            seconds = max(seconds, time.monotonic() - started + 0.2)
        version = clean.run("--version")
        assert version.returncode == 0, version.stderr
        finished = _installer(clean, wheel, command[2])
        assert finished.returncode == 0, finished.stderr
        result = clean.run("rekognition", "delete-model-and-wait")
        is_loaded = "--project-version-arn" in result.stderr
        assert is_loaded == (action != "remove")
        removed = _installer(clean, wheel, "remove")
        assert removed.returncode == 0, removed.stderr
        assert clean.config.read_text().strip() == CONFIG.strip()
        assert not [path for path in clean.home.iterdir() if "rekcl" in path.name]


def _make_older(aws: Aws) -> None:
    """Have an earlier version of the plugin installed, which has to be replaced."""
    if aws.host.major == 2:
        return  # the zip is written anew each time
    (package,) = aws.host.aws.parents[1].glob("lib/python3*/site-packages/awscli_rekcl")
    init = package / "__init__.py"
    init.write_text(init.read_text().replace('__version__ = "', '__version__ = "0.'))


@pytest.mark.hosts("v2")
def test_version_1_on_the_same_path(clean: Aws, wheel: Path) -> None:
    v1 = installs.find("v1")
    if not isinstance(v1, Host):
        pytest.skip(f"v1: {v1}")
    clean.environment["PATH"] += f":{v1.aws.parent}"
    refused = _installer(clean, wheel, "install")
    assert refused.returncode == 1
    message = "Versions 1 and 2 can't share a configuration file that has plugins"
    assert message in TROUBLESHOOTING.read_text()
    version = v1.version.split()[0].split("/")[1]
    for word in (message, f"{v1.aws} (version {version})", "AWS_CONFIG_FILE", "--force"):
        assert word in refused.stderr
    assert clean.config.read_text() == CONFIG
    forced = _installer(clean, wheel, "install", "--force")
    assert forced.returncode == 0, forced.stderr
    assert f"every command of {v1.aws} (version {version}) fails" in forced.stdout
    command = [str(v1.aws), "--version"]
    assert subprocess.run(command, env=clean.environment).returncode != 0
    assert clean.run("--version").returncode == 0
    assert _installer(clean, wheel, "remove").returncode == 0
    assert subprocess.run(command, env=clean.environment).returncode == 0


@pytest.mark.hosts("v2", "v2-debian")
def test_the_folder_mounted_into_a_container(clean: Aws, wheel: Path) -> None:
    # The official image runs as root with the folder at /root/.aws, and has no other one.
    folder = clean.home / ".aws"
    clean.environment.pop("AWS_CONFIG_FILE")
    assert _installer(clean, wheel, "install").returncode == 0
    assert (folder / "awscli_rekcl-config.zip").exists()
    environment = {**clean.environment, "PATH": os.environ["PATH"]}
    container = f"""
        mount -t tmpfs none /root && mkdir /root/.aws && mount --bind {folder} /root/.aws &&
        mount -t tmpfs none {folder} || exit 99
        export HOME=/root
        {clean.host.aws} --version && {clean.host.aws} rekognition delete-model-and-wait
    """
    unshare = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "-r"]
    allowed = subprocess.run([*unshare, "mount", "-t", "tmpfs", "none", "/root"], check=False)
    if allowed.returncode or Path("/root") in clean.host.aws.parents:
        pytest.skip("no mount namespaces here, or the AWS CLI lives in /root")
    result = subprocess.run(
        [*unshare, "sh", "-c", container], env=environment, capture_output=True, text=True
    )
    assert result.stdout.startswith("aws-cli/2"), result.stderr
    assert "--project-version-arn" in result.stderr


@pytest.mark.hosts("v1", "v1-old", "v2", "v2-debian")
def test_status(clean: Aws, wheel: Path) -> None:
    version = clean.host.version.split()[0].split("/")[1]
    before = _installer(clean, wheel, "status")
    assert before.returncode == 1
    assert "not loaded: the configuration does not name it" in before.stdout
    assert _installer(clean, wheel, "install").returncode == 0
    after = _installer(clean, wheel, "status")
    assert after.returncode == 0
    for word in (str(clean.host.aws), version, str(clean.config), "installed, loaded"):
        assert word in after.stdout
    if clean.host.major == 2:
        (clean.home / "awscli_rekcl-config.zip").unlink()
        broken = _installer(clean, wheel, "status").stdout
        assert "not installed, not loaded: no command works: " in broken
        assert "No module named 'awscli_rekcl'" in broken
