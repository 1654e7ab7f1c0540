"""The room that talks to Amazon Rekognition: botocore's real client, answered from a script."""

from __future__ import annotations

import copy
import datetime
import functools
import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any, Union, cast

import botocore.loaders
import botocore.session
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    CredentialRetrievalError,
    EndpointConnectionError,
    IncompleteReadError,
    ParamValidationError,
    ReadTimeoutError,
    SSLError,
)
from botocore.hooks import HierarchicalEmitter

import awscli_rekcl
from awscli_rekcl.service import (
    CredentialsFailed,
    InUse,
    NotFound,
    Rejected,
    Rekognition,
    ServiceError,
    Weather,
    timestamp,
)

from .fakes import model_arn, project_arn

CATS, V1 = project_arn(), model_arn()
LOADER = botocore.loaders.create_loader()
Body = Union[dict[str, Any], bytes]


class Raw(io.BytesIO):
    """A body as the HTTP library hands it over."""

    def stream(self, **kwargs: Any) -> Iterator[bytes]:
        yield self.read()


class OldLoader(botocore.loaders.Loader):
    """A service model of January 2023."""

    def load_service_model(self, *args: Any, **kwargs: Any) -> Any:
        model = copy.deepcopy(super().load_service_model(*args, **kwargs))
        if "DescribeProjectsRequest" in model.get("shapes", {}):
            del model["shapes"]["DescribeProjectsRequest"]["members"]["Features"]
        return model


class Amazon:
    """Answers requests one after another, and keeps them; the last answer stays."""

    def __init__(self, *answers: Any, loader: botocore.loaders.Loader = LOADER) -> None:
        self.requests: list[AWSPreparedRequest] = []
        self._answers = list(answers)
        self.session = botocore.session.Session()
        self.session.register_component("data_loader", loader)
        self.session.register("before-send.rekognition", self._send)  # type: ignore[arg-type]
        self.service = Rekognition(self.session)

    def _send(self, request: AWSPreparedRequest, **kwargs: Any) -> AWSResponse:
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if callable(answer):
            answer = answer(self.bodies[-1])
        if isinstance(answer, Exception):
            raise answer
        status, body = answer if isinstance(answer, tuple) else (200, answer)
        raw = Raw(body if isinstance(body, bytes) else json.dumps(body).encode())
        headers = {"Content-Type": "application/x-amz-json-1.1"}
        return AWSResponse(request.url or "", status, headers, raw)  # type: ignore[arg-type]

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(cast(bytes, request.body)) for request in self.requests]


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_RETRY_MODE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_MAX_ATTEMPTS": "1",  # no pauses
    }.items():
        monkeypatch.setenv(name, value)


def version(name: str, **more: Any) -> dict[str, Any]:
    return {"ProjectVersionArn": model_arn(name).text, "Status": "STOPPED", **more}


def listing(*names: str, token: str | None = None) -> dict[str, Any]:
    page: dict[str, Any] = {"ProjectVersionDescriptions": [version(name) for name in names]}
    return {**page, "NextToken": token} if token else page


def error(code: str, status: int = 400, message: str = "why") -> tuple[int, dict[str, str]]:
    return status, {"__type": code, "message": message}


URL = {"endpoint_url": "https://rekognition.us-east-1.amazonaws.com"}
REQUESTS: dict[str, Callable[[Rekognition], object]] = {
    "delete": lambda service: service.delete(V1),
    "stop": lambda service: service.stop(V1),
    "look": lambda service: service.look(CATS, [V1]),
    "versions": lambda service: service.versions(CATS),
    "find": lambda service: service.find_projects([CATS.scope]),
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
            )
        ],
        (error("ResourceNotFoundException"), NotFound),
        *[
            (error(code, status), Weather)
            for code, status in (
                ("InternalServerError", 500),
                ("ThrottlingException", 500),
                ("ThrottlingException", 400),
                ("ProvisionedThroughputExceededException", 400),
                ("InvalidPaginationTokenException", 400),
                ("ServiceUnavailableException", 503),
                ("SomethingNew", 500),
                ("SomethingNew", 429),
            )
        ],
        ((503, b"<html>busy</html>"), Weather),
        ((502, b""), Weather),
        *[
            (error(code), Rejected)
            for code in (
                "AccessDeniedException",
                "InvalidParameterException",
                "LimitExceededException",
                "SomethingNew",
            )
        ],
        ((403, b"<html>proxy</html>"), Weather),
        ((302, b""), Weather),
        (CredentialRetrievalError(provider="p", error_msg="m"), CredentialsFailed),
        (EndpointConnectionError(**URL), Weather),
        (ConnectionClosedError(**URL), Weather),
        (ReadTimeoutError(**URL), Weather),
        (SSLError(error=OSError("eof"), **URL), Weather),
        (IncompleteReadError(actual_bytes=1, expected_bytes=2), Weather),
        (ParamValidationError(report="x"), Rejected),
        ((200, b"<html>portal</html>"), Weather),
        ((200, b""), Weather),
        ((200, b"{}"), Weather),
        ((200, b"\xff\xfe"), Weather),
        ((200, b"[]"), Weather),
        ((200, b"null"), Weather),
    ],
)
@pytest.mark.parametrize("request_", ["delete", "look"])
def test_errors_are_sorted(request_: str, answer: Any, kind: type[ServiceError]) -> None:
    with pytest.raises(ServiceError) as raised:
        REQUESTS[request_](Amazon(answer).service)
    assert type(raised.value) is kind
    assert raised.value.cause is not None
    assert str(raised.value) == str(raised.value.cause)


