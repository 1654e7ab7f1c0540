"""The installer: from a clean home folder to the first deletion to the removal, and ways out."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hosts.installs import ROOT, Host
from tests.hosts.shell import Aws, Result
from tests.simulator.client import Simulator

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
    # In a copy, because setuptools writes into the tree that it builds.
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT / "awscli_rekcl", folder / "awscli_rekcl")
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = folder.glob("dist/*.whl")
    return wheel


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
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    (packages,) = folder.glob("lib/python3*/site-packages")
    (theirs,) = host.aws.parents[1].glob("lib/python3*/site-packages")
    (packages / "host.pth").write_text(f"{theirs}\n")
    _, script = host.aws.read_text().split("\n", 1)
    aws = folder / "bin" / "aws"
    aws.write_text(f"#!{folder / 'bin' / 'python'}\n{script}")
    aws.chmod(0o755)
    return aws


def _installer(aws: Aws, wheel: Path, action: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, f"{wheel}/awscli_rekcl", action, "--aws", str(aws.host.aws)]
    return subprocess.run(command, env=aws.environment, capture_output=True, text=True)


def _delete_one(aws: Aws, simulator: Simulator) -> Result:
    (arn,) = simulator.seed({"cats": ["v1"]})["cats"].versions
    return aws.run("rekognition", "delete-model-and-wait", "--project-version-arn", arn, "--yes")


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


@pytest.mark.hosts("v2")
def test_remove_mends_a_configuration_whose_plugin_is_gone(clean: Aws, wheel: Path) -> None:
    assert _installer(clean, wheel, "install").returncode == 0
    (clean.home / "awscli_rekcl-config.zip").unlink()
    assert clean.run("--version").returncode != 0
    assert _installer(clean, wheel, "install").returncode == 1
    assert _installer(clean, wheel, "remove").returncode == 0
    assert clean.run("--version").returncode == 0
    assert clean.config.read_text().strip() == CONFIG.strip()


@pytest.mark.hosts("v2")
def test_a_home_without_any_configuration(clean: Aws, wheel: Path, simulator: Simulator) -> None:
    clean.config.unlink()
    assert _installer(clean, wheel, "install").returncode == 0
    assert _delete_one(clean, simulator).returncode == 0
    assert _installer(clean, wheel, "remove").returncode == 0
    assert clean.config.read_text() == ""
