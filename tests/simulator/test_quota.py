"""The quota of requests."""

from __future__ import annotations

import time
from typing import Any

from tests.simulator.calls import raises, raw, seed_one, statuses
from tests.simulator.client import Simulator


def test_the_quota_is_each_operation_s_own(sim: Simulator, aws: Any) -> None:
    arn, _ = seed_one(sim)
    sim.quota(0.01)
    aws.describe_projects()
    statuses(aws, arn)
    with raises("ProvisionedThroughputExceededException"):
        aws.describe_projects()
    sim.quota(50)
    sent = time.time()
    outcomes: list[int] = []
    while len(outcomes) < 200:
        outcomes.append(raw(sim, "DescribeProjects", {})[0])
    allowed = 50 + 50 * (time.time() - sent)
    assert 50 <= outcomes.count(200) <= allowed + 1
    sim.quota(None)
    aws.describe_projects()
