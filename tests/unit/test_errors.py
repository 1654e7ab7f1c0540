"""What goes wrong with a request, sorted by what to make of it."""

from __future__ import annotations

import copy
from collections.abc import Callable
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

REQUESTS: dict[str, Callable[[Rekognition], object]] = {
    "delete": lambda service: service.send(Request.DELETE, V1),
    "stop": lambda service: service.send(Request.STOP, V1),
    "describe": lambda service: Describer(service).describe(CATS, [V1]),
    "versions": lambda service: Describer(service).versions(CATS),
    "find": lambda service: service.projects("us-east-1", ["cats"]),
}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        *[
            (error(code), CredentialsFailed)
            for code in (
                "ExpiredTokenException",
                "ExpiredToken",
                "UnrecognizedClientException",
                "InvalidSignatureException",
                "MissingAuthenticationTokenException",
                "IncompleteSignature",
                "OptInRequired",
                "RequestExpired",
                "RequestInTheFuture",
                "RequestTimeTooSkewed",
                "SignatureDoesNotMatch",
                "SubscriptionRequiredException",
            )
        ],
        (error("ResourceNotFoundException"), NotFound),
        *[
            (error(code, status), TransientError)
            for code, status in (
                ("InternalServerError", 500),
                ("ThrottlingException", 500),
                ("ThrottlingException", 400),
                ("ProvisionedThroughputExceededException", 400),
                ("InvalidPaginationTokenException", 400),
                ("InternalFailure", 400),
                ("RequestAbortedException", 400),
                ("RequestTimeoutException", 400),
                ("ServiceUnavailableException", 503),
                ("SomethingNew", 500),
                ("SomethingNew", 429),
            )
        ],
        ((503, b"<html>busy</html>"), TransientError),
        ((502, b""), TransientError),
        *[
            (error(code), Rejected)
            for code in (
                "InvalidParameterException",
                "LimitExceededException",
                "MalformedHttpRequestException",
                "SomethingNew",
                "UnknownOperationException",
                "ValidationError",
            )
        ],
        (error("AccessDeniedException"), AccessDenied),
        (error("NotAuthorized", 401), AccessDenied),
        ((403, b"<html>proxy</html>"), TransientError),
        ((302, b""), TransientError),
        (CredentialRetrievalError(provider="p", error_msg="m"), CredentialsFailed),
        (EndpointConnectionError(**URL), TransientError),
        (ConnectionClosedError(**URL), TransientError),
        (ReadTimeoutError(**URL), TransientError),
        (SSLError(error=OSError("eof"), **URL), TransientError),
        (HTTPClientError(error=OSError("broken pipe")), TransientError),
        (HTTPClientError(error=ValueError("Invalid header value")), Unsendable),
        (HTTPClientError(error=TypeError("no text")), Unsendable),
        (ReadTimeoutError(error=ValueError("is derived from it"), **URL), TransientError),
        (IncompleteReadError(actual_bytes=1, expected_bytes=2), TransientError),
        (ParamValidationError(report="x"), Rejected),
        ((200, b"<html>portal</html>"), TransientError),
        ((200, b""), TransientError),
        ((200, b"{}"), TransientError),
        ((200, b"\xff\xfe"), TransientError),
        ((200, b"[]"), TransientError),
        ((200, b"null"), TransientError),
    ],
)
@pytest.mark.parametrize("request_", ["delete", "describe"])
def test_errors_are_sorted(request_: str, answer: Any, kind: type[ServiceError]) -> None:
    with pytest.raises(ServiceError) as raised:
        REQUESTS[request_](Amazon(answer).service)
    assert type(raised.value) is kind
    assert raised.value.cause is not None
    assert str(raised.value) == str(raised.value.cause)


@pytest.mark.parametrize(("request_", "kind"), [("delete", InUse), ("describe", TransientError)])
def test_in_use_is_about_a_change(request_: str, kind: type[ServiceError]) -> None:
    with pytest.raises(kind):
        REQUESTS[request_](Amazon(error("ResourceInUseException")).service)


@pytest.mark.parametrize("request_", REQUESTS)
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (error("ThrottlingException"), TransientError),
        ({}, TransientError),
        (error("AccessDeniedException"), Rejected),
        (error("ExpiredTokenException"), CredentialsFailed),
    ],
)
def test_errors_of_every_request(request_: str, answer: Any, kind: type[ServiceError]) -> None:
    with pytest.raises(kind):
        REQUESTS[request_](Amazon(answer).service)


