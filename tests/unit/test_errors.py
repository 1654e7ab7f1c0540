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
from awscli_rekcl.service.client import Rekognition
from awscli_rekcl.service.describe import Describer
from awscli_rekcl.service.errors import not_found, sorted_errors, with_hint

from .amazon import CATS, URL, V1, Amazon, error, listing

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
        *errors("IncompleteSignature RequestInTheFuture RequestTimeTooSkewed"),
        *errors("SignatureDoesNotMatch SubscriptionRequiredException"),
        CredentialRetrievalError(provider="p", error_msg="m"),
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
        # Pages of a proxy, and whatever else is no answer of the API.
        *[(status, b"<html>") for status in (503, 403, 300, 200)],
        *[(status, b"") for status in (502, 302, 204, 200)],
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
@pytest.mark.parametrize("request_", [REQUESTS[0][1], REQUESTS[2][1]])
def test_errors_are_sorted(request_: Send, kind: type[ServiceError]) -> None:
    amazon = Amazon(*ANSWERS[kind])
    for answer in ANSWERS[kind]:
        with pytest.raises(ServiceError) as raised:
            request_(amazon.service)
        assert type(raised.value) is kind, answer
        assert raised.value.cause is not None
        assert str(raised.value) == str(raised.value.cause)


@pytest.mark.parametrize(("operation", "request_"), REQUESTS)
def test_errors_of_every_request(operation: str, request_: Send) -> None:
    in_use = TransientError if operation.startswith("Describe") else InUse
    kinds = {
        "ThrottlingException": TransientError,
        "AccessDeniedException": AccessDenied,
        "ExpiredTokenException": CredentialsFailed,
        "ResourceInUseException": in_use,
    }
    amazon = Amazon(*map(error, kinds))
    for kind in kinds.values():
        with pytest.raises(kind):
            request_(amazon.service)


@pytest.mark.parametrize(("operation", "request_"), REQUESTS)
def test_an_error_of_reading_names_the_request(operation: str, request_: Send) -> None:
    answers = [(200, b"{}"), (200, b"<html>"), (204, b"")]
    amazon, expected = Amazon(*answers), f"an answer to {operation} can't be read: "
    for _ in answers:
        with pytest.raises(TransientError, match=f"^{expected}") as raised:
            request_(amazon.service)
        assert str(raised.value).count(expected) == 1


def test_a_listing_that_can_not_be_read_is_not_empty() -> None:
    unreadable: list[Any] = [None, "text", "", {"a": 1}, {}, 0, 1, [None], ["text"], [{}]]
    unreadable += [[{"ProjectVersionArn": V1.text}], [{"Status": "STOPPED"}]]
    unreadable += [[{"ProjectVersionArn": V1.text, "Status": status}] for status in (None, 5)]
    amazon = Amazon(*({"ProjectVersionDescriptions": each} for each in unreadable))
    for each in unreadable:
        with pytest.raises(TransientError):
            pytest.fail(f"{each}: {amazon.describer.describe(CATS, [V1])}")


def test_what_an_error_says_is_made_safe() -> None:
    with pytest.raises(Rejected) as raised:
        Amazon(error("Oh\x1b[2J", message="\x1b[2Jno\r\n")).service.send(Request.DELETE, V1)
    assert isinstance(raised.value.cause, ClientError)
    made_safe = {"Code": r"Oh\x1b[2J", "Message": r"\x1b[2Jno\r\n"}
    assert raised.value.cause.response["Error"] == made_safe
    assert str(raised.value).endswith(made_safe["Message"])
    assert str(raised.value).isprintable()


def test_the_error_itself_is_not_changed() -> None:
    response: Any = {"Error": {"Code": "C", "Message": "\x1b"}, "Logref": "\x1b", "Count": 5}
    error = ClientError(response, "DescribeProjects")
    before = copy.deepcopy((vars(error), error.args))
    cause = Rejected(error).cause
    assert (vars(error), error.args) == before
    assert isinstance(cause, ClientError)
    shown = {"Error": {"Code": "C", "Message": r"\x1b"}, "Logref": r"\x1b", "Count": 5}
    assert (cause.response, cause.operation_name) == (shown, "DescribeProjects")


def test_error_of_another_service_belongs_to_the_credentials() -> None:
    denied = ClientError({"Error": {"Code": "AccessDenied"}}, "AssumeRole")
    with pytest.raises(CredentialsFailed):
        Amazon(denied).service.send(Request.DELETE, V1)


@pytest.mark.parametrize("error", [ResponseParserError("no shape"), KeyError("no shape")])
def test_so_does_one_of_the_sdk_s_own_parser(error: Exception) -> None:
    def hook(**kwargs: Any) -> None:
        raise error

    amazon = Amazon(listing())
    amazon.session.register("before-parse.rekognition", hook)
    said = "an answer to DescribeProjectVersions can't be read: .?no shape"
    with pytest.raises(TransientError, match=f"^{said}.?$"):
        amazon.describer.versions(CATS)


class Oops(Exception):
    """A defect."""


@pytest.mark.parametrize(
    "event",
    [
        "provide-client-params.rekognition",
        "before-call.rekognition",
        "request-created.rekognition",
        "before-send.rekognition",
        "response-received.rekognition",
        "needs-retry.rekognition",
        "after-call.rekognition",
    ],
)
def test_a_defect_of_a_hook_is_no_transient_error(event: str) -> None:
    defects = [Oops(), KeyError("x"), ValueError("x"), TypeError("x")]
    left = iter(defects)

    def hook(**kwargs: Any) -> None:
        raise next(left)

    amazon = Amazon(listing())
    amazon.session.register(event, hook)
    for defect in defects:
        with pytest.raises(type(defect)) as raised:
            amazon.describer.versions(CATS)
        assert raised.value is defect


def test_an_error_that_is_made_is_whole() -> None:
    made = not_found("DescribeProjects", "no project")
    assert made.operation_name == "DescribeProjects"
    assert made.response["Error"] == {"Code": "ResourceNotFoundException", "Message": "no project"}


def test_a_hint_changes_nothing_but_the_message() -> None:
    denied = AccessDenied(
        ClientError({"Error": {"Code": "AccessDenied", "Message": "no X."}}, "DescribeProjects")
    )
    hinted = with_hint(denied, "Ask.").cause
    assert isinstance(hinted, ClientError)
    assert hinted.operation_name == "DescribeProjects"
    assert hinted.response["Error"] == {"Code": "AccessDenied", "Message": "no X. Ask."}


@pytest.mark.parametrize("response", [{}, {"Error": {}}])
def test_an_error_without_a_code_is_transient(response: Any) -> None:
    with pytest.raises(TransientError), sorted_errors():
        raise ClientError(response, "DescribeProjects")


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
