"""Races with other people and with the service: somebody acts between two requests of ours.

The simulator acts just before or after it serves a request (`Before`, `After`), so nothing here
depends on timing.
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.hosts.command import (
    assert_true,
    changes,
    delete,
    entries,
    messages,
    statuses,
)
from tests.hosts.faults import DELETE, DESCRIBE, STOP, both_versions
from tests.hosts.shell import Aws, Result
from tests.simulator.client import SeededProject, Simulator

pytestmark = both_versions


def becomes(arn: str, status: str) -> dict[str, str]:
    return {"Status": arn, "To": status}


def assert_as_expected(
    result: Result, simulator: Simulator, projects: Sequence[SeededProject], why: Sequence[str]
) -> None:
    """Every model is gone but those of which there is something to say."""
    assert result.returncode == (255 if any(why) else 0), result
    assert_true(result, simulator, *(project.arn for project in projects))
    found = entries(result)
    assert [entry.get("StatusMessage", "") for entry in found] == list(why)
    assert [entry["Outcome"] == "FAILED" for entry in found] == list(map(bool, why))


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
}


def test_somebody_else(aws: Aws, simulator: Simulator) -> None:
    for transient in ("DELETING", "STOPPING", "TRAINING_IN_PROGRESS"):
        simulator.transition(transient, looks=3)
    projects = []
    for name, (status, operation, skip, what, _) in RACES.items():
        versions = [{"VersionName": "a", "Status": status}]
        project = simulator.seed({name: versions})[name]
        (arn,) = project.versions
        action = {"Delete": {"Delete": arn}, "DeleteProject": {"DeleteProject": project.arn}}
        effect = {"Before": [action.get(what) or becomes(arn, what)]}
        simulator.rule(operation, effect, ProjectVersionArn=arn, Skip=skip)
        projects.append(project)
    arns = [arn for project in projects for arn in project.versions]
    result = delete(aws, "--stop-if-running", "--wait-if-training", arns=arns)
    assert_as_expected(result, simulator, projects, [race[-1] for race in RACES.values()])
    # No other was to be stopped by the confirmed list.
    running = {arn for arn, (status, *_) in zip(arns, RACES.values()) if status == "RUNNING"}
    assert {arn for operation, arn in changes(simulator) if operation == STOP} == running


def test_a_new_model_of_the_same_name_is_another_model(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", looks=3)
    versions = [{"VersionName": "a"}, {"VersionName": "b", "Status": "DELETING"}]
    project = simulator.seed({"cats": versions})["cats"]
    recreate = [{"Recreate": arn} for arn in project.versions]
    simulator.rule(DESCRIBE, {"After": recreate}, Skip=1)
    result = delete(aws, arns=project.versions)
    assert result.returncode == 0, result.stderr
    assert statuses(result) == dict.fromkeys(project.versions, "DELETED")
    left = simulator.versions(project.arn)
    assert list(left.values()) == ["TRAINING_COMPLETED"] * 2
    assert not {*project.versions, *(arn for _, arn in changes(simulator))} & set(left)


def test_the_listing_lags_behind_stop_and_delete(aws: Aws, simulator: Simulator) -> None:
    simulator.lag(0.6)  # a dozen looks
    versions = [{"VersionName": "a"}, {"VersionName": "b", "Status": "RUNNING"}]
    project = simulator.seed({"cats": versions})["cats"]
    result = delete(aws, "--stop-if-running", arns=project.versions)
    assert_as_expected(result, simulator, [project], ["", ""])
    assert sorted(operation for operation, _ in changes(simulator)) == [DELETE, DELETE, STOP]


def test_a_model_missing_from_every_page_is_asked_for_by_name(
    aws: Aws, simulator: Simulator
) -> None:
    """As it is when entries shift between the pages, two of them here."""
    names = [f"v{number}" for number in range(150)]
    slow = {"VersionName": "v7", "Status": "STOPPING"}  # so that all others are gone before it
    simulator.transition("STOPPING", seconds=2)
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


def test_in_use_is_not_yet(aws: Aws, simulator: Simulator) -> None:
    project = simulator.seed({"cats": ["a", "b"]})["cats"]
    a, b = project.versions
    in_use = {"Error": "ResourceInUseException"}
    simulator.rule(DELETE, in_use, ProjectVersionArn=a, Times=3)
    simulator.rule(DELETE, in_use, ProjectVersionArn=b, Times=None)
    result = delete(aws, "--timeout", "2", arns=[a, b])
    assert result.returncode == 124, result.stderr
    assert statuses(result) == {a: "DELETED", b: "TRAINING_COMPLETED"}
    assert simulator.versions(project.arn) == {b: "TRAINING_COMPLETED"}
    assert changes(simulator).count((DELETE, a)) == 4
    [message] = messages(result)
    assert message.startswith(
        "--timeout passed (2 s); nothing requested yet; last answer: An error occurred"
    )
    assert "ResourceInUseException" in message
    assert result.stderr.count("is busy, retrying") == 2
    assert "--ignore-not-found" in result.stderr
