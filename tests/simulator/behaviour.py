"""What a test can have the service do, over the service package that knows none of it.

- **Each status ends by its own rule.** The state manager knows ``rekognition::<kind>-<STATUS>``:
  ``immediate`` (the default), by ``time``, or ``manual``, where ``"times": 2`` means that two
  answers still show the status. The clock runs from the request, and a status that ended unseen
  ended when it was due: ManagedState would date it by the next look.
- **Listings lag** behind accepted requests (``rekognition::listing``, by ``time`` only), and shift
  between pages while others vanish.
- **Deletions** take a time of their own or fail, and it is known when a version went.
- **Options** for what is not documented, or documented as one of two possibilities.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from moto.moto_api import state_manager

from .rekognition import models, urls
from .rekognition.exceptions import InvalidPaginationTokenException
from .rekognition.models import GONE, STATUS_MESSAGES, rekognition_backends

T = TypeVar("T")

LISTING = "rekognition::listing"


@dataclass
class Options:
    """Choices that hold for all accounts and regions."""

    #: The last page of a listing can have ``"NextToken": ""``; else it has none.
    empty_next_token: bool = True
    #: Whether StopProjectVersion takes a STARTING model is not documented. Refused, like any other
    #: model that is busy, unless this is set.
    stop_starting: bool = False
    #: Trainings fail: there is no S3 here in which a training could miss its manifest.
    failing_training: bool = False


options = Options()


class Resource(models.Resource):
    """Whose statuses end one by one, and whose listing may lag."""

    #: How long a deletion takes (seconds), if not as the state manager says.
    deleting_seconds: float | None = None
    #: Status and message that a deletion leads to, if it fails.
    deletion_failure: tuple[str, str | None] | None = None

    def __init__(self, *args: Any, **kwargs: Any):
        #: Messages by status, where they are not the service's own.
        self.messages: dict[str, str | None] = {}
        super().__init__(*args, **kwargs)

    @property
    def status(self) -> str:
        """The status by now."""
        self._settle()
        return str(self._status)

    @status.setter
    def status(self, value: str) -> None:
        self._enter(value, datetime.now())
        self._listed, self._listed_until = "", datetime.min

    def request(self, status: str) -> str:
        """Accept a request that leads to this status; the listing may lag behind."""
        old, now = self.status, datetime.now()
        self._enter(status, now)
        lag = state_manager.get_transition(LISTING).get("seconds", 0)
        self._listed, self._listed_until = old, now + timedelta(seconds=lag)
        return status

    def advance(self) -> None:
        """Count a look, and note at once where it led to."""
        super().advance()
        self._settle()

    def remove(self) -> None:
        """Have it gone now, if it is not yet."""
        if self.status != GONE:
            self.status = GONE

    def gone_at(self) -> float | None:
        """From when the listing does not have it (epoch seconds), as far as is known."""
        status = self.status
        if status == GONE:
            gone: datetime | None = self._time_progressed
        elif status == "DELETING" and not self.deletion_failure:
            gone = self._due()
        else:
            gone = None
        return max(gone, self._listed_until).timestamp() if gone else None

    def to_dict(self) -> dict[str, Any]:
        listed = self._listed if datetime.now() < self._listed_until else self.status
        return {**super().to_dict(), "Status": listed}

    def _enter(self, status: str, since: datetime) -> None:
        self._status = status
        self._tick = 0
        self._time_progressed = since

    def _due(self) -> datetime | None:
        """When the status ends by itself, None if it does not or if looks decide."""
        if self._status not in self.transitions:
            return None
        transition = state_manager.get_transition(f"rekognition::{self.kind}-{self._status}")
        if self._status == "DELETING" and self.deleting_seconds is not None:
            transition = {"progression": "time", "seconds": self.deleting_seconds}
        if transition["progression"] == "manual":
            return datetime.now() if self._tick >= transition["times"] else None
        return self._time_progressed + timedelta(seconds=transition.get("seconds", 0))

    def _settle(self) -> None:
        """Go on to the next status if it is due."""
        due = self._due()
        if due is None or due > datetime.now():
            return
        if self._status == "DELETING" and self.deletion_failure:
            status, message = self.deletion_failure
            self._enter(status, due)
            if message is not None:
                self.messages[status] = message
        else:
            self._enter(self._next(), due)

    def _next(self) -> str:
        """What the status leads to."""
        return self.transitions[str(self._status)]


class Project(Resource, models.Project):
    def __init__(self, backend: models.RekognitionBackend, name: str, feature: str, status: str):
        super().__init__(backend, name, feature, status)
        #: What DescribeProjects says: it can be missing (None) or empty.
        self.shown_feature: str | None = feature

    def to_dict(self) -> dict[str, Any]:
        return {**super().to_dict(), "Feature": self.shown_feature}


class Dataset(Resource, models.Dataset):
    pass


class ProjectVersion(Resource, models.ProjectVersion):
    def _next(self) -> str:
        if options.failing_training and self._status == "TRAINING_IN_PROGRESS":
            self.messages["TRAINING_FAILED"] = "The manifest file cannot be read."
            return "TRAINING_FAILED"
        return super()._next()

    def to_dict(self) -> dict[str, Any]:
        description = super().to_dict()
        message = {**STATUS_MESSAGES, **self.messages}.get(description["Status"])
        return {**description, "StatusMessage": message}


for _resource in (Project, Dataset, ProjectVersion):
    for _status in _resource.transitions:
        state_manager.register_default_transition(
            f"rekognition::{_resource.kind}-{_status}", {"progression": "immediate"}
        )
state_manager.register_default_transition(LISTING, {"progression": "immediate"})


class Backend(models.RekognitionBackend):
    """One account in one region."""

    project_class = Project
    dataset_class = Dataset
    version_class = ProjectVersion
    _url_module = urls  # moto derives it from the module of the class

    def list_projects(  # type: ignore[override]
        self,
        names: Collection[str] | None,
        features: Collection[str],
        max_results: int,
        next_token: str | None,
    ) -> tuple[Sequence[dict[str, Any]], str | None]:
        return _page(self.present_projects(names, features), max_results, next_token)

    def list_project_versions(  # type: ignore[override]
        self,
        project_arn: str,
        names: Collection[str] | None,
        max_results: int,
        next_token: str | None,
    ) -> tuple[Sequence[dict[str, Any]], str | None]:
        return _page(self.present_versions(project_arn, names), max_results, next_token)

    def stop_project_version(self, arn: str) -> str:
        version = self.version(arn)
        if options.stop_starting and version.status == "STARTING":
            return version.request("STOPPING")
        return super().stop_project_version(arn)

    def exists(self, project_arn: str) -> bool:
        return project_arn in self.projects and self.projects[project_arn].status != GONE

    def remove_project(self, arn: str) -> None:
        """Have a project gone now, with what is in it."""
        for resource in _resources(self.projects[arn]):
            resource.remove()

    def any_version(self, arn: str) -> ProjectVersion:
        """A version, gone ones included."""
        return {version.arn: version for version in self._versions()}[arn]

    def gone(self) -> dict[str, float]:
        """When each version left the listing, or is due to (epoch seconds)."""
        gone = {version.arn: version.gone_at() for version in self._versions()}
        return {arn: when for arn, when in gone.items() if when is not None}

    def _versions(self) -> Iterator[ProjectVersion]:
        for project in self.projects.values():
            for resource in _resources(project):
                if isinstance(resource, ProjectVersion):
                    yield resource


def _resources(project: models.Project) -> list[Resource]:
    """A project and what is in it, seen as of the classes that the backend makes them of."""
    return [project, *project.datasets.values(), *project.versions.values()]  # type: ignore[list-item]


def _page(
    items: Sequence[T], max_results: int, next_token: str | None
) -> tuple[Sequence[T], str | None]:
    """A page, and the token of the next.

    A token is a position in the listing as it is when the token is used, so that entries shift
    from page to page while others vanish: the service promises no more. moto's tokens name the
    next entry, and are refused when that one has vanished.
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
        return items[start:], "" if options.empty_next_token else None
    return items[start:end], base64.b64encode(f"position:{end}".encode()).decode()


def install() -> None:
    """Have moto's server make these backends."""
    rekognition_backends.backend = Backend
