"""Projects: created, listed by feature and by name, deleted."""

from __future__ import annotations

from typing import Any

from tests.simulator.calls import raises
from tests.simulator.client import Simulator


def test_projects_are_listed_by_feature(sim: Simulator, aws: Any) -> None:
    models = sim.seed({"a": [], "b": []})
    adapters = sim.seed({"c": ["v"]}, feature="CONTENT_MODERATION")

    def listed(**parameters: Any) -> list[str]:
        answer = aws.describe_projects(**parameters)["ProjectDescriptions"]
        return [project["ProjectArn"] for project in answer]

    both = ["CUSTOM_LABELS", "CONTENT_MODERATION"]
    assert listed() == [models["b"].arn, models["a"].arn]
    assert listed(Features=both)[0] == adapters["c"].arn
    assert listed(ProjectNames=["a", "c", "nonesuch"]) == [models["a"].arn]
    assert listed(ProjectNames=["c"], Features=["CONTENT_MODERATION"]) == [adapters["c"].arn]
    pages = aws.get_paginator("describe_projects").paginate(
        Features=both, PaginationConfig={"PageSize": 2}
    )
    assert [len(page["ProjectDescriptions"]) for page in pages] == [2, 1]
    with raises("InvalidParameterException"):
        aws.start_project_version(ProjectVersionArn=adapters["c"].versions[0], MinInferenceUnits=1)


def projects(aws: Any, **parameters: Any) -> list[dict[str, Any]]:
    answer = aws.describe_projects(**parameters)
    return list(answer["ProjectDescriptions"])


def test_a_project_is_deleted_without_models_and_datasets_only_and_takes_time(
    sim: Simulator, aws: Any
) -> None:
    arn = sim.seed({"p": ["v"]}, datasets=["TRAIN", "TEST"])["p"].arn
    (version,) = sim.versions(arn)
    with raises("ResourceInUseException"):
        aws.delete_project(ProjectArn=arn)
    aws.delete_project_version(ProjectVersionArn=version)
    for dataset in sim.datasets(arn):
        with raises("ResourceInUseException"):
            aws.delete_project(ProjectArn=arn)
        aws.delete_dataset(DatasetArn=dataset)
    sim.transition("DELETING", looks=1, of="project")
    assert aws.delete_project(ProjectArn=arn)["Status"] == "DELETING"
    with raises("ResourceInUseException"):
        aws.delete_project(ProjectArn=arn)
    assert [project["Status"] for project in projects(aws)] == ["DELETING"]
    assert projects(aws) == []
    with raises("ResourceNotFoundException"):
        aws.delete_project(ProjectArn=arn)


def test_a_project_is_not_deleted_while_a_dataset_goes(sim: Simulator, aws: Any) -> None:
    sim.transition("DELETE_IN_PROGRESS", looks=1, of="dataset")
    arn = sim.seed({"p": []}, datasets=["TRAIN"])["p"].arn
    (dataset,) = sim.datasets(arn)
    aws.delete_dataset(DatasetArn=dataset)
    with raises("ResourceInUseException"):
        aws.delete_project(ProjectArn=arn)
    projects(aws)
    aws.delete_project(ProjectArn=arn)


def test_two_projects_of_one_name(sim: Simulator, aws: Any) -> None:
    sim.transition("DELETING", seconds=60, of="project")
    old = sim.seed({"p": ["v"]}, status="DELETING")["p"]
    new = sim.seed({"p": ["v"]})["p"]
    assert {
        project["ProjectArn"]: project["Status"] for project in projects(aws, ProjectNames=["p"])
    } == {new.arn: "CREATED", old.arn: "DELETING"}
    assert list(sim.versions(old.arn)) == old.versions
    with raises("ResourceInUseException"):
        aws.create_project(ProjectName="p")
    sim.act({"DeleteProject": new.arn})
    assert aws.create_project(ProjectName="p")["ProjectArn"] not in (old.arn, new.arn)


def test_a_project_may_be_in_creation(sim: Simulator, aws: Any) -> None:
    sim.transition("CREATING", looks=1, of="project")
    aws.create_project(ProjectName="p")
    assert [projects(aws)[0]["Status"] for _ in range(2)] == ["CREATING", "CREATED"]


def test_the_feature_may_be_missing_or_empty(sim: Simulator, aws: Any) -> None:
    sim.seed({"none": []}, feature=None)
    sim.seed({"empty": []}, feature="")
    sim.seed({"ordinary": []})
    shown = {project["ProjectArn"].split("/")[1]: project for project in projects(aws)}
    assert "Feature" not in shown["none"]
    assert shown["empty"]["Feature"] == ""
    assert shown["ordinary"]["Feature"] == "CUSTOM_LABELS"
