"""The quota of requests."""

from __future__ import annotations

import time
from typing import Any

from tests.simulator.calls import client, raises, raw, seed_one, statuses
from tests.simulator.client import REQUESTS_PER_SECOND_AND_OPERATION, Simulator


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


def test_the_default_quota_is_five_a_second_for_each_account_and_region(
    sim: Simulator, aws: Any
) -> None:
    sim.credentials(AKIAIOSFODNN8EXAMPLE="999999999999")
    sim.quota(REQUESTS_PER_SECOND_AND_OPERATION)
    others = [client(sim, "eu-west-1"), client(sim, access_key_id="AKIAIOSFODNN8EXAMPLE")]
    sent = time.monotonic()
    outcomes = [raw(sim, "DescribeProjects", {}) for _ in range(20)]
    allowed = 5 + 5 * (time.monotonic() - sent)
    refused = [answer for status, answer in outcomes if status == 400]
    assert 5 <= 20 - len(refused) <= allowed + 1
    for answer in refused:
        assert answer["__type"] == "ProvisionedThroughputExceededException"
        assert answer["Message"] == "Provisioned Rate exceeded."
    for other in others:
        other.describe_projects()
