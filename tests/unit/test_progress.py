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
        self,
        *models: Model,
        timeout: float = 90,
        show: bool = True,
        show_limit: bool = True,
        show_busy: bool = True,
        stderr: io.StringIO | None = None,
        **environ: str,
    ) -> None:
        self.clock = Clock()
        self.stderr = stderr or Terminal()
        console = Console(None, None, self.stderr, environ, color="off")
        self.deadline = Deadline(timeout, clock=self.clock, sleep=self.clock.sleep)
        self.deadline.start()
        self.progress = Progress(
            console,
            models,
            self.deadline,
            show=show,
            show_limit=show_limit,
            show_busy=show_busy,
        )

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


@redrawn
def test_a_terminal_is_redrawn_in_place() -> None:
    talk = Talk(a_model(status="DELETING"))
    talk.progress.changed()
    talk.progress.changed()
    assert talk.text == f"{WIPE}0:00 of 1:30  v1: DELETING"
    talk.pause(2.5)
    assert talk.clock.sleeps == [1, 1, 0.5]
    assert talk.text == f"{WIPE}0:01 of 1:30  v1: DELETING{WIPE}0:02 of 1:30  v1: DELETING"


def test_a_log_gets_news_and_a_heartbeat() -> None:
    model = a_model(status="DELETING")
    talk = Talk(model, timeout=math.inf, TERM="dumb")
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


def test_a_console_of_windows_gets_the_lines_of_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    talk = Talk(a_model(status="DELETING"))
    talk.progress.changed()
    talk.pause(60)
    assert talk.text == "0:00 of 1:30  cats: v1: DELETING\n1:00 of 1:30  cats: v1: DELETING\n"


def test_no_progress() -> None:
    talk = Talk(a_model(), show=False)
    talk.progress.changed()
    talk.pause(120)
    assert talk.text == ""
    talk.progress.transient_error(ValueError("storm"))
    assert "storm" in talk.text


def test_the_same_transient_error_is_told_once_a_minute() -> None:
    talk = Talk(stderr=io.StringIO())
    for seconds, told in ((1, 1), (58, 0), (1, 0), (30, 1), (30, 0)):
        talk.progress.transient_error(ValueError("storm"))
        assert talk.text.count("storm") == told
        talk.clock.now += seconds
    talk.progress.transient_error(ValueError("hail"))
    talk.progress.transient_error(ValueError("storm"))
    assert talk.text.count("\n") == 2


D, F = Outcome.DELETED, Outcome.FAILED


@redrawn
@pytest.mark.parametrize(
    ("models", "line"),
    [
        ([a_model(status="DELETING")], "v1: DELETING"),
        (some_models(1, D), "v0: gone"),
        (some_models(1, F), "v0: failed"),
        (
            [*some_models(2, D), *some_models(1, Outcome.NOT_FOUND), *some_models(2), a_model()],
            "3 of 6 gone, v0 STOPPED, v1 STOPPED, v1 STOPPED",
        ),
        (
            [*some_models(1, F), a_model(status="RUNNING"), a_model(status="DELETING")],
            "0 of 3 gone, 1 failed, v1 RUNNING, v1 DELETING",
        ),
    ],
)
def test_states(models: list[Model], line: str) -> None:
    talk = Talk(*models, timeout=math.inf)
    talk.progress.changed()
    assert talk.text == f"{WIPE}0:00  {line}"


@pytest.mark.parametrize(("number", "line"), [(1, "deletion requested"), (2, "deletion of 2 req")])
def test_what_the_listing_does_not_show_yet(number: int, line: str) -> None:
    models = some_models(1 if number == 1 else 4)
    for model in models[:number]:
        model.sending(Request.DELETE)
    talk = Talk(*models)
    talk.progress.changed()
    assert line in talk.text


