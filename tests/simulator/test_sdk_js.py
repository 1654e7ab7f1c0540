"""The AWS SDK for JavaScript, which nobody here wrote, holds the simulator to the API.

It is installed into ``.hosts`` as its lock file says, when it is needed first. Where Node.js is
missing these tests are skipped, or fail if REQUIRE_ALL_HOSTS is set.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Callable

import pytest

from tests.simulator.client import Simulator

HERE = Path(__file__).parent / "sdk_js"
HOSTS = Path(__file__).resolve().parents[2] / ".hosts"

Run = Callable[..., None]


@pytest.fixture(scope="module")
def sdk() -> Path:
    """The folder in which the SDK is installed."""
    missing = [program for program in ("node", "npm") if not shutil.which(program)]
    if missing:
        reason = f"{' and '.join(missing)} not installed: apt-get install nodejs npm"
        if os.environ.get("REQUIRE_ALL_HOSTS"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    recipe = [HERE / "package.json", HERE / "package-lock.json"]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in recipe)).hexdigest()
    folder = HOSTS / f"js-{digest[:12]}"
    if not folder.exists():
        HOSTS.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=HOSTS, prefix="js-") as temp:
            for path in recipe:
                shutil.copy(path, temp)
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(command, cwd=temp, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            with suppress(OSError):  # another process was faster
                os.rename(temp, folder)
            Path(temp).mkdir(exist_ok=True)  # for the context manager to remove
    return folder


@pytest.fixture(scope="module")
def node(sdk: Path, simulator_process: Simulator) -> Iterator[subprocess.Popen[str]]:
    """One process for all scenarios: loading the SDK takes longer than most of them."""
    command = ["node", str(HERE / "scenarios.mjs"), str(sdk), simulator_process.url]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        yield process


@pytest.fixture
def run(node: subprocess.Popen[str], sim: Simulator) -> Run:
    """Run a scenario, and fail as it does."""

    def run(scenario: str, **parameters: Any) -> None:
        assert node.stdin
        assert node.stdout
        print(json.dumps([scenario, parameters]), file=node.stdin, flush=True)
        assert json.loads(node.stdout.readline() or '"it ended"') == ""

    return run


def test_life_of_a_project(run: Run, sim: Simulator) -> None:
    for kind, statuses in {
        "project": ("CREATING", "DELETING"),
        "dataset": ("CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS"),
        "project-version": ("TRAINING_IN_PROGRESS", "STARTING", "STOPPING", "DELETING"),
    }.items():
        for status in statuses:
            sim.transition(status, looks=1, of=kind)
    run("life")


def test_paginators(run: Run, sim: Simulator) -> None:
    projects = sim.seed({"a": [f"v{number}" for number in range(8)], "b": [], "c": []})
    arns = [project.arn for project in projects.values()]
    run("pages", projectArns=arns, versionArns=projects["a"].versions)
    assert len(sim.requests("DescribeProjects")) == 2
    assert len(sim.requests("DescribeProjectVersions")) == 3 + 1


def test_waiters_see_failures(run: Run, sim: Simulator) -> None:
    failed = [
        {"VersionName": "untrained", "Status": "TRAINING_FAILED"},
        {"VersionName": "unstarted", "Status": "FAILED"},
    ]
    run("waiters", projectArn=sim.seed({"p": failed})["p"].arn)


@pytest.mark.parametrize(
    ("code", "status", "message", "attempts"),
    [
        ("ThrottlingException", 400, "Slow down; sudden increase in rate of requests.", 3),
        ("ThrottlingException", 500, "Service Unavailable", 3),
        ("ProvisionedThroughputExceededException", 400, "Provisioned Rate exceeded.", 3),
        ("InternalServerError", 500, "InternalServerError by rule", 3),
        ("AccessDeniedException", 400, "AccessDeniedException by rule", 1),
    ],
)
def test_errors(
    run: Run, sim: Simulator, code: str, status: int, message: str, attempts: int
) -> None:
    """The SDK knows each of them, and sends again what is to be sent again."""
    sim.rule("DescribeProjects", {"Error": code, "HttpStatus": status}, Times=None)
    run("errors", code=code, status=status, message=message, attempts=attempts)
    refused = {"HttpStatus": status, "Error": code}
    assert [refused.items() <= entry.items() for entry in sim.requests()] == [True] * attempts
