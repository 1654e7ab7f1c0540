"""The requests to Amazon Rekognition, in all regions, through the session of the AWS CLI."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from botocore import xform_name

from awscli_rekcl.arn import ModelArn, ProjectArn
from awscli_rekcl.lifecycle import Request
from awscli_rekcl.service import answers
from awscli_rekcl.service.describe import NAMES_PER_REQUEST, Description, batches
from awscli_rekcl.service.errors import (
    PROJECTS,
    VERSIONS,
    Listing,
    reading,
    sorted_errors,
)
from awscli_rekcl.service.sdk import Sdk


class Rekognition:
    """Amazon Rekognition. Every method raises ServiceError, and TimeUp when the time is up."""

    def __init__(self, sdk: Sdk) -> None:
        self._sdk = sdk

    @property
    def access_key(self) -> str | None:
        """The access key of the last request; it belongs to one account permanently."""
        return self._sdk.access_key

    def projects(
        self, region: str | None, names: Collection[str] | None = None
    ) -> list[ProjectArn]:
        """List the projects of a region, or those of some names, adapters' ones included.

        Without a region it is that of the AWS CLI. (DescribeProjects)
        """
        requests: list[dict[str, Any]] = [{}]
        if names is not None:
            requests = [{"ProjectNames": some} for some in batches(names, NAMES_PER_REQUEST)]
        found = [
            arn
            for chosen in requests
            for page in self._pages(
                region,
                PROJECTS,
                lambda entry: answers.project(entry, self.region(region), names),
                **chosen,
            )
            for arn in page
        ]
        with sorted_errors(), reading(PROJECTS.operation):
            answers.check_account(found)
        return found

    def region(self, region: str | None) -> str:
        """Return the region itself, or that of the AWS CLI if there is none."""
        with sorted_errors():
            return self._sdk.client(region).meta.region_name

    def pages(
        self, project: ProjectArn, names: Collection[str] | None = None
    ) -> Iterator[list[Description]]:
        """Describe a project's models (DescribeProjectVersions), newest first.

        With `names`, which may be ten at most, describe those of these version names.
        """
        chosen = {} if names is None else {"VersionNames": list(names)}
        return self._pages(
            project.scope.region,
            VERSIONS,
            lambda version: answers.description(version, project, names),
            ProjectArn=project.text,
            **chosen,
        )

    def send(self, request: Request, arn: ModelArn) -> None:
        """Request a change of a model, which continues after the answer."""
        with self._sdk.requesting(arn.scope.region, request) as client:
            getattr(client, xform_name(request.operation))(ProjectVersionArn=arn.text)

    def _pages(
        self,
        region: str | None,
        listing: Listing,
        parse: Callable[[dict[str, Any]], Any],
        **parameters: Any,
    ) -> Iterator[list[Any]]:
        tokens = set()
        with self._sdk.requesting(region, listing) as client:
            name: Any = xform_name(listing.operation)
            paginator: Any = client.get_paginator(name)
            for page in paginator.paginate(**parameters):
                with reading(listing.operation):
                    entries = [parse(entry) for entry in page[listing.entries]]
                    token = page.get("NextToken")
                    # The paginator itself notices only a token that comes twice in a row.
                    if token and token in tokens:
                        raise ValueError("the same page comes again")
                    tokens.add(token)
                yield entries
