"""Races with other people and with the service: somebody acts between two requests of ours.

The simulator acts just before it serves a request (`Before`), so nothing here depends on timing.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.hosts.command import changes, delete, entries, statuses
from tests.hosts.faults import DELETE, DESCRIBE, STOP, both_versions
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

STARTED = "the status changed to RUNNING after you confirmed"

# Who acts before which request of ours for a model (0: the first), and why it is not deleted.
RACES = {
    "deleted-before-the-delete": ("STOPPED", DELETE, 0, "Delete", ""),
    "deleting-before-the-delete": ("STOPPED", DELETE, 0, "DELETING", ""),
    "started-before-the-delete": ("STOPPED", DELETE, 0, "RUNNING", STARTED),
    "starting-before-the-delete": ("STOPPED", DELETE, 0, "STARTING", STARTED),
    "deleted-before-the-stop": ("RUNNING", STOP, 0, "Delete", ""),
    "deleting-before-the-stop": ("RUNNING", STOP, 0, "DELETING", ""),
    "stopped-before-the-stop": ("RUNNING", STOP, 0, "STOPPED", ""),
    "stopping-before-the-stop": ("RUNNING", STOP, 0, "STOPPING", ""),
    "deleted-while-deleting": ("STOPPED", DESCRIBE, 2, "Delete", ""),
    "deleted-while-stopping": ("RUNNING", DESCRIBE, 2, "Delete", ""),
    "deleting-while-stopping": ("RUNNING", DESCRIBE, 2, "DELETING", ""),
    "deleted-while-training": ("TRAINING_IN_PROGRESS", DESCRIBE, 2, "Delete", ""),
    "started-after-training": ("TRAINING_IN_PROGRESS", DESCRIBE, 2, "RUNNING", STARTED),
    "project-gone-while-deleting": ("STOPPED", DESCRIBE, 2, "DeleteProject", ""),
    "project-gone-while-stopping": ("RUNNING", DESCRIBE, 2, "DeleteProject", ""),
    # A new model of the same name is another model.
    "made-anew-before-the-delete": ("STOPPED", DELETE, 0, "Recreate", ""),
    "made-anew-while-deleting": ("DELETING", DESCRIBE, 1, "Recreate", ""),
    "in-use": ("STOPPED", DELETE, 0, "ResourceInUseException", ""),
}


@both_versions
def test_somebody_else(aws: Aws, simulator: Simulator) -> None:
    for transient in ("DELETING", "STOPPING", "TRAINING_IN_PROGRESS"):
        simulator.transition(transient, looks=3)
    projects = []
    for name, (status, operation, skip, what, _) in RACES.items():
        project = simulator.seed({name: [{"VersionName": "a", "Status": status}]})[name]
        (arn,) = project.versions
        projects.append(project)
        actions = {
            "Delete": [{"Delete": arn}],
            "DeleteProject": [{"DeleteProject": project.arn}],
            "Recreate": [{"Recreate": arn}],
        }
        effect: dict[str, Any] = {"Before": actions.get(what, [{"Status": arn, "To": what}])}
        if what.endswith("Exception"):
            effect = {"Error": what}
        simulator.rule(operation, effect, ProjectVersionArn=arn, Skip=skip)
    arns = [project.versions[0] for project in projects]
    result = delete(aws, "--stop-if-running", "--wait-if-training", arns=arns)
    assert result.returncode == 255, result.stderr
    why = [race[-1] for race in RACES.values()]
    found = entries(result)
    assert [entry.get("StatusMessage", "") for entry in found] == why
    assert [entry["Outcome"] == "FAILED" for entry in found] == list(map(bool, why))
    # DELETED is what the document says of those that are gone, and of no other.
    alive = {arn for project in projects for arn in simulator.versions(project.arn)}
    assert {arn for arn, status in statuses(result).items() if status != "DELETED"} == (
        alive & set(arns)
    )
    assert sorted(arn.split("/")[1] for arn in alive - set(arns)) == [
        "made-anew-before-the-delete",
        "made-anew-while-deleting",
    ]
    # No other was to be stopped by the confirmed list.
    running = {arn for arn, (status, *_) in zip(arns, RACES.values()) if status == "RUNNING"}
    assert {arn for operation, arn in changes(simulator) if operation == STOP} == running
    assert {arn for _, arn in changes(simulator)} <= set(arns)


@pytest.mark.hosts("v1")
def test_a_model_missing_from_every_page_is_asked_for_by_name(
    aws: Aws, simulator: Simulator
) -> None:
    """As it is when entries shift between the pages, two of them here."""
    names = [f"v{number}" for number in range(150)]
    slow = {"VersionName": "v7", "Status": "STOPPING"}  # so that all others are gone before it
    simulator.transition("STOPPING", looks=8)
    project = simulator.seed({"cats": [*names[:7], slow, *names[8:]]})["cats"]
    ours = project.versions[:25]  # more than two requests by name
    simulator.rule(DESCRIBE, {"Omit": [ours[7]]}, Skip=2, Times=2)
    result = delete(aws, "--project-arn", project.arn, arns=ours)
    assert result.returncode == 0, result.stderr
    assert statuses(result) == dict.fromkeys(ours, "DELETED")
    assert sorted(simulator.versions(project.arn)) == sorted(project.versions[25:])
    looks = [request["Parameters"].get("VersionNames") for request in simulator.requests(DESCRIBE)]
    assert looks[:4] == [None] * 4
    assert any("v7" in (some or ()) for some in looks[4:7])
