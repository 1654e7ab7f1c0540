"""The requests to Amazon Rekognition, in all regions, through the session of the AWS CLI."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from awscli_rekcl.arn import ModelArn, ProjectArn
from awscli_rekcl.lifecycle import Request
from awscli_rekcl.service import answers
from awscli_rekcl.service.describe import Description, batches
from awscli_rekcl.service.errors import reading
from awscli_rekcl.service.sdk import Sdk


class Rekognition:
    """Amazon Rekognition. Every method raises ServiceError."""

    def __init__(self, sdk: Sdk) -> None:
        self._sdk = sdk

    @property
    def access_key(self) -> str | None:
        """The access key of the last request; it belongs to one account permanently."""
        return self._sdk.access_key

    def region(self, region: str | None) -> str:
        """Return the name of a region, in which `fips` is no part; None is the AWS CLI's own."""
        return self._sdk.region(region)

    def projects(
        self, region: str | None, names: Collection[str] | None = None
    ) -> list[ProjectArn]:
        """List the projects of a region, or those of some names, adapters' ones included.

        Without a region it is that of the AWS CLI. (DescribeProjects)
        """
        region, operation = self.region(region), "DescribeProjects"
        requests: list[dict[str, Any]] = [{}]
        if names is not None:
            requests = [{"ProjectNames": some} for some in batches(names)]
        pages = [page for chosen in requests for page in self._pages(region, operation, **chosen)]
        with reading(operation):
            found = [
                answers.project(project, region, names)
                for page in pages
                for project in answers.entries(page, "ProjectDescriptions")
            ]
            answers.check_account(found)
        return found

    def pages(
        self, project: ProjectArn, names: Collection[str] | None = None
    ) -> Iterator[list[Description]]:
        """Describe a project's models (DescribeProjectVersions), newest first.

        With `names`, which may be ten at most, describe those of these version names.
        """
        chosen = {} if names is None else {"VersionNames": list(names)}
        region, operation = project.scope.region, "DescribeProjectVersions"
        for page in self._pages(region, operation, ProjectArn=project.text, **chosen):
            with reading(operation):
                found = [
                    answers.description(version, project, names)
                    for version in answers.entries(page, "ProjectVersionDescriptions")
                ]
            yield found

    def send(self, request: Request, arn: ModelArn) -> None:
        """Request a change of a model, which continues after the answer."""
        region, operation = arn.scope.region, request.operation
        answer = self._sdk.request(region, operation, ProjectVersionArn=arn.text)
        with reading(operation):
            answers.text(answer, "Status")

    def _pages(
        self, region: str | None, operation: str, **parameters: Any
    ) -> Iterator[dict[str, Any]]:
        tokens: set[str] = set()
        while True:
            page = self._sdk.request(region, operation, **parameters)
            with reading(operation):
                # Nothing else may pass for the last page.
                is_last = page.get("NextToken") is None
                token = "" if is_last else answers.text(page, "NextToken")
                if token in tokens:
                    raise ValueError("the same page comes again")
            yield page
            if not token:
                return
            tokens.add(token)
            parameters["NextToken"] = token
