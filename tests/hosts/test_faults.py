"""Faults between a real ``aws`` and the service are transient errors.

Those before the confirmation and of the credentials are in ``test_host_errors.py``, those that fail
a model in ``test_streams.py``.
"""

from __future__ import annotations

from tests.hosts.command import delete, deleted, entries, seed_model
from tests.hosts.faults import (
    DELETE,
    DESCRIBE,
    LONG,
    LOOKING_AGAIN,
    STOP,
    Fault,
    both_versions,
    meet,
)
from tests.hosts.shell import Aws, Result
from tests.simulator.client import SeededProject, Simulator

pytestmark = both_versions


def test_the_sdk_s_own_retry_is_enough(aws: Aws, simulator: Simulator) -> None:
    throughput = {"Error": "ProvisionedThroughputExceededException"}
    faults = Fault("DescribeProjects", throughput), Fault(DESCRIBE, {"Drop": "before"})
    result, project = meet(aws, simulator, *faults)
    assert_deleted(result, simulator, project)
    assert LOOKING_AGAIN not in result.stderr


# How an answer of the wrong shape is parsed depends on the host's botocore.
def test_the_command_looks_again(aws: Aws, simulator: Simulator) -> None:
    faults = [
        Fault(STOP, {"Garbage": '"gone"'}),
        Fault(STOP, {"Page": 503}, skip=1, times=LONG),
        Fault(DELETE, {"Garbage": ""}),
        Fault(DELETE, {"Drop": "after"}, skip=1, times=LONG),
        Fault(DESCRIBE, {"Error": "ThrottlingException"}, skip=1, times=LONG),
        Fault(DESCRIBE, {"Hang": 2}, skip=2, times=LONG),
        Fault(DESCRIBE, {"Garbage": True}, skip=2),  # half an answer
        Fault(DESCRIBE, {"Garbage": '{"ProjectVersionDescriptions": {}}'}, skip=2),
        Fault(DESCRIBE, {"Garbage": '{"ProjectVersionDescriptions": null}'}, skip=2),
    ]
    result, project = meet(aws, simulator, *faults)
    assert_deleted(result, simulator, project)
    said = result.stderr.count(LOOKING_AGAIN)
    # The same is said once a minute, and some that follow one another read alike.
    assert len(faults) - 2 <= said <= len(faults), result.stderr


def assert_deleted(result: Result, simulator: Simulator, project: SeededProject) -> None:
    assert result.returncode == 0, result.stderr
    assert entries(result) == deleted(*project.versions)
    assert simulator.versions(project.arn) == {}


def test_a_request_that_may_have_arrived_is_not_denied(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)
    # The first try is obeyed and its answer lost, and the SDK's repeat is throttled to the end.
    simulator.rule(DELETE, {"Drop": "after"})
    simulator.rule(DELETE, {"Error": "ThrottlingException"}, Times=None)
    simulator.rule(DESCRIBE, {"Error": "ThrottlingException"}, Skip=1, Times=None)
    result = delete(aws, "--timeout", "3", arns=[model.arn])
    assert (result.returncode, simulator.versions(model.project.arn)) == (
        124,
        {model.arn: "DELETING"},
    )
    assert "nothing was requested" not in result.stdout + result.stderr
    assert "if the request arrived" in result.stderr
