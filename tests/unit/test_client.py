"""The requests: botocore's real client, answered from a script."""

from __future__ import annotations

import datetime
import functools
import json
import math
from collections.abc import Callable
from http.client import InvalidURL
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    HTTPClientError,
    NoRegionError,
    ParamValidationError,
)
from botocore.hooks import HierarchicalEmitter

import awscli_rekcl
from awscli_rekcl.deadline import Deadline
from awscli_rekcl.errors import (
    CredentialsFailed,
    InUse,
    Rejected,
    ServiceError,
    TransientError,
    Unsendable,
)
from awscli_rekcl.lifecycle import Request
from awscli_rekcl.service.client import Rekognition
from awscli_rekcl.service.pacing import PATIENCE
from awscli_rekcl.service.sdk import Sdk

from .amazon import CATS, URL, V1, Amazon, OldLoader, error, listing, version
from .fakes import Clock, model_arn, project_arn


def test_what_is_read_of_a_version() -> None:
    more = {"Status": "\x07", "StatusMessage": "\x1b[2J", "CreationTimestamp": 1700000000}
    blank = {"StatusMessage": None, "CreationTimestamp": None}
    # Which the SDK reads as a time, but it is no number.
    text = {"CreationTimestamp": "2026-01-01T00:00:00Z"}
    others = [version("v2"), version("v3", **blank), version("v4", **text)]
    amazon = Amazon({"ProjectVersionDescriptions": [version("v1", **more), *others]})
    first, *rest = amazon.describer.versions(CATS)
    assert (first.arn, first.status, first.status_message) == (V1, r"\x07", r"\x1b[2J")
    assert first.created == datetime.datetime.fromtimestamp(1700000000, datetime.timezone.utc)
    assert [(each.status_message, each.created) for each in rest] == [("", None)] * 3


def test_requests() -> None:
    amazon = Amazon({"Status": "DELETING"})
    regions = ["us-east-1", "eu-west-1", "us-east-1"]
    for region, request in zip(regions, [Request.DELETE, Request.STOP, Request.DELETE]):
        arn = model_arn(region=region)
        amazon.service.send(request, arn)
        sent = amazon.requests[-1]
        assert f"rekognition.{region}.amazonaws" in str(sent.url)
        assert text(sent, "X-Amz-Target").rpartition(".")[2] == request.operation
        assert f"awscli-rekcl/{awscli_rekcl.__version__}" in text(sent, "User-Agent")
        assert amazon.bodies[-1] == {"ProjectVersionArn": arn.text}


def delete(amazon: Amazon, region: str = "us-east-1") -> None:
    amazon.service.send(Request.DELETE, model_arn(region=region))


def text(request: AWSPreparedRequest, header: str) -> str:
    value = request.headers[header]
    return value.decode() if isinstance(value, bytes) else str(value)


def projects(*arns: str) -> dict[str, Any]:
    return {"ProjectDescriptions": [{"ProjectArn": arn} for arn in arns]}


FEATURES = {"Features": ["CUSTOM_LABELS", "CONTENT_MODERATION"]}


def test_projects_of_all_features() -> None:
    amazon = Amazon({**projects(CATS.text), "NextToken": "1"}, projects(CATS.text + "2"))
    found = amazon.service.projects("us-east-1", ["cats"])
    assert [arn.text for arn in found] == [CATS.text, CATS.text + "2"]
    assert amazon.bodies[0] == {"ProjectNames": ["cats"], **FEATURES}


def test_an_aws_cli_that_is_too_old_to_ask_by_name_or_for_features() -> None:
    amazon = Amazon(projects(CATS.text), loader=OldLoader())
    with pytest.raises(Rejected) as raised:
        amazon.service.projects("us-east-1", ["cats"])
    assert isinstance(raised.value.cause, ParamValidationError)
    said = "This AWS CLI is too old to find a project by its name. Add --project-arn."
    assert str(raised.value) == str(raised.value.cause) == said
    assert amazon.service.projects("us-east-1") == [CATS]
    assert amazon.bodies == [FEATURES]


def test_projects_by_name_ten_at_a_time() -> None:
    wanted = [project_arn(f"p{i}") for i in range(11)]

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        return projects(*(arn.text for arn in wanted if arn[1][3] in body["ProjectNames"]))

    amazon = Amazon(answer)
    names = [arn.scope.project_name for arn in wanted]
    assert amazon.service.projects("us-east-1", names) == wanted
    assert amazon.service.projects("us-east-1", []) == []
    assert [len(body["ProjectNames"]) for body in amazon.bodies] == [10, 1]


