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
from tests.live.__main__ import redact
from tests.simulator.rules import Rule
from tests.simulator.server import Handler, Server
from tests.simulator.service import Caller, Members, Service, ServiceError

pytestmark = pytest.mark.slow
ACCOUNT = "123456789012"
STS = f"""\
<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<GetCallerIdentityResult><Account>{ACCOUNT}</Account></GetCallerIdentityResult>
</GetCallerIdentityResponse>"""


class Account(Service):
    """The service with what creates, where every training fails, and each status is seen."""

    def __init__(self) -> None:
        super().__init__()
        for status in ("CREATING", "CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "DELETING"):
            self.transitions[status] = {"Looks": 3}
        # More than those that the steps before the wait take.
        self.transitions["TRAINING_IN_PROGRESS"] = {"Looks": 15}

    def create_project(self, caller: Caller, ProjectName: str) -> Members:
        if self.describe_projects(caller, [ProjectName])["ProjectDescriptions"]:
            raise ServiceError("ResourceInUseException", f"There is a project {ProjectName}.")
        project = self.add_project(caller, ProjectName, "CUSTOM_LABELS", "CREATING")
        return {"ProjectArn": project.arn}

    def create_dataset(self, caller: Caller, ProjectArn: str, DatasetType: str) -> Members:
        name = f"dataset/{DatasetType.lower()}"
        return {"DatasetArn": self.add(self.resources[ProjectArn], name, "CREATE_IN_PROGRESS").arn}

    def create_project_version(
        self, caller: Caller, ProjectArn: str, VersionName: str, **_: Any
    ) -> Members:
        project = self.resources[ProjectArn]
        version = self.add(project, f"version/{VersionName}", "TRAINING_IN_PROGRESS")
        version.leads_to["TRAINING_IN_PROGRESS"] = "TRAINING_FAILED"
        return {"ProjectVersionArn": version.arn}


class WithSts(Handler):
    def do_POST(self) -> None:
        if "X-Amz-Target" in self.headers:
            super().do_POST()
        else:
            self.send_response(200)
            self.send_header("Content-Length", str(len(STS)))
            self.end_headers()
            self.wfile.write(STS.encode())


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(service=Account) as server:
        server.RequestHandlerClass = WithSts
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        assert not [r for r in server.service.resources.values() if r.status != "DELETED"]
        server.shutdown()


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "live.md"


def start(server: Server, report: Path, *options: str, **more: str) -> subprocess.Popen[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AWS_") and k != "CI"}
    environment = {
        **kept,
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_ENDPOINT_URL": server.url,
        **more,
    }
    command = [sys.executable, "-m", "tests.live", "--report", str(report), "--host", "v1"]
    pipe: Any = subprocess.PIPE
    with no_signal_ignored():
        return subprocess.Popen(
            [*command, *options],
            cwd=ROOT,
            env=environment,
            text=True,
            stdin=pipe,
            stdout=pipe,
            stderr=subprocess.STDOUT,
        )


def run(server: Server, report: Path, typed: str = ACCOUNT, **more: str) -> tuple[int, str]:
    process = start(server, report, **more)
    output, _ = process.communicate(f"{typed}\n", timeout=300)
    return process.returncode, output


def test_all_is_as_believed(server: Server, report: Path) -> None:
    status, _ = run(server, report)
    text = report.read_text()
    assert (status, "**different**" in text) == (0, False), text
    assert "| The training: order of statuses | as believed |" in text
    assert "| Command, waiting for the training | as believed |" in text
    assert not re.search(r"\d{12}|awscli-rekcl-live|[0-9a-f]{8}-[0-9a-f]{4}-", text)


def test_what_is_different_is_told_and_what_stops_it_too(server: Server, report: Path) -> None:
    denied = {"Error": "AccessDeniedException", "Message": f"not for arn:aws:iam::{ACCOUNT}:user/x"}
    server.rules.append(Rule({"Operation": "CreateProjectVersion", "Effect": denied}))
    assert run(server, report)[0] == 1
    assert report.read_text().count("**different**") == 1
    assert "not for arn:aws:iam::<account>:<principal>" in report.read_text()
    server.rules.append(Rule({"Operation": "DescribeProjects", "Effect": denied}))
    assert run(server, report)[0] == 1
    assert "This stopped it: AccessDenied" in report.read_text()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_cleans_up_when_it_is_interrupted(
    server: Server, report: Path, ending: signal.Signals
) -> None:
    process = start(server, report)
    assert process.stdin
    process.stdin.write(f"{ACCOUNT}\n")
    process.stdin.flush()
    until(lambda: [r["Operation"] for r in server.requests].count("CreateProjectVersion") == 2)
    process.send_signal(ending)
    output, _ = process.communicate(timeout=120)
    assert (process.returncode, output[-13:]) == (130, "Interrupted.\n")
    assert not report.exists()


def test_nothing_is_done_without_consent_or_in_ci(server: Server, report: Path) -> None:
    for typed in ("yes", "999999999999"):
        status, output = run(server, report, typed)
        assert (status, "costs nothing or cents" in " ".join(output.split())) == (2, True)
        assert f"account {ACCOUNT}, region eu-west-1" in output
    status, output = run(server, report, CI="true", AWS_ENDPOINT_URL="")
    assert (status, "In CI" in output) == (2, True)
    assert server.requests == []


def test_what_names_somebody_is_taken_out() -> None:
    text = (
        "User: arn:aws:sts::123456789012:assumed-role/admin/jane is not authorized on "
        "arn:aws:rekognition:eu-west-1:123456789012:project/secret/1795514983210; "
        "ASIAIOSFODNN7EXAMPLE, 8f14e45f-ceea-467f-9575-6f2f1d2c3b4a, secret. Not secretly."
    )
    assert redact(text, ["secret"]) == (
        "User: arn:aws:sts::<account>:<principal> is not authorized on "
        "arn:aws:rekognition:eu-west-1:<account>:project/<name>/<time>; "
        "<access key>, <id>, <name>. Not secretly."
    )
