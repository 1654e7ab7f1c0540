"""The installer: from a clean home folder to the first deletion to the removal, for any `aws`."""

from __future__ import annotations

import dataclasses
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

from awscli_rekcl import __version__
from tests.at_a_line import interrupt, prepared
from tests.hosts import installs
from tests.hosts.command import COMMAND
from tests.hosts.installs import Host
from tests.hosts.shell import Aws
from tests.hosts.texts import blocks
from tests.simulator.client import Simulator
from tests.wheel import build

ZIP = "awscli_rekcl-config.zip"
CONFIG = "# mine\n[default]\nregion = us-east-1\n\n[profile other]\nregion = eu-west-1\n"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree."""
    return build(tmp_path_factory.mktemp("wheel"), 1_000_000_000)


@pytest.fixture
def clean(host: Host, aws: Aws, tmp_path: Path) -> Aws:
    """``aws`` without the plugin, and with the user's own configuration, where it usually is."""
    (aws.home / ".aws").mkdir()
    aws.config = aws.home / ".aws" / "config"
    aws.config.write_text(CONFIG)
    for name in ("AWS_CONFIG_FILE", "PYTHONPATH"):
        aws.environment.pop(name, None)
    # No other `aws` of this machine, which the installer would try.
    aws.environment["PATH"] = str(aws.home / "bin")
    if host.major == 1:
        aws.host = _copy(host, tmp_path / "venv")
    (aws.home / "bin" / "aws").unlink()
    (aws.home / "bin" / "aws").symlink_to(aws.host.aws)
    return aws


def _copy(host: Host, folder: Path) -> Host:
    """A version 1 into which the plugin can be installed without leaving traces in the host."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (packages,) = folder.glob("lib/python3*/site-packages")
    (theirs,) = host.aws.parents[1].glob("lib/python3*/site-packages")
    (packages / "host.pth").write_text(f"{theirs}\n")
    _, script = host.aws.read_text().split("\n", 1)
    return _script(host, folder / "bin" / "aws", script, folder / "bin" / "python")


def _script(host: Host, path: Path, text: str, interpreter: str | Path = "/bin/sh") -> Host:
    """The host, started by a script."""
    path.unlink(missing_ok=True)
    path.write_text(f"#!{interpreter}\n{text}\n")
    path.chmod(0o755)
    return dataclasses.replace(host, aws=path)


def _installer(aws: Aws, program: Path, *args: str) -> str:
    """Run the installer out of a wheel or a zip, with a Python that has no other packages."""
    words = [sys.executable, "-S", f"{program}/awscli_rekcl", *args]
    done = subprocess.run(words, env=aws.environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _delete_one(aws: Aws, simulator: Simulator) -> None:
    (arn,) = simulator.seed({"cats": ["v1"]})["cats"].versions
    result = aws.run(*COMMAND, "--project-version-arn", arn, "--yes")
    assert result.returncode == 0, result.stderr


@pytest.mark.hosts("v2", "v2-debian", "v1", "v1-old")
def test_from_a_clean_home_to_the_first_deletion_to_the_removal(
    clean: Aws, wheel: Path, simulator: Simulator, tmp_path: Path
) -> None:
    _installer(clean, wheel, "install")
    assert clean.config.read_text().startswith(CONFIG)
    version = clean.host.version.split()[0].split("/")[1]
    zipped = clean.config.with_name(ZIP)
    status = _installer(clean, wheel, "status")
    loaded = f"{clean.home}/bin/aws ({version}): has the command, version {__version__} from "
    assert f"{loaded}{zipped}\n" in status
    assert f"Configuration: {clean.config}\n" in status
    _delete_one(clean, simulator)
    # By what was installed: neither clone nor wheel is needed any more.
    _installer(clean, zipped, "remove")
    assert clean.config.read_text() == CONFIG
    assert not [path for path in tmp_path.rglob("*rekcl*") if "plugins" not in path.parts]
    assert "invalid choice" in clean.run(*COMMAND).stderr.lower()


@pytest.mark.hosts("v2", "v2-debian")
def test_by_hand_for_version_2_and_then_by_the_installer_for_version_1(
    clean: Aws, wheel: Path, simulator: Simulator, tmp_path: Path
) -> None:
    v1 = installs.find("v1")
    if not isinstance(v1, Host):
        pytest.skip(f"v1: {v1}")
    clean.config.unlink()
    shutil.copy(wheel, clean.config.with_name(ZIP))
    (steps,) = (block for block in blocks("sh") if "configure set" in block)
    path = f"{clean.environment['PATH']}:{os.environ['PATH']}"
    result = clean.bash(f"set -e; {steps}", env={"PATH": path})
    assert result.returncode == 0, result.stderr
    _delete_one(clean, simulator)
    configured = clean.config.read_text()
    # Version 1 has been installed later, and has no command that works until then.
    other = _copy(v1, tmp_path / "v1")
    clean.environment["PATH"] += f":{other.aws.parent}"
    assert _installer(clean, wheel, "install").count(": has the command") == 2
    assert clean.config.read_text() == configured
    clean.host = other
    _delete_one(clean, simulator)
    assert "does not work" not in _installer(clean, wheel, "remove")
    assert not list(tmp_path.rglob("awscli_rekcl-*"))


@pytest.mark.slow
@pytest.mark.parametrize("action", ["install", "update", "remove"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.hosts("v1", "v2")
def test_interrupted_at_any_line(clean: Aws, action: str, number: int) -> None:
    folders = [clean.config.parent]
    if clean.host.major == 1:
        folders += clean.host.aws.parents[1].glob("lib/python3*/site-packages")
    with mock.patch.dict(os.environ, clean.environment, clear=True):
        run = prepared(action, clean.config.with_name(ZIP))
        interrupt(run, number, folders, lambda: clean.run("--version").returncode == 0, points=1)


@pytest.mark.hosts("v2")
def test_in_a_container(clean: Aws, wheel: Path, simulator: Simulator) -> None:
    """As in the official image: root, the folder at /root/.aws, and no other home folder."""
    unshare = "unshare --mount" if os.geteuid() == 0 else "unshare --mount -r"
    if subprocess.run([*unshare.split(), "true"], check=False).returncode:
        pytest.skip("no mount namespaces here")
    container = f"""PATH=/usr/sbin:/usr/bin:/sbin:/bin; exec {unshare} sh -c '
        mount -t tmpfs none /root && mkdir /root/.aws &&
        mount --bind {clean.home}/.aws /root/.aws && mount -t tmpfs none {clean.home} || exit 99
        HOME=/root; unset AWS_CONFIG_FILE; exec {clean.host.aws} "$@"' x "$@" """
    clean.host = _script(clean.host, clean.home / "bin" / "aws", container)
    _installer(clean, wheel, "install")
    _delete_one(clean, simulator)
    assert "does not work" not in _installer(clean, wheel, "remove")
    assert clean.config.read_text() == CONFIG


