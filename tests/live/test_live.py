"""`make live` against a stand-in for AWS: what it reports, and what it leaves behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hosts.command import until
from tests.hosts.installs import ROOT
from tests.hosts.shell import no_signal_ignored
from tests.simulator.rules import Rule
from tests.simulator.server import Server
from tests.simulator.service import Caller, Members, Service

pytestmark = pytest.mark.slow
ACCOUNT, TRAIN = "123456789012", "CreateProjectVersion"


class Account(Service):
    """The service with what creates, where every training fails, and each status is seen."""

    def __init__(self) -> None:
        super().__init__()
        # Of a training more than those that the steps before the wait take.
        for status, looks in (("CREATING", 3), ("TRAINING_IN_PROGRESS", 15), ("DELETING", 3)):
            self.transitions[status] = {"Looks": looks}

    def create_project(self, caller: Caller, ProjectName: str) -> Members:
        return {"ProjectArn": self.add_project(caller, ProjectName, None, "CREATING").arn}

    def create_project_version(
        self, caller: Caller, ProjectArn: str, VersionName: str, **_: Any
    ) -> Members:
        project = self.resources[ProjectArn]
        version = self.add(project, f"version/{VersionName}", "TRAINING_IN_PROGRESS")
        version.leads_to["TRAINING_IN_PROGRESS"] = "TRAINING_FAILED"
        return {"ProjectVersionArn": version.arn}


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(service=Account) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        assert not [r for r in server.service.resources.values() if r.status != "DELETED"]
        server.shutdown()


def run(
    server: Server, report: Path, typed: str = ACCOUNT, ending: int = 0, **more: str
) -> tuple[int, str]:
    """Run it, and end it by a signal when its trainings are there; return status and output."""
    environment = {k: v for k, v in os.environ.items() if k[:4] != "AWS_" and k != "CI"}
    environment |= dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "testing")
    environment |= dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)
    environment |= {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_ENDPOINT_URL": server.url, **more}
    command = [sys.executable, "-m", "tests.live", "--report", str(report), "--host", "v1"]
    with no_signal_ignored():
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    assert process.stdin
    print(typed, file=process.stdin, flush=True)
    if ending:
        until(lambda: [r["Operation"] for r in server.requests].count(TRAIN) == 2)
        process.send_signal(ending)
    output, _ = process.communicate(timeout=300)
    return process.returncode, " ".join(output.split())


def test_all_is_as_believed(server: Server, tmp_path: Path) -> None:
    status, _ = run(server, tmp_path / "live.md")
    text = (tmp_path / "live.md").read_text()
    assert (status, "**different**" in text) == (0, False), text
    assert "| The training: order of statuses | as believed |" in text
    assert not re.search(r"\b\d{12}\b|awscli-rekcl-live", text)


def test_what_is_different_is_told_and_what_stops_it_too(server: Server, tmp_path: Path) -> None:
    denied = {"Error": "AccessDeniedException", "Message": f"not for arn:aws:iam::{ACCOUNT}:user/x"}
    server.rules.append(Rule({"Operation": TRAIN, "Effect": denied}))
    assert run(server, tmp_path / "live.md")[0] == 1
    text = (tmp_path / "live.md").read_text()
    assert text.count("**different**") == 1
    assert "not for arn:aws:iam::<account>:<principal>" in text
    server.rules.append(Rule({"Operation": "DescribeProjects", "Effect": denied}))
    assert run(server, tmp_path / "live.md")[0] == 1
    assert "This stopped it: AccessDenied" in (tmp_path / "live.md").read_text()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_cleans_up_when_it_is_interrupted(server: Server, tmp_path: Path, ending: int) -> None:
    status, output = run(server, tmp_path / "live.md", ending=ending)
    assert (status, output[-12:]) == (130, "Interrupted."), output
    assert not (tmp_path / "live.md").exists()


def test_nothing_is_done_without_consent_or_in_ci(server: Server, tmp_path: Path) -> None:
    status, output = run(server, tmp_path / "live.md", "999999999999")
    assert (status, "costs nothing or cents" in output) == (2, True)
    assert f"account {ACCOUNT}, region eu-west-1" in output
    status, output = run(server, tmp_path / "live.md", CI="true", AWS_ENDPOINT_URL="")
    assert (status, "In CI" in output) == (2, True)
    assert server.requests == []
