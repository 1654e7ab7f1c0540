"""The service package by itself, in moto as moto would have it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.simulator import rekognition
from tests.simulator.calls import OUTPUT, raises


@pytest.fixture
def moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """boto3's client, served by moto in this process."""
    monkeypatch.setitem(sys.modules, "moto.rekognition", rekognition)
    with mock_aws():
        yield boto3.client("rekognition", "us-east-1")


def test_life_of_a_project(moto: Any) -> None:
    project = moto.create_project(ProjectName="p")["ProjectArn"]
    dataset = moto.create_dataset(ProjectArn=project, DatasetType="TEST")["DatasetArn"]
    version = moto.create_project_version(ProjectArn=project, VersionName="v", OutputConfig=OUTPUT)[
        "ProjectVersionArn"
    ]
    moto.start_project_version(ProjectVersionArn=version, MinInferenceUnits=1)
    (described,) = moto.describe_project_versions(ProjectArn=project)["ProjectVersionDescriptions"]
    assert (described["Status"], described["StatusMessage"]) == ("RUNNING", "The model is running.")
    with raises("ResourceInUseException"):
        moto.delete_project_version(ProjectVersionArn=version)
    moto.stop_project_version(ProjectVersionArn=version)
    moto.delete_project_version(ProjectVersionArn=version)
    moto.delete_dataset(DatasetArn=dataset)
    assert moto.delete_project(ProjectArn=project)["Status"] == "DELETING"
    assert moto.describe_projects()["ProjectDescriptions"] == []
