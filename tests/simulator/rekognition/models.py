"""The state of Custom Labels: resources whose statuses change, and what operations do to them.

The state manager knows each status that ends by itself, such as
``rekognition::project-version-DELETING``. An answer of DescribeProjects or DescribeProjectVersions
that shows a resource counts for ``manual`` transitions.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar, TypeVar

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.common_models import BaseModel
from moto.moto_api import state_manager
from moto.moto_api._internal.managed_state_model import ManagedState
from moto.utilities.paginator import Paginator

from .exceptions import (
    InvalidPaginationTokenException,
    InvalidParameterException,
    ResourceAlreadyExistsException,
    ResourceInUseException,
    ResourceNotFoundException,
)

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

#: The status of a resource that is gone. The service never shows it.
GONE = "DELETED"

#: What the service says of models that are well.
STATUS_MESSAGES = {
    "TRAINING_IN_PROGRESS": "The model is being trained.",
    "TRAINING_COMPLETED": "The model is ready to run.",
    "RUNNING": "The model is running.",
}


class Resource(BaseModel, ManagedState):
    """What projects, datasets and project versions have in common."""

    kind: ClassVar[str]
    transitions: ClassVar[dict[str, str]]

    def __init__(
        self, backend: RekognitionBackend, path: str, status: str, created: int | None = None
    ):
        super().__init__(f"rekognition::{self.kind}", list(self.transitions.items()))
        created = backend.timestamp(created)
        self.arn = f"{backend.arn_prefix}:project/{path}/{created}"
        self.creation_timestamp = EPOCH + timedelta(milliseconds=created)
        self.status = status

    @property
    def status(self) -> str:
        """The status by now."""
        self.model_name = f"rekognition::{self.kind}-{self._status}"
        return str(super().status)

    @status.setter
    def status(self, value: str) -> None:
        self._status = value
        # ManagedState leaves its count and its clock alone when a status is assigned.
        self._tick = 0
        self._time_progressed = datetime.now()

    def request(self, status: str) -> str:
        """Accept a request that leads to this status."""
        self.status = status
        return status

    def to_dict(self) -> dict[str, Any]:
        """What a listing shows of it. It asks for the status once: the next may be another."""
        raise NotImplementedError


class Project(Resource):
    kind = "project"
    transitions: ClassVar = {"CREATING": "CREATED", "DELETING": GONE}

    def __init__(self, backend: RekognitionBackend, name: str, feature: str | None, status: str):
        super().__init__(backend, name, status)
        self.name = name
        #: For CUSTOM_LABELS it may be missing (None) or empty.
        self.feature = feature
        self.datasets: dict[str, Dataset] = {}
        self.versions: dict[str, ProjectVersion] = {}

    def to_dict(self) -> dict[str, Any]:
        """A ProjectDescription."""
        datasets = [dataset.to_dict() for dataset in self.datasets.values()]
        return {
            "ProjectArn": self.arn,
            "CreationTimestamp": self.creation_timestamp,
            "Status": self.status,
            "Datasets": [dataset for dataset in datasets if dataset["Status"] != GONE],
            "Feature": self.feature,
        }


class Dataset(Resource):
    kind = "dataset"
    transitions: ClassVar = {"CREATE_IN_PROGRESS": "CREATE_COMPLETE", "DELETE_IN_PROGRESS": GONE}

    def __init__(self, backend: RekognitionBackend, project: Project, type_: str, status: str):
        super().__init__(backend, f"{project.name}/dataset/{type_.lower()}", status)
        self.type = type_

    def to_dict(self) -> dict[str, Any]:
        """A DatasetMetadata."""
        return {
            "DatasetArn": self.arn,
            "DatasetType": self.type,
            "CreationTimestamp": self.creation_timestamp,
            "Status": self.status,
        }


class ProjectVersion(Resource):
    """A model, or an adapter in a CONTENT_MODERATION project."""

    kind = "project-version"
    transitions: ClassVar = {
        "TRAINING_IN_PROGRESS": "TRAINING_COMPLETED",
        "COPYING_IN_PROGRESS": "COPYING_COMPLETED",
        "STARTING": "RUNNING",
        "STOPPING": "STOPPED",
        "DELETING": GONE,
    }

    def __init__(
        self,
        backend: RekognitionBackend,
        project: Project,
        name: str,
        status: str,
        created: int | None = None,
        settings: dict[str, Any] | None = None,
    ):
        super().__init__(backend, f"{project.name}/version/{name}", status, created)
        self.project = project
        self.name = name
        #: Members of the description that are kept as they were given.
        self.settings = settings or {}
        #: What is said of it in each status.
        self.messages: dict[str, str | None] = dict(STATUS_MESSAGES)

    @property
    def listed_status(self) -> str:
        """The status that listings show."""
        return self.status

    def to_dict(self) -> dict[str, Any]:
        """A ProjectVersionDescription."""
        status = self.listed_status
        return {
            "ProjectVersionArn": self.arn,
            "CreationTimestamp": self.creation_timestamp,
            "Status": status,
            "StatusMessage": self.messages.get(status),
            "Feature": self.project.feature,
            **self.settings,
        }


R = TypeVar("R", bound=Resource)

for _resource in (Project, Dataset, ProjectVersion):
    for _status in _resource.transitions:
        state_manager.register_default_transition(
            f"rekognition::{_resource.kind}-{_status}", {"progression": "immediate"}
        )


class RekognitionBackend(BaseBackend):
    """One account in one region. It has a method for each operation, which returns plain values."""

    version_class: type[ProjectVersion] = ProjectVersion

    def __init__(self, region_name: str, account_id: str):
        super().__init__(region_name, account_id)
        self.arn_prefix = f"arn:{self.partition}:rekognition:{region_name}:{account_id}"
        self.projects: dict[str, Project] = {}
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
        if any(
            project.name == name and project.status not in ("DELETING", GONE)
            for project in self.projects.values()
        ):
            raise ResourceInUseException(f"The project {name} exists already.")
        return self.add_project(name, feature, "CREATING")

    def describe_projects(
        self, names: Collection[str] | None, features: Collection[str], **paging: Any
    ) -> tuple[list[dict[str, Any]], str | None]:
        """A page of those that are not gone, newest first, and the token of the next."""
        descriptions = [
            project.to_dict()
            for project in reversed(list(self.projects.values()))
            if (project.feature or "CUSTOM_LABELS") in features
            and (names is None or project.name in names)
        ]
        present = [project for project in descriptions if project["Status"] != GONE]
        page, next_token = self.page(present, "ProjectArn", **paging)
        for description in page:
            project = self.projects[description["ProjectArn"]]
            for resource in (project, *project.datasets.values()):
                resource.advance()
        return page, next_token

    def page(
        self,
        descriptions: list[dict[str, Any]],
        unique_attribute: str,
        max_results: int,
        next_token: str | None,
    ) -> tuple[list[dict[str, Any]], str | None]:
        paginator = Paginator(
            max_results=max_results,
            starting_token=next_token,
            unique_attribute=unique_attribute,
            fail_on_invalid_token=InvalidPaginationTokenException,  # type: ignore[arg-type]
        )
        return paginator.paginate(descriptions)

    def delete_project(self, arn: str) -> str:
        project = self.project(arn)
        if self.present_versions(arn):
            raise ResourceInUseException(f"The project {arn} has project versions.")
        if project.to_dict()["Datasets"]:
            raise ResourceInUseException(f"The project {arn} has datasets.")
        if project.status != "CREATED":
            raise ResourceInUseException(f"The project {arn} is {project.status}.")
        return project.request("DELETING")

    def create_dataset(self, project_arn: str, type_: str) -> Dataset:
        project = self.project(project_arn)
        if type_ in [dataset["DatasetType"] for dataset in project.to_dict()["Datasets"]]:
            raise ResourceAlreadyExistsException(f"The project has a {type_} dataset already.")
        dataset = Dataset(self, project, type_, "CREATE_IN_PROGRESS")
        project.datasets[dataset.arn] = dataset
        return dataset

    def delete_dataset(self, arn: str) -> None:
        dataset = _existing([project.datasets for project in self.projects.values()], arn)
        if dataset.status in dataset.transitions:
            raise ResourceInUseException(f"The dataset {arn} is {dataset.status}.")
        dataset.request("DELETE_IN_PROGRESS")

    def create_project_version(
        self, project_arn: str, name: str, settings: dict[str, Any]
    ) -> ProjectVersion:
        if self.present_versions(project_arn, [name]):
            raise ResourceInUseException(f"The project version {name} exists already.")
        return self.add_version(project_arn, name, "TRAINING_IN_PROGRESS", settings=settings)

    def describe_project_versions(
        self, project_arn: str, names: Collection[str] | None, **paging: Any
    ) -> tuple[list[dict[str, Any]], str | None]:
        present = self.present_versions(project_arn, names)
        page, next_token = self.page(present, "ProjectVersionArn", **paging)
        for description in page:
            self.projects[project_arn].versions[description["ProjectVersionArn"]].advance()
        return page, next_token

    def present_versions(
        self, project_arn: str, names: Collection[str] | None = None
    ) -> list[dict[str, Any]]:
        """Descriptions of a project's versions that are not gone, newest first."""
        descriptions = [
            version.to_dict()
            for version in self.project(project_arn).versions.values()
            if names is None or version.name in names
        ]
        present = [version for version in descriptions if version["Status"] != GONE]
        return sorted(present, key=lambda version: version["CreationTimestamp"], reverse=True)

    def start_project_version(self, arn: str, settings: dict[str, Any]) -> str:
        version = self.version(arn)
        if version.project.feature == "CONTENT_MODERATION":
            raise InvalidParameterException(f"The adapter {arn} cannot be started.")
        if version.status not in ("TRAINING_COMPLETED", "COPYING_COMPLETED", "STOPPED"):
            raise ResourceInUseException(f"The model {arn} is {version.status}.")
        version.settings.update(settings)
        return version.request("STARTING")

    def stop_project_version(self, arn: str) -> str:
        version = self.version(arn)
        if version.status != "RUNNING":
            raise ResourceInUseException(f"The model {arn} is {version.status}.")
        return version.request("STOPPING")

    def delete_project_version(self, arn: str) -> str:
        version = self.version(arn)
        status = version.status
        if status == "RUNNING" or status in version.transitions:
            raise ResourceInUseException(f"The model {arn} is {status}.")
        return version.request("DELETING")

    def add_project(self, name: str, feature: str | None, status: str) -> Project:
        project = Project(self, name, feature, status)
        self.projects[project.arn] = project
        return project

    def add_version(
        self,
        project_arn: str,
        name: str,
        status: str,
        created: int | None = None,
        settings: dict[str, Any] | None = None,
    ) -> ProjectVersion:
        project = self.project(project_arn)
        version = self.version_class(self, project, name, status, created, settings)
        project.versions[version.arn] = version
        return version

    def project(self, arn: str) -> Project:
        return _existing([self.projects], arn)

    def version(self, arn: str) -> ProjectVersion:
        return _existing([project.versions for project in self.projects.values()], arn)


def _existing(places: Iterable[dict[str, R]], arn: str) -> R:
    for resources in places:
        if arn in resources and resources[arn].status != GONE:
            return resources[arn]
    raise ResourceNotFoundException(arn)


rekognition_backends = BackendDict(RekognitionBackend, "rekognition")
