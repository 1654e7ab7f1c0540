"""Pages and their tokens."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.calls import raises, seed_one, statuses
from tests.simulator.client import Simulator


def test_listing_is_paged_by_position_newest_first(sim: Simulator, aws: Any) -> None:
    arn, versions = sim.seed({"p": [f"v{number}" for number in range(250)]})["p"]
    newest_first = versions[::-1]
    pages = aws.get_paginator("describe_project_versions").paginate(ProjectArn=arn)
    listed = [
        [v["ProjectVersionArn"] for v in page["ProjectVersionDescriptions"]] for page in pages
    ]
    assert [len(page) for page in listed] == [100, 100, 50]
    assert [version for page in listed for version in page] == newest_first
    first = aws.describe_project_versions(ProjectArn=arn, MaxResults=10)
    sim.act({"Delete": newest_first[3]})
    second = statuses(aws, arn, MaxResults=10, NextToken=first["NextToken"])
    assert list(second) == newest_first[11:21]
    assert len({version.rpartition("/")[2] for version in [arn, *versions]}) == 251
    created = [v["CreationTimestamp"] for v in first["ProjectVersionDescriptions"]]
    assert created == sorted(set(created), reverse=True)


@pytest.mark.parametrize("token", ["garbage", "cG9zaXRpb246LTE=", "cG9zaXRpb246eA==", "8J+Y"])
def test_a_garbage_token_is_refused(sim: Simulator, aws: Any, token: str) -> None:
    arn, _ = seed_one(sim)
    with raises("InvalidPaginationTokenException"):
        aws.describe_project_versions(ProjectArn=arn, NextToken=token)


def test_the_last_page_has_an_empty_token_unless_chosen_otherwise(sim: Simulator, aws: Any) -> None:
    arn, _ = sim.seed({"p": ["v", "w"]})["p"]
    first = aws.describe_project_versions(ProjectArn=arn, MaxResults=1)
    last = aws.describe_project_versions(ProjectArn=arn, MaxResults=1, NextToken=first["NextToken"])
    assert last["NextToken"] == ""
    assert aws.describe_projects()["NextToken"] == ""
    sim.options(empty_next_token=False)
    assert "NextToken" not in aws.describe_projects()
    assert "NextToken" not in aws.describe_project_versions(ProjectArn=arn)
