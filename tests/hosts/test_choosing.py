"""Models by the names that people know, by picking, and in a list of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from tests.hosts.command import PROMPT, bad_usage, command, delete, entries
from tests.hosts.shell import Aws
from tests.simulator.client import SeededProject, Simulator

pytestmark = pytest.mark.hosts("v1", "v2")


@pytest.fixture
def cats(simulator: Simulator) -> SeededProject:
    day = 1767258000
    models = [
        {"VersionName": f"v{n}", "Status": status, "CreationTimestamp": day + n}
        for n, status in enumerate(["STOPPED", "RUNNING", "TRAINING_FAILED", "STOPPED"], 1)
    ]
    return simulator.seed({"cats": models})["cats"]


def names(arns: Iterable[str]) -> list[str]:
    return [arn.split("/")[3] for arn in arns]


def test_no_region(aws: Aws, cats: SeededProject) -> None:
    aws.config.write_text(aws.config.read_text().replace("region = us-east-1\n", ""))
    result = delete(aws, "--project-name", "cats", "--all-versions")
    assert result.returncode in (253, 255)
    assert "You must specify a region" in result.stderr


# Every form is in `tests/unit/test_options.py`.
def test_a_list_of_json(aws: Aws, simulator: Simulator, cats: SeededProject) -> None:
    result = delete(aws, arns=[json.dumps([cats.versions[0], cats.versions[2]])])
    assert result.returncode == 0, result.stderr
    assert sorted(names(simulator.versions(cats.arn))) == ["v2", "v4"]
    result = delete(aws, "--project-version-arn", "[]")
    assert (result.returncode, entries(result)) == (0, [])


# Picking.


MODELS = "Models to delete .*: "
PROJECT = "Project .*: "


def test_project_then_models(aws: Aws, simulator: Simulator, cats: SeededProject) -> None:
    simulator.seed({"dogs": ["w1"]})
    result = aws.terminal(
        *command(),
        answers=[
            (r"Projects in us-east-1 \(account 123456789012\):", ""),
            (PROJECT, "9\n"),
            ("9 is out of range: 1 to 2.", ""),
            (PROJECT, "cat\n"),
            ("'cat' is not the number or the name of a project", ""),
            (PROJECT, "0000000001\n"),
            (MODELS, "v2\n"),
            ("cancel and add --stop-if-running.", ""),
            (MODELS, "1-2 v1\n"),
            (PROMPT, "delete\n"),
        ],
    )
    assert result.returncode == 0, result.screen
    assert names(entry["ProjectVersionArn"] for entry in entries(result)) == ["v4", "v3", "v1"]
    assert names(simulator.versions(cats.arn)) == ["v2"]


def test_nothing_is_asked_with_yes_or_a_dry_run_or_without_a_terminal(
    aws: Aws, simulator: Simulator, cats: SeededProject
) -> None:
    for result in (
        aws.terminal(*command("--yes")),
        aws.terminal(*command("--dry-run")),
        aws.run(*command(), input="1\n"),
    ):
        assert result.returncode == bad_usage(aws.host)
    assert simulator.requests() == []
