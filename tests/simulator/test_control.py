"""The routes by which tests question the simulator."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.simulator.calls import ACCOUNT, client, raises, seed_one, statuses
from tests.simulator.client import Simulator


def test_the_log(sim: Simulator) -> None:
    before = time.time()
    aws = client(sim, user_agent_extra="extra/1")
    with raises("ResourceNotFoundException"):
        aws.describe_project_versions(
            ProjectArn=f"arn:aws:rekognition:us-east-1:{ACCOUNT}:project/p/1", MaxResults=7
        )
    aws.describe_projects()
    describe, _ = sim.requests()
    assert describe["Operation"] == "DescribeProjectVersions"
    assert describe["Parameters"]["MaxResults"] == 7
    assert (describe["HttpStatus"], describe["Error"]) == (400, "ResourceNotFoundException")
    assert "extra/1" in describe["UserAgent"]
    assert describe["Authorization"] is True
    assert before <= describe["Time"] <= time.time()
    ok = {"HttpStatus": 200, "Error": None}
    assert ok.items() <= sim.requests("DescribeProjects")[0].items()
    sim.clear_requests()
    assert sim.requests() == []


def test_asking_the_simulator_is_no_look(sim: Simulator, aws: Any) -> None:
    sim.transition("DELETING", looks=1)
    arn, version = seed_one(sim, Status="DELETING")
    for _ in range(3):
        assert sim.versions(arn) == {version: "DELETING"}
    assert statuses(aws, arn) == {version: "DELETING"}
    assert sim.versions(arn) == {}
    assert len(sim.requests()) == 1


def test_reset(sim: Simulator, aws: Any) -> None:
    sim.transition("DELETING", seconds=60)
    sim.lag(60)
    sim.rule("*", {"Page": 503}, Times=None)
    sim.quota(0.01)
    seed_one(sim, Status="DELETING")
    sim.reset()
    assert sim.requests() == []
    assert sim.gone() == {}
    arn, version = seed_one(sim)
    aws.delete_project_version(ProjectVersionArn=version)
    assert statuses(aws, arn) == statuses(aws, arn) == {}


def test_reset_takes_options_back(sim: Simulator, aws: Any) -> None:
    sim.options(empty_next_token=False, stop_starting=True)
    sim.reset()
    assert aws.describe_projects()["NextToken"] == ""
    with pytest.raises(ValueError, match="no such option: nonesuch"):
        sim.options(nonesuch=True)


def test_a_wrong_seed_is_refused(sim: Simulator) -> None:
    with pytest.raises(ValueError, match="ResourceNotFound"):
        sim.seed({"p": ["v"]}, status="DELETING")  # over at once, so there is no project for it
    with pytest.raises(ValueError, match="does not end"):
        sim.transition("STARTING", of="project")
