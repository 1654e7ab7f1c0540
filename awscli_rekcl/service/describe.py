"""How to describe many models in few requests, and what a listing proves."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

from awscli_rekcl.arn import ModelArn, ProjectArn

# The API's limit for ProjectNames and VersionNames.
NAMES_PER_REQUEST = 10


class Description(NamedTuple):
    """A model as DescribeProjectVersions lists it."""

    arn: ModelArn
    status: str
    status_message: str = ""
    created: datetime.datetime | None = None


Pages = Callable[[ProjectArn, "Collection[str] | None"], Iterable[list[Description]]]
"""Describes a project's models, or those of at most ten version names, page by page."""


class Describer:
    """Describes models over `pages`, and remembers how long the listing of a project is."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._page_counts: dict[ProjectArn, int] = {}

    def versions(
        self, project: ProjectArn, names: Collection[str] | None = None
    ) -> list[Description]:
        """Describe all of a project's models, or those of some version names, newest first.

        A longer listing has its models more than once. Raise ServiceError.
        """
        if names is None:
            pages = list(self._pages(project, None))
            if len(pages) > 1:  # an entry that slips between two pages is seen the second time
                pages += self._pages(project, None)
            return [version for page in pages for version in page]
        found = []
        for some in batches(names, NAMES_PER_REQUEST):
            pages = list(self._pages(project, some))
            if len(pages) > 1 and len(some) > 1:  # such an answer may shift as well
                pages = [page for name in some for page in self._pages(project, [name])]
            found += [version for page in pages for version in page]
        return found

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
        if self._page_counts.get(project, 1) < -(-len(names) // NAMES_PER_REQUEST):
            pages = list(self._pages(project, None))
            self._page_counts[project] = len(pages)
            found = {version.arn: version for page in pages for version in page}
            names = {arn.version_name for arn in arns if arn not in found and len(pages) > 1}
        found.update((version.arn, version) for version in self.versions(project, sorted(names)))
        return {arn: found[arn] for arn in arns if arn in found}


def batches(names: Iterable[str], size: int) -> Iterator[list[str]]:
    """Split names into lists of at most that size."""
    names = iter(names)
    while batch := list(itertools.islice(names, size)):
        yield batch
