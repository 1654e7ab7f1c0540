"""Transient errors between a real ``aws`` and the service, at every operation and moment."""

from __future__ import annotations

from tests.hosts.command import statuses
from tests.hosts.faults import (
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
    on_v1,
    on_v2,
)
from tests.hosts.shell import Aws, Result
from tests.simulator.client import SeededProject, Simulator

pytestmark = both_versions


@meets(
    "retried",
    ("throughput exceeded", PROJECT, on_v2),
    ("dropped before", LOOK_UP, on_v1),
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
    ("throttled", WAIT_LONG, on_v1),
    ("page 503", STOP_LONG, on_v2),
    ("dropped after", DELETE_LONG, both_versions),
    ("no answer", WAIT_LONG, on_v2),
    ("half an answer", WAIT, on_v1),
    ("not UTF-8", SECOND_DELETE, both_versions),
    ("empty body", SECOND_STOP, on_v2),
    ("list", FIRST_DELETE, on_v1),
    ("string", FIRST_STOP, on_v1),
    ("null", WAIT, on_v2),
    ("null list", WAIT_LONG, both_versions),
    ("no list", WAIT, on_v1),
    ("empty object for a list", WAIT, on_v2),
    ("empty string for a list", WAIT_LONG, on_v1),
    ("null entry", WAIT, both_versions),
    ("entry of text", WAIT, on_v2),
)
def test_the_command_looks_again(aws: Aws, simulator: Simulator, kind: str, moment: Moment) -> None:
    result, project = meet(aws, simulator, kind, moment)
    assert_deleted(result, simulator, project)
    assert result.stderr.count(LOOKING_AGAIN) == 1  # the same is said once a minute


def assert_deleted(result: Result, simulator: Simulator, project: SeededProject) -> None:
    assert result.returncode == 0, result.stderr
    assert statuses(result) == dict.fromkeys(project.versions, "DELETED")
    assert simulator.versions(project.arn) == {}
