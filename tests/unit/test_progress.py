"""How far the deletion is, on a terminal and in a log."""

from __future__ import annotations

import io
import math

import pytest

from awscli_rekcl.deadline import Deadline
from awscli_rekcl.lifecycle import Request
from awscli_rekcl.model import Cause, Model, Outcome
from awscli_rekcl.terminal.console import Console
from awscli_rekcl.terminal.progress import Progress

from .fakes import Clock, Terminal, a_model, some_models

WIPE = "\r\x1b[K"
redrawn = pytest.mark.posix("no line is redrawn in a console of Windows")


class Talk:
    """Progress on some models, and what stands on standard error."""

    def __init__(
        self, *models: Model, timeout: float = math.inf, log: bool = False, **given: bool
    ) -> None:
        self.clock = Clock()
        self.stderr = io.StringIO() if log else Terminal()
        console = Console(None, None, self.stderr, {}, color="off")
        self.deadline = Deadline(timeout, clock=self.clock, sleep=self.clock.sleep)
        self.deadline.start()
        shown = {"show": True, "show_limit": True, **given}
        self.progress = Progress(console, models, self.deadline, **shown)

    def pause(self, seconds: float) -> None:
        """Pause as the loop does, and report what a poll shows."""
        self.deadline.pause(seconds, self.progress.changed, self.progress.interval)
        self.progress.changed()

    @property
    def text(self) -> str:
        text = self.stderr.getvalue()
        self.stderr.seek(0)
        self.stderr.truncate()
        return text

    @property
    def state(self) -> str:
        """What stands in the line behind the time."""
        self.progress.changed()
        return self.text.partition("  ")[2].rstrip("\n")


@redrawn
def test_a_terminal_is_redrawn_in_place() -> None:
    talk = Talk(a_model(status="DELETING"), timeout=90)
    talk.progress.changed()
    talk.progress.changed()
    assert talk.text == f"{WIPE}0:00 of 1:30  v1: DELETING"
    talk.pause(2.5)
    assert talk.clock.sleeps == [1, 1, 0.5]
    assert talk.text == f"{WIPE}0:01 of 1:30  v1: DELETING{WIPE}0:02 of 1:30  v1: DELETING"


def test_a_log_gets_news_and_a_heartbeat() -> None:
    model = a_model(status="DELETING")
    talk = Talk(model, log=True)
    talk.progress.changed()
    talk.pause(59)
    talk.progress.changed()
    assert talk.text == "0:00  cats: v1: DELETING\n"
    talk.pause(1)
    assert talk.text == "1:00  cats: v1: DELETING\n"
    talk.pause(130)
    assert talk.text == "2:00  cats: v1: DELETING\n3:00  cats: v1: DELETING\n"
    assert talk.clock.sleeps == [59, 1, 60, 60, 10]
    model.outcome = Outcome.DELETED
    talk.progress.changed()
    assert talk.text == "3:10  cats: v1: gone\n"


def test_a_log_gets_no_line_for_each_request() -> None:
    models = some_models(3)
    talk = Talk(*models, log=True)
    for model in models:
        model.sending(Request.DELETE)
        talk.progress.changed()
    assert talk.text.count("\n") == 1
    talk.clock.now += 1
    talk.progress.changed()
    talk.progress.changed()
    assert talk.text.endswith("v2 STOPPED, deletion of 3 requested\n")


@pytest.mark.parametrize("show_busy", [True, False])
def test_without_progress_errors_are_shown(show_busy: bool) -> None:
    talk = Talk(a_model(), show=False, show_busy=show_busy)
    talk.progress.changed()
    talk.pause(120)
    assert talk.text == ""
    talk.progress.in_use(a_model("Cats/V1"), ValueError("in use"))
    said = "Version V1 in project Cats is busy, retrying: in use.\n"
    assert talk.text == (said if show_busy else "")
    talk.progress.transient_error(ValueError("storm"))
    assert "storm" in talk.text


@redrawn
@pytest.mark.parametrize(
    ("elapsed", "limit", "show_limit", "text"),
    [
        (0, 3600, True, "0:00 of 1:00:00"),
        (61.9, 90, True, "1:01 of 1:30"),
        (5, math.inf, True, "0:05"),
        # A limit that nobody chose is shown when it is near.
        (89, 100, False, "1:29"),
        (91, 100, False, "1:31 of 1:40"),
    ],
)
def test_time_passed(elapsed: float, limit: float, show_limit: bool, text: str) -> None:
    talk = Talk(a_model(), timeout=limit, show_limit=show_limit)
    talk.clock.now = elapsed
    talk.progress.changed()
    assert talk.text == f"{WIPE}{text}  v1: STOPPED"


D, N, F = Outcome.DELETED, Outcome.NOT_FOUND, Outcome.FAILED


def some(number: int, status: str) -> list[Model]:
    return [a_model(f"cats/{status}-{i}", status) for i in range(number)]


