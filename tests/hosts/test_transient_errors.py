"""Transient errors between a real ``aws`` and the service, at every operation and moment."""

from __future__ import annotations

from tests.hosts.command import delete, seed_model, statuses
from tests.hosts.faults import (
    DELETE,
    DELETE_LONG,
    FIRST_DELETE,
    FIRST_STOP,
    LOOK_UP,
    LOOKING_AGAIN,
    PROJECT,
    SECOND_DELETE,
    SECOND_STOP,
    STOP_LONG,
    WAIT,
    WAIT_LONG,
    Moment,
    both_versions,
    meet,
    meets,
)
from tests.hosts.shell import Aws, Result
from tests.simulator.client import SeededProject, Simulator

pytestmark = both_versions


@meets(
    "retried",
    ("throughput exceeded", PROJECT),
    ("dropped before", LOOK_UP),
)
def test_the_sdk_s_own_retry_is_enough(
    aws: Aws, simulator: Simulator, kind: str, moment: Moment
) -> None:
    result, project = meet(aws, simulator, kind, moment)
    assert_deleted(result, simulator, project)
    assert LOOKING_AGAIN not in result.stderr


# How an answer of the wrong shape is parsed depends on the host's botocore.
@meets(
    "looked again",
    ("throttled", WAIT_LONG),
    ("page 503", STOP_LONG),
    ("dropped after", DELETE_LONG),
    ("no answer", WAIT_LONG),
    ("half an answer", WAIT),
    ("not UTF-8", SECOND_DELETE),
    ("empty body", SECOND_STOP),
    ("list", FIRST_DELETE),
    ("string", FIRST_STOP),
    ("null", WAIT),
    ("null list", WAIT_LONG),
    ("no list", WAIT),
    ("empty object for a list", WAIT),
    ("empty string for a list", WAIT_LONG),
    ("null entry", WAIT),
    ("entry of text", WAIT),
)
def test_the_command_looks_again(aws: Aws, simulator: Simulator, kind: str, moment: Moment) -> None:
    result, project = meet(aws, simulator, kind, moment)
    assert_deleted(result, simulator, project)
    assert result.stderr.count(LOOKING_AGAIN) == 1  # the same is said once a minute


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
    result = delete(aws, "--timeout", "3", arns=[model.arn])
    assert (result.returncode, simulator.versions(model.project.arn)) == (
        124,
        {model.arn: "DELETING"},
    )
    assert "nothing was requested" not in result.stdout + result.stderr
    assert "if the request arrived" in result.stderr
