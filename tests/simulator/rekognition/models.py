"""RekognitionBackend class with methods for the Custom Labels APIs.

Each status that ends by itself has a transition of its own in moto's state manager, named
``rekognition::project-version-<STATUS>``: ``immediate`` (the default), by ``time``, or ``manual``,
where a look is an answer of DescribeProjectVersions that shows the version. ``"times": 2`` means
that two answers still show the status. One name more, ``rekognition::project-version-listing`` (by
``time`` only), is for how long the listing shows the old status after a request was accepted.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.common_models import BaseModel
from moto.moto_api import state_manager
from moto.moto_api._internal.managed_state_model import ManagedState

from .exceptions import (
    InvalidPaginationTokenException,
    InvalidParameterException,
    ResourceInUseException,
    ResourceNotFoundException,
)

T = TypeVar("T")

MODEL_NAME = "rekognition::project-version"
LISTING = f"{MODEL_NAME}-listing"

#: The status of a version that is gone. The service never shows it.
GONE = "DELETED"

TRANSITIONS = {
    "TRAINING_IN_PROGRESS": "TRAINING_COMPLETED",
    "COPYING_IN_PROGRESS": "COPYING_COMPLETED",
    "STARTING": "RUNNING",
    "STOPPING": "STOPPED",
    "DELETING": GONE,
}
for _name in (*(f"{MODEL_NAME}-{_status}" for _status in TRANSITIONS), LISTING):
    state_manager.register_default_transition(_name, {"progression": "immediate"})


class Project(BaseModel):
    """A project; its versions are the backend's."""

    def __init__(self, backend: RekognitionBackend, name: str, feature: str):
        self.name = name
        self.feature = feature
        self.created = backend.timestamp()
        self.arn = f"{backend.arn_prefix}:project/{name}/{self.created}"

    def to_dict(self) -> dict[str, Any]:
        """A ProjectDescription."""
        return {
            "ProjectArn": self.arn,
            "CreationTimestamp": self.created / 1000,
            "Status": "CREATED",
            "Datasets": [],
            "Feature": self.feature,
        }


