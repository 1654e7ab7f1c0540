"""Deletes what a run created, whatever state it was left in."""

from __future__ import annotations

import time
from typing import Any

from botocore.exceptions import ClientError

#: What can't be deleted now, or is gone meanwhile.
_LATER = ("ResourceInUseException", "ResourceNotFoundException")


def projects(client: Any, name: str) -> list[dict[str, Any]]:
    """The projects of a name, as DescribeProjects lists them."""
    try:
        answer = client.describe_projects(ProjectNames=[name])
    except client.exceptions.ResourceNotFoundException:  # not documented for it
        return []
    found: list[dict[str, Any]] = answer["ProjectDescriptions"]
    return found


def remove(client: Any, name: str, pause: float) -> None:
    """Delete a project with all that is in it, and wait until it is gone.

    A training can't be stopped: it is waited for. A project that was only just created may not be
    listed yet, so it counts as gone after three polls without it. Errors other than those of
    something that is busy or gone are botocore's.
    """
    without = 0
    while without < 3:
        found = projects(client, name)
        without = 0 if found else without + 1
        for project in found:
            remove_contents(client, project)
            if project["Status"] != "DELETING":
                _try(client.delete_project, ProjectArn=project["ProjectArn"])
        time.sleep(pause)


def remove_contents(client: Any, project: dict[str, Any]) -> None:
    """Delete what is in a project, as far as it can be deleted now."""
    arn = project["ProjectArn"]
    try:
        versions = client.describe_project_versions(ProjectArn=arn)["ProjectVersionDescriptions"]
    except client.exceptions.ResourceNotFoundException:
        return
    for version in versions:
        if version["Status"] != "DELETING":
            _try(client.delete_project_version, ProjectVersionArn=version["ProjectVersionArn"])
    for dataset in project.get("Datasets", ()):
        if dataset["Status"] != "DELETE_IN_PROGRESS":
            _try(client.delete_dataset, DatasetArn=dataset["DatasetArn"])


def _try(operation: Any, **parameters: str) -> None:
    try:
        operation(**parameters)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _LATER:
            raise