@redrawn
@pytest.mark.parametrize(
    ("elapsed", "limit", "text"),
    [
        (0, 3600, "0:00 of 1:00:00"),
        (61.9, 90, "1:01 of 1:30"),
        (86399, 86400, "23:59:59 of 24:00:00"),
        (5, math.inf, "0:05"),
    ],
)
def test_time_passed(elapsed: float, limit: float, text: str) -> None:
    talk = Talk(a_model(), timeout=limit)
    talk.clock.now = elapsed
    talk.progress.changed()
    assert talk.text == f"{WIPE}{text}  v1: STOPPED"


def running(number: int, status: str) -> list[Model]:
    return [a_model(f"cats/{status}-{i}", status) for i in range(number)]


def test_in_the_order_of_their_lives() -> None:
    statuses = ["DELETING", "A_STATUS_OF_TOMORROW", "RUNNING", "STOPPING", "COPYING_IN_PROGRESS"]
    models = [model for status in statuses for model in running(2, status)]
    talk = Talk(*models, *some_models(3, F), timeout=math.inf, stderr=io.StringIO())
    talk.progress.changed()
    items = "2 COPYING_IN_PROGRESS, 2 RUNNING, 2 STOPPING, 2 A_STATUS_OF_TOMORROW, 2 DELETING"
    assert talk.text == f"0:00  cats: 0 of 13 gone, 3 failed, {items}\n"


@redrawn
def test_whole_items_are_left_out_where_there_is_no_place() -> None:
    models = [*running(30, "COPYING_IN_PROGRESS"), *running(40, "TRAINING_IN_PROGRESS")]
    models += running(30, "DELETING")
    talk = Talk(*models, timeout=math.inf)
    talk.progress.changed()
    # 80 columns, of which the last stays free
    line = "0:00  0 of 100 gone, 40 TRAINING_IN_PROGRESS, 30 COPYING_IN_PROGRESS"
    assert talk.text == f"{WIPE}{line}"


@redrawn
@pytest.mark.parametrize(
    ("elapsed", "show_limit", "text"),
    [
        (10, False, "0:10"),
        (89, False, "1:29"),
        (91, False, "1:31 of 1:40"),
        (10, True, "0:10 of 1:40"),
    ],
)
def test_a_limit_that_nobody_chose_is_shown_when_it_is_near(
    elapsed: float, show_limit: bool, text: str
) -> None:
    talk = Talk(a_model(), timeout=100, show_limit=show_limit)
    talk.clock.now = elapsed
    talk.progress.changed()
    assert talk.text == f"{WIPE}{text}  v1: STOPPED"


def test_a_failure_is_told_when_it_happens() -> None:
    model, other = a_model("cats/v1"), a_model("cats/v2")
    talk = Talk(model, other)
    model.fail(Cause.CHANGED)
    talk.progress.failed(model)
    assert "Not deleted: version v1 in project cats (STOPPED): the status" in talk.text
    other.missing()
    talk.progress.failed(model)
    assert talk.text == ""  # the last words say it


def test_of_many_reasons_the_first_are_reported() -> None:
    models = [a_model(f"cats/v{i}", f"S{i}") for i in range(30)]
    talk = Talk(*models, a_model("cats/open"), stderr=io.StringIO())
    for model in models:
        model.fail(Cause.CHANGED)
        talk.progress.failed(model)
    *lines, last = talk.text.splitlines()
    assert [f"version v{i} " in line for i, line in enumerate(lines)] == [True] * 10
    assert last == "cats: More failures; the summary lists all of them."


def test_failures_for_one_reason_are_reported_once() -> None:
    models = [a_model(f"cats/v{i}") for i in range(30)]
    talk = Talk(*models, a_model("cats/open"), stderr=io.StringIO())
    for model in models:
        model.fail(Cause.CHANGED)
        talk.progress.failed(model)
    assert len(talk.text.splitlines()) == 1


