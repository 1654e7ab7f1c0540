"""Faults between a real ``aws`` and the service: transient errors, and refusals for good.

Those before the confirmation are in ``test_host_errors.py``, those of the credentials in
``test_credentials.py``.
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.hosts.command import assert_true, delete, messages, seed_model, statuses
from tests.hosts.faults import (
    DELETE,
    DELETE_LONG,
    DESCRIBE,
    FAULTS,
    FIRST_DELETE,
    FIRST_STOP,
    LOOK_UP,
    LOOKING_AGAIN,
    PROJECT,
    SECOND_DELETE,
    SECOND_STOP,
    STOP,
    STOP_LONG,
    WAIT,
    WAIT_LONG,
    Cell,
    both_versions,
    meet,
    meets,
)
from tests.hosts.shell import Aws, Result
from tests.simulator.client import SeededProject, Simulator

pytestmark = both_versions


@meets("retried", [("throughput exceeded", PROJECT), ("dropped before", LOOK_UP)])
def test_the_sdk_s_own_retry_is_enough(
    aws: Aws, simulator: Simulator, cells: Sequence[Cell]
) -> None:
    result, project = meet(aws, simulator, cells)
    assert_deleted(result, simulator, project)
    assert LOOKING_AGAIN not in result.stderr


# How an answer of the wrong shape is parsed depends on the host's botocore.
@meets(
    "looked again",
    [
        ("throttled", WAIT_LONG),
        ("no answer", WAIT_LONG),
        *((kind, WAIT) for kind, fault in FAULTS.items() if fault.is_unreadable),
    ],
    [
        ("list", FIRST_DELETE),
        ("not UTF-8", SECOND_DELETE),
        ("dropped after", DELETE_LONG),
        ("string", FIRST_STOP),
        ("empty body", SECOND_STOP),
        ("page 503", STOP_LONG),
    ],
)
def test_the_command_looks_again(aws: Aws, simulator: Simulator, cells: Sequence[Cell]) -> None:
    result, project = meet(aws, simulator, cells)
    assert_deleted(result, simulator, project)
    said = [line for line in result.stderr.splitlines() if LOOKING_AGAIN in line]
    # The same is said once a minute, and some that follow one another read alike.
    assert max(1, len(cells) - 2) <= len(said) <= len(cells), result.stderr


def assert_deleted(result: Result, simulator: Simulator, project: SeededProject) -> None:
    assert result.returncode == 0, result.stderr
    assert statuses(result) == dict.fromkeys(project.versions, "DELETED")
    assert simulator.versions(project.arn) == {}


def test_a_request_that_may_have_arrived_is_not_denied(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)
    # The first try is obeyed and its answer lost, and the SDK's repeat is throttled to the end.
    simulator.rule(DELETE, {"Drop": "after"})
    simulator.rule(DELETE, {"Error": "ThrottlingException"}, Times=None)
    simulator.rule(DESCRIBE, {"Error": "ThrottlingException"}, Skip=1, Times=None)
    result = delete(aws, "--timeout", "3", arns=[model.arn])
    assert (result.returncode, simulator.versions(model.project.arn)) == (
        124,
        {model.arn: "DELETING"},
    )
    assert "nothing was requested" not in result.stdout + result.stderr
    assert "if the request arrived" in result.stderr


def test_a_request_that_is_only_throttled_was_declined(aws: Aws, simulator: Simulator) -> None:
    model = seed_model(simulator)
    simulator.rule(DELETE, {"Error": "ThrottlingException"}, Times=None)
    result = delete(aws, "--timeout", "4", arns=[model.arn])
    assert (result.returncode, messages(result)) == (
        124,
        ["--timeout passed (4 s); nothing requested yet"],
    )
    assert len(simulator.requests(DELETE)) < 20


# Of one model's request among others: `test_outcomes.py`.
@meets("denied", [("access denied", WAIT)])
def test_access_denied_fails_a_model(aws: Aws, simulator: Simulator, cells: Sequence[Cell]) -> None:
    result, project = meet(aws, simulator, cells)
    assert result.returncode == 255
    assert_true(result, simulator, project.arn)
    for message in messages(result):
        assert "AccessDeniedException" in message
    failed = [arn for arn, status in statuses(result).items() if status != "DELETED"]
    [(_, moment)] = cells
    is_of_one = moment.times == 1 and moment.operation in (DELETE, STOP)
    assert failed == (project.versions[moment.skip :][:1] if is_of_one else project.versions)
