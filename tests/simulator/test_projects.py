"""Projects and datasets: created, listed, deleted, in regions and accounts."""

from __future__ import annotations

from typing import Any

import pytest
from botocore import UNSIGNED

from tests.simulator.calls import ACCOUNT, client, raises, seed_one, statuses
from tests.simulator.client import Simulator


def projects(aws: Any, **parameters: Any) -> list[dict[str, Any]]:
    answer = aws.describe_projects(**parameters)
    return list(answer["ProjectDescriptions"])


def test_projects_are_listed_by_feature(sim: Simulator, aws: Any) -> None:
    models = sim.seed({"a": [], "b": []})
    adapters = sim.seed({"c": ["v"]}, feature="CONTENT_MODERATION")

    def listed(**parameters: Any) -> list[str]:
        return [project["ProjectArn"] for project in projects(aws, **parameters)]

    both = ["CUSTOM_LABELS", "CONTENT_MODERATION"]
    assert listed() == [models["b"].arn, models["a"].arn]
    assert listed(Features=both)[0] == adapters["c"].arn
    assert listed(ProjectNames=["a", "c", "nonesuch"]) == [models["a"].arn]
    assert listed(ProjectNames=["c"], Features=["CONTENT_MODERATION"]) == [adapters["c"].arn]
    with raises("InvalidParameterException"):
        aws.start_project_version(ProjectVersionArn=adapters["c"].versions[0], MinInferenceUnits=1)


def test_the_feature_may_be_missing_or_empty(sim: Simulator, aws: Any) -> None:
    sim.seed({"none": []}, feature=None)
    sim.seed({"empty": []}, feature="")
    sim.seed({"ordinary": []})
    shown = {project["ProjectArn"].split("/")[1]: project for project in projects(aws)}
    assert "Feature" not in shown["none"]
    assert shown["empty"]["Feature"] == ""
    assert shown["ordinary"]["Feature"] == "CUSTOM_LABELS"


def test_two_projects_of_one_name(sim: Simulator, aws: Any) -> None:
    sim.transition("DELETING", seconds=60, of="project")
    old = sim.seed({"p": []})["p"].arn
    aws.delete_project(ProjectArn=old)
    new, versions = sim.seed({"p": ["v"]})["p"]
    assert {
        project["ProjectArn"]: project["Status"] for project in projects(aws, ProjectNames=["p"])
    } == {new: "CREATED", old: "DELETING"}
    assert list(sim.versions(new)) == versions
    with raises("ResourceInUseException"):
        aws.create_project(ProjectName="p")
    sim.act({"DeleteProject": new})
    assert sim.versions(new) == {}
    assert aws.create_project(ProjectName="p")["ProjectArn"] not in (old, new)


def test_a_project_is_deleted_without_models_and_datasets_only_and_takes_time(
    sim: Simulator, aws: Any
) -> None:
    sim.transition("DELETE_IN_PROGRESS", looks=1, of="dataset")
    sim.transition("DELETING", looks=1, of="project")
    arn, (version,) = sim.seed({"p": ["v"]})["p"]
    dataset = aws.create_dataset(ProjectArn=arn, DatasetType="TRAIN")["DatasetArn"]
    for delete in (
        lambda: aws.delete_project_version(ProjectVersionArn=version),
        lambda: aws.delete_dataset(DatasetArn=dataset),
        lambda: projects(aws),  # the dataset is there until then
    ):
        with raises("ResourceInUseException"):
            aws.delete_project(ProjectArn=arn)
        delete()
    assert aws.delete_project(ProjectArn=arn)["Status"] == "DELETING"
    with raises("ResourceInUseException"):
        aws.delete_project(ProjectArn=arn)
    assert [project["Status"] for project in projects(aws)] == ["DELETING"]
    assert projects(aws) == []
    with raises("ResourceNotFoundException"):
        aws.delete_project(ProjectArn=arn)


@pytest.mark.parametrize(
    ("region", "partition"), [("cn-north-1", "aws-cn"), ("mx-central-1", "aws")]
)
def test_regions_are_apart(sim: Simulator, aws: Any, region: str, partition: str) -> None:
    project = sim.seed({"p": ["v"]}, region=region)["p"]
    assert project.arn.startswith(f"arn:{partition}:rekognition:{region}:{ACCOUNT}:project/p/")
    there = client(sim, region)
    assert statuses(there, project.arn) == {project.versions[0]: "TRAINING_COMPLETED"}
    with raises("ResourceNotFoundException"):
        aws.describe_project_versions(ProjectArn=project.arn)
    assert [entry["Region"] for entry in sim.requests()] == [region, "us-east-1"]


def test_unsigned_requests_are_served(sim: Simulator) -> None:
    arn, version = seed_one(sim)
    assert statuses(client(sim, signature_version=UNSIGNED), arn) == {version: "TRAINING_COMPLETED"}