@pytest.mark.parametrize(("request_", "kind"), [("delete", InUse), ("look", Weather)])
def test_in_use_is_about_a_change(request_: str, kind: type[ServiceError]) -> None:
    with pytest.raises(kind):
        REQUESTS[request_](Amazon(error("ResourceInUseException")).service)


@pytest.mark.parametrize("request_", REQUESTS)
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (error("ThrottlingException"), Weather),
        ({}, Weather),
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
        {"a": 1},
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
    with pytest.raises(Weather):
        Amazon({"ProjectVersionDescriptions": descriptions}).service.look(CATS, [V1])


def test_messages_are_made_safe() -> None:
    with pytest.raises(Rejected) as raised:
        Amazon(error("AccessDeniedException", message="\x1b[2Jno\r\n")).service.delete(V1)
    assert isinstance(raised.value.cause, ClientError)
    for text in (str(raised.value), raised.value.cause.response["Error"]["Message"]):
        assert text.endswith(r"\x1b[2Jno\r\n")
        assert text.isprintable()


def test_error_of_another_service_belongs_to_the_credentials() -> None:
    denied = ClientError({"Error": {"Code": "AccessDenied"}}, "AssumeRole")
    with pytest.raises(CredentialsFailed):
        Amazon(denied).service.delete(V1)


def test_what_is_read_of_a_version() -> None:
    more = {"StatusMessage": "\x1b[2J", "CreationTimestamp": 1700000000}
    amazon = Amazon({"ProjectVersionDescriptions": [version("v1", **more), version("v2")]})
    first, second = amazon.service.versions(CATS)
    assert (first.arn, first.status, first.status_message) == (V1.text, "STOPPED", r"\x1b[2J")
    assert timestamp(first.created) == datetime.datetime.fromtimestamp(
        1700000000, datetime.timezone.utc
    )
    assert (second.status_message, second.created) == ("", None)


