"""Answers that are not true, or not of the account that was meant: nothing false is believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hosts.command import (
    changes,
    command,
    credential_process,
    delete,
    entries,
    keys,
    seed_model,
    statuses,
    until,
)
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

pytestmark = pytest.mark.hosts("v1", "v2")
DESCRIBE = "DescribeProjectVersions"


# More that an answer may hold is in `tests/unit/test_client.py`.
@pytest.mark.parametrize("by", ["arn", "name"])
def test_what_nobody_asked_for(by: str, aws: Aws, simulator: Simulator) -> None:
    arn, project = seed_model(simulator)
    if by == "arn":
        operation, other_account = DESCRIBE, arn.replace("123456789012", "210987654321")
        foreign = {"ProjectVersionArn": other_account, "Status": "STOPPED"}
    else:
        operation, other_region = "DescribeProjects", project.arn.replace("us-east-1", "eu-west-1")
        foreign = {"ProjectArn": other_region}
    simulator.rule(operation, {"Insert": [foreign]})
    result = delete(aws, f"--project-{by}", getattr(project, by, "cats"), "--all-versions")
    assert result.returncode == 255
    assert f"an answer to {operation} can't be read: it holds arn:" in result.stderr
    assert changes(simulator) == []


def test_a_project_that_shifts_between_two_pages_is_not_gone(
    aws: Aws, simulator: Simulator
) -> None:
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)  # the oldest project, which a hundred newer ones push to page two
    newer = simulator.seed({f"p{number}": [] for number in range(100)})
    simulator.rule(DESCRIBE, {"Error": "ResourceNotFoundException"}, Skip=1)
    gone = {"After": [{"DeleteProject": newer["p0"].arn}]}
    simulator.rule("DescribeProjects", gone)
    words = ("--project-arn", model.project.arn, "--timeout", "3")
    result = delete(aws, *words, arns=[model.arn])
    assert (result.returncode, statuses(result)) == (124, {model.arn: "DELETING"}), result.stderr


def test_an_answer_that_drips(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)
    simulator.rule(DESCRIBE, {"Drip": 1}, Skip=1, Times=None)  # it takes minutes
    limits = ("--timeout", "2", "--cli-read-timeout", "2")
    result = delete(aws, *limits, arns=[model.arn])
    assert result.returncode == 124, result.stderr
    assert [entry["Status"] for entry in entries(result)] == ["TRAINING_COMPLETED"]
    assert "Still being deleted: version v1 in project cats." in result.stderr


OTHER = "AKIAOTHERACCOUNT0000"


@pytest.fixture
def other_account(aws: Aws, simulator: Simulator) -> Path:
    """A file: while it is there, the credentials are another account's."""
    simulator.credentials(**{OTHER: "210987654321"})
    flag = aws.home / "other-account"
    credential_process(aws, f"if [ -e {flag} ]; then echo {keys(OTHER)}; else echo {keys()}; fi")
    return flag


@pytest.mark.parametrize("has_projects", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_credentials_of_another_account(
    has_projects: bool, aws: Aws, simulator: Simulator, other_account: Path
) -> None:
    simulator.transition("DELETING", seconds=600)
    if has_projects:
        simulator.seed({"cats": ["v1"]}, account="210987654321")
    model = seed_model(simulator)
    running = aws.start(*command(arns=[model.arn]), "--yes")
    running.wait_for("DELETING")
    other_account.touch()
    until(lambda: sum(r["Account"] == "210987654321" for r in simulator.requests()) > 6)
    other_account.unlink()
    assert running.process.poll() is None  # all of them were no proof that it is gone
    simulator.transition("DELETING")
    result = running.finish()
    assert (result.returncode, statuses(result)) == (0, {model.arn: "DELETED"}), result.stderr
    assert "Request failed, retrying" in result.stderr


@pytest.mark.parametrize("may_list", [True, False])
def test_a_project_that_is_gone(may_list: bool, aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    simulator.seed({"dogs": ["v1"]})
    model = seed_model(simulator)
    if not may_list:
        simulator.rule("DescribeProjects", {"Error": "AccessDeniedException"}, Times=None)
    words = command("--project-arn", model.project.arn, "--yes", arns=[model.arn])
    running = aws.start(*words)
    running.wait_for("DELETING")
    simulator.act({"DeleteProject": model.project.arn})
    result = running.finish()
    assert (result.returncode, statuses(result)) == (0, {model.arn: "DELETED"}), result.stderr
    # Without any other sign, the first poll is not believed.
    assert may_list or "Request failed, retrying" in result.stderr
