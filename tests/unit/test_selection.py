"""From options to the models they mean."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from awscli_rekcl.lifecycle import Action
from awscli_rekcl.model import Outcome
from awscli_rekcl.options import Options
from awscli_rekcl.selection import Selection
from awscli_rekcl.selection import select as select_by
from awscli_rekcl.service.describe import Describer, Description
from awscli_rekcl.service.errors import NotFound, TransientError
from awscli_rekcl.terminal.messages import why_refused

from .fakes import FakeService, failure, model_arn, options, project_arn

CATS = project_arn().text
TWO = {"cats": [{"v1": "STOPPED", "v2": "RUNNING"}], "dogs": [{"v1": "DELETING"}]}


def select(options: Options, service: FakeService) -> Selection:
    return select_by(options, service, Describer(service))


def test_by_arn_in_the_order_given() -> None:
    service = FakeService(TWO)
    paths = ["dogs/v1", "cats/v2", "cats/v3", "cats/v1"]
    selection = select(options(*paths), service)
    names = [f"{m.project.scope.project_name}/{m.arn.version_name}" for m in selection.models]
    assert names == paths
    assert [(m.status, m.plan, m.outcome) for m in selection.models] == [
        ("DELETING", Action.WAIT, None),
        ("RUNNING", Action.REFUSE, None),
        (None, Action.NONE, Outcome.NOT_FOUND),
        ("STOPPED", Action.DELETE, None),
    ]
    assert "--stop-if-running" in why_refused(selection.models[1])
    assert selection.unknown_names == []
    assert service.sent == ["find dogs cats", "look dogs", "look cats"]


def test_a_given_project_is_not_looked_up() -> None:
    service = FakeService(TWO)
    [model] = select(options("cats/v1", project_arn=CATS), service).models
    assert model.project == project_arn()
    assert service.sent == ["look cats"]


def test_a_model_made_anew_under_the_same_name_is_another_one() -> None:
    service = FakeService(TWO)
    earlier = model_arn("v1", number=99)
    [model] = select(options(project_version_arn=[earlier.text]), service).models
    assert (model.status, model.outcome) == (None, Outcome.NOT_FOUND)


def test_consents() -> None:
    service = FakeService(TWO)
    [model] = select(options("cats/v2", stop_if_running=True), service).models
    assert (model.plan, why_refused(model)) == (Action.STOP_THEN_DELETE, "")


def test_by_name() -> None:
    service = FakeService(TWO)
    selection = select(options(project_arn=CATS, version_names=["v9", "v2", "v1", "v8"]), service)
    assert [model.arn.version_name for model in selection.models] == ["v2", "v1"]
    assert selection.unknown_names == ["v9", "v8"]


def test_all_versions() -> None:
    selection = select(options(project_arn=CATS, all_versions=True), FakeService(TWO))
    assert [model.status for model in selection.models] == ["STOPPED", "RUNNING"]
    assert selection.unknown_names == []


CREATED = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)


class Repeats(FakeService):
    """A model created between two pages of a listing pushes another one onto the second."""

    def pages(self, *args: object) -> Iterator[list[Description]]:
        version = Description(model_arn(), "STOPPED", "", CREATED)
        yield [version]
        yield [version]


@pytest.mark.parametrize("given", [{"all_versions": True}, {"version_names": ["v1"]}])
def test_a_model_listed_twice_counts_once(given: dict[str, Any]) -> None:
    [model] = select(options(project_arn=CATS, **given), Repeats()).models
    assert model.created == CREATED


@pytest.mark.parametrize(
    "given",
    [
        {"project_version_arn": []},
        {"project_version_arn": [], "project_arn": CATS},
        {"version_names": [], "project_arn": CATS},
    ],
)
def test_an_empty_list_is_never_widened(given: dict[str, Any]) -> None:
    service = FakeService(TWO)
    assert select(options(**given), service) == ([], [])
    assert not service.requests("look")


def test_an_empty_project() -> None:
    assert select(options(project_arn=CATS, all_versions=True), FakeService([{}])) == ([], [])


def test_a_project_that_is_not_there() -> None:
    with pytest.raises(NotFound):
        select(options("cats/v1", "birds/v1", ignore_not_found=True), FakeService(TWO))


@pytest.mark.parametrize("kind", [NotFound, TransientError])
def test_errors_go_to_the_caller(kind: type[NotFound]) -> None:
    with pytest.raises(kind):
        select(options("cats/v1", ignore_not_found=True), FakeService([failure(kind)]))
