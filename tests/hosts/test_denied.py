"""Requests that the service refuses for good: each fails the models that it is about."""

from __future__ import annotations

from collections.abc import Sequence

from tests.hosts.command import assert_true, messages, statuses
from tests.hosts.faults import (
    DELETE,
    STOP,
    WAIT,
    Cell,
    both_versions,
    meet,
    meets,
)
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

pytestmark = both_versions


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
