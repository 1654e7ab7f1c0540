"""The simulator, asked by boto3 and by hand: its answers, its rules, its process."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from .client import Simulator


def client(simulator: Simulator, region: str = "us-east-1", key: str = "testing") -> Any:
    """A client that neither checks what it sends nor retries."""
    session = boto3.Session(key, "secret", region_name=region)
    config = Config(retries={"total_max_attempts": 1}, parameter_validation=False)
    return session.client("rekognition", endpoint_url=simulator.url, config=config)


def statuses(aws: Any, project_arn: str, **parameters: Any) -> dict[str, str]:
    answer = aws.describe_project_versions(ProjectArn=project_arn, **parameters)
    found = answer["ProjectVersionDescriptions"]
    return {version["ProjectVersionArn"]: version["Status"] for version in found}


@pytest.fixture
def aws(simulator: Simulator) -> Any:
    return client(simulator)


def test_a_status_ends_and_is_busy_until_then(simulator: Simulator, aws: Any) -> None:
    simulator.transition("TRAINING_IN_PROGRESS", looks=2)
    simulator.transition("DELETING", seconds=60)
    models = [{"VersionName": "v", "Status": "TRAINING_IN_PROGRESS"}]
    arn, (version,) = simulator.seed({"p": models})["p"]
    for request in (aws.delete_project_version, aws.stop_project_version):
        with pytest.raises(aws.exceptions.ResourceInUseException):
            request(ProjectVersionArn=version)
    seen = [statuses(aws, arn)[version] for _ in range(3)]
    assert seen == ["TRAINING_IN_PROGRESS"] * 2 + ["TRAINING_COMPLETED"]
    aws.delete_project_version(ProjectVersionArn=version)
    assert [statuses(aws, arn) for _ in range(3)] == [{version: "DELETING"}] * 3
    simulator.transition("DELETING")
    assert statuses(aws, arn) == simulator.versions(arn) == {}


def test_a_listing_is_paged_by_position_newest_first(simulator: Simulator, aws: Any) -> None:
    arn, versions = simulator.seed({"p": [f"v{number}" for number in range(150)]})["p"]
    first = aws.describe_project_versions(ProjectArn=arn)
    shown = first["ProjectVersionDescriptions"]
    assert [each["ProjectVersionArn"] for each in shown] == versions[:49:-1]
    assert shown[0]["StatusMessage"] == "The model is ready to run."
    created = int(versions[-1].rpartition("/")[2]) / 1000
    assert shown[0]["CreationTimestamp"].timestamp() == created
    aws.delete_project_version(ProjectVersionArn=versions[-1])
    token = first["NextToken"]
    last = aws.describe_project_versions(ProjectArn=arn, NextToken=token)
    assert last["NextToken"] == ""
    assert list(statuses(aws, arn, NextToken=token)) == versions[48::-1]
    with pytest.raises(aws.exceptions.InvalidPaginationTokenException):
        statuses(aws, arn, NextToken="garbage")


def test_features_regions_and_accounts_are_apart(simulator: Simulator, aws: Any) -> None:
    simulator.credentials(OTHER="999999999999")
    simulator.seed({"a": ["v"]})
    simulator.seed({"b": []}, feature="CONTENT_MODERATION")
    (there,) = simulator.seed({"a": ["v"]}, region="eu-west-1").values()
    assert there.arn.startswith("arn:aws:rekognition:eu-west-1:123456789012:project/a/")
    assert list(statuses(client(simulator, "eu-west-1"), there.arn)) == there.versions
    assert client(simulator, key="OTHER").describe_projects()["ProjectDescriptions"] == []
    with pytest.raises(aws.exceptions.ResourceNotFoundException):
        statuses(aws, there.arn)
    for feature, name in (("CUSTOM_LABELS", "a"), ("CONTENT_MODERATION", "b")):
        answer = aws.describe_projects(Features=[feature], ProjectNames=["a", "b"])
        [found] = answer["ProjectDescriptions"]
        assert found["ProjectArn"].split("/")[1] == name


def test_parameters_are_checked(aws: Any) -> None:
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("describe_project_versions", {}, "ProjectArn"),
        ("describe_projects", {"MaxResults": 101}, "input.MaxResults"),
        ("describe_projects", {"ProjectNames": ["a/b"]}, "input.ProjectNames[0]"),
        ("describe_projects", {"Features": ["OTHER"]}, "input.Features[0]"),
    ]
    for operation, parameters, member in cases:
        with pytest.raises(aws.exceptions.InvalidParameterException, match=re.escape(member)):
            getattr(aws, operation)(**parameters)


def test_rules(simulator: Simulator, aws: Any) -> None:
    simulator.transition("DELETING", seconds=60)
    arn, (a, b) = simulator.seed({"p": ["a", "b"]})["p"]
    simulator.rule("DeleteProjectVersion", {"Error": "ThrottlingException"}, ProjectVersionArn=b)
    simulator.rule("DescribeProjectVersions", {"Page": 503}, Skip=1, Times=2)
    for version, effect in ((a, {"Drop": "before"}), (b, {"Hang": 0.01}), (a, {"Drop": "after"})):
        simulator.rule("DeleteProjectVersion", effect, ProjectVersionArn=version)
    with pytest.raises(aws.exceptions.ThrottlingException, match="Service Unavailable"):
        aws.delete_project_version(ProjectVersionArn=b)
    for version in (a, b, a):
        with pytest.raises(ConnectionClosedError):
            aws.delete_project_version(ProjectVersionArn=version)
    log = simulator.requests("DeleteProjectVersion")
    assert [entry["HttpStatus"] for entry in log] == [500, None, None, None]
    assert [entry["Error"] for entry in log] == ["ThrottlingException", None, None, None]
    assert [entry["Parameters"]["ProjectVersionArn"] for entry in log] == [b, a, b, a]
    assert statuses(aws, arn) == {b: "TRAINING_COMPLETED", a: "DELETING"}
    for _ in range(2):
        with pytest.raises(ClientError, match="503"):
            statuses(aws, arn)
    simulator.rule("*", {"Before": [{"Delete": b}, {"Recreate": b}], "Drip": 0.0001})
    new, _ = statuses(aws, arn)
    assert new.split("/")[:4] == b.split("/")[:4]
    assert new != b
    for wrong in ({"effect": {"Explode": True}}, {"effect": {"Page": 503}, "Sometimes": True}):
        with pytest.raises(ValueError, match="a rule has no"):
            simulator.rule("*", **wrong)


def test_a_quota_is_for_each_operation_account_and_region(simulator: Simulator, aws: Any) -> None:
    simulator.quota(0.001)
    aws.describe_projects()
    with pytest.raises(aws.exceptions.ProvisionedThroughputExceededException, match="Rate exceed"):
        aws.describe_projects()
    client(simulator, "eu-west-1").describe_projects()
    simulator.reset()
    assert simulator.requests() == []
    assert aws.describe_projects()["ProjectDescriptions"] == []


def test_it_ends_with_its_parent() -> None:
    command = [sys.executable, "-c", "from tests.simulator.client import Simulator; Simulator()"]
    root = Path(__file__).parents[2]
    # The simulator holds standard error for as long as it lives.
    done = subprocess.run(command, cwd=root, stderr=subprocess.PIPE, timeout=60, check=True)
    assert done.stderr == b""  # it was not for want of a reader of its URL that it ended
