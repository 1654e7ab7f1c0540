"""Models: how a status ends, when, what is refused meanwhile, and what listings show of it."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.simulator.calls import raises, seed_one, statuses
from tests.simulator.client import Simulator


@pytest.mark.parametrize(
    ("status", "end"),
    [
        ("TRAINING_IN_PROGRESS", "TRAINING_COMPLETED"),
        ("COPYING_IN_PROGRESS", "COPYING_COMPLETED"),
        ("STARTING", "RUNNING"),
        ("STOPPING", "STOPPED"),
        ("DELETING", None),
    ],
)
def test_transitions(sim: Simulator, aws: Any, status: str, end: str | None) -> None:
    def left(version: str) -> dict[str, str]:
        return {version: end} if end else {}

    arn, version = seed_one(sim, Status=status)  # immediately
    assert statuses(aws, arn) == left(version)
    sim.act({"DeleteProject": arn})

    sim.transition(status, looks=2)
    arn, version = seed_one(sim, Status=status)
    for _ in range(2):
        assert sim.versions(arn) == statuses(aws, arn) == {version: status}
    assert sim.versions(arn) == statuses(aws, arn) == left(version)
    sim.act({"DeleteProject": arn})

    sim.transition(status, seconds=60)
    arn, version = seed_one(sim, Status=status)
    assert statuses(aws, arn) == {version: status}
    sim.transition(status, seconds=0.05)
    time.sleep(0.06)
    assert statuses(aws, arn) == left(version)


def test_the_clock_starts_with_the_request(sim: Simulator, aws: Any) -> None:
    sim.transition("DELETING", seconds=0.4)
    project = sim.seed({"p": ["a", "b"]})["p"]
    time.sleep(0.4)
    for version in project.versions:
        aws.delete_project_version(ProjectVersionArn=version)
    assert set(statuses(aws, project.arn, VersionNames=["a"]).values()) == {"DELETING"}
    time.sleep(0.4)
    assert statuses(aws, project.arn) == {}  # also the one that nobody has seen


def test_the_listing_may_lag(sim: Simulator, aws: Any) -> None:
    sim.lag(60)
    project = sim.seed({"p": ["a", {"VersionName": "b", "Status": "RUNNING"}, "c"]})["p"]
    a, b, c = project.versions
    aws.delete_project_version(ProjectVersionArn=a)
    aws.stop_project_version(ProjectVersionArn=b)
    sim.lag(0.1)
    aws.delete_project_version(ProjectVersionArn=c)
    time.sleep(0.15)
    assert statuses(aws, project.arn) == {a: "TRAINING_COMPLETED", b: "RUNNING"}
    with raises("ResourceNotFoundException"):
        aws.delete_project_version(ProjectVersionArn=a)


@pytest.mark.parametrize(
    "status",
    ["RUNNING", "STARTING", "STOPPING", "TRAINING_IN_PROGRESS", "COPYING_IN_PROGRESS", "DELETING"],
)
def test_a_busy_model_is_neither_deleted_nor_stopped(sim: Simulator, aws: Any, status: str) -> None:
    if status != "RUNNING":
        sim.transition(status, seconds=60)
    arn, version = seed_one(sim, Status=status)
    with raises("ResourceInUseException"):
        aws.delete_project_version(ProjectVersionArn=version)
    if status != "RUNNING":
        with raises("ResourceInUseException"):
            aws.stop_project_version(ProjectVersionArn=version)
    assert sim.versions(arn) == {version: status}


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
    default = {"VersionName": "default", "Status": status}
    none = {"VersionName": "none", "Status": status, "StatusMessage": None}
    arn = sim.seed({"p": [default, none]})["p"].arn
    first, second = aws.describe_project_versions(ProjectArn=arn)["ProjectVersionDescriptions"]
    assert second.get("StatusMessage") == message
    assert "StatusMessage" not in first


def test_listing_is_paged_by_position_newest_first(sim: Simulator, aws: Any) -> None:
    arn, versions = sim.seed({"p": [f"v{number}" for number in range(250)]})["p"]
    newest_first = versions[::-1]
    pages = [aws.describe_project_versions(ProjectArn=arn)]
    while pages[-1]["NextToken"]:  # empty on the last page
        token = pages[-1]["NextToken"]
        pages.append(aws.describe_project_versions(ProjectArn=arn, NextToken=token))
    listed = [
        [v["ProjectVersionArn"] for v in page["ProjectVersionDescriptions"]] for page in pages
    ]
    assert listed == [newest_first[:100], newest_first[100:200], newest_first[200:]]
    sim.act({"Delete": newest_first[3]})
    second = statuses(aws, arn, NextToken=pages[0]["NextToken"])
    assert list(second) == newest_first[101:201]
    assert len({version.rpartition("/")[2] for version in [arn, *versions]}) == 251
    created = [v["CreationTimestamp"] for v in pages[0]["ProjectVersionDescriptions"]]
    assert created == sorted(set(created), reverse=True)


@pytest.mark.parametrize("token", ["garbage", "eA==", "8J+Y"])
def test_a_garbage_token_is_refused(sim: Simulator, aws: Any, token: str) -> None:
    arn, _ = seed_one(sim)
    with raises("InvalidPaginationTokenException"):
        aws.describe_project_versions(ProjectArn=arn, NextToken=token)
