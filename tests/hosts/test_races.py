"""Races with other people and with the service: somebody acts between two requests of ours.

The simulator acts just before or after it serves a request (`Before`, `After`), so nothing here
depends on timing.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.hosts.command import PROMPT, assert_true, command, delete, messages, statuses
from tests.hosts.faults import DELETE, DESCRIBE, STOP, both_versions, soak_only
from tests.hosts.shell import Aws, Running, Step
from tests.simulator.client import SeededProject, Simulator

pytestmark = both_versions


def seed_one(simulator: Simulator, **version: Any) -> tuple[SeededProject, str]:
    project = simulator.seed({"cats": [{"VersionName": "a", **version}]})["cats"]
    return project, project.versions[0]


def count(simulator: Simulator, operation: str) -> int:
    return len(simulator.requests(operation))


def becomes(arn: str, status: str) -> dict[str, str]:
    return {"Status": arn, "To": status}


STARTED = "the status changed to RUNNING after you confirmed"

# Who acts before which request of ours (0: the first), and what comes of it: exit status, message.
RACES = {
    "deleted before the delete": ("STOPPED", DELETE, 0, "Delete", 0, ""),
    "deleting before the delete": ("STOPPED", DELETE, 0, "DELETING", 0, ""),
    "started before the delete": ("STOPPED", DELETE, 0, "RUNNING", 255, STARTED),
    "starting before the delete": ("STOPPED", DELETE, 0, "STARTING", 255, STARTED),
    "deleted before the stop": ("RUNNING", STOP, 0, "Delete", 0, ""),
    "deleting before the stop": ("RUNNING", STOP, 0, "DELETING", 0, ""),
    "stopped before the stop": ("RUNNING", STOP, 0, "STOPPED", 0, ""),
    "stopping before the stop": ("RUNNING", STOP, 0, "STOPPING", 0, ""),
    "deleted while deleting": ("STOPPED", DESCRIBE, 2, "Delete", 0, ""),
    "deleted while stopping": ("RUNNING", DESCRIBE, 2, "Delete", 0, ""),
    "deleting while stopping": ("RUNNING", DESCRIBE, 2, "DELETING", 0, ""),
    "started again while stopping": ("RUNNING", DESCRIBE, 2, "RUNNING", 0, ""),
    "deleted while training": ("TRAINING_IN_PROGRESS", DESCRIBE, 2, "Delete", 0, ""),
    "started after training": ("TRAINING_IN_PROGRESS", DESCRIBE, 2, "RUNNING", 255, STARTED),
    "project gone while deleting": ("STOPPED", DESCRIBE, 2, "DeleteProject", 0, ""),
    "project gone while stopping": ("RUNNING", DESCRIBE, 2, "DeleteProject", 0, ""),
}
# To be asked to stop a second time, a model has to have been RUNNING for 30 s; the others differ
# from one above only in what the loop's own tests have in `tests/unit/test_deletion.py`.
SOAKED = [
    "started again while stopping",
    "starting before the delete",
    "stopping before the stop",
    "deleted while stopping",
    "deleting while stopping",
    "deleted while training",
    "project gone while stopping",
]


@pytest.mark.parametrize(
    "race", [pytest.param(race, marks=soak_only if race in SOAKED else ()) for race in RACES]
)
def test_somebody_else(aws: Aws, simulator: Simulator, race: str) -> None:
    status, operation, skip, what, code, message = RACES[race]
    for transient in ("DELETING", "STOPPING", "TRAINING_IN_PROGRESS"):
        simulator.transition(transient, looks=3)
    project, arn = seed_one(simulator, Status=status)
    action = {
        "Delete": {"Delete": arn},
        "DeleteProject": {"DeleteProject": project.arn},
    }.get(what, becomes(arn, what))
    simulator.rule(operation, {"Before": [action]}, Skip=skip)
    result = delete(aws, "--stop-if-running", "--wait-if-training", arns=[arn])
    assert result.returncode == code, result.stderr
    assert_true(result, simulator, project.arn)
    assert messages(result) == ([message] if message else [])
    if status != "RUNNING":
        assert count(simulator, STOP) == 0  # the confirmed list did not say so


@pytest.mark.parametrize(("what", "code"), [("Delete", 0), ("DELETING", 0), ("RUNNING", 255)])
def test_somebody_else_at_the_prompt(aws: Aws, simulator: Simulator, what: str, code: int) -> None:
    project, arn = seed_one(simulator)
    action = {"Delete": arn} if what == "Delete" else becomes(arn, what)
    result = aws.terminal(
        *command("--stop-if-running", arns=[arn]),
        answers=[(PROMPT, lambda _: simulator.act(action)), ("", "delete\n")],
    )
    assert result.returncode == code, result.screen
    assert_true(result, simulator, project.arn)
    assert messages(result) == ([STARTED] if code else [])
    assert count(simulator, STOP) == 0


@pytest.mark.parametrize("status", ["TRAINING_COMPLETED", "DELETING"])
def test_a_new_model_of_the_same_name_is_another_model(
    aws: Aws, simulator: Simulator, status: str
) -> None:
    simulator.transition("DELETING", looks=3)
    project, arn = seed_one(simulator, Status=status)
    simulator.rule(DESCRIBE, {"After": [{"Recreate": arn}]}, Skip=1)
    result = delete(aws, arns=[arn])
    assert result.returncode == 0, result.stderr
    assert statuses(result) == {arn: "DELETED"}
    assert list(simulator.versions(project.arn).values()) == ["TRAINING_COMPLETED"]
    assert arn not in simulator.versions(project.arn)
    assert {r["Parameters"]["ProjectVersionArn"] for r in simulator.requests(DELETE)} <= {arn}


def test_the_listing_lags_behind_an_accepted_delete(aws: Aws, simulator: Simulator) -> None:
    simulator.lag(0.6)  # a dozen looks
    project, arn = seed_one(simulator)
    result = delete(aws, arns=[arn])
    assert result.returncode == 0, result.stderr
    assert_true(result, simulator, project.arn)
    assert count(simulator, DELETE) == 1


def test_the_listing_lags_behind_stop_and_delete(aws: Aws, simulator: Simulator) -> None:
    simulator.lag(0.6)
    project, arn = seed_one(simulator, Status="RUNNING")
    result = delete(aws, "--stop-if-running", arns=[arn])
    assert result.returncode == 0, result.stderr
    assert_true(result, simulator, project.arn)
    assert (count(simulator, STOP), count(simulator, DELETE)) == (1, 1)


@pytest.mark.parametrize("skip", [0, 2], ids=["at the first look", "at the second look"])
def test_a_model_missing_from_every_page_is_asked_for_by_name(
    aws: Aws, simulator: Simulator, skip: int
) -> None:
    """As it is when entries shift between the pages, two of them here."""
    names = [f"v{number}" for number in range(150)]
    slow = {"VersionName": "v7", "Status": "STOPPING"}  # so that all others are gone before it
    simulator.transition("STOPPING", seconds=2)
    project = simulator.seed({"cats": [*names[:7], slow, *names[8:]]})["cats"]
    ours = project.versions[:25]  # more than two requests by name
    simulator.rule(DESCRIBE, {"Omit": [ours[7]]}, Skip=skip, Times=2)
    result = delete(aws, "--project-arn", project.arn, arns=ours)
    assert result.returncode == 0, result.stderr
    assert statuses(result) == dict.fromkeys(ours, "DELETED")
    assert sorted(simulator.versions(project.arn)) == sorted(project.versions[25:])
    looks = [request["Parameters"].get("VersionNames") for request in simulator.requests(DESCRIBE)]
    assert looks[: skip + 2] == [None] * (skip + 2)
    assert any("v7" in (some or ()) for some in looks[skip + 2 : skip + 5])


def test_in_use_for_a_while_is_not_yet(aws: Aws, simulator: Simulator) -> None:
    project, arn = seed_one(simulator)
    simulator.rule(DELETE, {"Error": "ResourceInUseException"}, Times=3)
    result = delete(aws, "--timeout", "30", arns=[arn])
    assert result.returncode == 0, result.stderr
    assert_true(result, simulator, project.arn)
    assert count(simulator, DELETE) == 4


def test_in_use_until_the_time_is_up(aws: Aws, simulator: Simulator) -> None:
    project, arn = seed_one(simulator)
    simulator.rule(DELETE, {"Error": "ResourceInUseException"}, Times=None)
    result = delete(aws, "--timeout", "1", arns=[arn])
    assert result.returncode == 124, result.stderr
    assert statuses(result) == {arn: "TRAINING_COMPLETED"} == simulator.versions(project.arn)
    [message] = messages(result)
    assert message.startswith(
        "--timeout passed (1 s); nothing requested yet; last answer: An error occurred"
    )
    assert "ResourceInUseException" in message
    assert result.stderr.count("is busy, retrying") == 1
    assert "--ignore-not-found" in result.stderr


@pytest.mark.parametrize("status", ["TRAINING_COMPLETED", "DELETING"])
def test_a_deletion_that_fails_at_the_service(aws: Aws, simulator: Simulator, status: str) -> None:
    simulator.transition("DELETING", looks=2)
    failure = {"To": "FAILED", "StatusMessage": "the bucket is on fire"}
    project, arn = seed_one(simulator, Status=status, FailDeletion=failure)
    result = delete(aws, arns=[arn])
    assert result.returncode == 255, result.stderr
    assert statuses(result) == {arn: "FAILED"} == simulator.versions(project.arn)
    assert messages(result) == [
        "deletion failed, and the status went back to FAILED."
        ' Current status message: "the bucket is on fire"'
    ]
    assert count(simulator, DELETE) == (status != "DELETING")


def test_one_look_that_does_not_show_deleting_is_no_failure(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", looks=2)
    project, arn = seed_one(simulator)
    glitch = {"Before": [becomes(arn, "STOPPED")], "After": [becomes(arn, "DELETING")]}
    simulator.rule(DESCRIBE, glitch, Skip=2)
    result = delete(aws, arns=[arn])
    assert result.returncode == 0, result.stderr
    assert_true(result, simulator, project.arn)
    assert count(simulator, DELETE) == 1


@pytest.mark.parametrize("status", ["RUNNING", pytest.param("TRAINING_COMPLETED", marks=soak_only)])
def test_two_copies_of_the_command(aws: Aws, simulator: Simulator, status: str) -> None:
    simulator.transition("DELETING", seconds=1)
    project, arn = seed_one(simulator, Status=status)
    words = command("--stop-if-running", arns=[arn])
    others: list[Running] = []

    def run_another(_: Running) -> None:
        others.append(aws.start(*words, "--yes"))
        others[0].wait_for("ACTION")  # so both have found the model alive

    answers: list[Step] = [(PROMPT, run_another), ("", "delete\n")]
    result = aws.terminal(*words, answers=answers)
    for each in (result, others[0].finish()):
        assert each.returncode == 0, each
        assert statuses(each) == {arn: "DELETED"}
    assert simulator.versions(project.arn) == {}
