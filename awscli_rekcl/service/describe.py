"""How to describe many models in few requests, and what a listing proves."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple, Protocol

from awscli_rekcl.arn import ModelArn, ProjectArn
from awscli_rekcl.errors import NotFound, Rejected, TransientError

# The API's limit for ProjectNames and VersionNames.
NAMES_PER_REQUEST = 10


class Description(NamedTuple):
    """A model as DescribeProjectVersions lists it."""

    arn: ModelArn
    status: str
    status_message: str = ""
    created: datetime.datetime | None = None


class Service(Protocol):
    """What this needs of `awscli_rekcl.service.client.Rekognition`."""

    def pages(
        self, project: ProjectArn, names: Collection[str] | None = None
    ) -> Iterable[list[Description]]:
        """Describe a project's models, or those of at most ten version names, page by page."""

    def projects(
        self, region: str | None, names: Collection[str] | None = None
    ) -> Collection[ProjectArn]:
        """List the projects that the credentials see in a region, or those of some names."""

    @property
    def access_key(self) -> object:
        """The access key of the last request; it belongs permanently to one account."""


class Describer:
    """Describes models, and remembers what it knows of each project."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._page_counts: dict[ProjectArn, int] = {}
        self._seen_with: dict[ProjectArn, object] = {}
        self._vanished: set[ProjectArn] = set()

    def versions(
        self, project: ProjectArn, names: Collection[str] | None = None
    ) -> list[Description]:
        """Describe all of a project's models, or those of some version names, newest first.

        Each ARN comes once, as it was seen last. Raise ServiceError.
        """
        pages: list[list[Description]] = []
        if names is None:
            pages += self._pages(project, None)
            if len(pages) > 1:  # an entry that slips between two pages is seen the second time
                pages += self._pages(project, None)
        for some in batches(names or ()):
            answer = list(self._pages(project, some))
            if len(answer) > 1 and len(some) > 1:  # such an answer may shift as well
                answer = [page for name in some for page in self._pages(project, [name])]
            pages += answer
        return list({version.arn: version for page in pages for version in page}.values())

    def describe(
        self, project: ProjectArn, arns: Collection[ModelArn]
    ) -> dict[ModelArn, Description]:
        """Describe some models of a project in as few requests as it takes. Raise ServiceError.

        A model that is missing from the answer is one that the project does not have: either a
        listing of one page lacks it, or it was asked for by name. Entries shift between the pages
        of a longer listing while models go, so that such a listing alone proves nothing.
        """
        found: dict[ModelArn, Description] = {}
        names = {arn.version_name for arn in arns}
        if self._page_counts.get(project, 1) < len(batches(names)):
            pages = list(self._pages(project, None))
            self._page_counts[project] = len(pages)
            found = {version.arn: version for page in pages for version in page}
            names = {arn.version_name for arn in arns if arn not in found and len(pages) > 1}
        found.update((version.arn, version) for version in self.versions(project, sorted(names)))
        return {arn: found[arn] for arn in arns if arn in found}

    def follow(
        self, project: ProjectArn, arns: Collection[ModelArn]
    ) -> dict[ModelArn, Description]:
        """Describe models that existed; those left out are gone. Raise ServiceError.

        A project that isn't found is no proof by itself: the credentials may be another account's
        by now. Unless a second check agrees, it is a transient error.
        """
        try:
            return self.describe(project, arns)
        except NotFound as error:
            if not self._is_gone(project):
                raise TransientError(error.cause) from error
            return {}

    def _pages(
        self, project: ProjectArn, names: Collection[str] | None
    ) -> Iterator[list[Description]]:
        for page in self._service.pages(project, names):
            self._seen_with[project] = self._service.access_key
            self._vanished.discard(project)
            yield page

    def _is_gone(self, project: ProjectArn) -> bool:
        """Return whether a project that wasn't found is gone, not merely in another account."""
        region, account, name = project.scope[1:]
        asked_with = self._service.access_key
        try:
            found = self._service.projects(region, [name])
            if not found and self._service.access_key == self._seen_with.get(project):
                return True
            if not found:  # of which account? another project in the answer shows it
                listed = self._service.projects(region)
                others = [arn.scope.project_name for arn in listed if arn.scope.account == account]
                if others:
                    found = self._service.projects(region, [name, others[0]])
        except Rejected:  # no permission, or an AWS CLI that is too old to ask by name
            if {asked_with, self._service.access_key} != {self._seen_with.get(project)}:
                return False
            is_second_poll = project in self._vanished
            self._vanished.add(project)
            return is_second_poll
        accounts = {arn.scope.account for arn in found}
        return project not in found and accounts == {account}


def batches(names: Collection[str]) -> list[list[str]]:
    """Split names into lists that one request can hold."""
    listed, size = list(names), NAMES_PER_REQUEST
    return [listed[start : start + size] for start in range(0, len(listed), size)]
