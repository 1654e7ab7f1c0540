"""What is done on either side, in this order. The facts are named after what was asked."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from tests.live.leftovers import projects
from tests.live.side import Side


@dataclass
class Plan:
    """What a run needs to know, and what the first side found out for the second."""

    #: The project to create.
    name: str
    #: Where trainings would write to. It need not exist.
    bucket: str
    #: Whether the service took a training without a manifest; None: not known yet.
    trains: bool | None = None
    #: A model to delete instead, where the service does not.
    model: str | None = None
    #: What kinds of refused credentials there are: ``denied``, ``expired``.
    strangers: tuple[str, ...] = ()


def run(side: Side, plan: Plan) -> None:
    """All steps. What they create and do not delete is for `leftovers.remove`."""
    arn = _create(side, plan)
    _empty(side, plan, arn)
    for kind in plan.strangers:
        with side.strangers[kind]() as stranger:
            _refused(stranger, kind, arn)
    if _train(side, plan, arn):
        _by_command_and_by_hand(side, plan, arn)
    elif plan.model:
        _named_model(side, plan.model)
    _datasets(side, plan, arn)
    _delete(side, plan, arn)


def _create(side: Side, plan: Plan) -> str:
    side.ask("DescribeProjects, no such name", "describe_projects", ProjectNames=[plan.name])
    answer = side.ask("CreateProject", "create_project", ProjectName=plan.name)
    if answer is None:
        raise SystemExit(f"CreateProject was refused: {side.record['CreateProject: message']}")
    side.watch("The new project", lambda: _project_status(side, plan), "CREATED")
    side.ask("CreateProject, once more", "create_project", ProjectName=plan.name)
    side.ask("DescribeProjects", "describe_projects", ProjectNames=[plan.name])
    feature = _project(side, plan)
    assert feature
    side.facts["DescribeProjects: Feature"] = repr(feature.get("Feature"))
    return str(answer["ProjectArn"])


def _empty(side: Side, plan: Plan, arn: str) -> None:
    """A project without models, and what it doesn't have."""
    nowhere = f"{arn.rpartition('/')[0]}/1"
    unknown = f"{arn.rpartition('/')[0]}/version/none/1"
    describe = "describe_project_versions"
    answer = side.ask("DescribeProjectVersions, empty project", describe, ProjectArn=arn)
    token = (answer or {}).get("NextToken")
    side.facts["The last page: NextToken"] = "none" if token is None else repr(token)
    side.ask(
        "DescribeProjectVersions, unknown version", describe, ProjectArn=arn, VersionNames=["none"]
    )
    side.ask("DescribeProjectVersions, unknown project", describe, ProjectArn=nowhere)
    side.ask("DescribeProjectVersions, bad token", describe, ProjectArn=arn, NextToken="nonsense")
    side.ask("DescribeProjects, 101 at once", "describe_projects", MaxResults=101)
    delete, stop = "delete_project_version", "stop_project_version"
    side.ask("DeleteProjectVersion, unknown version", delete, ProjectVersionArn=unknown)
    side.ask("StopProjectVersion, unknown version", stop, ProjectVersionArn=unknown)
    side.ask("DeleteProjectVersion, not an ARN", delete, ProjectVersionArn="not-an-arn" * 3)
    side.command("Command, unknown version", "--project-version-arn", unknown, "--yes")
    side.command("Command, empty project", "--project-arn", arn, "--all-versions", "--yes")
    wanted = ("--project-name", plan.name, "--version-names", "none", "--ignore-not-found")
    side.command("Command, dry run by names", *wanted, "--dry-run")


def _refused(side: Side, kind: str, arn: str) -> None:
    side.ask(
        f"DescribeProjectVersions, {kind} credentials", "describe_project_versions", ProjectArn=arn
    )
    side.command(
        f"Command, {kind} credentials", "--project-arn", arn, "--all-versions", "--dry-run"
    )


