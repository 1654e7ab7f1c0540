"""From the errors of the SDK to `awscli_rekcl.errors.ServiceError`, by what they mean."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, NamedTuple

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

from awscli_rekcl.errors import (
    AccessDenied,
    CredentialsFailed,
    InUse,
    NotFound,
    Rejected,
    ServiceError,
    TransientError,
    Unsendable,
)
from awscli_rekcl.lifecycle import Request


class Listing(NamedTuple):
    """An operation that lists: the member of its answer with the entries, and their texts."""

    operation: str
    entries: str
    answer: tuple[str, ...]
    """The texts that each entry has to hold."""


PROJECTS = Listing("DescribeProjects", "ProjectDescriptions", ("ProjectArn",))
VERSIONS = Listing(
    "DescribeProjectVersions", "ProjectVersionDescriptions", ("ProjectVersionArn", "Status")
)
CHANGES = {request.operation: request for request in Request}
OPERATIONS: dict[str, Request | Listing] = {
    **CHANGES,
    **{listing.operation: listing for listing in (PROJECTS, VERSIONS)},
}
"""The operations in use. An error of any other one comes from fetching credentials."""

# "Common errors" of the Amazon Rekognition API reference, and their older spellings: about the
# credentials, the account's subscription or this machine's clock, so that every request meets them.
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
    "OptInRequired",
    "RequestExpired",
    "RequestInTheFuture",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "SubscriptionRequiredException",
    "UnrecognizedClientException",
}
DENIED_CODES = {"AccessDenied", "AccessDeniedException", "NotAuthorized"}
# Those of botocore's standard retry mode (`botocore/retries/standard.py`) that Amazon Rekognition
# may send: LimitExceededException is a limit of resources there.
THROTTLED_CODES = {
    "BandwidthLimitExceeded",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "Throttling",
    "ThrottledException",
    "ThrottlingException",
    "TooManyRequestsException",
}
# Transient whatever their HTTP status. botocore knows RequestTimeout(Exception) by its code,
# and the others by the HTTP status that they should have.
TRANSIENT_CODES = THROTTLED_CODES | {
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "InvalidPaginationTokenException",  # not retried by botocore: the listing shrank between pages
    "RequestAbortedException",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
}
TRANSIENT_ERRORS = (
    ConnectionError,
    HTTPClientError,
    IncompleteReadError,
    PaginationError,
    ResponseParserError,
)


def not_found(operation: str, message: str) -> ClientError:
    """Make the error that the AWS CLI shows for something that does not exist."""
    return ClientError(
        {"Error": {"Code": "ResourceNotFoundException", "Message": message}}, operation
    )


def with_hint(error: AccessDenied, hint: str) -> AccessDenied:
    """Return the error with advice added to its message."""
    cause = error.cause
    assert isinstance(cause, ClientError)
    response: Any = dict(cause.response)
    message = response["Error"]["Message"].rstrip(".")
    response["Error"] = {**response["Error"], "Message": f"{message}. {hint}"}
    return AccessDenied(ClientError(response, cause.operation_name))


def too_old(error: Rejected) -> Rejected:
    """Return an error with advice if this AWS CLI can't list projects by name."""
    if isinstance(error.cause, ParamValidationError):  # version 1 before 1.22
        error.cause.args = (
            "This AWS CLI is too old to find a project by its name. Add --project-arn.",
        )
        return Rejected(error.cause)
    return error


@contextlib.contextmanager
def reading(operation: str) -> Iterator[None]:
    """Turn every error in the block into "the answer to this operation can't be read".

    Only for the parsing of an answer: it would hide defects of other code.
    """
    try:
        yield
    except BotoCoreError:  # the connection
        raise
    except Exception as error:
        raise ResponseParserError(f"an answer to {operation} can't be read: {error}") from error


@contextlib.contextmanager
def fetching_credentials() -> Iterator[None]:
    """Turn every error in the block into CredentialsFailed."""
    try:
        yield
    except Exception as error:
        raise CredentialsFailed(error) from error


@contextlib.contextmanager
def sorted_errors() -> Iterator[None]:
    """Turn every error of the SDK into the `ServiceError` for it."""
    try:
        yield
    except ClientError as error:
        raise _kind(error)(error) from error
    except TRANSIENT_ERRORS as error:
        raise (Unsendable if is_unsendable(error) else TransientError)(error) from error
    except ParamValidationError as error:
        raise Rejected(error) from error
    except BotoCoreError as error:
        # What is left comes from the credentials: there are none, or they failed while signing.
        raise CredentialsFailed(error) from error


def is_unsendable(error: Exception) -> bool:
    """Return whether the HTTP library itself refuses to send a request, for its header or URL."""
    # What the connection does to it has a class of its own, derived from this one.
    return type(error) is HTTPClientError and isinstance(
        error.kwargs.get("error"), (ValueError, TypeError)
    )


def _kind(error: ClientError) -> type[ServiceError]:
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if error.operation_name not in OPERATIONS or code in CREDENTIALS_CODES:
        return CredentialsFailed
    if code == "ResourceNotFoundException":
        return NotFound
    if code == "ResourceInUseException":
        # It is not documented for a description.
        return InUse if error.operation_name in CHANGES else TransientError
    if code in TRANSIENT_CODES or status >= 500 or status == 429:
        return TransientError
    if not code or code.isdigit():
        return TransientError  # a page of some proxy: botocore takes the HTTP status for its code
    return AccessDenied if code in DENIED_CODES else Rejected
