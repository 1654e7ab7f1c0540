"""Models: trained, started, stopped, deleted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.calls import OUTPUT, raises, seed_one, statuses
from tests.simulator.client import Simulator

BUSY = [
    "RUNNING",
    "STARTING",
    "STOPPING",
    "TRAINING_IN_PROGRESS",
    "COPYING_IN_PROGRESS",
    "DELETING",
]


def test_life_of_a_model(aws: Any) -> None:
    project = aws.create_project(ProjectName="p")["ProjectArn"]
    with raises("ResourceInUseException"):
        aws.create_project(ProjectName="p")
    version = aws.create_project_version(
        ProjectArn=project, VersionName="v", OutputConfig=OUTPUT, VersionDescription="mine"
    )["ProjectVersionArn"]
    with raises("ResourceInUseException"):
        aws.create_project_version(ProjectArn=project, VersionName="v", OutputConfig=OUTPUT)
    assert statuses(aws, project) == {version: "TRAINING_COMPLETED"}
    with raises("ResourceInUseException"):
        aws.stop_project_version(ProjectVersionArn=version)
    started = aws.start_project_version(ProjectVersionArn=version, MinInferenceUnits=2)
    assert started["Status"] == "STARTING"
    described = aws.describe_project_versions(ProjectArn=project)["ProjectVersionDescriptions"][0]
    assert described["Status"] == "RUNNING"
    assert described["MinInferenceUnits"] == 2
    assert described["OutputConfig"] == OUTPUT
    assert described["VersionDescription"] == "mine"
    assert aws.stop_project_version(ProjectVersionArn=version)["Status"] == "STOPPING"
    assert statuses(aws, project) == {version: "STOPPED"}
    with raises("ResourceInUseException"):
        aws.delete_project(ProjectArn=project)
    assert aws.delete_project_version(ProjectVersionArn=version)["Status"] == "DELETING"
    assert statuses(aws, project) == {}
    with raises("ResourceNotFoundException"):
        aws.delete_project_version(ProjectVersionArn=version)
    assert aws.delete_project(ProjectArn=project)["Status"] == "DELETING"
    with raises("ResourceNotFoundException"):
        aws.describe_project_versions(ProjectArn=project)


def test_versions_are_filtered_by_name(sim: Simulator, aws: Any) -> None:
    project = sim.seed({"p": ["a", "b", "c"]})["p"]
    a, _, c = project.versions
    assert list(statuses(aws, project.arn, VersionNames=["a", "c", "nonesuch"])) == [c, a]


@pytest.mark.parametrize("status", BUSY)
def test_a_busy_model_is_not_deleted(sim: Simulator, aws: Any, status: str) -> None:
    if status != "RUNNING":
        sim.transition(status, seconds=60)
    arn, version = seed_one(sim, Status=status)
    with raises("ResourceInUseException"):
        aws.delete_project_version(ProjectVersionArn=version)
    assert sim.versions(arn) == {version: status}


@pytest.mark.parametrize("status", ["TRAINING_FAILED", "FAILED", "EXPIRED", "A_NEW_STATUS"])
def test_any_other_model_is_deleted(sim: Simulator, aws: Any, status: str) -> None:
    arn, version = seed_one(sim, Status=status, StatusMessage="so it is")
    described = aws.describe_project_versions(ProjectArn=arn)["ProjectVersionDescriptions"][0]
    assert (described["Status"], described["StatusMessage"]) == (status, "so it is")
    aws.delete_project_version(ProjectVersionArn=version)
    assert sim.versions(arn) == {}


@pytest.mark.parametrize(
    ("status", "message"),
    [
        ("TRAINING_IN_PROGRESS", "The model is being trained."),
        ("TRAINING_COMPLETED", "The model is ready to run."),
        ("RUNNING", "The model is running."),
        ("STOPPED", None),
    ],
)
def test_a_healthy_model_has_a_message(
    sim: Simulator, aws: Any, status: str, message: str | None
) -> None:
    sim.transition("TRAINING_IN_PROGRESS", seconds=60)
    project = sim.seed(
        {
            "p": [
                {"VersionName": "default", "Status": status},
                {"VersionName": "none", "Status": status, "StatusMessage": None},
            ]
        }
    )["p"]
    none, default = aws.describe_project_versions(ProjectArn=project.arn)[
        "ProjectVersionDescriptions"
    ]
    assert default.get("StatusMessage") == message
    assert "StatusMessage" not in none


def test_a_starting_model_is_stopped_if_so_chosen(sim: Simulator, aws: Any) -> None:
    sim.transition("STARTING", seconds=60)
    arn, version = seed_one(sim, Status="STARTING")
    with raises("ResourceInUseException"):
        aws.stop_project_version(ProjectVersionArn=version)
    sim.options(stop_starting=True)
    assert aws.stop_project_version(ProjectVersionArn=version)["Status"] == "STOPPING"
    assert sim.versions(arn) == {version: "STOPPED"}
    with raises("ResourceInUseException"):
        aws.stop_project_version(ProjectVersionArn=version)
