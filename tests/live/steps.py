"""What is done on either side, in this order. The facts are named after what was asked."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from tests.live import leftovers
from tests.live.side import Side


@dataclass
class Plan:
    """What a run needs to know, and what the first side found out for the second."""

    #: The project to create.
    name: str
    #: Where trainings would write to. It need not exist.
    bucket: str
    #: A model to delete instead, where the service takes no training.
    model: str | None
    #: What kinds of refused credentials there are, see `Side.profiles`.
    refused: Collection[str]
    #: Whether the service took a training without a manifest; None: not known yet.
    trains: bool | None = None


def run(side: Side, plan: Plan) -> None:
    """All steps. What they create and do not delete is for `leftovers.remove`."""
    arn = _create(side, plan)
    _empty(side, plan, arn)
    for kind in plan.refused:
        with side.refused(kind):
            side.ask(f"DescribeProjectVersions, {kind} credentials", ProjectArn=arn)
            all_of_it = ("--project-arn", arn, "--all-versions", "--dry-run")
            side.command(f"Command, {kind} credentials", *all_of_it)
    if _train(side, plan, arn):
        _by_command_and_by_hand(side, arn)
    elif plan.model:
        _named_model(side, plan.model)
    _datasets(side, plan, arn)
    _delete(side, plan, arn)


def _create(side: Side, plan: Plan) -> str:
    side.ask("DescribeProjects, no such name", ProjectNames=[plan.name])
    answer = side.ask("CreateProject", ProjectName=plan.name)
    if answer is None:
        raise SystemExit(f"CreateProject was refused: {side.record['CreateProject: message']}")
    side.watch("The new project", lambda: _project(side, plan).get("Status"), "CREATED")
    side.ask("CreateProject, once more", ProjectName=plan.name)
    side.ask("DescribeProjects", ProjectNames=[plan.name])
    side.facts["DescribeProjects: Feature"] = repr(_project(side, plan).get("Feature"))
    return str(answer["ProjectArn"])


def _empty(side: Side, plan: Plan, arn: str) -> None:
    """A project without models, and what it doesn't have."""
    nowhere = f"{arn.rpartition('/')[0]}/1"
    unknown = f"{arn.rpartition('/')[0]}/version/none/1"
    answer = side.ask("DescribeProjectVersions, empty project", ProjectArn=arn)
    token = (answer or {}).get("NextToken")
    side.facts["The last page: NextToken"] = "none" if token is None else repr(token)
    side.ask("DescribeProjectVersions, unknown version", ProjectArn=arn, VersionNames=["none"])
    side.ask("DescribeProjectVersions, unknown project", ProjectArn=nowhere)
    side.ask("DescribeProjectVersions, bad token", ProjectArn=arn, NextToken="nonsense")
    side.ask("DescribeProjects, 101 at once", MaxResults=101)
    side.ask("DeleteProjectVersion, unknown version", ProjectVersionArn=unknown)
    side.ask("StopProjectVersion, unknown version", ProjectVersionArn=unknown)
    side.ask("DeleteProjectVersion, not an ARN", ProjectVersionArn="not-an-arn" * 3)
    side.command("Command, unknown version", "--project-version-arn", unknown, "--yes")
    side.command("Command, empty project", "--project-arn", arn, "--all-versions", "--yes")
    wanted = ("--project-name", plan.name, "--version-names", "none", "--ignore-not-found")
    side.command("Command, dry run by names", *wanted, "--dry-run")


def _train(side: Side, plan: Plan, arn: str) -> bool:
    """Start two trainings that must fail; say whether that was accepted, here and before."""
    manifest = {"S3Object": {"Bucket": plan.bucket, "Name": "no/such.manifest"}}
    for name in ("a", "b") if plan.trains is not False else ("a",):
        answer = side.ask(
            f"CreateProjectVersion, {name}",
            ProjectArn=arn,
            VersionName=name,
            OutputConfig={"S3Bucket": plan.bucket, "S3KeyPrefix": "none"},
            TrainingData={"Assets": [{"GroundTruthManifest": manifest}]},
            TestingData={"AutoCreate": True},
        )
        if answer is None:
            break
    is_accepted = answer is not None
    if plan.trains is None:
        plan.trains = is_accepted
    if plan.trains and is_accepted:
        return True
    while _statuses(side, arn):  # what the other side refused, or the one of two that was taken
        leftovers.remove_contents(side.client, _project(side, plan))
        time.sleep(side.pause)
    return False


