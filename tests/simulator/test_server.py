"""The server, its process, and the routes by which tests question it."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest

from tests.hosts.installs import ROOT
from tests.simulator.calls import client, raises, seed_one, statuses
from tests.simulator.client import Simulator


def test_the_log(sim: Simulator) -> None:
    before = time.time()
    aws = client(sim, user_agent_extra="extra/1")
    arn, _ = seed_one(sim)
    with raises("ResourceNotFoundException"):
        aws.describe_project_versions(ProjectArn=f"{arn[:-3]}000", MaxResults=7)
    aws.describe_projects()
    describe, _ = sim.requests()
    assert describe["Operation"] == "DescribeProjectVersions"
    assert describe["Parameters"]["MaxResults"] == 7
    assert (describe["HttpStatus"], describe["Error"]) == (400, "ResourceNotFoundException")
    assert "extra/1" in describe["UserAgent"]
    assert before <= describe["Time"] <= time.time()
    ok = {"HttpStatus": 200, "Error": None}
    assert ok.items() <= sim.requests("DescribeProjects")[0].items()


def test_reset(sim: Simulator) -> None:
    sim.transition("DELETING", seconds=60)
    sim.lag(60)
    sim.rule("*", {"Page": 503}, Times=None)
    sim.quota(0.01)
    seed_one(sim, Status="DELETING")
    sim.reset()
    assert sim.requests() == []
    arn, version = seed_one(sim)
    aws = client(sim)
    aws.delete_project_version(ProjectVersionArn=version)
    assert statuses(aws, arn) == statuses(aws, arn) == {}


def test_what_a_test_gets_wrong_is_refused(sim: Simulator) -> None:
    with pytest.raises(ValueError, match="does not end"):
        sim.transition("STARTING", of="project")
    with pytest.raises(ValueError, match="no Sometimes"):
        sim.rule("*", {"Page": 503}, Sometimes=True)
    with pytest.raises(ValueError, match="no Explode"):
        sim.rule("*", {"Explode": True})
    _, version = seed_one(sim)
    with pytest.raises(ValueError, match="no such action"):
        sim.act({"Bless": version})


def test_connections_are_kept_alive(sim: Simulator) -> None:
    connection = http.client.HTTPConnection(urlsplit(sim.url).netloc)
    connection.connect()
    first = connection.sock
    for _ in range(3):
        connection.request("POST", "/simulator/requests", "null")
        assert connection.getresponse().read() == b"[]"
    assert connection.sock is first
    connection.close()


def test_it_ends_with_its_parent() -> None:
    command = [sys.executable, "-c", "from tests.simulator.client import start; start()"]
    # The simulator holds standard error for as long as it lives.
    done = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, timeout=20, check=True)
    assert done.stderr == b""  # it was not for want of a reader of its URL that it ended
