"""What goes wrong with a request, sorted by what to make of it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from http.client import InvalidURL
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    IncompleteReadError,
    ParamValidationError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
)

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
from awscli_rekcl.service.client import Rekognition
from awscli_rekcl.service.describe import Describer

from .amazon import CATS, URL, V1, Amazon, error, listing, version

Send = Callable[[Rekognition], object]
REQUESTS: list[tuple[str, Send]] = [
    ("DeleteProjectVersion", lambda service: service.send(Request.DELETE, V1)),
    ("StopProjectVersion", lambda service: service.send(Request.STOP, V1)),
    ("DescribeProjectVersions", lambda service: Describer(service).describe(CATS, [V1])),
    ("DescribeProjectVersions", lambda service: Describer(service).versions(CATS)),
    ("DescribeProjects", lambda service: service.projects("us-east-1", ["cats"])),
]


def errors(codes: str) -> list[Any]:
    return [error(code) for code in codes.split()]


ANSWERS: dict[type[ServiceError], list[Any]] = {
    CredentialsFailed: [
        *errors("ExpiredTokenException ExpiredToken UnrecognizedClientException OptInRequired"),
        *errors("InvalidSignatureException MissingAuthenticationTokenException RequestExpired"),
        *errors("IncompleteSignature RequestInTheFuture RequestTimeTooSkewed AuthFailure"),
        *errors("SignatureDoesNotMatch SubscriptionRequiredException InvalidAccessKeyId"),
        *errors("InvalidClientTokenId"),
        CredentialRetrievalError(provider="p", error_msg="m"),
        ClientError({"Error": {"Code": "AccessDenied"}}, "AssumeRole"),  # of another service
    ],
    NotFound: errors("ResourceNotFoundException"),
    AccessDenied: [*errors("AccessDeniedException"), error("NotAuthorized", 401)],
    Rejected: [
        *errors("InvalidParameterException LimitExceededException SomethingNew ValidationError"),
        *errors("MalformedHttpRequestException UnknownOperationException"),
        ParamValidationError(report="x"),
    ],
    TransientError: [
        *errors("ThrottlingException ThrottledException ProvisionedThroughputExceededException"),
        *errors("InvalidPaginationTokenException InternalFailure RequestAbortedException"),
        *errors("RequestTimeoutException RequestTimeout"),
        *[error(code, 500) for code in ("InternalServerError", "ThrottlingException", "New")],
        error("ServiceUnavailableException", 503),
        error("SomethingNew", 429),
        ClientError({}, "DescribeProjects"),
        # Pages of a proxy, and whatever else is no answer of the API.
        *[(status, b"<html>") for status in (503, 403, 300, 200)],
        *[(status, b"") for status in (502, 302, 204, 200)],
        (202, {"Status": "DELETING"}),
        *[(200, body) for body in (b"{}", b"\xff\xfe", b"[]", b"null", b"1", b'"text"')],
        EndpointConnectionError(**URL),
        ConnectionClosedError(**URL),
        ReadTimeoutError(**URL),
        ReadTimeoutError(error=ValueError("is derived from it"), **URL),
        SSLError(error=OSError("eof"), **URL),
        HTTPClientError(error=OSError("broken pipe")),
        IncompleteReadError(actual_bytes=1, expected_bytes=2),
    ],
    Unsendable: [
        HTTPClientError(error=ValueError("Invalid header value")),
        HTTPClientError(error=TypeError("no text")),
        HTTPClientError(error=InvalidURL("nonnumeric port")),
    ],
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_errors_are_sorted(kind: type[ServiceError]) -> None:
    amazon = Amazon(*ANSWERS[kind])
    for answer in ANSWERS[kind]:
        with pytest.raises(ServiceError) as raised:
            amazon.service.send(Request.DELETE, V1)
        assert type(raised.value) is kind, answer
        assert raised.value.cause is not None
        assert str(raised.value) == str(raised.value.cause)


@pytest.mark.parametrize(("operation", "request_"), REQUESTS)
def test_errors_of_every_request(operation: str, request_: Send) -> None:
    unreadable = [(200, b"{}"), (200, b"<html>"), (204, b"")]
    amazon = Amazon(error("ResourceInUseException"), *unreadable)
    with pytest.raises(TransientError if operation.startswith("Describe") else InUse, match="why"):
        request_(amazon.service)
    for _ in unreadable:
        said = f"^an answer to {operation} can't be read: (?!an answer)"
        with pytest.raises(TransientError, match=said):
            request_(amazon.service)


def test_a_listing_that_can_not_be_read_is_not_empty() -> None:
    unreadable: list[Any] = [None, "text", "", {"a": 1}, {}, 0, 1, [None], ["text"], [{}]]
    unreadable += [[{"ProjectVersionArn": V1.text}], [{"Status": "STOPPED"}]]
    unreadable += [[{"ProjectVersionArn": V1.text, "Status": status}] for status in (None, 5)]
    unreadable += [[version("v1", CreationTimestamp=1e300)]]
    amazon = Amazon(*({"ProjectVersionDescriptions": each} for each in unreadable))
    for each in unreadable:
        with pytest.raises(TransientError):
            pytest.fail(f"{each}: {amazon.describer.describe(CATS, [V1])}")


def test_the_error_itself_is_not_changed() -> None:
    response: Any = {"Error": {"Code": "C", "Message": "\x1b"}, "Logref": "\x1b", "Count": 5}
    error = ClientError(response, "DescribeProjects")
    before = copy.deepcopy((vars(error), error.args))
    cause = Rejected(error).cause
    assert (vars(error), error.args) == before
    assert isinstance(cause, ClientError)
    shown = {"Error": {"Code": "C", "Message": r"\x1b"}, "Logref": r"\x1b", "Count": 5}
    assert (cause.response, cause.operation_name) == (shown, "DescribeProjects")


def test_an_answer_at_which_the_sdk_s_own_parser_fails_is_not_empty_either() -> None:
    def hook(**kwargs: Any) -> None:
        raise KeyError("no shape")

    amazon = Amazon(listing())
    amazon.session.register("before-parse.rekognition", hook)
    said = "an answer to DescribeProjectVersions can't be read: 'no shape'"
    with pytest.raises(TransientError, match=f"^{said}$"):
        amazon.describer.versions(CATS)


EVENTS = "provide-client-params before-call request-created before-send response-received"


@pytest.mark.parametrize("event", f"{EVENTS} needs-retry after-call".split())
def test_a_defect_of_a_hook_is_no_transient_error(event: str) -> None:
    defects = [ZeroDivisionError("x"), KeyError("x"), ValueError("x"), TypeError("x")]
    left = iter(defects)

    def hook(**kwargs: Any) -> None:
        raise next(left)

    amazon = Amazon(listing())
    amazon.session.register(f"{event}.rekognition", hook)
    for defect in defects:
        with pytest.raises(type(defect)) as raised:
            amazon.describer.versions(CATS)
        assert raised.value is defect


@pytest.mark.parametrize(
    "error",
    [
        ValueError(5, "x"),
        FileNotFoundError(2, "No such file", "process"),
        EndpointConnectionError(**URL),
        ProxyConnectionError(proxy_url="http://127.0.0.1:9"),  # in version 1 an OSError
    ],
)
def test_an_error_that_is_no_answer_keeps_its_class_and_text(error: Exception) -> None:
    cause = ServiceError(error).cause
    assert (type(cause), str(cause)) == (type(error), str(error))
    assert cause is not error
