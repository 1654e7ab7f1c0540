"""What is refused, and what the answer looks like."""

from __future__ import annotations

import re
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


def test_an_error_s_body(sim: Simulator) -> None:
    sim.rule("DescribeProjects", {"Error": "AccessDeniedException", "Message": "no"})
    answers = [
        raw(sim, "DeleteProject", {"ProjectArn": f"arn:aws:rekognition:::project/p/{1:013}"}),
        raw(sim, "DescribeProjects", {}),
    ]
    for status, answer in answers:
        assert status == 400
        assert set(answer) == {"__type", "Code", "Logref", "Message"}
        assert answer["Code"] == answer["__type"]
        assert re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", answer["Logref"])
    assert answers[0][1]["__type"] == "InvalidParameterException"
    assert answers[1][1]["Message"] == "no"


@pytest.mark.parametrize(
    ("effect", "status", "message"),
    [
        ({"Error": "ThrottlingException"}, 500, "Service Unavailable"),
        (
            {"Error": "ThrottlingException", "HttpStatus": 400},
            400,
            "Slow down; sudden increase in rate of requests.",
        ),
        ({"Error": "ProvisionedThroughputExceededException"}, 400, "Provisioned Rate exceeded."),
    ],
)
def test_documented_messages(
    sim: Simulator, effect: dict[str, Any], status: int, message: str
) -> None:
    sim.rule("DescribeProjects", effect)
    answered, answer = raw(sim, "DescribeProjects", {})
    assert (answered, answer["Message"]) == (status, message)
