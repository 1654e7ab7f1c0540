"""The only room that talks to Amazon Rekognition: looks, deletes, stops, and sorts what goes wrong.

`Rekognition` is the class to start from. Every failed request raises a `ServiceError`, whose class
says what to make of it and whose `cause` is the exception that the AWS CLI itself would show.
"""

from __future__ import annotations

import contextlib
import datetime
import itertools
import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    HTTPClientError,
    IncompleteReadError,
    PaginationError,
    ParamValidationError,
)
from botocore.parsers import ResponseParserError
from botocore.utils import parse_timestamp

from awscli_rekcl import __version__
from awscli_rekcl.arn import ModelArn, ProjectArn, Scope
from awscli_rekcl.visible import visible

if TYPE_CHECKING:
    from botocore.session import Session
    from mypy_boto3_rekognition import RekognitionClient

# The API's limits for ProjectNames, VersionNames and MaxResults.
NAMES_PER_REQUEST = 10
VERSIONS_PER_PAGE = 100

# Adapters live in CONTENT_MODERATION projects, which are listed only when they are named.
FEATURES = ["CUSTOM_LABELS", "CONTENT_MODERATION"]
# The operations in use: the list in the answer, if there is one, and the texts that it has to have.
OPERATIONS = {
    "DescribeProjects": ("ProjectDescriptions", ["ProjectArn"]),
    "DescribeProjectVersions": ("ProjectVersionDescriptions", ["ProjectVersionArn", "Status"]),
    "DeleteProjectVersion": (None, ["Status"]),
    "StopProjectVersion": (None, ["Status"]),
}