def requested(number: int) -> list[Model]:
    """Models of which the first one's deletion was requested, and not shown yet."""
    models = some_models(number)
    models[0].sending(Request.DELETE)
    return models


# The order is that of their lives, whatever the order of the models.
MIXED = ["DELETING", "A_STATUS_OF_TOMORROW", "RUNNING", "STOPPING", "COPYING_IN_PROGRESS"]
LIVES = "2 COPYING_IN_PROGRESS, 2 RUNNING, 2 STOPPING, 2 A_STATUS_OF_TOMORROW, 2 DELETING"


@pytest.mark.parametrize(
    ("models", "state"),
    [
        (some_models(1, D), "v0: gone"),
        (some_models(1, F), "v0: failed"),
        (requested(1), "v0: STOPPED, deletion requested"),
        (
            [*some_models(2, D), *some_models(1, N), *some_models(1, F), *requested(3)],
            "3 of 7 gone, 1 failed, v0 STOPPED, v1 STOPPED, v2 STOPPED, deletion of 1 requested",
        ),
        (requested(4), "0 of 4 gone, 4 STOPPED, deletion of 1 requested"),
        ([model for status in MIXED for model in some(2, status)], f"0 of 10 gone, {LIVES}"),
    ],
)
def test_states(models: list[Model], state: str) -> None:
    assert Talk(*models, log=True).state == f"cats: {state}"
    other = a_model("dogs/v1")
    assert Talk(*models, other, log=True).state.startswith("2 projects: ")


LONG = "my-project.2026-03-01T10.00.00"
TEN = [*some(3, "COPYING_IN_PROGRESS"), *some(4, "TRAINING_IN_PROGRESS"), *some(3, "FAILED")]
TEN_STATES = "0 of 10 gone, 4 TRAINING_IN_PROGRESS, 3 COPYING_IN_PROGRESS"


@redrawn
@pytest.mark.parametrize(
    ("width", "models", "state"),
    [
        # Whole items are left out; the last column stays free.
        (76, TEN, f"{TEN_STATES}, 3 FAILED"),
        (75, TEN, TEN_STATES),
        # Names that do not all fit become numbers.
        (
            80,
            [*(a_model(f"cats/{LONG}", status) for status in MIXED[:3]), *some_models(97, D)],
            "97 of 100 gone, 1 RUNNING, 1 A_STATUS_OF_TOMORROW, 1 DELETING",
        ),
        # One name goes, not the status.
        (40, [a_model(f"cats/{LONG}-and-more")], "STOPPED"),
        # The number of requested deletions stays.
        (52, requested(60), "0 of 60 gone, deletion of 1 requested"),
        (52, [*requested(51), *some_models(9, F)], "0 of 60 gone, 9 failed"),
        (28, [*requested(51), *some_models(9, F)], "0 of 60 gone"),
    ],
)
def test_what_there_is_no_place_for(
    width: int, models: list[Model], state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Console, "width", width)
    assert Talk(*models).state == state
    assert len(f"0:00  {state}") < width


def test_a_failure_is_told_when_it_happens() -> None:
    models = [a_model("cats/v1"), a_model("cats/v2", "RUNNING")]
    talk = Talk(*models)
    told = []
    for model in models:
        model.fail(Cause.CHANGED)
        talk.progress.failed(model)
        told.append(talk.text.partition(": the status")[0])
    assert told == ["Not deleted: version v1 in project cats (STOPPED)", ""]  # the summary says it


@pytest.mark.parametrize(("reasons", "lines"), [(30, 10), (1, 1)])
def test_of_many_reasons_the_first_are_reported(reasons: int, lines: int) -> None:
    models = [a_model(f"cats/v{i}", f"S{i % reasons}") for i in range(30)]
    talk = Talk(*models, a_model("cats/open"), log=True)
    for model in models:
        model.fail(Cause.CHANGED)
        talk.progress.failed(model)
    reported = talk.text.splitlines()
    assert len(reported) == lines
    assert all(f"version v{i} " in line for i, line in enumerate(reported))


def test_what_goes_wrong_is_folded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Console, "width", 40)
    model = a_model()
    talk = Talk(model, a_model("cats/v2"))
    model.fail(Cause.CHANGED)
    talk.progress.failed(model)
    talk.progress.transient_error(ValueError("a storm " * 10))
    talk.progress.in_use(model, ValueError("in use " * 10))
    assert max(map(len, talk.text.splitlines())) <= 40


def test_the_same_transient_error_is_told_once_a_minute() -> None:
    talk = Talk(a_model(), log=True)
    for seconds, told in ((1, 1), (58, 0), (1, 0), (30, 1), (30, 0)):
        talk.progress.transient_error(ValueError("storm"))
        assert talk.text == "cats: Request failed, retrying: storm\n" * told
        talk.clock.now += seconds
    talk.progress.transient_error(ValueError("hail"))
    talk.progress.transient_error(ValueError("storm"))
    assert talk.text.count("\n") == 2
