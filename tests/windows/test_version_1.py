"""Version 1 on Windows' Python, with the simulator on this side of wine."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hosts.command import PROMPT, command, seed_model
from tests.hosts.installs import HostUnavailable
from tests.simulator.client import Simulator

from .wine import Wine, install, path_on_windows

Run = Callable[..., "subprocess.CompletedProcess[str]"]
# The AWS CLI on Windows reads its configuration in the locale's encoding.
BEFORE = "[default]\r\n# für Jürgen\r\nregion = us-east-1\r\n".encode("cp1252")


@pytest.fixture(scope="session")
def wine() -> Wine:
    try:
        return install()
    except HostUnavailable as reason:
        pytest.skip(str(reason))


@pytest.fixture
def aws(wine: Wine, simulator: Simulator, tmp_path: Path) -> Run:
    """``aws`` with the plugin; the lines of its output end as they do on Linux."""
    config = tmp_path / "config"
    config.write_text("[plugins]\nrekcl = awscli_rekcl\n")
    environment = {
        "AWS_CONFIG_FILE": path_on_windows(config),
        "AWS_SHARED_CREDENTIALS_FILE": path_on_windows(tmp_path / "credentials"),
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }

    def run(*args: str, input: str = "") -> subprocess.CompletedProcess[str]:
        words = ("-m", "awscli", "--endpoint-url", simulator.url, *args)
        with wine.start(*words, packages="aws", env=environment, cwd=tmp_path) as process:
            out, err = process.communicate(input.encode())
        texts = (text.decode(errors="replace").replace("\r\n", "\n") for text in (out, err))
        return subprocess.CompletedProcess(args, process.returncode, *texts)

    return run


def test_a_deletion_that_is_confirmed(aws: Run, simulator: Simulator) -> None:
    model = seed_model(simulator, status="RUNNING")
    # Notepad and PowerShell end a line with two characters.
    result = aws(*command("--stop-if-running", arns=[model.arn]), input="delete\r\n")
    assert result.returncode == 0, result.stderr
    assert PROMPT in result.stderr
    (entry,) = json.loads(result.stdout)["ProjectVersions"]
    assert (entry["ProjectVersionArn"], entry["Status"]) == (model.arn, "DELETED")
    assert not simulator.versions(model.project.arn)


def test_a_timeout(aws: Run, simulator: Simulator) -> None:
    model = seed_model(simulator)
    simulator.transition("DELETING", seconds=3600)
    result = aws(*command("--yes", "--timeout", "1", arns=[model.arn]))
    assert result.returncode == 124, result.stderr
    (entry,) = json.loads(result.stdout)["ProjectVersions"]
    assert entry["Status"] == "DELETING"
    assert model.arn in result.stderr.splitlines()[-1]


def test_installing_in_a_home_with_an_umlaut(wine: Wine, tmp_path: Path) -> None:
    home = tmp_path / "Jürgen Groß"
    config = home / ".aws" / "config"
    config.parent.mkdir(parents=True)
    config.write_bytes(BEFORE)
    # `aws` as the only one on the PATH, without the plugin.
    python, aws = wine.folder / "python", wine.folder / "aws"
    words = [f'"{path_on_windows(path)}"' for path in (python / "python.exe", aws / "bin/aws")]
    (home / "aws.cmd").write_text(f"@{' '.join(words)} %*\r\n")
    environment = {
        "LC_ALL": "C.UTF-8",  # for the names below; the encoding on Windows is cp1252
        "WINEPATH": path_on_windows(home),
        "AWS_CONFIG_FILE": path_on_windows(config),
        "USERPROFILE": path_on_windows(home),
        "PYTHONUSERBASE": path_on_windows(home / "python"),
        "PYTHONPATH": path_on_windows(aws),
    }

    def run(action: str) -> str:
        words = ("-m", "awscli_rekcl", action)
        with wine.start(*words, packages="aws", env=environment) as process:
            out, err = (text.decode("cp1252") for text in process.communicate())
        assert process.returncode == 0, err
        return out

    printed = run("install")
    assert "aws.cmd (1." in printed
    assert ": has the command, by Z:" in printed
    text = config.read_bytes()
    assert text.startswith(BEFORE)
    assert b"cli_legacy_plugin_path = Z:" in text
    assert "Jürgen Groß".encode("cp1252") in text[len(BEFORE) :]
    run("remove")
    assert config.read_bytes() == BEFORE
