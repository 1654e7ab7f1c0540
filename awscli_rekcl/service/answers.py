"""From an answer of Amazon Rekognition to values, and whether it is an answer to what was asked."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from botocore.utils import parse_timestamp

from awscli_rekcl.arn import ModelArn, ProjectArn
from awscli_rekcl.service.describe import Description
from awscli_rekcl.visible import visible


def project(project: Mapping[str, Any], region: str, names: Collection[str] | None) -> ProjectArn:
    arn = ProjectArn.parse(project["ProjectArn"])
    if arn.scope.region != region or (names is not None and arn.scope.project_name not in names):
        raise ValueError(f"it holds {arn.text}, which was not requested")
    return arn


def description(
    version: Mapping[str, Any], project: ProjectArn, names: Collection[str] | None
) -> Description:
    arn = ModelArn.parse(version["ProjectVersionArn"])
    if arn.scope != project.scope or (names is not None and arn.version_name not in names):
        raise ValueError(f"it holds {arn.text}, which was not requested")
    return Description(
        arn,
        visible(version["Status"]),
        visible(str(version.get("StatusMessage", ""))),
        timestamp(version.get("CreationTimestamp")),
    )


def check_account(projects: Collection[ProjectArn]) -> None:
    accounts = {arn.scope.account: arn.text for arn in projects}
    # Projects of the same name in two accounts are shown to the user, who has to choose.
    if len(accounts) > 1 and len({arn.scope.project_name for arn in projects}) > 1:
        raise ValueError(f"it holds projects of several accounts: {', '.join(accounts.values())}")


def timestamp(created: datetime.datetime | float | str | None) -> datetime.datetime | None:
    """Return a time of the service in UTC, or None if there is none that can be read.

    The AWS CLI's setting `cli_timestamp_format` decides which type it has.
    """
    try:
        return parse_timestamp(str(created)).astimezone(datetime.timezone.utc)
    except (ValueError, ArithmeticError, RuntimeError):
        return None
