"""From options to the models they mean."""

from __future__ import annotations

import datetime
from typing import Any
from unittest.mock import Mock

import pytest

from awscli_rekcl.arn import ProjectArn
from awscli_rekcl.errors import AccessDenied, NotFound, Refused, TransientError
from awscli_rekcl.lifecycle import Action
from awscli_rekcl.model import Outcome
from awscli_rekcl.options import Options
from awscli_rekcl.selection import Selection, keep_newest
from awscli_rekcl.selection import select as select_by
from awscli_rekcl.service.describe import Describer, Description
from awscli_rekcl.terminal.messages import why_refused

from .fakes import NOW, FakeService, failure, model_arn, options, project_arn

CATS, V1 = project_arn().text, model_arn().text
CREATED = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
TWO = {"cats": [{"v1": "STOPPED", "v2": "RUNNING"}], "dogs": [{"v1": "DELETING"}]}


def select(options: Options, service: FakeService) -> Selection:
    return select_by(options, service, Describer(service), NOW)


def test_by_arn_in_the_order_given() -> None:
    service = FakeService(TWO)
    paths = ["dogs/v1", "cats/v2", "cats/v3", "cats/v1"]
    selection = select(options(*paths), service)
    names = [f"{m.project.scope.project_name}/{m.arn.version_name}" for m in selection.models]
    assert names == paths
    assert [(m.status, m.plan, m.outcome) for m in selection.models] == [
        ("DELETING", Action.WAIT, Outcome.PENDING),
        ("RUNNING", Action.REFUSE, Outcome.PENDING),
        (None, Action.NONE, Outcome.NOT_FOUND),
        ("STOPPED", Action.DELETE, Outcome.PENDING),
    ]
    assert "--stop-if-running" in why_refused(selection.models[1])
    assert (selection.unknown_names, selection.now) == ([], NOW)
    assert service.sent == ["find dogs cats", "look dogs", "look cats"]


def test_a_given_project_is_not_looked_up() -> None:
    service = FakeService(TWO)
    [model] = select(options("cats/v1", project_arn=CATS), service).models
    assert model.project == project_arn()
    assert service.sent == ["look cats"]


ALL: dict[str, Any] = {"project_arn": CATS, "all_versions": True}


@pytest.mark.parametrize(
    ("given", "found", "unknown"),
    [
        ({"version_names": ["v9", "v2", "v1", "v8"]}, ["v2", "v1"], ["v9", "v8"]),
        ({"all_versions": True}, ["v1", "v2"], []),
    ],
)
def test_by_project(given: dict[str, Any], found: list[str], unknown: list[str]) -> None:
    selection = select(options(project_arn=CATS, **given), FakeService(TWO))
    assert [model.arn.version_name for model in selection.models] == found
    assert {model.arn.version_name: model.status for model in selection.models} == TWO["cats"][0]
    assert (selection.unknown_names, selection.now) == (unknown, NOW)


@pytest.mark.parametrize(
    "given",
    [
        {"project_version_arn": "[]"},
        {"project_version_arn": "", "project_arn": CATS},
        {"version_names": "", "project_arn": CATS},
    ],
)
def test_an_empty_list_is_never_widened(given: dict[str, Any]) -> None:
    service = FakeService(TWO)
    empty = select(options(**given), service)
    assert empty[:3] == ([], [], [])
    assert given.keys() & {"project_version_arn"} or empty.project == project_arn()
    assert not service.requests("look")


def test_an_empty_project() -> None:
    empty = select(options(**ALL), FakeService([{}]))
    assert empty == ([], [], [], NOW, project_arn())


@pytest.mark.parametrize("given", [ALL, {"project_arn": CATS, "project_version_arn": [V1]}])
def test_a_given_project_that_is_not_there_is_always_an_error(given: dict[str, Any]) -> None:
    with pytest.raises(NotFound):
        select(options(ignore_not_found=True, **given), FakeService([failure(NotFound)]))


def listing(*projects: ProjectArn) -> FakeService:
    return FakeService([{"v1": "STOPPED"}], projects=projects)


TWIN = ProjectArn.parse(CATS.replace("/1000", "/2000"))
ELSEWHERE = project_arn(account="9" * 12)
BY_NAME: dict[str, Any] = {"project_name": "cats", "all_versions": True}
BY_ARN: dict[str, Any] = {"project_version_arn": [V1]}


@pytest.mark.parametrize("given", [BY_NAME, BY_ARN])
@pytest.mark.parametrize("twin", [TWIN, ELSEWHERE])
def test_two_projects_of_one_name_are_no_guess(given: dict[str, Any], twin: ProjectArn) -> None:
    with pytest.raises(Refused) as error:
        select(options(**given), listing(project_arn(), twin))
    assert all(word in str(error.value) for word in (CATS, twin.text, "--project-arn"))


@pytest.mark.parametrize("given", [BY_NAME, BY_ARN])
def test_projects_that_may_not_be_listed(given: dict[str, Any]) -> None:
    for message in ("not you", "not you."):
        with pytest.raises(AccessDenied, match=r"Version operation: not you\. With --project-arn"):
            select(options(**given), FakeService(projects=failure(AccessDenied, message)))


def test_by_the_name_of_the_project() -> None:
    service = FakeService(TWO)
    given = options(project_name="dogs", version_names=["v1"], region="eu-west-1")
    [model] = select(given, service).models
    assert model.project == project_arn("dogs", region="eu-west-1")
    assert [(call.text, call.names) for call in service.calls] == [
        ("find dogs", ["dogs"]),
        ("look dogs", ["v1"]),
    ]


