"""Requests that the service refuses for good: each fails the models that it is about."""

from __future__ import annotations

from tests.hosts.command import assert_true, messages, statuses
from tests.hosts.faults import (
    DELETE,
    SECOND_DELETE,
    STOP,
    WAIT,
    Moment,
    both_versions,
    meet,
    meets,
)
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

pytestmark = both_versions


@meets("denied", ("access denied", SECOND_DELETE), ("access denied", WAIT))
def test_access_denied_fails_a_model(
    aws: Aws, simulator: Simulator, kind: str, moment: Moment
) -> None:
    result, project = meet(aws, simulator, kind, moment)
    assert result.returncode == 255
    assert_true(result, simulator, project.arn)
    for message in messages(result):
        assert "AccessDeniedException" in message
    failed = [arn for arn, status in statuses(result).items() if status != "DELETED"]
    is_of_one = moment.times == 1 and moment.operation in (DELETE, STOP)
    assert failed == (project.versions[moment.skip :][:1] if is_of_one else project.versions)
