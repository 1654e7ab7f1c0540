"""`make live` against a simulator: what it reports, what it asks, and what it leaves behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.hosts.installs import ROOT
from tests.hosts.shell import no_signal_ignored
from tests.live.believed import prepare
from tests.live.report import compare, redact
from tests.simulator.calls import ACCOUNT, client
from tests.simulator.client import Simulator

pytestmark = pytest.mark.slow


class Live:
    """The program, talking to a simulator that stands for the service."""

    def __init__(self, simulator: Simulator, folder: Path):
        self.folder = folder
        self.report = folder / "live.md"
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("AWS_") and k != "CI"},
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_CONFIG_FILE": str(folder / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"),
            "AWS_ENDPOINT_URL": simulator.url,
        }
        self.options = ("--report", str(self.report), "--host", "v1")

    def start(self, *options: str, **environment: str) -> subprocess.Popen[str]:
        with no_signal_ignored():
            return subprocess.Popen(
                [sys.executable, "-m", "tests.live", *self.options, *options],
                cwd=ROOT,
                env={**self.environment, **environment},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )

    def run(self, *options: str, typed: str = ACCOUNT, **environment: str) -> tuple[int, str]:
        """Exit status and output."""
        process = self.start(*options, **environment)
        try:
            output, _ = process.communicate(f"{typed}\n", timeout=300)
        finally:
            process.kill()
        return process.returncode, output

    def rows(self) -> dict[str, list[str]]:
        """Verdict, what was found and what was believed, by fact."""
        cells = [line.strip("| ").split(" | ") for line in self.report.read_text().splitlines()]
        table = [row for row in cells if len(row) >= 3 and row[1] != "|"]
        return {fact: rest for fact, *rest in table}

    def different(self) -> dict[str, list[str]]:
        return {fact: rest for fact, rest in self.rows().items() if rest[0] == "**different**"}


@pytest.fixture
def live(simulator: Simulator, tmp_path: Path) -> Live:
    prepare(simulator)
    return Live(simulator, tmp_path)


def projects(simulator: Simulator) -> list[dict[str, Any]]:
    answer = client(simulator, "eu-west-1").describe_projects()
    return list(answer["ProjectDescriptions"])


def test_it_reports_exactly_what_is_different(simulator: Simulator, live: Live) -> None:
    simulator.rule("DescribeProjectVersions", {"Tokens": [None]})  # of an empty project
    # Credentials that nobody denies anything: they are another account's.
    simulator.credentials(AKIAIOSFODNN8EXAMPLE="999999999999")
    (live.folder / "config").write_text(
        "[profile other]\naws_access_key_id = AKIAIOSFODNN8EXAMPLE\naws_secret_access_key = s\n"
    )
    status, output = live.run("--denied-profile", "other")
    assert status == 1, output
    different = live.different()
    refusal = "HTTP 400 {}; members Code, Logref, Message, __type"
    _, *values = different.pop("The last page: NextToken")
    assert values == ["none", "''"]
    _, *values = different.pop("DescribeProjectVersions, denied credentials")
    codes = ("ResourceNotFoundException", "AccessDeniedException")
    assert values == [refusal.format(code) for code in codes]
    _, found, believed = different.pop("Command, denied credentials")
    assert "ResourceNotFoundException" in found
    assert "AccessDeniedException" in believed
    assert different == {}
    assert {
        "The training: order of statuses": "TRAINING_IN_PROGRESS, TRAINING_FAILED",
        "The deletion: order of statuses": "DELETING, gone",
        "Command, waiting for the training": "exit status 0, Status DELETED",
        "The deleted project: order of statuses": "DELETING, gone",
    }.items() <= {fact: found for fact, (_, found, *_) in live.rows().items()}.items()
    report = live.report.read_text()
    assert "Deletion: seconds: `" in report
    assert "a listing still had the old status: `" in report
    assert not re.search(r"\d{12}|awscli-rekcl-live|[0-9a-f]{8}-[0-9a-f]{4}-", report)
    assert projects(simulator) == []


def test_a_training_that_is_refused_at_once(simulator: Simulator, live: Live) -> None:
    simulator.rule("CreateProjectVersion", {"Error": "InvalidS3ObjectException"}, Times=None)
    project = simulator.seed({"mine": ["mine-too", "kept"]}, region="eu-west-1")["mine"]
    doomed, kept = project.versions
    status, output = live.run("--model", doomed)
    assert (status, list(live.different())) == (1, ["CreateProjectVersion, a"]), output
    assert live.rows()["Command, deletion"][:2] == ["as believed", "exit status 0, Status DELETED"]
    assert "refused at once; the deletion is of a model that was named" in live.report.read_text()
    assert "mine" not in live.report.read_text()
    assert simulator.versions(project.arn) == {kept: "TRAINING_COMPLETED"}
    assert [each["ProjectArn"] for each in projects(simulator)] == [project.arn]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_cleans_up_when_it_is_interrupted(
    simulator: Simulator, live: Live, ending: signal.Signals
) -> None:
    process = live.start()
    assert process.stdin
    process.stdin.write(f"{ACCOUNT}\n")
    process.stdin.flush()
    deadline = time.monotonic() + 120
    while len(simulator.requests("CreateProjectVersion")) < 2:
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(ending)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 130, output
    assert output.endswith("Interrupted.\n")
    assert projects(simulator) == []
    assert not live.report.exists()


def test_what_stops_it_is_reported_and_cleaned_up(simulator: Simulator, live: Live) -> None:
    denied = {"Error": "AccessDeniedException", "Message": f"not for arn:aws:iam::{ACCOUNT}:user/x"}
    simulator.rule("DescribeProjects", denied, Skip=1)
    status, output = live.run()
    assert status == 1, output
    assert list(live.rows()) == ["fact", "DescribeProjects, no such name", "CreateProject"]
    assert "not for arn:aws:iam::<account>:<principal>" in live.report.read_text()
    assert projects(simulator) == []


def test_nothing_is_done_without_the_account_s_number(simulator: Simulator, live: Live) -> None:
    for typed in ("yes", "999999999999"):
        status, output = live.run(typed=typed)
        assert status == 2
        assert "Nothing was done." in output
        assert f"account {ACCOUNT}, region eu-west-1" in output
        assert "costs nothing or cents" in " ".join(output.split())
    rekognition = [e for e in simulator.requests() if e["Operation"] != "POST"]
    assert rekognition == []


def test_never_in_ci_without_an_endpoint(simulator: Simulator, live: Live) -> None:
    status, output = live.run(CI="true", AWS_ENDPOINT_URL="")
    assert (status, "In CI" in output) == (2, True)
    assert simulator.requests() == []


def test_a_fact_that_one_side_lacks_is_different() -> None:
    rows = compare({"a": "1", "b": "2"}, {"a": "1", "c": "3"})
    assert [(row.fact, row.is_as_believed) for row in rows] == [
        ("a", True),
        ("b", False),
        ("c", False),
    ]


def test_what_names_somebody_is_taken_out() -> None:
    text = (
        "User: arn:aws:sts::123456789012:assumed-role/admin/jane is not authorized on "
        "arn:aws:rekognition:eu-west-1:123456789012:project/secret/1795514983210; "
        "ASIAIOSFODNN7EXAMPLE, 8f14e45f-ceea-467f-9575-6f2f1d2c3b4a, secret. Not secretly."
    )
    assert redact(text, "secret") == (
        "User: arn:aws:sts::<account>:<principal> is not authorized on "
        "arn:aws:rekognition:eu-west-1:<account>:project/<name>/<time>; "
        "<access key>, <id>, <name>. Not secretly."
    )