@pytest.mark.parametrize(
    ("created", "year"),
    [
        (datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.timezone.utc), 2026),
        ("2026-01-01T12:00:00+00:00", 2026),
        (1.7e9, 2023),
        ("1.7e9", 2023),
        (None, None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_timestamp(created: Any, year: int | None) -> None:
    read = timestamp(created)
    assert (read and read.year) == year
    assert read is None or read.tzinfo is datetime.timezone.utc


def test_requests() -> None:
    amazon = Amazon({"Status": "DELETING"})
    amazon.service.delete(V1)
    amazon.service.stop(V1)
    targets = [request.headers["X-Amz-Target"] for request in amazon.requests]
    names = [bytes(target).decode() if isinstance(target, bytes) else target for target in targets]
    assert [name.rpartition(".")[2] for name in names] == [
        "DeleteProjectVersion",
        "StopProjectVersion",
    ]
    assert amazon.bodies == [{"ProjectVersionArn": V1.text}] * 2


def test_each_region_has_one_client_and_names_the_plugin() -> None:
    amazon = Amazon({"Status": "DELETING"})
    for region in ("us-east-1", "eu-west-1", "us-east-1"):
        amazon.service.delete(model_arn(region=region))
    hosts = [re.findall(r"//rekognition\.(.*)\.amazonaws", str(r.url)) for r in amazon.requests]
    assert hosts == [["us-east-1"], ["eu-west-1"], ["us-east-1"]]
    for request in amazon.requests:
        agent = request.headers["User-Agent"]
        text = agent.decode() if isinstance(agent, bytes) else agent
        assert f"awscli-rekcl/{awscli_rekcl.__version__}" in text


def by_name(names: list[str], page_size: int = 100) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Answer with those of these versions that are asked for, in pages."""

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        chosen = [name for name in names if name in body.get("VersionNames", names)]
        start = int(body.get("NextToken", 0))
        end = start + page_size
        return listing(*chosen[start:end], token=str(end) if end < len(chosen) else None)

    return answer


def look(amazon: Amazon, names: list[str]) -> tuple[list[str], list[list[str] | None]]:
    """The names that a look finds, and the names that each of its requests asks for."""
    before = len(amazon.requests)
    found = amazon.service.look(CATS, [model_arn(name) for name in names])
    assert all(arn == description.arn for arn, description in found.items())
    asked = [body.get("VersionNames") for body in amazon.bodies[before:]]
    return [arn.split("/")[3] for arn in found], asked


NAMES = [f"v{i:02}" for i in range(30)]


@pytest.mark.parametrize(
    ("wanted", "listed", "page_size", "asked"),
    [
        (NAMES[:1], NAMES, 100, [NAMES[:1]]),
        (NAMES[:10], NAMES, 100, [NAMES[:10]]),
        (NAMES[:3], NAMES[1:], 100, [NAMES[:3]]),
        # More than one request's worth of names: the whole listing is cheaper ...
        (NAMES[:11], NAMES, 100, [None]),
        (NAMES[:11], NAMES[5:], 100, [None]),
        # ... but only a listing of one page proves that a model is missing.
        (NAMES, NAMES, 15, [None, None]),
        (NAMES, NAMES[2:], 15, [None, None, NAMES[:2]]),
        (NAMES, NAMES[12:], 15, [None, None, NAMES[:10], NAMES[10:12]]),
        (NAMES, [], 15, [None]),
    ],
)
def test_look(wanted: list[str], listed: list[str], page_size: int, asked: list[Any]) -> None:
    amazon = Amazon(by_name(listed, page_size))
    found, requests = look(amazon, wanted)
    assert found == [name for name in wanted if name in listed]
    assert requests == asked


def test_an_answer_by_name_of_several_pages_proves_nothing() -> None:
    found, asked = look(Amazon(by_name(NAMES, 2)), NAMES[:3])
    assert (found, asked) == (NAMES[:3], [NAMES[:3]] * 2 + [[name] for name in NAMES[:3]])


def test_an_entry_that_slips_between_two_pages_is_not_missing() -> None:
    pages = [listing(*NAMES[:10], token="10"), listing(*NAMES[11:])]
    found, asked = look(Amazon(*pages, by_name(NAMES[1:])), NAMES)
    assert NAMES[10] in found
    assert asked == [None, None, [NAMES[10]]]


def test_the_number_of_pages_is_remembered() -> None:
    amazon = Amazon(by_name(NAMES, 10))
    assert look(amazon, NAMES[:20])[1] == [None] * 3  # three pages are more than two requests
    assert look(amazon, NAMES[:20])[1] == [NAMES[:10], NAMES[10:20]]
    assert look(amazon, NAMES)[1] == [NAMES[:10], NAMES[10:20], NAMES[20:]]


def test_a_model_made_anew_is_not_found() -> None:
    other = model_arn("v1", number=2)
    assert Amazon(listing("v1")).service.look(CATS, [other]) == {}


def test_versions_by_name_ten_at_a_time() -> None:
    amazon = Amazon(by_name(NAMES))
    assert len(amazon.service.versions(CATS, NAMES[:12])) == 12
    assert [body["VersionNames"] for body in amazon.bodies] == [NAMES[:10], NAMES[10:12]]


def projects(*arns: str) -> dict[str, Any]:
    return {"ProjectDescriptions": [{"ProjectArn": arn} for arn in arns]}


@pytest.mark.parametrize("loader", [LOADER, OldLoader()])
def test_find_projects_among_all_features(loader: botocore.loaders.Loader) -> None:
    amazon = Amazon(projects(CATS.text), loader=loader)
    assert amazon.service.find_projects([CATS.scope]) == {CATS.scope: CATS}
    assert amazon.bodies == [
        {"ProjectNames": ["cats"], "Features": ["CUSTOM_LABELS", "CONTENT_MODERATION"]}
    ]


def test_find_projects_by_region_ten_at_a_time() -> None:
    wanted = [project_arn(f"p{i}") for i in range(11)] + [project_arn("p0", "eu-west-1")]

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        return projects(*(arn.text for arn in wanted if arn[1][3] in body["ProjectNames"]))

    amazon = Amazon(answer)
    assert set(amazon.service.find_projects([p.scope for p in wanted]).values()) == set(wanted)
    assert [len(body["ProjectNames"]) for body in amazon.bodies] == [10, 1, 1]


@pytest.mark.parametrize("answer", [projects(), projects(project_arn(account="9" * 12).text)])
def test_a_project_of_another_account_does_not_count(answer: dict[str, Any]) -> None:
    with pytest.raises(NotFound, match=r"no project cats \(account 123456789012, us-east-1\)"):
        Amazon(answer).service.find_projects([CATS.scope])


def test_no_project_no_request() -> None:
    amazon = Amazon()
    assert amazon.service.find_projects([]) == {}
    assert amazon.requests == []


class Stop(BaseException):
    """What somebody raises before a request."""


def test_before_request() -> None:
    pages = [listing("v1", token="1"), listing("v2")]
    amazon = Amazon(*pages, *pages)
    seen: list[int] = []
    amazon.service.before_request = lambda: seen.append(len(amazon.requests))
    amazon.service.versions(CATS)
    assert seen == [0, 1, 2, 3]  # a listing of several pages is read twice

    def stop() -> None:
        raise Stop

    amazon.service.before_request = stop
    with pytest.raises(Stop):
        amazon.service.delete(V1)
    assert len(amazon.requests) == 4


class Refreshed:
    """Credentials that can be had at first, and then no more."""

    access_key, secret_key, token, method = "AKIA", "secret", None, "test"

    def __init__(self, *errors: Exception) -> None:
        self.fetched = 0
        self._errors = list(errors)

    def get_frozen_credentials(self) -> Refreshed:
        self.fetched += 1
        if self._errors:
            raise self._errors[0]
        return self

    def get_deferred_property(self, name: str) -> Callable[[], Any]:
        return functools.partial(getattr, self, name)


@pytest.mark.parametrize(
    "cause",
    [
        CredentialRetrievalError(provider="process", error_msg="no"),
        EndpointConnectionError(**URL),
        ClientError({"Error": {"Code": "AccessDeniedException"}}, "DeleteProjectVersion"),
        RuntimeError("refresh failed"),
    ],
)
def test_credentials_that_can_not_be_fetched(cause: Exception) -> None:
    amazon = Amazon({"Status": "DELETING"})
    amazon.session._credentials = Refreshed(cause)  # type: ignore[attr-defined]
    with pytest.raises(CredentialsFailed) as raised:
        amazon.service.delete(V1)
    assert raised.value.cause is cause
    assert amazon.requests == []


def test_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(CredentialsFailed, match="Unable to locate credentials"):
        Amazon({"Status": "DELETING"}).service.delete(V1)


def test_unsigned_requests_fetch_no_credentials() -> None:
    amazon = Amazon({"Status": "DELETING"})
    unsigned = Config(signature_version=botocore.UNSIGNED)
    amazon.session.set_default_client_config(unsigned)
    credentials = Refreshed(RuntimeError("must not be asked"))
    amazon.session._credentials = credentials  # type: ignore[attr-defined]
    Rekognition(amazon.session, sign_requests=False).delete(V1)
    assert (len(amazon.requests), credentials.fetched) == (1, 0)


@pytest.mark.parametrize(
    ("environ", "config", "mode"),
    [
        (None, "", "adaptive"),
        ("standard", "", "standard"),
        (None, "[default]\nretry_mode = legacy\n", "legacy"),
        (None, "[default]\nregion = us-east-1\n", "adaptive"),
    ],
)
def test_retry_mode(
    environ: str | None, config: str, mode: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    file = tmp_path / "config"
    file.write_text(config)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    if environ:
        monkeypatch.setenv("AWS_RETRY_MODE", environ)
    modes: list[str] = []
    amazon = Amazon({"Status": "DELETING"})

    def note(request: Any, **kwargs: Any) -> None:
        modes.append(request.context["client_config"].retries["mode"])

    amazon.session.register("request-created.rekognition", note)  # type: ignore[arg-type]
    amazon.service.delete(V1)
    assert modes == [mode]


def test_endpoint() -> None:
    amazon = Amazon({"Status": "DELETING"})
    Rekognition(amazon.session, "http://localhost:1", verify=False).delete(V1)
    assert amazon.requests[0].url == "http://localhost:1/"


def test_a_command_that_can_not_be_loaded_leaves_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    emitter = HierarchicalEmitter()
    awscli_rekcl.awscli_initialize(emitter)
    table: dict[str, Any] = {"describe-projects": object()}
    with caplog.at_level(logging.ERROR):
        emitter.emit("building-command-table.rekognition", command_table=table, session=None)
    assert list(table) == ["describe-projects"]  # there is no AWS CLI here to build it on
    assert "does not work in this AWS CLI" in caplog.text