@pytest.mark.parametrize(
    "descriptions",
    [
        "text",
        "",
        {"a": 1},
        {},
        0,
        [None],
        ["text"],
        [{}],
        [{"ProjectVersionArn": V1.text}],
        [{"Status": "STOPPED"}],
        [{"ProjectVersionArn": V1.text, "Status": None}],
        None,
    ],
)
def test_a_listing_that_can_not_be_read_is_not_empty(descriptions: Any) -> None:
    with pytest.raises(TransientError):
        Amazon({"ProjectVersionDescriptions": descriptions}).describer.describe(CATS, [V1])


def test_messages_are_made_safe() -> None:
    with pytest.raises(Rejected) as raised:
        Amazon(error("AccessDeniedException", message="\x1b[2Jno\r\n")).service.send(
            Request.DELETE, V1
        )
    assert isinstance(raised.value.cause, ClientError)
    for text in (str(raised.value), raised.value.cause.response["Error"]["Message"]):
        assert text.endswith(r"\x1b[2Jno\r\n")
        assert text.isprintable()


def test_error_of_another_service_belongs_to_the_credentials() -> None:
    denied = ClientError({"Error": {"Code": "AccessDenied"}}, "AssumeRole")
    with pytest.raises(CredentialsFailed):
        Amazon(denied).service.send(Request.DELETE, V1)


OPERATION = {
    "delete": "DeleteProjectVersion",
    "stop": "StopProjectVersion",
    "describe": "DescribeProjectVersions",
    "versions": "DescribeProjectVersions",
    "find": "DescribeProjects",
}


@pytest.mark.parametrize("request_", REQUESTS)
@pytest.mark.parametrize("answer", [{}, (200, b"<html>"), (204, b"")])
def test_an_error_of_reading_names_the_request(request_: str, answer: Any) -> None:
    expected = f"an answer to {OPERATION[request_]} can't be read: "
    with pytest.raises(TransientError, match=f"^{expected}") as raised:
        REQUESTS[request_](Amazon(answer).service)
    assert str(raised.value).count(expected) == 1


@pytest.mark.parametrize("error", [ResponseParserError("no shape"), KeyError("no shape")])
def test_so_does_one_of_the_sdk_s_own_parser(error: Exception) -> None:
    def hook(**kwargs: Any) -> None:
        raise error

    amazon = Amazon(listing())
    client: Any = amazon.service._sdk.client("us-east-1")
    client.meta.events.register("before-parse.rekognition", hook)
    said = "an answer to DescribeProjectVersions can't be read: .?no shape"
    with pytest.raises(TransientError, match=f"^{said}.?$"):
        amazon.describer.versions(CATS)


class Oops(Exception):
    """A defect."""


@pytest.mark.parametrize("request_", REQUESTS)
@pytest.mark.parametrize("defect", [Oops(), KeyError("x"), ValueError("x"), TypeError("x")])
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
def test_a_defect_of_a_hook_is_no_transient_error(
    event: str, defect: Exception, request_: str
) -> None:
    def hook(**kwargs: Any) -> None:
        raise defect

    answer = {"Status": "DELETING", "ProjectVersionDescriptions": [], "ProjectDescriptions": []}
    amazon = Amazon(answer)
    client: Any = amazon.service._sdk.client("us-east-1")
    client.meta.events.register_first(event, hook)
    with pytest.raises(type(defect)) as raised:
        REQUESTS[request_](amazon.service)
    assert raised.value is defect


def test_the_code_of_an_error_is_made_visible() -> None:
    with pytest.raises(ServiceError) as raised:
        Amazon(error("Oh\x1b[2J")).service.send(Request.DELETE, V1)
    assert isinstance(raised.value.cause, ClientError)
    assert raised.value.cause.response["Error"]["Code"] == r"Oh\x1b[2J"
    assert str(raised.value).isprintable()


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
        raise ClientError(copy.deepcopy(response), "DescribeProjects")  # which is changed


def test_an_error_that_is_no_answer() -> None:
    assert ServiceError(ValueError(5, "\x1b")).cause.args == (5, r"\x1b")
