"""Answers that are not true, or not of the account that was meant: nothing false is believed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.hosts.command import changes, command, delete, entries, seed_model, statuses
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

pytestmark = pytest.mark.hosts("v1", "v2")
DESCRIBE = "DescribeProjectVersions"
FOREIGN = [
    "arn:aws:rekognition:us-east-1:123456789012:project/dogs/version/v1/1",
    "arn:aws:rekognition:eu-west-1:123456789012:project/cats/version/v1/1",
    "arn:aws:rekognition:us-east-1:210987654321:project/cats/version/v1/1",
    "\x1b[2J\u202earn",
]


@pytest.mark.parametrize("arn", FOREIGN)
def test_a_model_of_another_project_in_a_listing(arn: str, aws: Aws, simulator: Simulator) -> None:
    model = seed_model(simulator)
    simulator.rule(DESCRIBE, {"Insert": [{"ProjectVersionArn": arn, "Status": "STOPPED"}]})
    result = delete(aws, "--project-arn", model.project.arn, "--all-versions")
    assert result.returncode == 255
    assert "can't be read" in result.stderr
    assert result.stderr.replace("\n", "").isprintable()
    assert changes(simulator) == []


def test_a_name_that_nobody_asked_for(aws: Aws, simulator: Simulator) -> None:
    model = seed_model(simulator)
    other = model.arn.replace("/version/v1/", "/version/v2/")
    simulator.rule(DESCRIBE, {"Insert": [{"ProjectVersionArn": other, "Status": "STOPPED"}]})
    result = delete(aws, "--project-arn", model.project.arn, "--version-names", "v1")
    assert result.returncode == 255
    assert "which was not requested" in result.stderr
    assert changes(simulator) == []


FOREIGN_PROJECTS = [
    "arn:aws:rekognition:eu-west-1:123456789012:project/cats/1",
    "arn:aws:rekognition:us-east-1:123456789012:project/dogs/1",
]


@pytest.mark.parametrize("arn", FOREIGN_PROJECTS)
def test_a_project_that_nobody_asked_for(arn: str, aws: Aws, simulator: Simulator) -> None:
    simulator.seed({"cats": ["v1"]}, region="eu-west-1")
    simulator.rule("DescribeProjects", {"Insert": [{"ProjectArn": arn}]})
    result = delete(aws, "--project-name", "cats", "--all-versions", "--region", "us-east-1")
    assert result.returncode == 255
    assert f"an answer to DescribeProjects can't be read: it holds {arn}" in result.stderr
    assert changes(simulator) == []


def test_two_projects_of_one_name_in_two_accounts(aws: Aws, simulator: Simulator) -> None:
    model = seed_model(simulator)
    other = model.project.arn.replace("123456789012", "210987654321")
    simulator.rule("DescribeProjects", {"Insert": [{"ProjectArn": other}]})
    result = delete(aws, "--project-name", "cats", "--all-versions")
    assert result.returncode == 255
    for text in (model.project.arn, other, "--project-arn"):
        assert text in result.stderr
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


@pytest.mark.parametrize("tokens", [["a"], ["a", "b"], [5]])
def test_pages_without_an_end(tokens: list[Any], aws: Aws, simulator: Simulator) -> None:
    model = seed_model(simulator)
    choice = ("--project-arn", model.project.arn, "--all-versions")
    simulator.rule(DESCRIBE, {"Tokens": tokens}, Times=None)
    result = delete(aws, *choice)
    assert result.returncode == 255
    assert len(simulator.requests(DESCRIBE)) <= 3
    simulator.clear_rules()
    # In the wait it is a transient error.
    simulator.rule(DESCRIBE, {"Tokens": tokens}, Skip=1, Times=4)
    result = delete(aws, *choice)
    assert result.returncode == 0, result.stderr
    assert "Request failed, retrying" in result.stderr


@pytest.mark.parametrize("created", [1e300, "x", {}])
def test_a_time_that_can_not_be_read(created: Any, aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", looks=2)
    model = seed_model(simulator)
    simulator.rule(DESCRIBE, {"Change": {"CreationTimestamp": created}}, Skip=1, Times=1)
    result = delete(aws, arns=[model.arn])
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr


def test_an_answer_that_drips(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)
    simulator.rule(DESCRIBE, {"Drip": 0.5}, Skip=1, Times=None)
    limits = ("--timeout", "3", "--cli-read-timeout", "2")
    result = delete(aws, *limits, arns=[model.arn])
    assert result.returncode == 124, result.stderr
    assert result.seconds < 12
    assert [entry["Status"] for entry in entries(result)] == ["TRAINING_COMPLETED"]
    assert "Still being deleted: version v1 in project cats." in result.stderr


OTHER = "AKIAOTHERACCOUNT0000"


@pytest.fixture
def other_account(aws: Aws, simulator: Simulator) -> Path:
    """A file: while it is there, the credentials are another account's."""
    simulator.credentials(**{OTHER: "210987654321"})
    flag = aws.home / "other-account"
    script = aws.home / "bin" / "credentials"
    key = json.dumps({"Version": 1, "SecretAccessKey": "x", "SessionToken": "x"})[:-1]
    script.write_text(
        f"#!/bin/sh\nif [ -e {flag} ]; then id={OTHER}; else id=testing; fi\n"
        # It expires at once, so it is asked for before every request.
        "form=+%Y-%m-%dT%H:%M:%SZ\n"
        'now=$(date -u -d "+5 seconds" $form 2>/dev/null || date -u -v +5S $form)\n'  # GNU, BSD
        f"""printf '%s, "AccessKeyId": "%s", "Expiration": "%s"}}' '{key}' $id $now\n"""
    )
    script.chmod(0o755)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del aws.environment[name]
    aws.config.write_text(
        aws.config.read_text().replace("[default]\n", f"[default]\ncredential_process = {script}\n")
    )
    return flag