# Another project shows the account; where there is none, or none may be listed, it is left out.
@pytest.mark.parametrize(
    ("others", "account"),
    [
        ([project_arn("dogs")], r" \(account 123456789012\)"),
        ([], ""),
        (failure(TransientError), ""),
    ],
)
def test_no_project_of_that_name(others: Any, account: str) -> None:
    service = listing()
    visible = Mock(side_effect=[[], others])
    service.visible_projects = visible  # type: ignore[method-assign]
    where = rf"No project cats in eu-west-1{account}\. Check the name, --region and"
    with pytest.raises(NotFound, match=where):
        select(options(region="eu-west-1", **BY_NAME), service)
    assert {call.args[0] for call in visible.call_args_list} == {"eu-west-1"}


@pytest.mark.parametrize("listed", [(), (ELSEWHERE,)])
def test_a_project_of_another_account_does_not_count(listed: tuple[ProjectArn, ...]) -> None:
    with pytest.raises(NotFound, match=r"No project cats in us-east-1 \(account 123456789012\)"):
        select(options(**BY_ARN), listing(*listed))


@pytest.mark.parametrize(
    ("statuses", "number", "kept"),
    [
        # Newest first; how many of them stay.
        (["STOPPED", "STOPPED", "STOPPED"], 2, 2),
        (["STOPPED", "STOPPED", "STOPPED"], 4, 3),
        (["TRAINING_FAILED", "TRAINING_FAILED", "RUNNING", "STOPPED"], 1, 3),
        (["TRAINING_FAILED", "RUNNING", "FAILED", "TRAINING_COMPLETED", "STOPPED"], 2, 4),
        (["TRAINING_IN_PROGRESS", "STARTING", "STOPPING", "STOPPED"], 2, 3),
        (["COPYING_IN_PROGRESS", "COPYING_COMPLETED", "STOPPED"], 1, 2),
        (["A_STATUS_OF_TOMORROW", "DELETING", "STOPPED", "STOPPED"], 1, 3),
        (["FAILED", "FAILED"], 1, 2),
    ],
)
def test_keep_newest(statuses: list[str], number: int, kept: int) -> None:
    versions = [
        Description(model_arn(f"v{i}"), status, created=CREATED - datetime.timedelta(days=i))
        for i, status in enumerate(statuses)
    ]
    stays, goes = keep_newest(versions[::-1], number)
    assert (stays, goes) == (versions[:kept], versions[kept:])


def test_keep_newest_of_a_project() -> None:
    looks = {"cats": [{"v9": "STOPPED", "v8": "FAILED", "v7": "STOPPED", "v6": "FAILED"}]}
    given = options(keep_newest="2", **ALL)
    selection = select(given, FakeService(looks))
    kept = [(model.arn.version_name, model.status) for model in selection.kept]
    assert kept == [("v9", "STOPPED"), ("v8", "FAILED"), ("v7", "STOPPED")]
    assert {model.project for model in selection.kept} == {project_arn()}
    assert [model.arn.version_name for model in selection.models] == ["v6"]


def test_a_busy_model_is_skipped() -> None:
    [model] = select(options("cats/v2", skip_if_busy=True), FakeService(TWO)).models
    assert (model.plan, model.outcome) == (Action.SKIP, Outcome.SKIPPED)
    assert "--stop-if-running" in why_refused(model)


def test_each_project_is_looked_up_in_its_own_region() -> None:
    arns = [model_arn("v1", name, region=f"{name}-1").text for name in TWO]
    service = FakeService(TWO)
    models = select(options(project_version_arn=arns), service).models
    assert [model.project.scope.region for model in models] == ["cats-1", "dogs-1"]
    assert service.requests("find") == ["find cats", "find dogs"]


def test_the_number_in_an_arn_is_its_time_in_milliseconds() -> None:
    now = datetime.datetime.fromtimestamp(1_800_000_000, datetime.timezone.utc)
    dated = Description(model_arn("a", number=1), "STOPPED", "", now)
    older = Description(model_arn("b", number=1_799_999_999_000), "STOPPED")
    newer = Description(model_arn("c", number=1_800_000_001_000), "STOPPED")
    kept, _ = keep_newest([older, dated, newer], 3)
    assert kept == [newer, dated, older]


def test_projects_of_arns_that_are_not_there() -> None:
    service = FakeService({})
    with pytest.raises(NotFound) as raised:
        select(options("mice/v1", "rats/v1", ignore_not_found=True), service)
    assert str(raised.value.cause) == (
        "An error occurred (ResourceNotFoundException) when calling the DescribeProjects operation:"
        " No project mice in us-east-1 (account 123456789012), rats in us-east-1 (account"
        " 123456789012). Check the name, --region and --profile."
    )
    assert service.sent == ["find mice rats"]


@pytest.mark.parametrize("status", ["FAILED", "NOT_FOUND", "DELETED", ""])
def test_what_is_described_is_kept(status: str) -> None:
    service = FakeService(TWO)
    described = Description(model_arn(), status, "why", CREATED)
    service.listing = lambda *_: [described]  # type: ignore[method-assign]
    [model] = select(options("cats/v1"), service).models
    assert (model.arn, model.status, model.status_message, model.created) == described
    assert model.is_open