def test_without_a_region() -> None:
    with pytest.raises(ServiceError) as raised:
        Amazon(projects()).service.projects(None)
    assert isinstance(raised.value.cause, NoRegionError)


@pytest.mark.parametrize(
    ("own", "region", "endpoint"),
    [
        ("eu-west-1", None, "rekognition.eu-west-1"),
        ("eu-west-1", "us-east-1", "rekognition.us-east-1"),
        *[
            (own, region, f"rekognition-fips.{region or 'us-east-1'}")
            for own in ("us-east-1-fips", "fips-us-east-1")
            for region in (None, "us-east-1", "eu-west-1")
        ],
    ],
)
def test_the_region_of_the_cli_and_whether_it_asks_for_fips(
    own: str, region: str | None, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", own)
    cats = project_arn(region=endpoint.partition(".")[2])
    amazon = Amazon(projects(cats.text))
    assert amazon.service.projects(region) == [cats]
    assert amazon.service.region(region) == cats.scope.region
    assert f"//{endpoint}.amazonaws.com" in str(amazon.requests[0].url)


class Refreshed:
    """Credentials that are others at each use: keys, or an error in the place of one."""

    secret_key, token, method = "secret", None, "test"

    def __init__(self, *keys: str | Exception) -> None:
        self.fetched = 0
        self._keys = keys

    def get_frozen_credentials(self) -> Refreshed:
        key = self._keys[self.fetched]
        self.fetched += 1
        if isinstance(key, Exception):
            raise key
        self.access_key = key
        return self

    def get_deferred_property(self, name: str) -> Callable[[], Any]:
        return functools.partial(getattr, self, name)


@pytest.fixture
def _three_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "3")


@pytest.mark.usefixtures("_three_attempts")
@pytest.mark.parametrize(
    ("keys", "cause"),
    [
        ([], EndpointConnectionError(**URL)),
        ([], ClientError({"Error": {"Code": "AccessDeniedException"}}, "DeleteProjectVersion")),
        ([], RuntimeError("refresh failed")),
        ([], json.JSONDecodeError("Expecting value", "nonsense", 0)),
        (["ONE"], RuntimeError("refresh failed")),
    ],
)
def test_credentials_that_can_not_be_fetched(keys: list[str], cause: Exception) -> None:
    amazon = Amazon(LOST)
    amazon.session._credentials = Refreshed(*keys, cause)  # type: ignore[attr-defined]
    with pytest.raises(CredentialsFailed) as raised:
        delete(amazon)
    assert (type(raised.value.cause), str(raised.value)) == (type(cause), str(cause))
    assert (len(amazon.requests), raised.value.may_be_done) == (len(keys), bool(keys))


UNSENDABLE = r"^A request can't be sent: [^:]*$"
QUOTING = [
    HTTPClientError(error=ValueError("Invalid header value b'token'")),
    HTTPClientError(error=InvalidURL("nonnumeric port: 'token'")),
    ValueError("Port could not be cast to integer value as 'token'"),
]


