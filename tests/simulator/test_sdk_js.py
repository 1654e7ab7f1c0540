"""The AWS SDK for JavaScript, which nobody here wrote, holds the simulator to the API.

It is installed into ``.hosts`` as its lock file says, when it is needed first. Where Node.js is
missing these tests are skipped, or fail if REQUIRE_ALL_HOSTS is set.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hosts.installs import kept_folder, output
from tests.simulator.client import Simulator

HERE = Path(__file__).parent / "sdk_js"
RECIPE = (HERE / "package.json", HERE / "package-lock.json")

Run = Callable[..., None]


def install() -> Path:
    """Return the folder in which the SDK is, installing it first where that is needed."""
    with kept_folder("js", "".join(path.read_text() for path in RECIPE)) as (folder, is_complete):
        if not is_complete:
            for path in RECIPE:
                shutil.copy(path, folder)
            options = ("--ignore-scripts", "--no-audit", "--no-fund")
            # Without links: npm mistakes a folder behind one for a package.
            output("npm", "ci", "--prefix", str(folder.resolve()), *options)
    return folder


@pytest.fixture(scope="module")
def node(simulator_process: Simulator) -> Iterator[subprocess.Popen[str]]:
    """One process for all scenarios: loading the SDK takes longer than most of them."""
    missing = [program for program in ("node", "npm") if not shutil.which(program)]
    if missing:
        reason = f"{' and '.join(missing)} not installed: apt-get install nodejs npm"
        if os.environ.get("REQUIRE_ALL_HOSTS"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    command = ["node", str(HERE / "scenarios.mjs"), str(install()), simulator_process.url]
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