class ProjectVersion(BaseModel, ManagedState):
    """A project version: a model, or an adapter in a CONTENT_MODERATION project."""

    def __init__(
        self,
        backend: RekognitionBackend,
        project: Project,
        name: str,
        status: str,
        created: int | None = None,
        settings: dict[str, Any] | None = None,
    ):
        super().__init__(MODEL_NAME, transitions=list(TRANSITIONS.items()))
        self.project = project
        self.name = name
        self.created = backend.timestamp(created)
        self.arn = f"{backend.arn_prefix}:project/{project.name}/version/{name}/{self.created}"
        #: Members of the description that are kept as they were given.
        self.settings = settings or {}
        #: How long DELETING lasts (seconds), if not as the state manager says.
        self.deleting_seconds: float | None = None
        #: Status and message that DELETING leads to, if not to deletion.
        self.deletion_failure: tuple[str, str | None] | None = None
        self.status_message: str | None = None
        self.status = status

    @property
    def status(self) -> str:
        """The status by now."""
        self._settle()
        return str(self._status)

    @status.setter
    def status(self, value: str) -> None:
        self._listed, self._listed_until = "", datetime.min
        self._enter(value, datetime.now())

    def request(self, status: str) -> str:
        """Accept a request that leads to this status; the listing may lag behind."""
        old, now = self.status, datetime.now()
        self._enter(status, now)
        lag = state_manager.get_transition(LISTING).get("seconds", 0)
        self._listed, self._listed_until = old, now + timedelta(seconds=lag)
        return status

    @property
    def listed_status(self) -> str:
        """The status that the listing shows by now; GONE when it has the version no longer."""
        return self._listed if datetime.now() < self._listed_until else self.status

    def gone_at(self) -> float | None:
        """From when the listing does not have the version (epoch seconds), as far as is known."""
        status = self.status
        if status == GONE:
            gone: datetime | None = self._time_progressed
        elif status == "DELETING" and not self.deletion_failure:
            gone = self._due()
        else:
            gone = None
        return max(gone, self._listed_until).timestamp() if gone else None

    def advance(self) -> None:
        """Count a look, and note at once where it led to."""
        super().advance()
        self._settle()

    def to_dict(self, status: str) -> dict[str, Any]:
        """A ProjectVersionDescription with the status that the listing shows."""
        description = {
            "ProjectVersionArn": self.arn,
            "CreationTimestamp": self.created / 1000,
            "Status": status,
            "Feature": self.project.feature,
            **self.settings,
        }
        if self.status_message and status == self._status:
            description["StatusMessage"] = self.status_message
        return description

    def _enter(self, status: str | None, since: datetime) -> None:
        # ManagedState leaves its count and its clock alone when a status is assigned.
        self._status = status
        self._tick = 0
        self._time_progressed = since
        self.model_name = f"{MODEL_NAME}-{status}"
        self.status_message = None

    def _due(self) -> datetime | None:
        """When the status ends by itself, None if it does not or if looks decide."""
        if self._status not in TRANSITIONS:
            return None
        transition = state_manager.get_transition(self.model_name)
        if self._status == "DELETING" and self.deleting_seconds is not None:
            transition = {"progression": "time", "seconds": self.deleting_seconds}
        if transition["progression"] == "manual":
            return datetime.now() if self._tick >= transition["times"] else None
        return self._time_progressed + timedelta(seconds=transition.get("seconds", 0))

    def _settle(self) -> None:
        """Go on to the next status if it is due. ManagedState would date it by the look."""
        due = self._due()
        if due is None or due > datetime.now():
            return
        if self._status == "DELETING" and self.deletion_failure:
            status, message = self.deletion_failure
            self._enter(status, due)
            self.status_message = message
        else:
            self._enter(self._get_next_status(self._status), due)


