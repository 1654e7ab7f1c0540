"""Which status leads to what."""

from __future__ import annotations

import pytest

from tests.hosts.command import (
    assert_ended_by_host,
    changes,
    command,
    delete,
    deleted,
    entries,
    service_error,
)
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

pytestmark = pytest.mark.hosts("v1", "v2")
only_v1 = pytest.mark.hosts("v1")
STOP, WAIT = "--stop-if-running", "--wait-if-training"
# The option without which a status is refused, and what happens with it.
TABLE = {
    "DELETING": ("", "WAIT"),
    "STOPPING": ("", "WAIT_THEN_DELETE"),
    "RUNNING": (STOP, "STOP_THEN_DELETE"),
    "STARTING": (STOP, "STOP_THEN_DELETE"),
    "TRAINING_IN_PROGRESS": (WAIT, "WAIT_THEN_DELETE"),
    "COPYING_IN_PROGRESS": (WAIT, "WAIT_THEN_DELETE"),
    "TRAINING_COMPLETED": ("", "DELETE"),
    "TRAINING_FAILED": ("", "DELETE"),
    "FAILED": ("", "DELETE"),
    "STOPPED": ("", "DELETE"),
    "COPYING_COMPLETED": ("", "DELETE"),
    "COPYING_FAILED": ("", "DELETE"),
    "DEPRECATED": ("", "DELETE"),
    "EXPIRED": ("", "DELETE"),
    "NEW_IN_2031": ("", "DELETE"),
}


def seed_each(simulator: Simulator) -> list[str]:
    """Have a model of each status, which lasts for a look or two; return the ARNs."""
    for status in TABLE:
        if (status.endswith("ING") and status != "RUNNING") or status.endswith("PROGRESS"):
            simulator.transition(status, looks=2)
    versions = [{"VersionName": status, "Status": status} for status in TABLE]
    return simulator.seed({"cats": versions})["cats"].versions


@only_v1
def test_every_status_in_a_dry_run(aws: Aws, simulator: Simulator) -> None:
    arns = seed_each(simulator)
    result = aws.run(*command("--dry-run", STOP, "--ignore-not-found", arns=[*arns, arns[0] + "0"]))
    assert result.returncode == 255  # some are refused
    *found, missing = entries(result)
    for entry, arn, (status, (option, action)) in zip(found, arns, TABLE.items()):
        is_refused = option == WAIT
        assert (entry["ProjectVersionArn"], entry["Status"]) == (arn, status)
        assert entry["Action"] == ("REFUSE" if is_refused else action)
        assert (WAIT in entry.get("StatusMessage", "")) == is_refused
    assert (missing["Status"], missing["Action"]) == ("NOT_FOUND", "NONE")
    assert changes(simulator) == []


def test_a_refusal_or_a_missing_model_changes_nothing(aws: Aws, simulator: Simulator) -> None:
    arns = seed_each(simulator)
    refused = delete(aws, STOP, arns=arns)
    assert_ended_by_host(refused, 255, WAIT, "Version TRAINING_IN_PROGRESS in project cats (")
    assert "2 of 15 models can't be deleted now. Nothing was changed.\n" in refused.stderr
    missing = arns[0] + "0"  # of the same version name: another model
    result = delete(aws, STOP, WAIT, arns=[*arns, missing])
    words = ("ResourceNotFoundException", missing, "--ignore-not-found")
    assert_ended_by_host(result, service_error(aws.host), *words)
    assert changes(simulator) == []


@only_v1
def test_every_status_is_deleted_with_consent(aws: Aws, simulator: Simulator) -> None:
    arns = seed_each(simulator)
    result = delete(aws, STOP, WAIT, arns=arns)
    assert result.returncode == 0, result.stderr
    assert entries(result) == deleted(*arns)
    asked: dict[str, list[str]] = {arn: [] for arn in arns}
    for operation, arn in changes(simulator):
        asked[arn].append(operation)
    for arn, (status, (_, action)) in zip(arns, TABLE.items()):
        # One that is starting is tried to be stopped before it runs, which this service refuses.
        stops = {"RUNNING": 1, "STARTING": 2}.get(status, 0)
        expected = ["StopProjectVersion"] * stops
        expected += [] if action == "WAIT" else ["DeleteProjectVersion"]
        assert asked[arn] == expected, status
