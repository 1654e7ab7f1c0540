"""What a test can do to the service. `server` has a route under ``/simulator/`` for each function.

A function takes the service and the JSON value of the request, and returns the one of the answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .service import GONE, NEXT, Caller, Resource, Service


def seed(service: Service, spec: dict[str, Any]) -> dict[str, Any]:
    """Create projects with versions, in any state.

    The request is ``{"Region", "Account", "Projects": [{"ProjectName", "Feature", "Datasets":
    ["TRAIN", "TEST"], "Versions": [{"VersionName", "Status", "CreationTimestamp" (epoch
    seconds), "FailDeletion": {"To", "StatusMessage"}}]}]}``, where only names are required,
    and the answer ``{"Projects": [{"ProjectArn", "ProjectVersionArns"}]}``. A project of that name
    that exists gets more versions. A Feature that is null is missing from listings.
    """
    caller = Caller(spec.get("Account", "123456789012"), spec.get("Region", "us-east-1"))
    return {"Projects": [_seed_project(service, caller, each) for each in spec["Projects"]]}


def _seed_project(service: Service, caller: Caller, spec: dict[str, Any]) -> dict[str, Any]:
    beginning = f"{caller.prefix}/{spec['ProjectName']}/"
    same = [each for arn, each in service.resources.items() if arn.startswith(beginning)]
    project = next((each for each in same if each.status == "CREATED"), None)
    if project is None:
        feature = spec.get("Feature", "CUSTOM_LABELS")
        project = service.add_project(caller, spec["ProjectName"], feature, "CREATED")
    for kind in spec.get("Datasets", ()):
        service.add(project, f"dataset/{kind.lower()}", "CREATE_COMPLETE", DatasetType=kind)
    arns = [_seed_version(service, project, each) for each in spec.get("Versions", ())]
    return {"ProjectArn": project.arn, "ProjectVersionArns": arns}


def _seed_version(service: Service, project: Resource, spec: dict[str, Any]) -> str:
    created = spec.get("CreationTimestamp")
    version = service.add(
        project,
        f"version/{spec['VersionName']}",
        spec.get("Status", "TRAINING_COMPLETED"),
        None if created is None else round(created * 1000),
    )
    if "FailDeletion" in spec:
        failure = spec["FailDeletion"]
        version.leads_to["DELETING"] = failure["To"]
        version.messages[failure["To"]] = failure["StatusMessage"]
    return version.arn


def act(service: Service, actions: Iterable[dict[str, str]]) -> None:
    """Do what somebody else might do, each action being one of

    ``{"Delete": ARN}`` (gone at once), ``{"Status": ARN, "To": status}``, ``{"Recreate": ARN}`` (a
    further version of the same name), ``{"DeleteProject": project ARN}`` (with its versions).
    """
    for action in actions:
        verb, arn = next(iter(action.items()))
        resource = service.resources[arn]
        if verb in ("Delete", "DeleteProject"):
            resource.become(GONE)
        elif verb == "Status":
            resource.become(action["To"])
        elif verb == "Recreate":
            service.add(resource.project, f"version/{resource.name}", "TRAINING_COMPLETED")
        else:
            raise ValueError(f"no such action: {verb}")


def transition(service: Service, spec: dict[str, Any]) -> None:
    """Set how a status ends: ``{"Status", "Seconds" or "Looks" (that show it)}``, or at once."""
    if spec["Status"] not in NEXT:
        raise ValueError(f"{spec['Status']} does not end by itself")
    service.transitions[spec["Status"]] = spec


def versions(service: Service, project_arn: str) -> dict[str, str]:
    """Status by ARN of a project's versions, newest first; empty for one that is gone."""
    project = service.resources.get(project_arn)
    return {each.arn: each.status for each in service.parts(project, "ProjectVersion")}