def _by_command_and_by_hand(side: Side, arn: str) -> None:
    """Two trainings: one is waited for and deleted by the command, one by single requests."""
    by_command, by_hand = sorted(_statuses(side, arn))
    side.ask("DescribeProjectVersions, training", ProjectArn=arn)
    side.ask("DeleteProjectVersion, training", ProjectVersionArn=by_hand)
    side.ask("StopProjectVersion, training", ProjectVersionArn=by_hand)
    side.ask("DeleteProject, with models", ProjectArn=arn)
    chosen = ("--project-version-arn", by_command)
    side.command("Command, training", *chosen, "--yes")
    side.command("Command, dry run, training", *chosen, "--wait-if-training", "--dry-run")
    # Also while it is in training, which is polled seldom by default.
    interval = ("--poll-interval", str(side.pause))
    running = side.start(*chosen, "--wait-if-training", "--yes", *interval)
    over = ("TRAINING_FAILED", "TRAINING_COMPLETED", None)
    side.watch("The training", lambda: _statuses(side, arn).get(by_hand), *over)
    side.ask("DescribeProjectVersions, failed", ProjectArn=arn, VersionNames=["b"])
    side.finish("Command, waiting for the training", running)
    _delete_by_hand(side, arn, by_hand)


def _delete_by_hand(side: Side, arn: str, model: str) -> None:
    side.ask("DeleteProjectVersion", ProjectVersionArn=model)
    accepted = time.monotonic()
    # From when on every listing shows it: a listing that goes back to the old status counts.
    shown = accepted

    def poll() -> str | None:
        nonlocal shown
        asked = time.monotonic()
        status = _statuses(side, arn).get(model)
        if status not in ("DELETING", None):
            shown = asked
        return status

    first = poll()
    side.ask("DeleteProjectVersion, once more", ProjectVersionArn=model)
    side.watch("The deletion", poll, None)
    side.record["DeleteProjectVersion: first look after the answer"] = first or "gone"
    side.record["Deletion: seconds"] = f"{time.monotonic() - accepted:.1f}"
    side.record["Deletion: seconds for which a listing still had the old status"] = (
        f"{shown - accepted:.1f}"
    )
    side.ask("DeleteProjectVersion, gone", ProjectVersionArn=model)
    side.command("Command, gone", "--project-version-arn", model, "--yes")


def _named_model(side: Side, model: str) -> None:
    """The model that the person gave, where no training could be had."""
    side.command("Command, dry run", "--project-version-arn", model, "--dry-run")
    started = time.monotonic()
    side.command("Command, deletion", "--project-version-arn", model, "--yes")
    side.record["Deletion by the command: seconds"] = f"{time.monotonic() - started:.1f}"
    side.ask("DeleteProjectVersion, gone", ProjectVersionArn=model)


def _datasets(side: Side, plan: Plan, arn: str) -> None:
    answer = side.ask("CreateDataset", ProjectArn=arn, DatasetType="TRAIN")
    if answer is None:
        return

    def status() -> str | None:
        return next((each["Status"] for each in _project(side, plan).get("Datasets", ())), None)

    side.watch("The new dataset", status, "CREATE_COMPLETE")
    side.ask("DescribeProjects, dataset", ProjectNames=[plan.name])
    side.ask("DeleteProject, with a dataset", ProjectArn=arn)
    side.ask("DeleteDataset", DatasetArn=answer["DatasetArn"])
    side.watch("The deleted dataset", status, None)


def _delete(side: Side, plan: Plan, arn: str) -> None:
    side.ask("DeleteProject", ProjectArn=arn)
    side.watch("The deleted project", lambda: _project(side, plan).get("Status"), None)
    side.ask("DescribeProjectVersions, gone project", ProjectArn=arn)
    side.ask("DeleteProject, gone", ProjectArn=arn)
    side.command("Command, gone project", "--project-arn", arn, "--all-versions", "--yes")


def _project(side: Side, plan: Plan) -> dict[str, Any]:
    """The project as DescribeProjects lists it, empty if it doesn't."""
    return next(iter(leftovers.projects(side.client, plan.name)), {})


def _statuses(side: Side, arn: str) -> dict[str, str]:
    answer = side.client.describe_project_versions(ProjectArn=arn)
    return {
        version["ProjectVersionArn"]: version["Status"]
        for version in answer["ProjectVersionDescriptions"]
    }
