"""The table of statuses is all there is to change for a new one, from the list to the last line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from awscli_rekcl import lifecycle
from awscli_rekcl.errors import Refused
from awscli_rekcl.lifecycle import STOP_IF_RUNNING, WAIT_IF_TRAINING, Action, Request, Rule

from .test_run import Run, printed

INVENTED: dict[str | None, Rule] = {
    "WARMING_UP": Rule(Action.WAIT_THEN_DELETE, None, WAIT_IF_TRAINING),
    "SERVING": Rule(Action.STOP_THEN_DELETE, Request.STOP, STOP_IF_RUNNING),
}
Capsys = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _invented(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "RULES", {**lifecycle.RULES, **INVENTED})


@pytest.mark.parametrize(
    ("status", "option", "action", "changes"),
    [
        ("WARMING_UP", "wait_if_training", "wait, then delete", ["delete v1"]),
        ("SERVING", "stop_if_running", "stop, then delete", ["stop v1", "delete v1"]),
    ],
)
def test_handled(status: str, option: str, action: str, changes: list[str], capsys: Capsys) -> None:
    looks = [{"v1": status}, {"v1": status}, {"v1": "TRAINED"}, {"v1": "DELETING"}, {}]
    given: dict[str, Any] = {option: True}
    done = Run(looks, "cats/v1", yes=True, **given)
    assert (done.status, done.changes) == (0, changes)
    assert f"{status}" in done.said
    assert action in done.said
    assert done.said.endswith("Deleted: version v1 of project cats.\n")
    assert [entry["Status"] for entry in printed(capsys)] == ["DELETED"]


@pytest.mark.parametrize(
    ("status", "option"), [("WARMING_UP", WAIT_IF_TRAINING), ("SERVING", STOP_IF_RUNNING)]
)
def test_refused_without_the_option(status: str, option: str) -> None:
    done = Run([{"v1": status}], "cats/v1", yes=True, fails=Refused)
    assert (status in str(done.error), option in str(done.error), done.changes) == (True, True, [])


def test_one_that_is_entered_after_the_confirmation(capsys: Capsys) -> None:
    looks: Any = [{"v1": "STOPPING"}, {"v1": "SERVING"}]
    done = Run(looks, "cats/v1", yes=True)
    assert (done.status, done.changes) == (255, [])
    assert "is SERVING" in json.dumps(printed(capsys))
