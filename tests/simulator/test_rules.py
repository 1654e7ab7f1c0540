"""Faults and meddling by rule."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from tests.simulator.calls import raises, seed_one, statuses
from tests.simulator.client import Simulator


def test_errors_by_rule(sim: Simulator, aws: Any) -> None:
    arn, version = seed_one(sim)
    sim.rule("DeleteProjectVersion", {"Error": "ThrottlingException"}, Skip=1, Times=2)
    sim.rule("*", {"Error": "ExpiredTokenException", "Message": "expired", "HttpStatus": 403})
    with raises("ExpiredTokenException", 403):
        aws.delete_project_version(ProjectVersionArn=version)
    for _ in range(2):
        with raises("ThrottlingException", 500):
            aws.delete_project_version(ProjectVersionArn=version)
    sim.rule("DescribeProjectVersions", {"Error": "ServiceUnavailable"}, Times=None)
    for _ in range(3):
        with raises("ServiceUnavailable", 503):
            statuses(aws, arn)
    sim.clear_rules()
    assert statuses(aws, arn) == {version: "TRAINING_COMPLETED"}


def test_a_rule_for_one_version(sim: Simulator, aws: Any) -> None:
    project = sim.seed({"p": ["a", "b"], "q": ["a"]})
    p, q = project["p"], project["q"]
    effect = {"Error": "AccessDeniedException"}
    sim.rule("*", effect, ProjectVersionArn=p.versions[0], Times=None)
    statuses(aws, p.arn)
    statuses(aws, p.arn, VersionNames=["b"])
    statuses(aws, q.arn, VersionNames=["a"])
    aws.delete_project_version(ProjectVersionArn=p.versions[1])
    with raises("AccessDeniedException"):
        statuses(aws, p.arn, VersionNames=["b", "a"])
    with raises("AccessDeniedException"):
        aws.delete_project_version(ProjectVersionArn=p.versions[0])


def test_probability_is_reproducible(sim: Simulator, aws: Any) -> None:
    def draw() -> list[int]:
        sim.reset()
        sim.rule("*", {"Page": 502}, Times=None, Probability=0.5, Seed=7)
        for _ in range(20):
            with suppress(ClientError):
                aws.describe_projects()
        return [entry["HttpStatus"] for entry in sim.requests()]

    first = draw()
    assert set(first) == {200, 502}
    assert draw() == first


def test_a_bare_page(sim: Simulator, aws: Any) -> None:
    sim.rule("DescribeProjects", {"Page": 503})
    with raises("503", 503):
        aws.describe_projects()


@pytest.mark.parametrize(
    ("effect", "acted"),
    [({"Drop": "before"}, False), ({"Drop": "after"}, True), ({"Hang": 0.1}, False)],
)
def test_dropped_connections(sim: Simulator, aws: Any, effect: dict[str, Any], acted: bool) -> None:
    sim.transition("DELETING", seconds=60)
    arn, version = seed_one(sim)
    statuses(aws, arn)  # so that the connection is one that is in use already
    sim.rule("DeleteProjectVersion", effect)
    with pytest.raises(ConnectionClosedError):
        aws.delete_project_version(ProjectVersionArn=version)
    assert sim.versions(arn) == {version: "DELETING" if acted else "TRAINING_COMPLETED"}
    entry = sim.requests("DeleteProjectVersion")[0]
    assert entry["HttpStatus"] is None
    assert entry["Parameters"] == {"ProjectVersionArn": version}


def test_a_garbage_answer(sim: Simulator, aws: Any) -> None:
    arn, version = seed_one(sim)
    sim.rule("DeleteProjectVersion", {"Garbage": True})
    # botocore does not mind: to it, a body that can't be parsed is an answer without members.
    assert "Status" not in aws.delete_project_version(ProjectVersionArn=version)
    sim.rule("DeleteProjectVersion", {"Garbage": "\xff"})
    with pytest.raises(UnicodeDecodeError):
        aws.delete_project_version(ProjectVersionArn=version)
    assert sim.versions(arn) == {version: "TRAINING_COMPLETED"}


def test_versions_left_out_of_an_answer(sim: Simulator, aws: Any) -> None:
    project = sim.seed({"p": ["a", "b"]})["p"]
    a, b = project.versions
    sim.rule("DescribeProjectVersions", {"Omit": [b], "After": [{"Delete": a}]})
    assert list(statuses(aws, project.arn)) == [a]
    assert list(statuses(aws, project.arn)) == [b]


def test_meddling(sim: Simulator, aws: Any) -> None:
    project = sim.seed({"p": ["a", "b"]})["p"]
    a, b = project.versions

    def before(*actions: dict[str, Any]) -> dict[str, str]:
        sim.rule("DescribeProjectVersions", {"Before": actions})
        return statuses(aws, project.arn)

    assert before({"Status": a, "To": "RUNNING"}) == {b: "TRAINING_COMPLETED", a: "RUNNING"}
    assert list(before({"Delete": a})) == [b]
    assert a in sim.gone()
    again, *old = before({"Recreate": b})
    assert old == [b]
    assert again != b
    assert again.split("/")[:4] == b.split("/")[:4]
    with raises("ResourceNotFoundException"):
        before({"DeleteProject": project.arn})
    assert set(sim.gone()) == {a, b, again}
    assert sim.versions(project.arn) == {}

    project = sim.seed({"p": ["a"]})["p"]
    fail = {"FailDeletion": project.versions[0], "To": "FAILED", "StatusMessage": "no"}
    sim.rule("DeleteProjectVersion", {"After": [fail]})
    sim.transition("DELETING", looks=0)
    aws.delete_project_version(ProjectVersionArn=project.versions[0])
    assert sim.versions(project.arn) == {project.versions[0]: "FAILED"}


def test_a_wrong_rule_is_refused(sim: Simulator) -> None:
    with pytest.raises(ValueError, match="no Sometimes"):
        sim.rule("*", {"Page": 503}, Sometimes=True)
    with pytest.raises(ValueError, match="no Explode"):
        sim.rule("*", {"Explode": True})
    _, version = seed_one(sim)
    with pytest.raises(ValueError, match="no such action"):
        sim.act({"Bless": version})