def test_a_log_gets_no_line_for_each_request() -> None:
    models = some_models(3)
    talk = Talk(*models, stderr=io.StringIO())
    for model in models:
        model.sending(Request.DELETE)
        talk.progress.changed()
    assert talk.text.count("\n") == 1
    talk.clock.now += 1
    talk.progress.changed()
    talk.progress.changed()
    assert talk.text.endswith("v2 STOPPED, deletion of 3 requested\n")


def test_what_goes_wrong_is_folded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Console, "width", 40)
    model = a_model("cats/v1")
    talk = Talk(model, a_model("cats/v2"))
    model.fail(Cause.CHANGED)
    talk.progress.failed(model)
    talk.progress.transient_error(ValueError("a storm " * 10))
    talk.progress.in_use(model, ValueError("in use " * 10))
    assert max(map(len, talk.text.splitlines())) <= 40


@redrawn
def test_one_model_whose_name_does_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Console, "width", 40)
    talk = Talk(a_model("cats/my-project.2026-11-24T08.02.55"), timeout=math.inf)
    talk.progress.changed()
    assert talk.text == f"{WIPE}0:00  STOPPED"


@redrawn
def test_the_last_deletions_are_requested() -> None:
    models = some_models(2)
    models[0].sending(Request.DELETE)
    talk = Talk(*models, timeout=math.inf)
    talk.progress.changed()
    assert talk.text == f"{WIPE}0:00  0 of 2 gone, v0 STOPPED, v1 STOPPED, deletion of 1 requested"


def test_a_log_tells_whose_request_did_not_go_through() -> None:
    talk = Talk(a_model(), stderr=io.StringIO())
    talk.progress.transient_error(ValueError("storm"))
    assert talk.text == "cats: Request failed, retrying: storm\n"


def test_a_busy_model_is_told() -> None:
    said = "Version v1 in project cats is busy, retrying: in use.\n"
    for show_busy in (True, False):
        talk = Talk(a_model(), show=False, show_busy=show_busy)
        talk.progress.in_use(a_model(), ValueError("in use"))
        assert talk.text == (said if show_busy else "")


def test_several_projects_in_a_log() -> None:
    talk = Talk(a_model("cats/v1"), a_model("dogs/v1"), stderr=io.StringIO(), timeout=math.inf)
    talk.progress.changed()
    assert talk.text == "0:00  2 projects: 0 of 2 gone, v1 STOPPED, v1 STOPPED\n"


@redrawn
def test_names_that_do_not_all_fit_become_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "my-project.2026-03-01T10.00.00"
    left = [a_model(f"cats/{name}", status) for status in ("DELETING", "STOPPED", "DELETING")]
    talk = Talk(*left, *some_models(97, Outcome.DELETED), timeout=math.inf)
    monkeypatch.setattr(Console, "width", 80)
    talk.progress.changed()
    assert talk.text == f"{WIPE}0:00  97 of 100 gone, 1 STOPPED, 2 DELETING"


@redrawn
@pytest.mark.parametrize(
    ("width", "failed", "rest"),
    [
        (60, 0, ", deletion of 1 requested"),
        (60, 9, ", 9 failed"),
        (40, 9, ", 9 failed"),
        (36, 0, ""),
    ],
)
def test_the_number_of_requested_deletions_stays(
    width: int, failed: int, rest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = some_models(60)
    models[0].sending(Request.DELETE)
    for model in models[60 - failed :]:
        model.fail(Cause.CHANGED)
    monkeypatch.setattr(Console, "width", width)
    talk = Talk(*models)
    talk.progress.changed()
    assert talk.text == f"{WIPE}0:00 of 1:30  0 of 60 gone{rest}"


def test_a_busy_model_is_told_once_under_its_own_name() -> None:
    talk = Talk(a_model(), stderr=io.StringIO())
    for path in ("Cats/V1", "Cats/V2", "Cats/V1"):
        talk.progress.in_use(a_model(path), ValueError("no"))
    assert talk.text == "".join(
        f"Version V{i} in project Cats is busy, retrying: no.\n" for i in (1, 2)
    )
