"""Which status leads to what."""

from __future__ import annotations

import pytest

from tests.hosts.command import (
    assert_ended_by_host,
    changes,
    delete,
    deleted,
    entries,
    service_error,
)
from tests.hosts.faults import DELETE, STOP
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

# What is asked of the service for a model with each status. One that is starting is tried to be
# stopped before it runs, which this service refuses.
TABLE = {
    "DELETING": (),
    "STOPPING": (DELETE,),
    "RUNNING": (STOP, DELETE),
    "STARTING": (STOP, STOP, DELETE),
    "TRAINING_IN_PROGRESS": (DELETE,),
    "COPYING_IN_PROGRESS": (DELETE,),
    "TRAINING_COMPLETED": (DELETE,),
    "TRAINING_FAILED": (DELETE,),
    "FAILED": (DELETE,),
    "STOPPED": (DELETE,),
    "COPYING_COMPLETED": (DELETE,),
    "COPYING_FAILED": (DELETE,),
    "DEPRECATED": (DELETE,),
    "EXPIRED": (DELETE,),
    "NEW_IN_2031": (DELETE,),
}


@pytest.fixture
def arns(simulator: Simulator) -> list[str]:
    """Models of each status, which lasts for a look or two."""
    for status in TABLE:
        if (status.endswith("ING") and status != "RUNNING") or status.endswith("PROGRESS"):
            simulator.transition(status, looks=2)
    versions = [{"VersionName": status, "Status": status} for status in TABLE]
    return simulator.seed({"cats": versions})["cats"].versions


@pytest.mark.hosts("v1", "v2")
def test_a_refusal_or_a_missing_model_changes_nothing(
    aws: Aws, simulator: Simulator, arns: list[str]
) -> None:
    refused = delete(aws, "--stop-if-running", arns=arns)
    words = ("--wait-if-training", "Version TRAINING_IN_PROGRESS in project cats (")
    assert_ended_by_host(refused, 255, *words)
    assert "2 of 15 models can't be deleted now. Nothing was changed.\n" in refused.stderr
    missing = arns[0] + "0"  # of the same version name: another model
    result = delete(aws, "--stop-if-running", "--wait-if-training", arns=[*arns, missing])
    hint = "--ignore-not-found"
    code = service_error(aws.host)
    assert_ended_by_host(result, code, "ResourceNotFoundException", missing, hint)
    assert changes(simulator) == []


@pytest.mark.hosts("v1")
def test_every_status_is_deleted_with_consent(
    aws: Aws, simulator: Simulator, arns: list[str]
) -> None:
    result = delete(aws, "--stop-if-running", "--wait-if-training", arns=arns)
    assert result.returncode == 0, result.stderr
    assert entries(result) == deleted(*arns)
    asked = changes(simulator)
    for arn, (status, operations) in zip(arns, TABLE.items()):
        assert tuple(name for name, of in asked if of == arn) == operations, status
