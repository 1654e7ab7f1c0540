"""What is refused: bad parameters, what a rule disturbs, and what exceeds the quota."""

from __future__ import annotations

import time
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError

from tests.simulator.calls import client, raises, raw, seed_one, statuses
from tests.simulator.client import REQUESTS_PER_SECOND_AND_OPERATION, Simulator


@pytest.mark.parametrize(
    ("operation", "body", "member"),
    [
        ("DescribeProjectVersions", {}, "ProjectArn"),
        ("DeleteProject", {"ProjectArn": "arn:nonsense:that:is:long"}, "input.ProjectArn"),
        ("DescribeProjects", {"MaxResults": 0}, "MaxResults"),
        ("DescribeProjects", {"MaxResults": 101}, "input.MaxResults"),
        ("DescribeProjects", {"MaxResults": "1"}, "MaxResults"),
        ("DescribeProjects", {"ProjectNames": []}, "ProjectNames"),
        ("DescribeProjects", {"ProjectNames": ["a/b"]}, "input.ProjectNames[0]"),
        ("DescribeProjects", {"Features": ["OTHER"]}, "input.Features[0]"),
        ("DescribeProjects", {"Unheard": "of"}, "Unheard"),
        ("CreateProject", {"ProjectName": "n" * 256}, "input.ProjectName"),
    ],
)
def test_parameters_are_checked(
    sim: Simulator, operation: str, body: dict[str, Any], member: str
) -> None:
    status, answer = raw(sim, operation, body)
    assert (status, answer["__type"]) == (400, "InvalidParameterException")
    assert f" {member}," in answer["Message"].replace('"', "") + ","


def test_errors_by_rule(sim: Simulator, aws: Any) -> None:
    arn, version = seed_one(sim)
    sim.rule("DeleteProjectVersion", {"Error": "ThrottlingException"}, Skip=1, Times=2)
    sim.rule("*", {"Error": "ExpiredTokenException", "Message": "expired", "HttpStatus": 403})
    with raises("ExpiredTokenException", 403):
        aws.delete_project_version(ProjectVersionArn=version)
    for _ in range(2):
        with raises("ThrottlingException", 500):
            aws.delete_project_version(ProjectVersionArn=version)
    sim.rule("DescribeProjectVersions", {"Error": "ServiceUnavailable"}, Times=None)
    for _ in range(3):
        with raises("ServiceUnavailable", 503):
            statuses(aws, arn)
    sim.clear_rules()
    assert statuses(aws, arn) == {version: "TRAINING_COMPLETED"}


@pytest.mark.parametrize(
    ("effect", "acted"),
    [({"Drop": "before"}, False), ({"Drop": "after"}, True), ({"Hang": 0.1}, False)],
)
def test_dropped_connections(sim: Simulator, aws: Any, effect: dict[str, Any], acted: bool) -> None:
    sim.transition("DELETING", seconds=60)
    arn, version = seed_one(sim)
    statuses(aws, arn)  # so that the connection is one that is in use already
    sim.rule("DeleteProjectVersion", effect)
    with pytest.raises(ConnectionClosedError):
        aws.delete_project_version(ProjectVersionArn=version)
    assert sim.versions(arn) == {version: "DELETING" if acted else "TRAINING_COMPLETED"}
    entry = sim.requests("DeleteProjectVersion")[0]
    assert entry["HttpStatus"] is None
    assert entry["Parameters"] == {"ProjectVersionArn": version}


@pytest.mark.parametrize("tokens", [["a"], ["a", "b"], [5], [None]])
def test_tokens_that_lead_nowhere(sim: Simulator, tokens: list[Any]) -> None:
    project = sim.seed({"p": ["a", "b"]})["p"]
    sim.rule("DescribeProjectVersions", {"Tokens": tokens}, Times=None)
    request = {"ProjectArn": project.arn, "MaxResults": 1}
    given = []
    for _ in range(4):
        status, answer = raw(sim, "DescribeProjectVersions", request)
        [shown] = answer["ProjectVersionDescriptions"]
        assert (status, shown["ProjectVersionArn"]) == (200, project.versions[1])
        request["NextToken"] = answer["NextToken"]
        given.append(answer["NextToken"])
    assert given == (tokens * 4)[:4]


def test_the_default_quota_is_five_a_second_for_each_operation_account_and_region(
    sim: Simulator, aws: Any
) -> None:
    arn, _ = seed_one(sim)
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
    statuses(aws, arn)
    for other in others:
        other.describe_projects()
