"""Regions, accounts, and requests that nobody signed."""

from __future__ import annotations

from typing import Any

import pytest
from botocore import UNSIGNED

from tests.simulator.calls import ACCOUNT, client, raises, raw, seed_one, statuses
from tests.simulator.client import Simulator


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("eu-west-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("mx-central-1", "aws"),
    ],
)
def test_regions_are_apart(sim: Simulator, aws: Any, region: str, partition: str) -> None:
    project = sim.seed({"p": ["v"]}, region=region)["p"]
    assert project.arn.startswith(f"arn:{partition}:rekognition:{region}:{ACCOUNT}:project/p/")
    there = client(sim, region)
    assert statuses(there, project.arn) == {project.versions[0]: "TRAINING_COMPLETED"}
    with raises("ResourceNotFoundException"):
        aws.describe_project_versions(ProjectArn=project.arn)
    assert [entry["Region"] for entry in sim.requests()] == [region, "us-east-1"]


def test_another_account_is_not_found(sim: Simulator, aws: Any) -> None:
    project = sim.seed({"p": ["v"]}, account="999999999999")["p"]
    with raises("ResourceNotFoundException"):
        aws.delete_project_version(ProjectVersionArn=project.versions[0])


def test_unsigned_requests_are_served(sim: Simulator) -> None:
    arn, version = seed_one(sim)
    assert statuses(client(sim, signature_version=UNSIGNED), arn) == {version: "TRAINING_COMPLETED"}
    sim.seed({"q": []}, region="eu-west-1")
    _, answer = raw(sim, "DescribeProjects", {}, Host="rekognition.eu-west-1.amazonaws.com")
    assert len(answer["ProjectDescriptions"]) == 1
    logged = [(entry["Region"], entry["Authorization"]) for entry in sim.requests()]
    assert logged == [("us-east-1", False), ("eu-west-1", False)]


def test_an_access_key_may_be_another_account_s(sim: Simulator, aws: Any) -> None:
    ours = sim.seed({"p": ["v"]})["p"]
    theirs = sim.seed({"p": ["v"]}, account="999999999999")["p"]
    sim.credentials(AKIAIOSFODNN8EXAMPLE="999999999999")
    other = client(sim, access_key_id="AKIAIOSFODNN8EXAMPLE")
    assert list(statuses(other, theirs.arn)) == theirs.versions
    with raises("ResourceNotFoundException"):
        other.describe_project_versions(ProjectArn=ours.arn)
    assert list(statuses(aws, ours.arn)) == ours.versions
    assert [entry["Account"] for entry in sim.requests()] == ["999999999999"] * 2 + [ACCOUNT]
    sim.reset()
    sim.seed({"p": ["v"]})
    assert len(other.describe_projects()["ProjectDescriptions"]) == 1
