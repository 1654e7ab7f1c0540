"""Requests to the simulator, by boto3 and by hand."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.simulator.client import Simulator

ACCOUNT = "123456789012"
OUTPUT = {"S3Bucket": "bucket", "S3KeyPrefix": "prefix"}


def client(
    sim: Simulator,
    region: str = "us-east-1",
    access_key_id: str = "AKIAIOSFODNN7EXAMPLE",
    **config: Any,
) -> Any:
    """A client that does not retry."""
    return boto3.client(
        "rekognition",
        endpoint_url=sim.url,
        region_name=region,
        aws_access_key_id=access_key_id,
        aws_secret_access_key="secret",
        config=Config(retries={"total_max_attempts": 1}, **config),
    )


def seed_one(sim: Simulator, **version: Any) -> tuple[str, str]:
    """A project with one version: their ARNs."""
    project = sim.seed({"p": [{"VersionName": "v", **version}]})["p"]
    return project.arn, project.versions[0]


def statuses(aws: Any, project_arn: str, **parameters: Any) -> dict[str, str]:
    answer = aws.describe_project_versions(ProjectArn=project_arn, **parameters)
    return {
        version["ProjectVersionArn"]: version["Status"]
        for version in answer["ProjectVersionDescriptions"]
    }


def raw(sim: Simulator, operation: str, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
    """A request as no SDK would send it: neither checked nor signed."""
    connection = http.client.HTTPConnection(urlsplit(sim.url).netloc)
    headers["X-Amz-Target"] = f"RekognitionService.{operation}"
    headers["Content-Type"] = "application/x-amz-json-1.1"
    data = body if isinstance(body, str) else json.dumps(body)
    connection.request("POST", "/", data, headers)
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    return response.status, answer


@contextmanager
def raises(code: str, status: int = 400) -> Iterator[None]:
    with pytest.raises(ClientError) as info:
        yield
    response = info.value.response
    assert response["Error"]["Code"] == code
    assert response["ResponseMetadata"]["HTTPStatusCode"] == status