def _train(side: Side, plan: Plan, arn: str) -> bool:
    """Start two trainings that must fail; say whether that was accepted, here and before."""
    manifest = {"S3Object": {"Bucket": plan.bucket, "Name": "no/such.manifest"}}
    for name in ("a", "b") if plan.trains is not False else ("a",):
        answer = side.ask(
            f"CreateProjectVersion, {name}",
            "create_project_version",
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
    _undo(side, arn)
    return False


def _undo(side: Side, arn: str) -> None:
    """Delete what the other side refused, or the one of two that was taken."""
    while versions := _versions(side, arn):
        for model, status in versions.items():
            if status not in ("TRAINING_IN_PROGRESS", "DELETING"):
                side.client.delete_project_version(ProjectVersionArn=model)
        time.sleep(side.pause)


def _by_command_and_by_hand(side: Side, plan: Plan, arn: str) -> None:
    """Two trainings: one is waited for and deleted by the command, one by single requests."""
    by_command, by_hand = sorted(_versions(side, arn))
    describe, delete = "describe_project_versions", "delete_project_version"
    side.ask("DescribeProjectVersions, training", describe, ProjectArn=arn)
    side.ask("DeleteProjectVersion, training", delete, ProjectVersionArn=by_hand)
    side.ask("StopProjectVersion, training", "stop_project_version", ProjectVersionArn=by_hand)
    side.ask("DeleteProject, with models", "delete_project", ProjectArn=arn)
    chosen = ("--project-version-arn", by_command)
    side.command("Command, training", *chosen, "--yes")
    side.command("Command, dry run, training", *chosen, "--wait-if-training", "--dry-run")
    # Also while it is in training, which is looked at seldom by default.
    interval = ("--poll-interval", str(side.pause))
    running = side.start(*chosen, "--wait-if-training", "--yes", *interval)
    over = ("TRAINING_FAILED", "TRAINING_COMPLETED", None)
    side.watch("The training", lambda: _status(side, arn, by_hand), *over)
    side.ask("DescribeProjectVersions, failed", describe, ProjectArn=arn, VersionNames=["b"])
    side.finish("Command, waiting for the training", running)
    _delete_by_hand(side, arn, by_hand)


def _delete_by_hand(side: Side, arn: str, model: str) -> None:
    delete = "delete_project_version"
    side.ask("DeleteProjectVersion", delete, ProjectVersionArn=model)
    accepted = time.monotonic()
    # From when on every listing shows it: a listing that goes back to the old status counts.
    shown = accepted

    def look() -> str | None:
        nonlocal shown
        asked = time.monotonic()
        status = _status(side, arn, model)
        if status not in ("DELETING", None):
            shown = asked
        return status

    first = look()
    side.ask("DeleteProjectVersion, once more", delete, ProjectVersionArn=model)
    side.watch("The deletion", look, None)
    side.record["DeleteProjectVersion: first look after the answer"] = first or "gone"
    side.record["Deletion: seconds"] = f"{time.monotonic() - accepted:.1f}"
    side.record["Deletion: seconds for which a listing still had the old status"] = (
        f"{shown - accepted:.1f}"
    )
    side.ask("DeleteProjectVersion, gone", delete, ProjectVersionArn=model)
    side.command("Command, gone", "--project-version-arn", model, "--yes")


def _named_model(side: Side, model: str) -> None:
    """The model that the person gave, where no training could be had."""
    side.command("Command, dry run", "--project-version-arn", model, "--dry-run")
    started = time.monotonic()
    side.command("Command, deletion", "--project-version-arn", model, "--yes")
    side.record["Deletion by the command: seconds"] = f"{time.monotonic() - started:.1f}"
    side.ask("DeleteProjectVersion, gone", "delete_project_version", ProjectVersionArn=model)


def _datasets(side: Side, plan: Plan, arn: str) -> None:
    answer = side.ask("CreateDataset", "create_dataset", ProjectArn=arn, DatasetType="TRAIN")
    if answer is None:
        return

    def status() -> str | None:
        datasets = (_project(side, plan) or {}).get("Datasets", ())
        return str(datasets[0]["Status"]) if datasets else None

    side.watch("The new dataset", status, "CREATE_COMPLETE")
    side.ask("DescribeProjects, dataset", "describe_projects", ProjectNames=[plan.name])
    side.ask("DeleteProject, with a dataset", "delete_project", ProjectArn=arn)
    side.ask("DeleteDataset", "delete_dataset", DatasetArn=answer["DatasetArn"])
    side.watch("The deleted dataset", status, None)


def _delete(side: Side, plan: Plan, arn: str) -> None:
    side.ask("DeleteProject", "delete_project", ProjectArn=arn)
    side.watch("The deleted project", lambda: _project_status(side, plan), None)
    side.ask("DescribeProjectVersions, gone project", "describe_project_versions", ProjectArn=arn)
    side.ask("DeleteProject, gone", "delete_project", ProjectArn=arn)
    side.command("Command, gone project", "--project-arn", arn, "--all-versions", "--yes")


def _project(side: Side, plan: Plan) -> dict[str, Any] | None:
    found = projects(side.client, plan.name)
    return found[0] if found else None


def _project_status(side: Side, plan: Plan) -> str | None:
    project = _project(side, plan)
    return str(project["Status"]) if project else None


def _versions(side: Side, arn: str) -> dict[str, str]:
    answer = side.client.describe_project_versions(ProjectArn=arn)
    return {
        version["ProjectVersionArn"]: version["Status"]
        for version in answer["ProjectVersionDescriptions"]
    }


def _status(side: Side, arn: str, model: str) -> str | None:
    return _versions(side, arn).get(model)
