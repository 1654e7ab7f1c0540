"""Datasets: created, described, listed with their project, deleted."""

from __future__ import annotations

import re
from typing import Any

from tests.simulator.calls import ACCOUNT, raises
from tests.simulator.client import Simulator


def test_life_of_a_dataset(sim: Simulator, aws: Any) -> None:
    sim.transition("CREATE_IN_PROGRESS", looks=1, of="dataset")
    sim.transition("DELETE_IN_PROGRESS", looks=1, of="dataset")
    project = aws.create_project(ProjectName="p")["ProjectArn"]

    def listed() -> list[tuple[str, str]]:
        (description,) = aws.describe_projects()["ProjectDescriptions"]
        return [(dataset["DatasetType"], dataset["Status"]) for dataset in description["Datasets"]]

    assert listed() == []
    arn = aws.create_dataset(ProjectArn=project, DatasetType="TRAIN")["DatasetArn"]
    assert re.fullmatch(
        rf"arn:aws:rekognition:us-east-1:{ACCOUNT}:project/p/dataset/train/\d{{13}}", arn
    )
    with raises("ResourceInUseException"):
        aws.delete_dataset(DatasetArn=arn)
    assert listed() == [("TRAIN", "CREATE_IN_PROGRESS")]
    assert listed() == [("TRAIN", "CREATE_COMPLETE")]
    with raises("ResourceAlreadyExistsException"):
        aws.create_dataset(ProjectArn=project, DatasetType="TRAIN")
    test = aws.create_dataset(ProjectArn=project, DatasetType="TEST")["DatasetArn"]
    described = aws.describe_dataset(DatasetArn=test)["DatasetDescription"]
    assert described["Status"] == "CREATE_IN_PROGRESS"
    assert described["LastUpdatedTimestamp"] >= described["CreationTimestamp"]
    answer = aws.delete_dataset(DatasetArn=arn)
    assert set(answer) == {"ResponseMetadata"}
    assert sim.datasets(project) == {arn: "DELETE_IN_PROGRESS", test: "CREATE_COMPLETE"}
    assert listed() == [("TRAIN", "DELETE_IN_PROGRESS"), ("TEST", "CREATE_COMPLETE")]
    assert listed() == [("TEST", "CREATE_COMPLETE")]
    for gone in (aws.describe_dataset, aws.delete_dataset):
        with raises("ResourceNotFoundException"):
            gone(DatasetArn=arn)


def test_a_dataset_has_one_source_if_any(aws: Any) -> None:
    project = aws.create_project(ProjectName="p")["ProjectArn"]
    with raises("InvalidParameterException"):
        aws.create_dataset(ProjectArn=project, DatasetType="TRAIN", DatasetSource={})
    with raises("ResourceNotFoundException"):
        aws.create_dataset(ProjectArn=f"{project}9", DatasetType="TRAIN")