@pytest.mark.slow
@pytest.mark.hosts("v1")
def test_every_way_in_which_people_come_to_have_version_1(
    clean: Aws, wheel: Path, simulator: Simulator, tmp_path: Path
) -> None:
    def run(*command: str, uv: str = "uv") -> None:
        env = {**os.environ, "PIPX_HOME": f"{tmp_path}/p", "PIPX_BIN_DIR": f"{tmp_path}/pipx"}
        env |= {"UV_TOOL_DIR": f"{tmp_path}/{uv}", "UV_TOOL_BIN_DIR": f"{tmp_path}/{uv}/bin"}
        done = subprocess.run(command, env=env, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"{command[0]}: {done.stderr}")  # all of it comes from the index

    tools = f"{tmp_path}/tools/bin"
    run(sys.executable, "-m", "venv", f"{tmp_path}/tools")
    run(f"{tools}/pip", "install", "-q", "pipx", "uv")
    run(f"{tools}/pipx", "install", "awscli")
    run(f"{tools}/uv", "tool", "install", "awscli")
    run(f"{tools}/uv", "tool", "install", "awscli", uv="a blank")
    run(f"{tools}/uv", "tool", "install", "awscli-local", "--with", "awscli", uv="a blank")
    shim = _script(clean.host, clean.home / "bin" / "aws", f'exec {tmp_path}/uv/bin/aws "$@"').aws
    programs = [tmp_path / name for name in ("pipx/aws", "uv/bin/aws", "a blank/bin/aws")]
    programs += [shim, tmp_path / "a blank" / "bin" / "awslocal"]
    clean.environment["PATH"] = ":".join(str(program.parent) for program in programs)
    clean.environment["AWS_ENDPOINT_URL"] = simulator.url  # for awslocal
    clean.endpoint = ()
    installed = _installer(clean, wheel, "install")
    for program in programs:
        assert f"  {program} (1." in installed
        clean.host = dataclasses.replace(clean.host, aws=program)
        _delete_one(clean, simulator)
    assert installed.count(": has the command, by ") == len(programs)
    assert "does not work" not in _installer(clean, wheel, "remove")
    assert not list(tmp_path.rglob("awscli_rekcl-*"))