@pytest.mark.parametrize("has_projects", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_credentials_of_another_account(
    has_projects: bool, aws: Aws, simulator: Simulator, other_account: Path
) -> None:
    simulator.transition("DELETING", seconds=600)
    if has_projects:
        simulator.seed({"cats": ["v1"]}, account="210987654321")
    model = seed_model(simulator)
    running = aws.start(
        *command("--timeout", "8", "--poll-interval", "1", arns=[model.arn]), "--yes"
    )
    running.wait_for("DELETING")
    other_account.touch()
    result = running.finish()
    assert result.returncode == 124, result.stderr
    assert statuses(result) == {model.arn: "DELETING"}
    assert "Request failed, retrying" in result.stderr
    assert model.arn in simulator.versions(model.project.arn)


def test_a_project_that_is_gone(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    simulator.seed({"dogs": ["v1"]})
    model = seed_model(simulator)
    running = aws.start(
        *command("--timeout", "30", "--poll-interval", "1", arns=[model.arn]), "--yes"
    )
    running.wait_for("DELETING")
    simulator.act({"DeleteProject": model.project.arn})
    result = running.finish()
    assert (result.returncode, statuses(result)) == (0, {model.arn: "DELETED"}), result.stderr


def test_a_project_that_is_gone_and_nothing_else_to_tell_by(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)
    simulator.rule("DescribeProjects", {"Error": "AccessDeniedException"}, Times=None)
    words = command("--project-arn", model.project.arn, "--timeout", "30", arns=[model.arn])
    running = aws.start(*words, "--poll-interval", "1", "--yes")
    running.wait_for("DELETING")
    simulator.act({"DeleteProject": model.project.arn})
    result = running.finish()
    assert (result.returncode, statuses(result)) == (0, {model.arn: "DELETED"}), result.stderr
    assert "Request failed, retrying" in result.stderr  # the first look was not believed
