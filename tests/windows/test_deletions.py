"""Version 1 on Windows' Python, with the simulator on this side of wine."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hosts.command import PROMPT, command, seed_model
from tests.simulator.client import Simulator

from .wine import Wine, path_on_windows

Run = Callable[..., "subprocess.CompletedProcess[str]"]


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