class RekognitionBackend(BaseBackend):
    """Implementation of the Custom Labels APIs."""

    def __init__(self, region_name: str, account_id: str):
        super().__init__(region_name, account_id)
        self.arn_prefix = f"arn:{self.partition}:rekognition:{region_name}:{account_id}"
        self.projects: dict[str, Project] = {}
        self.versions: dict[str, ProjectVersion] = {}
        #: When each version that was removed left the listing (epoch seconds).
        self.gone: dict[str, float] = {}
        self._timestamps: set[int] = set()
        self._latest = 0

    def timestamp(self, wanted: int | None = None) -> int:
        """A creation time (epoch milliseconds) that nothing else has: it is part of the ARN."""
        if wanted is None:
            wanted = max(int(time.time() * 1000), self._latest + 1)
        while wanted in self._timestamps:
            wanted += 1
        self._timestamps.add(wanted)
        self._latest = max(self._latest, wanted)
        return wanted

    def create_project(self, name: str, feature: str) -> Project:
        if any(project.name == name for project in self.projects.values()):
            raise ResourceInUseException(f"The project {name} exists already.")
        project = Project(self, name, feature)
        self.projects[project.arn] = project
        return project

    def describe_projects(
        self,
        names: Collection[str] | None,
        features: Collection[str],
        max_results: int,
        next_token: str | None,
    ) -> tuple[list[dict[str, Any]], str | None]:
        found = [
            project
            for project in reversed(list(self.projects.values()))
            if project.feature in features and (names is None or project.name in names)
        ]
        page, next_token = _page(found, max_results, next_token)
        return [project.to_dict() for project in page], next_token

    def delete_project(self, arn: str) -> str:
        """Unlike the service's, this takes no time."""
        if self.listed_versions(arn):
            raise ResourceInUseException(f"The project {arn} has project versions.")
        del self.projects[arn]
        return "DELETING"

    def create_project_version(
        self, project_arn: str, name: str, settings: dict[str, Any]
    ) -> ProjectVersion:
        if any(version.name == name for version, _ in self.listed_versions(project_arn)):
            raise ResourceInUseException(f"The project version {name} exists already.")
        return self.add_version(project_arn, name, status="TRAINING_IN_PROGRESS", settings=settings)

    def describe_project_versions(
        self,
        project_arn: str,
        names: Collection[str] | None,
        max_results: int,
        next_token: str | None,
    ) -> tuple[list[dict[str, Any]], str | None]:
        found = self.listed_versions(project_arn, names)
        page, next_token = _page(found, max_results, next_token)
        descriptions = [version.to_dict(status) for version, status in page]
        for version, _ in page:
            version.advance()
        return descriptions, next_token

    def start_project_version(self, arn: str, settings: dict[str, Any]) -> str:
        version = self._version(arn)
        if version.project.feature != "CUSTOM_LABELS":
            raise InvalidParameterException(f"The adapter {arn} cannot be started.")
        if version.status not in ("TRAINING_COMPLETED", "COPYING_COMPLETED", "STOPPED"):
            raise ResourceInUseException(f"The model {arn} is {version.status}.")
        version.settings.update(settings)
        return version.request("STARTING")

    def stop_project_version(self, arn: str) -> str:
        version = self._version(arn)
        if version.status != "RUNNING":
            raise ResourceInUseException(f"The model {arn} is {version.status}.")
        return version.request("STOPPING")

    def delete_project_version(self, arn: str) -> str:
        version = self._version(arn)
        status = version.status
        if status == "RUNNING" or status in TRANSITIONS:
            raise ResourceInUseException(f"The model {arn} is {status}.")
        return version.request("DELETING")

    def add_version(
        self,
        project_arn: str,
        name: str,
        status: str,
        created: int | None = None,
        settings: dict[str, Any] | None = None,
    ) -> ProjectVersion:
        project = self._project(project_arn)
        version = ProjectVersion(self, project, name, status, created, settings)
        self.versions[version.arn] = version
        return version

    def remove_version(self, arn: str, when: float) -> None:
        """Have a version gone since ``when`` (epoch seconds)."""
        if self.versions.pop(arn, None):
            self.gone[arn] = when

    def listed_versions(
        self, project_arn: str, names: Collection[str] | None = None
    ) -> list[tuple[ProjectVersion, str]]:
        """A project's versions, newest first, each with the status that the listing shows now.

        Those that are gone are removed. To ask for the status again might find one gone after all.
        """
        project = self._project(project_arn)
        listed = []
        for version in list(self.versions.values()):
            if version.project is project and (names is None or version.name in names):
                status = version.listed_status
                if status == GONE:
                    self.remove_version(version.arn, version.gone_at() or time.time())
                else:
                    listed.append((version, status))
        return sorted(listed, key=lambda item: item[0].created, reverse=True)

    def _project(self, arn: str) -> Project:
        if arn not in self.projects:
            raise ResourceNotFoundException(arn)
        return self.projects[arn]

    def _version(self, arn: str) -> ProjectVersion:
        version = self.versions.get(arn)
        if version is None or version.status == GONE:
            raise ResourceNotFoundException(arn)
        return version


def _page(
    items: Sequence[T], max_results: int, next_token: str | None
) -> tuple[Sequence[T], str | None]:
    """A page, and the token of the next.

    A token is a position in the listing as it is when the token is used, so that entries shift
    from page to page while others vanish: the service promises no more.
    """
    start = 0
    if next_token is not None:
        try:
            word, position = base64.b64decode(next_token, validate=True).decode().split(":")
            start = int(position)
        except ValueError:
            raise InvalidPaginationTokenException from None
        if word != "position" or start < 0:
            raise InvalidPaginationTokenException
    end = start + max_results
    if end >= len(items):
        return items[start:], None
    return items[start:end], base64.b64encode(f"position:{end}".encode()).decode()


rekognition_backends = BackendDict(RekognitionBackend, "rekognition")
