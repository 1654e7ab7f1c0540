"""Faults between a real ``aws`` and the service are transient, and nothing false is believed.

Those before the confirmation and of the credentials are in ``test_host_errors.py``, those that fail
a model in ``test_streams.py``.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.hosts.command import (
    command,
    credential_process,
    delete,
    deleted,
    entries,
    keys,
    seed_model,
    statuses,
    until,
)
from tests.hosts.faults import DELETE, DESCRIBE, STOP, both_versions
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

LOOKING_AGAIN = "Request failed, retrying: "


# How an answer of the wrong shape is parsed depends on the host's botocore.
@both_versions
def test_the_command_looks_again(aws: Aws, simulator: Simulator) -> None:
    faults: list[tuple[str, dict[str, Any], int]] = [
        (STOP, {"Garbage": '"gone"'}, 0),
        (STOP, {"Page": 503}, 1),
        (DELETE, {"Garbage": ""}, 0),
        (DELETE, {"Drop": "after"}, 1),
        (DESCRIBE, {"Error": "ThrottlingException"}, 1),
        (DESCRIBE, {"Hang": 100}, 2),
        (DESCRIBE, {"Garbage": True}, 2),  # half an answer
        (DESCRIBE, {"Garbage": '{"ProjectVersionDescriptions": {}}'}, 2),
        (DESCRIBE, {"Garbage": '{"ProjectVersionDescriptions": null}'}, 2),
    ]
    for operation, effect, skip in faults:
        simulator.rule(operation, effect, Skip=skip)
    simulator.transition("DELETING", looks=2)
    versions = [{"VersionName": name, "Status": "RUNNING"} for name in "ab"]
    project = simulator.seed({"cats": versions})["cats"]
    options = ("--stop-if-running", "--cli-read-timeout", "1", "--timeout", "40")  # 60 by default
    result = delete(aws, *options, arns=project.versions, env={"AWS_MAX_ATTEMPTS": "1"})
    assert result.returncode == 0, result.stderr
    assert entries(result) == deleted(*project.versions)
    assert simulator.versions(project.arn) == {}
    # The same is said once a minute, and some that follow one another read alike.
    assert len(faults) - 2 <= result.stderr.count(LOOKING_AGAIN) <= len(faults), result.stderr


@pytest.mark.hosts("v1")
@pytest.mark.posix("an alarm ends the request")
def test_an_answer_that_drips(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)
    simulator.rule(DESCRIBE, {"Drip": 0.5}, Skip=1, Times=None)  # it takes minutes
    limits = ("--timeout", "1", "--cli-read-timeout", "1")
    result = delete(aws, *limits, arns=[model.arn])
    assert result.returncode == 124, result.stderr
    assert statuses(result) == {model.arn: "TRAINING_COMPLETED"}
    said = "Still being deleted: version v1 in project cats. --timeout passed (1 s); AWS continues."
    assert said in result.stderr


@both_versions
@pytest.mark.posix("a script for sh")
def test_credentials_of_another_account(aws: Aws, simulator: Simulator) -> None:
    other, key = "210987654321", "AKIAOTHERACCOUNT0000"
    simulator.credentials(**{key: other})
    there = aws.home / "other-account"
    credential_process(aws, f"if [ -e {there} ]; then echo {keys(key)}; else echo {keys()}; fi")
    simulator.transition("DELETING", seconds=600)
    simulator.seed({"cats": ["v1"]}, account=other)
    model = seed_model(simulator)
    running = aws.start(*command(arns=[model.arn]), "--yes")
    running.wait_for("DELETING")
    there.touch()
    until(lambda: sum(r["Account"] == other for r in simulator.requests()) > 6)
    there.unlink()
    assert running.process.poll() is None  # all of them were no proof that it is gone
    simulator.transition("DELETING")
    result = running.finish()
    assert (result.returncode, statuses(result)) == (0, {model.arn: "DELETED"}), result.stderr
    assert LOOKING_AGAIN in result.stderr
