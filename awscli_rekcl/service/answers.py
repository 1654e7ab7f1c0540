"""From an answer of Amazon Rekognition to values, and whether it is an answer to what was asked."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from awscli_rekcl.arn import ModelArn, ProjectArn
from awscli_rekcl.service.describe import Description
from awscli_rekcl.text import visible


def entries(page: Mapping[str, Any], name: str) -> list[Any]:
    """Return the entries of a page. Nothing in their place may pass for an empty list."""
    found = page[name]
    if not isinstance(found, list):
        raise TypeError(f"{name} is not a list")
    return found


def text(holder: Mapping[str, Any], name: str) -> str:
    """Return a member that has to be a string."""
    value = holder[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is not a string")
    return value


def project(project: Mapping[str, Any], region: str, names: Collection[str] | None) -> ProjectArn:
    arn = ProjectArn.parse(text(project, "ProjectArn"))
    if arn.scope.region != region or (names is not None and arn.scope.project_name not in names):
        raise ValueError(f"it holds {arn.text}, which was not requested")
    return arn


def description(
    version: Mapping[str, Any], project: ProjectArn, names: Collection[str] | None
) -> Description:
    arn = ModelArn.parse(text(version, "ProjectVersionArn"))
    if arn.scope != project.scope or (names is not None and arn.version_name not in names):
        raise ValueError(f"it holds {arn.text}, which was not requested")
    return Description(
        arn,
        visible(text(version, "Status")),
        visible(str(version.get("StatusMessage") or "")),
        _timestamp(version.get("CreationTimestamp")),
    )


def check_account(projects: Collection[ProjectArn]) -> None:
    accounts = {arn.scope.account: arn.text for arn in projects}
    # Projects of the same name in two accounts are shown to the user, who has to choose.
    if len(accounts) > 1 and len({arn.scope.project_name for arn in projects}) > 1:
        raise ValueError(f"it holds projects of several accounts: {', '.join(accounts.values())}")


def _timestamp(created: Any) -> datetime.datetime | None:
    """Return a time in UTC, or None if there is none that can be read."""
    try:
        return datetime.datetime.fromtimestamp(float(created), datetime.timezone.utc)
    except (TypeError, ValueError, ArithmeticError, OSError):
        return None