# "Common errors" of the Amazon Rekognition API reference, and their older spellings.
CREDENTIALS_CODES = {
    "AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}
# What botocore's standard retry mode retries by its code alone, whatever the HTTP status.
WEATHER_CODES = {
    "BandwidthLimitExceeded",
    "InternalError",
    "InternalServerError",
    "InvalidPaginationTokenException",  # the listing shrank between two pages
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "SlowDown",
    "Throttling",
    "ThrottledException",
    "ThrottlingException",
    "TooManyRequestsException",
}
WEATHER_ERRORS = (
    ConnectionError,
    HTTPClientError,
    IncompleteReadError,
    PaginationError,
    ResponseParserError,
)
# botocore's parser lets them through for an answer that is not UTF-8 or has another shape.
PARSER_ERRORS = (AttributeError, LookupError, TypeError, ValueError)


class ServiceError(Exception):
    """A request failed for `cause`, whose message is made safe to print."""

    def __init__(self, cause: Exception) -> None:
        cause.args = tuple(visible(arg) if isinstance(arg, str) else arg for arg in cause.args)
        if isinstance(cause, ClientError):
            error = cause.response.setdefault("Error", {})
            error["Message"] = visible(str(error.get("Message", "")))
        super().__init__(str(cause))
        self.cause = cause
        # If the SDK tried more than once, the service may have acted on an earlier try.
        response = getattr(cause, "response", None) or {}
        self.retried = response.get("ResponseMetadata", {}).get("RetryAttempts", 0) > 0


class NotFound(ServiceError):
    """The service says that the project or the model does not exist."""


class InUse(ServiceError):
    """The model is busy: not yet."""


class Weather(ServiceError):
    """The request may go through later: throttling, 5xx, lost connection, unreadable answer."""


class Rejected(ServiceError):
    """The service refuses the request for good."""


class CredentialsFailed(ServiceError):
    """The credentials can't be had, expired, or are wrong: no further request makes sense."""


class Description(NamedTuple):
    """A project version as DescribeProjectVersions lists it."""

    arn: str
    status: str
    status_message: str
    created: datetime.datetime | float | str | None
    """As the AWS CLI's setting `cli_timestamp_format` has it: see `timestamp`."""


class Rekognition:
    """Amazon Rekognition in all regions, through the session of the AWS CLI.

    `before_request` is called before every request, though not before the SDK's retries of it. An
    exception that it raises reaches whoever asked for the request.
    """

    def __init__(
        self,
        session: Session,
        endpoint_url: str | None = None,
        verify: bool | str | None = None,
        sign_requests: bool = True,
    ) -> None:
        self.before_request: Callable[[], None] = lambda: None
        self._session = session
        self._endpoint_url = endpoint_url
        self._verify = verify
        self._sign_requests = sign_requests
        self._clients: dict[str, RekognitionClient] = {}
        self._page_counts: dict[ProjectArn, int] = {}

    def find_projects(self, scopes: Collection[Scope]) -> dict[Scope, ProjectArn]:
        """Look projects up by name (DescribeProjects). One that is not there raises NotFound.

        A project of that name in another account, found with other credentials, does not count.
        """
        found: dict[Scope, ProjectArn] = {}
        for region in dict.fromkeys(scope.region for scope in scopes):
            names = dict.fromkeys(scope.project_name for scope in scopes if scope.region == region)
            for some in _batches(names, NAMES_PER_REQUEST):
                for page in self._pages(region, "DescribeProjects", ProjectNames=some):
                    arns = [ProjectArn.parse(project["ProjectArn"]) for project in page]
                    found.update((arn.scope, arn) for arn in arns)
        missing = [scope for scope in scopes if scope not in found]
        if missing:
            texts = (f"{s.project_name} (account {s.account}, {s.region})" for s in missing)
            raise NotFound(not_found("DescribeProjects", f"no project {', '.join(texts)}."))
        return found

    def pages(
        self, project: ProjectArn, names: Collection[str] | None = None
    ) -> Iterator[list[Description]]:
        """Describe a project's models, or those of at most ten version names, newest first."""
        chosen = {} if names is None else {"VersionNames": list(names)}
        for page in self._pages(
            project.scope.region, "DescribeProjectVersions", ProjectArn=project.text, **chosen
        ):
            yield [
                Description(
                    version["ProjectVersionArn"],
                    visible(version["Status"]),
                    visible(str(version.get("StatusMessage", ""))),
                    version.get("CreationTimestamp"),
                )
                for version in page
            ]

    def versions(
        self, project: ProjectArn, names: Collection[str] | None = None
    ) -> list[Description]:
        """Describe all of a project's models, or those of some version names, newest first.

        A longer listing has its models more than once.
        """
        if names is None:
            pages = list(self.pages(project))
            if len(pages) > 1:  # an entry that slips between two pages is seen the second time
                pages += self.pages(project)
            return [version for page in pages for version in page]
        found = []
        for some in _batches(names, NAMES_PER_REQUEST):
            pages = list(self.pages(project, some))
            if len(pages) > 1 and len(some) > 1:  # such an answer may shift as well
                pages = [page for name in some for page in self.pages(project, [name])]
            found += [version for page in pages for version in page]
        return found

    def look(self, project: ProjectArn, arns: Collection[ModelArn]) -> dict[str, Description]:
        """Describe some models of a project, by ARN, in as few requests as it takes.

        A model that is missing from the answer is one that the project does not have: either a
        listing of one page lacks it, or it was asked for by name. Entries shift between the pages
        of a longer listing while models go, so that such a listing alone proves nothing.
        """
        wanted = {arn.text: arn.version_name for arn in arns}
        found: dict[str, Description] = {}
        names = set(wanted.values())
        if self._page_counts.get(project, 1) < -(-len(names) // NAMES_PER_REQUEST):
            pages = list(self.pages(project))
            self._page_counts[project] = len(pages)
            found = {version.arn: version for page in pages for version in page}
            names = {name for arn, name in wanted.items() if arn not in found and len(pages) > 1}
        found.update((version.arn, version) for version in self.versions(project, sorted(names)))
        return {arn: found[arn] for arn in wanted if arn in found}

    def delete(self, arn: ModelArn) -> None:
        """Ask for a model's deletion (DeleteProjectVersion), which goes on after the answer."""
        with self._requesting(arn.scope.region) as client:
            client.delete_project_version(ProjectVersionArn=arn.text)

    def stop(self, arn: ModelArn) -> None:
        """Ask a running model to stop (StopProjectVersion), which goes on after the answer."""
        with self._requesting(arn.scope.region) as client:
            client.stop_project_version(ProjectVersionArn=arn.text)

    def _pages(
        self, region: str, operation: str, **parameters: Any
    ) -> Iterator[list[dict[str, Any]]]:
        key, _ = OPERATIONS[operation]
        with self._requesting(region) as client:
            paginator: Any = client.get_paginator(xform_name(operation))  # type: ignore[call-overload]
            for page in paginator.paginate(**parameters):
                yield page[key]

    @contextlib.contextmanager
    def _requesting(self, region: str) -> Iterator[RekognitionClient]:
        with _sorted_errors():
            client = self._client(region)
            try:
                yield client
            except PARSER_ERRORS as error:
                raise ResponseParserError(f"an answer can't be read: {error}") from error

    def _client(self, region: str) -> RekognitionClient:
        if region not in self._clients:
            config = Config(user_agent_extra=f"awscli-rekcl/{__version__}")
            if not self._retry_mode_is_chosen():
                config = config.merge(Config(retries={"mode": "adaptive"}))
            client: Any = self._session.create_client(
                "rekognition",
                region_name=region,
                endpoint_url=self._endpoint_url,
                verify=self._verify,
                config=config,
            )
            events = client.meta.events
            events.register("before-call.rekognition", self._before_call)
            events.register("response-received.rekognition", _check_answer)
            shape = client.meta.service_model.operation_model("DescribeProjects").input_shape
            if shape is not None and "Features" in shape.members:
                events.register(
                    "provide-client-params.rekognition.DescribeProjects", _name_features
                )
            else:
                events.register("before-call.rekognition.DescribeProjects", _add_features)
            self._clients[region] = client
        return self._clients[region]

    def _retry_mode_is_chosen(self) -> bool:
        # get_config_variable() would not tell the user's choice from the default.
        return "AWS_RETRY_MODE" in os.environ or "retry_mode" in self._session.get_scoped_config()

    def _before_call(self, **kwargs: Any) -> None:
        self.before_request()
        if self._sign_requests:
            # Fetched here, and not by the request that follows, so that whatever goes wrong with it
            # can't be taken for an error of that request.
            try:
                credentials = self._session.get_credentials()
                if credentials is not None:
                    credentials.get_frozen_credentials()
            except Exception as error:
                raise CredentialsFailed(error) from error


def not_found(operation: str, message: str) -> ClientError:
    """Make the error that the AWS CLI shows for something that does not exist."""
    return ClientError(
        {"Error": {"Code": "ResourceNotFoundException", "Message": message}}, operation
    )


def timestamp(created: datetime.datetime | float | str | None) -> datetime.datetime | None:
    """Return a time of the service in UTC, or None if there is none that can be read."""
    try:
        return parse_timestamp(str(created)).astimezone(datetime.timezone.utc)
    except (ValueError, ArithmeticError, RuntimeError):
        return None


@contextlib.contextmanager
def _sorted_errors() -> Iterator[None]:
    """Turn every error of the SDK into the `ServiceError` that says what to make of it."""
    try:
        yield
    except ClientError as error:
        raise _kind(error)(error) from error
    except WEATHER_ERRORS as error:
        raise Weather(error) from error
    except ParamValidationError as error:
        raise Rejected(error) from error
    except BotoCoreError as error:
        # What is left comes from the credentials: there are none, or they failed while signing.
        raise CredentialsFailed(error) from error


def _kind(error: ClientError) -> type[ServiceError]:
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if error.operation_name not in OPERATIONS or code in CREDENTIALS_CODES:
        return CredentialsFailed
    if code == "ResourceNotFoundException":
        return NotFound
    if code == "ResourceInUseException":
        # It is not documented for a look.
        return Weather if error.operation_name.startswith("Describe") else InUse
    if code in WEATHER_CODES or status >= 500 or status == 429:
        return Weather
    if not code or code.isdigit():
        return Weather  # a page of some proxy: botocore takes the HTTP status for its code
    return Rejected


def _check_answer(response_dict: Mapping[str, Any] | None, event_name: str, **kwargs: Any) -> None:
    # botocore takes a body that is no JSON, and whatever is empty, for a list without models.
    if response_dict is None or response_dict["status_code"] != 200:
        return
    operation = event_name.rpartition(".")[2]
    key, names = OPERATIONS[operation]
    answer = json.loads(response_dict["body"])
    entries = answer[key] if key else [answer]
    if not isinstance(entries, list):
        raise TypeError(f"{key} is no list")
    for entry in entries:
        for name in names:
            if not isinstance(entry[name], str):
                raise TypeError(f"{name} is no text")


def _name_features(params: dict[str, Any], **kwargs: Any) -> None:
    params["Features"] = FEATURES


def _add_features(params: dict[str, Any], **kwargs: Any) -> None:
    # For a CLI whose service model has no `Features` yet, and which would refuse the parameter.
    params["body"] = json.dumps({**json.loads(params["body"]), "Features": FEATURES}).encode()


def _batches(names: Iterable[str], size: int) -> Iterator[list[str]]:
    names = iter(names)
    while batch := list(itertools.islice(names, size)):
        yield batch
