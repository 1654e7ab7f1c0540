"""From the errors of the SDK to `awscli_rekcl.errors.ServiceError`, by what they mean."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from http.client import InvalidURL
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    HTTPClientError,
    IncompleteReadError,
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

CHANGES = {request.operation for request in Request}
OPERATIONS = {"DescribeProjects", "DescribeProjectVersions", *CHANGES}
"""Those in use. An error of any other one comes from fetching credentials."""

# What the codes mean, without the "Exception" at the end that some services leave out. Source:
# "Common errors" of the Amazon Rekognition API reference, with their older spellings.
CREDENTIALS = {  # every request meets them: credentials, subscription, or this machine's clock
    "AuthFailure",
    "ExpiredToken",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignature",
    "MissingAuthenticationToken",
    "OptInRequired",
    "RequestExpired",
    "RequestInTheFuture",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "SubscriptionRequired",
    "UnrecognizedClient",
}
# Those of botocore's standard retry mode (`botocore/retries/standard.py`) that Amazon Rekognition
# may send: LimitExceededException is a limit of resources there.
THROTTLED = {
    "BandwidthLimitExceeded",
    "ProvisionedThroughputExceeded",
    "RequestLimitExceeded",
    "RequestThrottled",
    "SlowDown",
    "Throttled",
    "Throttling",
    "TooManyRequests",
}
# Transient whatever their HTTP status. botocore knows RequestTimeout(Exception) by its code,
# and the others by the HTTP status that they should have.
TRANSIENT = THROTTLED | {
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "InvalidPaginationToken",  # not retried by botocore: the listing shrank between pages
    "RequestAborted",
    "RequestTimeout",
    "ServiceUnavailable",
}
UNREADABLE = (ValueError, TypeError, InvalidURL)
"""What is raised of a header or a URL that can't be sent. The text quotes it."""
OF_A_DOCUMENT = {"JSONDecodeError", "ParserError"}
"""Such errors of a document of credentials: they quote no credential."""
KINDS: dict[str, type[ServiceError]] = {
    **dict.fromkeys(CREDENTIALS, CredentialsFailed),
    **dict.fromkeys(TRANSIENT, TransientError),
    "AccessDenied": AccessDenied,
    "NotAuthorized": AccessDenied,
    "ResourceInUse": InUse,
    "ResourceNotFound": NotFound,
}


def not_found(operation: str, message: str) -> ClientError:
    """Make the error that the AWS CLI shows for something that does not exist."""
    return ClientError(
        {"Error": {"Code": "ResourceNotFoundException", "Message": message}}, operation
    )


def with_hint(error: AccessDenied, hint: str) -> AccessDenied:
    """Return the error with advice added to its message."""
    cause = error.cause
    assert isinstance(cause, ClientError)
    shown = cause.response["Error"]
    hinted = {**shown, "Message": f"{shown['Message'].rstrip('.')}. {hint}"}
    response: Any = {**cause.response, "Error": hinted}
    return AccessDenied(ClientError(response, cause.operation_name))


def is_throttled(response: Mapping[str, Any]) -> bool:
    """Return whether this is the answer to a throttled request."""
    return _code(response) in THROTTLED


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
        unreadable = ResponseParserError(f"an answer to {operation} can't be read: {error}")
        raise TransientError(unreadable) from error


@contextlib.contextmanager
def fetching_credentials() -> Iterator[None]:
    """Turn every error in the block into CredentialsFailed, or Unsendable."""
    try:
        yield
    except Exception as error:
        if is_unsendable(error):
            raise Unsendable from None
        raise CredentialsFailed(error) from error


@contextlib.contextmanager
def sorted_errors() -> Iterator[None]:
    """Turn every error of the SDK into the `ServiceError` for it."""
    try:
        yield
    except ClientError as error:
        raise _kind(error)(error) from error
    except (ConnectionError, HTTPClientError, IncompleteReadError) as error:
        if is_unsendable(error):
            raise Unsendable from None
        raise TransientError(error) from error
    except ParamValidationError:
        # The only parameter that isn't as old as its operation; version 1 has it since 1.22.
        too_old = ParamValidationError(report="")
        too_old.args = (
            "This AWS CLI is too old to find a project by its name. Add --project-arn.",
        )
        raise Rejected(too_old) from None
    except BotoCoreError as error:
        # What is left comes from the credentials: there are none, or they failed while signing.
        raise CredentialsFailed(error) from error


def is_unsendable(error: Exception) -> bool:
    """Return whether a request can't be sent for its header or URL, which the text quotes."""
    # What the connection does to it has a class of its own, derived from this one. A URL that can't
    # be read is met outside of the HTTP library as well.
    cause = error.kwargs.get("error") if type(error) is HTTPClientError else error
    # The SDK's own errors of these classes, as of a region's name, quote no credential.
    is_quoted = not isinstance(cause, BotoCoreError) and type(cause).__name__ not in OF_A_DOCUMENT
    return isinstance(cause, UNREADABLE) and is_quoted


def _code(response: Mapping[str, Any]) -> str:
    return str(response.get("Error", {}).get("Code", "")).removesuffix("Exception")


def _kind(error: ClientError) -> type[ServiceError]:
    code = _code(error.response)
    if error.operation_name not in OPERATIONS:
        return CredentialsFailed
    kind = KINDS.get(code)
    if kind is InUse and error.operation_name not in CHANGES:
        return TransientError  # it is not documented for a description
    if kind is not None:
        return kind
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    # Without a code, or with the HTTP status for it, it is a page of some proxy.
    is_transient = status >= 500 or status == 429 or not code or code.isdigit()
    return TransientError if is_transient else Rejected
