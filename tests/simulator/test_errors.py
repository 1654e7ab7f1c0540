"""What is refused, and what the answer looks like."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.calls import raw
from tests.simulator.client import Simulator


@pytest.mark.parametrize(
    ("operation", "body", "member"),
    [
        ("DescribeProjectVersions", {}, "projectArn"),
        ("DescribeProjectVersions", {"ProjectArn": "arn:nonsense:that:is:long"}, "projectArn"),
        ("DescribeProjects", {"MaxResults": 0}, "maxResults"),
        ("DescribeProjects", {"MaxResults": 101}, "maxResults"),
        ("DescribeProjects", {"MaxResults": "1"}, "maxResults"),
        ("DescribeProjects", {"MaxResults": True}, "maxResults"),
        ("DescribeProjects", {"ProjectNames": []}, "projectNames"),
        ("DescribeProjects", {"ProjectNames": ["a/b"]}, "projectNames.1.member"),
        ("DescribeProjects", {"Features": ["OTHER"]}, "features.1.member"),
        ("DescribeProjects", {"Unheard": "of"}, "unheard"),
        ("CreateProject", {"ProjectName": "n" * 256}, "projectName"),
        ("CreateProject", {"ProjectName": "n", "Tags": {"key": 1}}, "tags.key"),
    ],
)
def test_parameters_are_checked(
    sim: Simulator, operation: str, body: dict[str, Any], member: str
) -> None:
    status, answer = raw(sim, operation, body)
    assert (status, answer["__type"]) == (400, "InvalidParameterException")
    assert f"at '{member}'" in answer["Message"]


def test_a_body_that_is_no_json_is_refused(sim: Simulator) -> None:
    assert raw(sim, "DescribeProjects", "[")[1]["__type"] == "SerializationException"
    assert raw(sim, "DescribeProjects", "[]")[1]["__type"] == "SerializationException"
