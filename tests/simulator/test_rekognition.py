"""The service package by itself, in moto as moto would have it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.moto_api import state_manager

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


def test_states_are_moto_s(moto: Any) -> None:
    name = "rekognition::project-version-TRAINING_IN_PROGRESS"
    state_manager.set_transition(name, {"progression": "manual", "times": 2})
    try:
        project = moto.create_project(ProjectName="p")["ProjectArn"]
        moto.create_project_version(ProjectArn=project, VersionName="v", OutputConfig=OUTPUT)
        seen = [
            moto.describe_project_versions(ProjectArn=project)["ProjectVersionDescriptions"][0]
            for _ in range(3)
        ]
    finally:
        state_manager.unset_transition(name)
    assert [version["Status"] for version in seen] == [
        "TRAINING_IN_PROGRESS",
        "TRAINING_IN_PROGRESS",
        "TRAINING_COMPLETED",
    ]
