"""How a status ends, when, and what listings show of it."""

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
    assert statuses(aws, arn) == statuses(aws, arn) == {version: status}
    assert statuses(aws, arn) == left(version)
    sim.act({"DeleteProject": arn})

    sim.transition(status, seconds=60)
    arn, version = seed_one(sim, Status=status)
    assert statuses(aws, arn) == {version: status}
    sim.transition(status, seconds=0.05)
    time.sleep(0.06)
    assert statuses(aws, arn) == left(version)


def test_the_clock_starts_with_the_request(sim: Simulator, aws: Any) -> None:
    sim.transition("STOPPING", looks=1)
    sim.transition("DELETING", seconds=0.2)
    arn, version = seed_one(sim, Status="RUNNING")
    aws.stop_project_version(ProjectVersionArn=version)
    time.sleep(0.25)
    assert statuses(aws, arn) == {version: "STOPPING"}
    before = time.time()
    aws.delete_project_version(ProjectVersionArn=version)
    after = time.time()
    due = sim.gone()[version]
    assert before + 0.2 <= due <= after + 0.2
    time.sleep(max(0, due - time.time()) + 0.01)
    assert statuses(aws, arn) == {}
    assert sim.gone() == {version: due}


def test_each_of_a_thousand_versions_goes_by_its_own_time(sim: Simulator, aws: Any) -> None:
    seconds = [number % 4 * 1000 + number / 1000 for number in range(1000)]
    before = time.time()
    project = sim.seed(
        {
            "p": [
                {"VersionName": f"v{number}", "Status": "DELETING", "DeletingSeconds": each}
                for number, each in enumerate(seconds)
            ]
        }
    )["p"]
    after = time.time()
    time.sleep(1)
    pages = aws.get_paginator("describe_project_versions").paginate(ProjectArn=project.arn)
    listed = [v["ProjectVersionArn"] for page in pages for v in page["ProjectVersionDescriptions"]]
    assert listed == [v for v, each in zip(project.versions, seconds) if each >= 1][::-1]
    gone = sim.gone()
    for version, each in zip(project.versions, seconds):
        assert before <= gone[version] - each <= after


def test_a_deletion_may_fail(sim: Simulator, aws: Any) -> None:
    sim.transition("DELETING", looks=1)
    failure = {"To": "TRAINING_COMPLETED", "StatusMessage": "it would not"}
    arn, version = seed_one(sim, FailDeletion=failure)
    aws.delete_project_version(ProjectVersionArn=version)
    assert statuses(aws, arn) == {version: "DELETING"}
    assert sim.gone() == {}
    described = aws.describe_project_versions(ProjectArn=arn)["ProjectVersionDescriptions"][0]
    assert described["Status"] == "TRAINING_COMPLETED"
    assert described["StatusMessage"] == "it would not"


def test_trainings_may_fail(sim: Simulator, aws: Any) -> None:
    sim.options(failing_training=True)
    arn, _ = seed_one(sim, Status="TRAINING_IN_PROGRESS")
    (described,) = aws.describe_project_versions(ProjectArn=arn)["ProjectVersionDescriptions"]
    assert described["Status"] == "TRAINING_FAILED"
    assert described["StatusMessage"] == "The manifest file cannot be read."


def test_creation_times_may_be_given(sim: Simulator, aws: Any) -> None:
    versions = [
        {"VersionName": name, "CreationTimestamp": created}
        for name, created in [("a", 1600000000), ("b", 1500000000.25), ("c", 1600000000)]
    ]
    a, b, c = sim.seed({"p": versions})["p"].versions
    assert b.endswith("/version/b/1500000000250")
    project = sim.seed({"p": ["d"]})["p"]
    assert list(statuses(aws, project.arn)) == [*project.versions, c, a, b]


def test_the_listing_may_lag(sim: Simulator, aws: Any) -> None:
    sim.lag(60)
    project = sim.seed({"p": ["a", {"VersionName": "b", "Status": "RUNNING"}, "c"]})["p"]
    a, b, c = project.versions
    aws.delete_project_version(ProjectVersionArn=a)
    aws.stop_project_version(ProjectVersionArn=b)
    sim.lag(0.2)
    aws.delete_project_version(ProjectVersionArn=c)
    due = sim.gone()
    assert due[a] - time.time() > 50
    time.sleep(max(0, due[c] - time.time()) + 0.01)
    assert statuses(aws, project.arn) == {a: "TRAINING_COMPLETED", b: "RUNNING"}
    with raises("ResourceNotFoundException"):
        aws.delete_project_version(ProjectVersionArn=a)
    assert sim.gone() == due