@pytest.mark.parametrize(
    ("fetches", "error"), [(False, QUOTING[0]), *((True, error) for error in QUOTING)]
)
def test_what_can_not_be_sent_is_neither_quoted_nor_tried_again(
    fetches: bool, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_MAX_ATTEMPTS")
    amazon = Amazon(error)
    if fetches:
        amazon.session._credentials = Refreshed(error)  # type: ignore[attr-defined]
    with pytest.raises(Unsendable, match=UNSENDABLE):
        delete(amazon)
    assert len(amazon.requests) == (0 if fetches else 1)


def test_the_key_that_signed_and_each_is_fetched_once() -> None:
    amazon = Amazon({"Status": "DELETING"})
    amazon.session._credentials = Refreshed("ONE", "TWO", "THREE")  # type: ignore[attr-defined]
    for key, region in (("ONE", "a"), ("TWO", "b"), ("THREE", "a")):
        delete(amazon, region)
        assert f"Credential={key}/" in text(amazon.requests[-1], "Authorization")
        assert amazon.service.access_key == key


@pytest.mark.parametrize("url", ["http://user:p#w@127.0.0.1:9", "user:p#w@127.0.0.1:9"])
@pytest.mark.parametrize("is_configured", [False, True])
def test_an_endpoint_that_can_not_be_read(
    url: str, is_configured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_configured:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    sdk = Sdk(Amazon().session, Deadline(), None if is_configured else url)
    with pytest.raises(Unsendable, match=UNSENDABLE):
        Rekognition(sdk).send(Request.DELETE, V1)


def test_an_endpoint_and_requests_without_a_signature() -> None:
    amazon = Amazon({"Status": "DELETING"})
    amazon.session.set_default_client_config(Config(signature_version=botocore.UNSIGNED))
    credentials = Refreshed(RuntimeError("must not be asked"))
    amazon.session._credentials = credentials  # type: ignore[attr-defined]
    sdk = Sdk(amazon.session, Deadline(), "http://localhost:1", verify=False, sign_requests=False)
    Rekognition(sdk).send(Request.DELETE, V1)
    assert [request.url for request in amazon.requests] == ["http://localhost:1/"]
    assert credentials.fetched == 0


@pytest.mark.parametrize(
    ("configured", "mode"), [("", "standard"), ("retry_mode = adaptive", "adaptive")]
)
def test_retry_mode(
    configured: str, mode: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "config"
    file.write_text(f"[default]\n{configured}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    amazon = Amazon({"Status": "DELETING"})

    def check(request: Any, **kwargs: Any) -> None:
        assert request.context["client_config"].retries["mode"] == mode

    amazon.session.register("request-created.rekognition", check)  # type: ignore[arg-type]
    delete(amazon)


def test_a_command_that_can_not_be_loaded_leaves_the_others() -> None:
    emitter = HierarchicalEmitter()
    awscli_rekcl.awscli_initialize(emitter)
    table: dict[str, Any] = {"describe-projects": object()}
    emitter.emit("building-command-table.rekognition", command_table=table, session=None)
    command = table["delete-model-and-wait"]
    assert command.name == "delete-model-and-wait"
    with pytest.raises(RuntimeError, match="does not work in this AWS CLI"):
        command([], None)  # there is no AWS CLI here to build it on
    assert getattr(command, "subcommand_table", None) is None


FOREIGN = [
    model_arn(project="dogs").text,
    model_arn(region="eu-west-1").text,
    model_arn(account="210987654321").text,
    V1.text.replace("arn:aws:", "arn:aws-cn:"),
    CATS.text,
    "\x1b[2J\u202e",
    "",
]


@pytest.mark.parametrize("names", [None, ["v1"]])
def test_a_listing_has_only_what_was_asked_for(names: list[str] | None) -> None:
    answers = [
        {"ProjectVersionDescriptions": [version("v1"), version("v1", ProjectVersionArn=arn)]}
        for arn in FOREIGN
    ]
    amazon = Amazon(*answers, listing("v1", "v2"))
    for arn in FOREIGN:
        with pytest.raises(TransientError, match="can't be read") as raised:
            pytest.fail(f"{arn} in {list(amazon.service.pages(CATS, names))}")
        assert str(raised.value).isprintable()
    if names is not None:
        with pytest.raises(TransientError, match="which was not requested"):
            list(amazon.service.pages(CATS, names))


@pytest.mark.parametrize("names", [None, ["cats", "dogs"]])
def test_a_list_of_projects_has_only_what_was_asked_for(names: list[str] | None) -> None:
    away = project_arn("dogs", region="eu-west-1").text
    elsewhere = project_arn("dogs", account="210987654321").text
    pairs = [[CATS.text, foreign] for foreign in (away, elsewhere, V1.text, "\x1b[2J")]
    pairs += [pair[::-1] for pair in pairs]
    amazon = Amazon(*(projects(*pair) for pair in pairs), projects(project_arn("mice").text))
    for pair in pairs:
        with pytest.raises(TransientError, match="an answer to DescribeProjects can't be r") as no:
            pytest.fail(f"{pair}: {amazon.service.projects('us-east-1', names)}")
        assert str(no.value).isprintable()
    if names is None:
        assert amazon.service.projects("us-east-1") == [project_arn("mice")]
    else:
        with pytest.raises(TransientError, match="which was not requested"):
            amazon.service.projects("us-east-1", names)


def test_projects_of_one_name_are_told_apart_by_whoever_has_to_choose() -> None:
    twins = [CATS, project_arn(account="210987654321")]
    amazon = Amazon(projects(*(arn.text for arn in twins)))
    assert amazon.service.projects("us-east-1", ["cats"]) == twins


def test_a_token_that_is_no_text() -> None:
    wrong, none = [1, True, {"a": 1}, ["a"], 0, False, {}, []], ["", None]
    amazon = Amazon(*({**listing("v1"), "NextToken": token} for token in [*wrong, *none]))
    for token in wrong:
        with pytest.raises(TransientError, match="NextToken"):
            pytest.fail(f"{token}: {list(amazon.service.pages(CATS))}")
    for _ in none:
        assert len(list(amazon.service.pages(CATS))) == 1
    assert len(amazon.requests) == len([*wrong, *none])


def test_tokens_that_go_round_in_a_circle() -> None:
    amazon = Amazon(*(listing("v1", token=token) for token in "abab"), listing("v1"))
    with pytest.raises(TransientError, match="the same page comes again"):
        list(amazon.service.pages(CATS))
    assert [body.get("NextToken") for body in amazon.bodies] == [None, "a", "b"]


THROTTLED = error("ThrottlingException")


class Throttled(Amazon):
    """Answers in time that passes only when somebody sleeps."""

    def __init__(self, *answers: Any, timeout: float = math.inf) -> None:
        super().__init__(*answers)
        self.clock = Clock()
        deadline = Deadline(timeout, clock=self.clock, sleep=self.clock.sleep)
        deadline.start()
        self.service = Rekognition(Sdk(self.session, deadline))


@pytest.fixture
def _nothing_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_MAX_ATTEMPTS")
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # of botocore's own retries


@pytest.mark.usefixtures("_nothing_chosen")
def test_a_throttled_request_is_repeated() -> None:
    other = error("ProvisionedThroughputExceededException")
    amazon = Throttled(*[THROTTLED, other] * 3, listing("v1"))
    assert len(list(amazon.service.pages(CATS))) == 1
    assert (len(amazon.requests), len(amazon.clock.sleeps)) == (7, 6)


@pytest.mark.usefixtures("_nothing_chosen")
def test_requests_are_spaced_once_one_of_their_operation_was_throttled() -> None:
    amazon = Throttled(THROTTLED, {"Status": "DELETING", **listing()})
    for _ in range(3):
        delete(amazon)
    assert (len(amazon.requests), len(amazon.clock.sleeps)) == (4, 3)
    # Another operation and another region have quotas of their own.
    list(amazon.service.pages(CATS))
    delete(amazon, "eu-west-1")
    assert len(amazon.clock.sleeps) == 3


LOST = ConnectionClosedError(**URL)
IN_USE = error("ResourceInUseException")


@pytest.mark.usefixtures("_three_attempts")
@pytest.mark.parametrize(
    ("tries", "may_be"),
    [
        ([IN_USE], False),
        ([THROTTLED, IN_USE], False),
        ([LOST, IN_USE], True),
        ([error("InternalServerError", 500), IN_USE], True),
        ([LOST, THROTTLED, IN_USE], True),
    ],
)
def test_whether_an_earlier_try_may_have_been_obeyed(tries: list[Any], may_be: bool) -> None:
    amazon = Amazon(*tries)
    with pytest.raises(InUse) as raised:
        delete(amazon)
    assert (raised.value.may_be_done, len(amazon.requests)) == (may_be, len(tries))
    # Nothing of that is left for the next request.
    with pytest.raises(InUse) as raised:
        delete(amazon)
    assert raised.value.may_be_done is False


@pytest.mark.usefixtures("_nothing_chosen")
@pytest.mark.parametrize(("tries", "may_be"), [([THROTTLED], False), ([LOST, THROTTLED], True)])
def test_a_throttled_request_is_not_repeated_past_the_limit(tries: list[Any], may_be: bool) -> None:
    amazon = Throttled(*tries, timeout=4)
    for _ in range(2):
        with pytest.raises(TransientError) as raised:
            delete(amazon)
        assert raised.value.may_be_done is may_be
        assert 2 < amazon.clock.now <= 4
        may_be = False  # nothing of that is left for the next request
    assert len(amazon.requests) <= 15


@pytest.mark.usefixtures("_nothing_chosen")
def test_throttling_that_lasts_is_a_transient_error() -> None:
    amazon = Throttled(THROTTLED)
    with pytest.raises(TransientError):
        delete(amazon)
    assert PATIENCE <= amazon.clock.now <= PATIENCE + 10


def test_attempts_that_the_user_chose_are_kept() -> None:
    amazon = Throttled(THROTTLED)
    with pytest.raises(TransientError):
        delete(amazon)
    assert (len(amazon.requests), amazon.clock.sleeps) == (1, [])
