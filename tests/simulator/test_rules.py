"""Faults and meddling by rule."""

from __future__ import annotations

import http.client
import json
import time
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from tests.simulator.calls import raises, raw, seed_one, statuses
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


def test_entries_put_into_an_answer(sim: Simulator, aws: Any) -> None:
    arn, version = seed_one(sim)
    foreign = {"ProjectVersionArn": version.replace("123456789012", "999999999999")}
    malformed = {"ProjectVersionArn": "arn:none", "Status": 5}
    sim.rule("DescribeProjectVersions", {"Insert": [foreign, malformed]})
    _, answer = raw(sim, "DescribeProjectVersions", {"ProjectArn": arn})
    first, second, third = answer["ProjectVersionDescriptions"]
    assert (first, second, third["ProjectVersionArn"]) == (foreign, malformed, version)
    sim.rule("DescribeProjects", {"Insert": [{"ProjectArn": arn, "Status": "DELETING"}]})
    assert [p["Status"] for p in aws.describe_projects()["ProjectDescriptions"]] == [
        "DELETING",
        "CREATED",
    ]
    assert sim.versions(arn) == {version: "TRAINING_COMPLETED"}


@pytest.mark.parametrize("created", [1e300, "x", None])
def test_an_unreadable_time(sim: Simulator, created: Any) -> None:
    arn, version = seed_one(sim)
    sim.rule("DescribeProjectVersions", {"Change": {"CreationTimestamp": created}})
    for expected in (True, False):
        _, answer = raw(sim, "DescribeProjectVersions", {"ProjectArn": arn})
        (entry,) = answer["ProjectVersionDescriptions"]
        assert (entry["CreationTimestamp"] == created) is expected
        assert entry["ProjectVersionArn"] == version


@pytest.mark.parametrize("tokens", [["a"], ["a", "b"], [5], [None]])
def test_tokens_that_lead_nowhere(sim: Simulator, tokens: list[Any]) -> None:
    project = sim.seed({"p": ["a", "b"]})["p"]
    sim.rule("DescribeProjectVersions", {"Tokens": tokens}, Times=None)
    request = {"ProjectArn": project.arn, "MaxResults": 1}
    given = []
    for _ in range(4):
        status, answer = raw(sim, "DescribeProjectVersions", request)
        assert status == 200
        assert [v["ProjectVersionArn"] for v in answer["ProjectVersionDescriptions"]] == [
            project.versions[1]
        ]
        request["NextToken"] = answer["NextToken"]
        given.append(answer["NextToken"])
    assert given == (tokens * 4)[:4]


def test_an_answer_that_drips(sim: Simulator) -> None:
    arn, _ = seed_one(sim)
    sim.rule("DescribeProjectVersions", {"Drip": 0.001})
    connection = http.client.HTTPConnection(urlsplit(sim.url).netloc)
    headers = {"X-Amz-Target": "RekognitionService.DescribeProjectVersions"}
    connection.request("POST", "/", json.dumps({"ProjectArn": arn}), headers)
    response = connection.getresponse()
    first = response.read(1)
    begun = time.monotonic()
    answer = first + response.read()
    ended = time.monotonic()
    connection.close()
    assert ended - begun >= 0.001 * (len(answer) - 1)
    assert len(json.loads(answer)["ProjectVersionDescriptions"]) == 1


def test_access_denied_to_one_operation_for_ever(sim: Simulator, aws: Any) -> None:
    arn, version = seed_one(sim)
    sim.rule("DescribeProjects", {"Error": "AccessDeniedException"}, Times=None)
    for _ in range(5):
        with raises("AccessDeniedException"):
            aws.describe_projects()
    assert list(statuses(aws, arn)) == [version]
