"""Races with other people and with the service: somebody acts between two requests of ours.

The simulator acts just before it serves a request (`Before`), so nothing here depends on timing.
"""

from __future__ import annotations

from typing import Any

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
    "deleted-before-the-stop": ("RUNNING", STOP, 0, "Delete", ""),
    "deleting-before-the-stop": ("RUNNING", STOP, 0, "DELETING", ""),
    "stopped-before-the-stop": ("RUNNING", STOP, 0, "STOPPED", ""),
    "deleted-while-deleting": ("STOPPED", DESCRIBE, 2, "Delete", ""),
    "deleted-while-stopping": ("RUNNING", DESCRIBE, 2, "Delete", ""),
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
