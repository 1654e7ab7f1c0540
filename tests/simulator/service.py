"""Custom Labels, as far as deleting models goes: its resources, and what requests do to them."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Collection
from typing import Any, NamedTuple

from .shapes import violations

#: The status of what is gone. The service never shows it.
GONE = "DELETED"

#: The statuses that end by themselves, and what each leads to.
NEXT = {
    "CREATING": "CREATED",
    "DELETE_IN_PROGRESS": GONE,
    "TRAINING_IN_PROGRESS": "TRAINING_COMPLETED",
    "COPYING_IN_PROGRESS": "COPYING_COMPLETED",
    "STARTING": "RUNNING",
    "STOPPING": "STOPPED",
    "DELETING": GONE,
}

#: The statuses in which nothing can be deleted.
BUSY = {"RUNNING", *NEXT}

Members = dict[str, Any]


class ServiceError(Exception):
    """An answer that refuses the request: its code and message."""


class Caller(NamedTuple):
    """Whose request it is, and where."""

    Account: str
    Region: str

    @property
    def prefix(self) -> str:
        """The beginning of the ARNs that it can see."""
        return f"arn:aws:rekognition:{self.Region}:{self.Account}:project"


class Resource:
    """A project (which is its own project), a dataset of it, or a version: a model or adapter."""

    def __init__(self, service: Service, arn: str, created: int, status: str, **members: Any):
        self.arn = arn
        self.name = arn.split("/")[-2]
        self.project = self
        self.created = created  # milliseconds
        self.members = members  # what listings show besides
        #: What a status leads to, where that is not the usual, and what is said of it meanwhile.
        self.leads_to: dict[str, str] = {}
        self.messages = {"TRAINING_COMPLETED": "The model is ready to run."}
        self._service = service
        self.become(status)

    @property
    def kind(self) -> str:
        """As the names of members have it."""
        *_, kind, _, _ = self.arn.split("/")
        return {"version": "ProjectVersion", "dataset": "Dataset"}.get(kind, "Project")

    @property
    def status(self) -> str:
        """The status by now."""
        while self._status in NEXT:
            end = self._service.transitions.get(self._status, {})
            if end.get("Seconds") is not None:
                is_over = time.monotonic() - self._since >= float(end["Seconds"])
            else:
                is_over = self._looks >= int(end.get("Looks") or 0)
            if not is_over:
                break
            self.become(self.leads_to.get(self._status, NEXT[self._status]))
        return self._status

    @property
    def is_present(self) -> bool:
        return GONE not in (self.status, self.project.status)

    def become(self, status: str) -> None:
        self._status = status
        self._since = time.monotonic()
        self._looks = 0  # how many listings have shown it

    def request(self, status: str, *allowed: str) -> Members:
        """Accept a request that leads to this status, if one that is allowed is there now."""
        now = self.status
        if now not in allowed if allowed else now in BUSY:
            raise ServiceError("ResourceInUseException", f"{self.arn} is {now}.")
        self.become(status)
        return {"Status": status}

    def describe(self) -> Members:
        """What a listing shows of it, which is a look."""
        status = self.status
        shown = {
            f"{self.kind}Arn": self.arn,
            "CreationTimestamp": self.created / 1000,
            "Status": status,
            "StatusMessage": self.messages.get(status),
            **self.members,
        }
        if self.project is self:
            shown["Datasets"] = [each.describe() for each in self._service.parts(self, "Dataset")]
        self._looks += 1
        return {name: value for name, value in shown.items() if value is not None}


class Service:
    """Every account and region."""

    def __init__(self) -> None:
        self.resources: dict[str, Resource] = {}
        #: How a status ends: after ``Seconds``, or after so many ``Looks``.
        self.transitions: dict[str, Members] = {}
        self._taken: set[tuple[str, int]] = set()

    def answer(self, operation: str, caller: Caller, given: Members) -> Members:
        """Serve a request."""
        method = getattr(self, re.sub(r"(?<!^)([A-Z])", r"_\1", operation).lower(), None)
        if method is None:
            raise ServiceError("UnknownOperationException", f"There is no {operation} here.")
        wrong = violations(operation, given)
        if wrong:
            raise ServiceError("InvalidParameterException", f"Wrong: {', '.join(wrong)}.")
        answer: Members = method(caller, **given)
        return answer

    def describe_projects(
        self,
        caller: Caller,
        ProjectNames: Collection[str] = (),
        Features: Collection[str] = ("CUSTOM_LABELS",),
        **paging: Any,
    ) -> Members:
        found = [
            each
            for each in reversed(self.resources.values())
            if each.project is each and each.is_present and each.arn.startswith(caller.prefix)
            if (each.members["Feature"] or "CUSTOM_LABELS") in Features
            if not ProjectNames or each.name in ProjectNames
        ]
        return _page("ProjectDescriptions", found, **paging)

    def delete_project(self, caller: Caller, ProjectArn: str) -> Members:
        project = self._find(caller, ProjectArn)
        if self.parts(project, "ProjectVersion") or self.parts(project, "Dataset"):
            raise ServiceError("ResourceInUseException", f"{ProjectArn} is not empty.")
        return project.request("DELETING")

    def delete_dataset(self, caller: Caller, DatasetArn: str) -> Members:
        self._find(caller, DatasetArn).request("DELETE_IN_PROGRESS")
        return {}

    def describe_project_versions(
        self, caller: Caller, ProjectArn: str, VersionNames: Collection[str] = (), **paging: Any
    ) -> Members:
        versions = self.parts(self._find(caller, ProjectArn), "ProjectVersion")
        versions = [each for each in versions if not VersionNames or each.name in VersionNames]
        return _page("ProjectVersionDescriptions", versions, **paging)

    def stop_project_version(self, caller: Caller, ProjectVersionArn: str) -> Members:
        return self._find(caller, ProjectVersionArn).request("STOPPING", "RUNNING")

    def delete_project_version(self, caller: Caller, ProjectVersionArn: str) -> Members:
        return self._find(caller, ProjectVersionArn).request("DELETING")

    def add_project(self, caller: Caller, name: str, feature: str | None, status: str) -> Resource:
        created = self._created(caller.prefix)
        arn = f"{caller.prefix}/{name}/{created}"
        self.resources[arn] = Resource(self, arn, created, status, Feature=feature)
        return self.resources[arn]

    def add(
        self, project: Resource, name: str, status: str, wanted: int | None = None, **members: Any
    ) -> Resource:
        """Have a ``dataset/train`` or a ``version/<name>`` in a project."""
        created = self._created(project.arn.split("/")[0], wanted)
        arn = f"{project.arn.rpartition('/')[0]}/{name}/{created}"
        members = members or dict(project.members)
        part = self.resources[arn] = Resource(self, arn, created, status, **members)
        part.project = project
        return part

    def parts(self, project: Resource | None, kind: str) -> list[Resource]:
        """The datasets or versions of a project that listings show, newest first."""
        parts = [each for each in self.resources.values() if each.project is project]
        parts.sort(key=lambda part: part.created, reverse=True)
        return [each for each in parts if each.kind == kind and each.is_present]

    def _created(self, prefix: str, wanted: int | None = None) -> int:
        """A creation time (milliseconds) that nothing else has there: it is part of the ARN."""
        created = int(time.time() * 1000) if wanted is None else wanted
        while (prefix, created) in self._taken:
            created += 1
        self._taken.add((prefix, created))
        return created

    def _find(self, caller: Caller, arn: str) -> Resource:
        found = self.resources.get(arn)
        if found is None or not found.is_present or not arn.startswith(caller.prefix):
            raise ServiceError("ResourceNotFoundException", f"The resource {arn} is not found.")
        return found


def _page(
    member: str, found: list[Resource], MaxResults: int = 100, NextToken: str | None = None
) -> Members:
    """A page, and the token (a position) of the next, which is empty for the last."""
    try:
        start = int(base64.b64decode(NextToken, validate=True)) if NextToken else 0
    except ValueError:
        raise ServiceError("InvalidPaginationTokenException", "The token is not valid.") from None
    end = start + MaxResults
    token = base64.b64encode(b"%d" % end).decode() if end < len(found) else ""
    return {member: [each.describe() for each in found[start:end]], "NextToken": token}
