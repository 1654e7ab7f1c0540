"""The loop, told as: what each look shows, what each request meets, what was sent at what time."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping, Sequence
from typing import Any, Union

import pytest

from awscli_rekcl.deadline import Deadline
from awscli_rekcl.deletion import Deletion
from awscli_rekcl.errors import (
    AccessDenied,
    CredentialsFailed,
    InUse,
    NotFound,
    Rejected,
    ServiceError,
    TransientError,
)
from awscli_rekcl.lifecycle import Request
from awscli_rekcl.model import Cause, Failure, Model
from awscli_rekcl.service.describe import Describer

from .fakes import STOP, TRAINING, Clock, FakeService, Look, a_model, confirmed, failure

Looks = Union[Sequence[Look], Mapping[str, Sequence[Look]]]
GONE: dict[str, str] = {}


class Drive:
    """A run of the loop over models {"v1": status} or {"project/v1": status}, and its traces."""

    def __init__(
        self,
        models: Mapping[str, str],
        looks: Looks,
        *,
        timeout: float = 3600,
        poll_interval: float | None = 5,
        interval: float = math.inf,
        ends_with: type[BaseException] | None = None,
        **script: Any,
    ) -> None:
        self.clock = Clock()
        self.interval = interval
        deadline = Deadline(timeout, clock=self.clock, sleep=self.clock.sleep)
        deadline.start()
        self.service = FakeService(looks, deadline=deadline, clock=self.clock, **script)
        self.models = {
            path: a_model(path if "/" in path else f"cats/{path}", status, STOP | TRAINING)
            for path, status in models.items()
        }
        self.told: list[tuple[str, str]] = []
        self.errors: list[tuple[float, str]] = []
        self.drawn: list[list[str | None]] = []
        deletion = Deletion(
            confirmed(self.models.values()),
            Describer(self.service).follow,
            self.service.send,
            self,
            deadline,
            poll_interval=poll_interval,
            consents=STOP | TRAINING,
        )
        with pytest.raises(ends_with) if ends_with else contextlib.nullcontext():
            deletion.run()
        self.outcomes = [model.outcome.value for model in self.models.values()]
        self.changes = self.service.requests("delete", "stop")
        self.model = next(iter(self.models.values()))

    def changed(self) -> None:
        self.drawn.append([model.status for model in self.models.values()])

    def transient_error(self, error: TransientError) -> None:
        self.errors.append((self.clock(), str(error)))

    def in_use(self, model: Model, error: InUse) -> None:
        self.told.append((model.arn.version_name, str(error)))

    def failed(self, model: Model) -> None:
        self.told.append((model.arn.version_name, "failed"))


def drive(statuses: str, **more: Any) -> Drive:
    """Drive v1, which is seen in one status after another and in the end is gone."""
    first, *others = statuses.split()
    return Drive({"v1": first}, [*({"v1": status} for status in others), GONE], **more)


@pytest.mark.parametrize(
    ("statuses", "changes"),
    [
        ("DELETING DELETING", []),
        ("STOPPING STOPPING STOPPED DELETING", ["delete v1"]),
        ("RUNNING STOPPING STOPPED DELETING", ["stop v1", "delete v1"]),
        ("STARTING STARTING RUNNING STOPPED", ["stop v1", "stop v1", "delete v1"]),
        ("STARTING" + 12 * " FAILED", ["stop v1", "delete v1"]),
        ("TRAINING_IN_PROGRESS TRAINING_FAILED", ["delete v1"]),
        ("RUNNING DELETING", ["stop v1"]),
    ],
)
def test_ways_to_the_end(statuses: str, changes: list[str]) -> None:
    done = drive(statuses)
    assert (done.outcomes, done.changes) == (["DELETED"], changes)


@pytest.mark.parametrize(
    ("status", "kind", "failed"),
    [
        ("STOPPED", Rejected, (Cause.REFUSED, Request.DELETE)),
        ("STARTING", AccessDenied, (Cause.DENIED, Request.STOP)),
    ],
)
def test_a_request_refused_for_good(
    status: str, kind: type[ServiceError], failed: tuple[Cause, Request]
) -> None:
    refusal = failure(kind, "not you")
    done = drive(status, delete=[refusal], stop=[refusal])
    assert done.model.failure == Failure(*failed, refusal)
    assert (done.model.requested, len(done.changes)) == (None, 1)


@pytest.mark.parametrize("may_be_done", [False, True])
@pytest.mark.parametrize("kind", [InUse, NotFound, Rejected, CredentialsFailed, TransientError])
def test_only_what_may_have_been_obeyed_was_requested(
    kind: type[ServiceError], may_be_done: bool
) -> None:
    no = failure(kind)
    no.may_be_done = may_be_done
    ends_with = kind if kind is CredentialsFailed else None
    looks = [{"v1": "STOPPED"}]
    done = Drive({"v1": "STOPPED"}, looks, delete=[no], timeout=5, ends_with=ends_with)
    requested = Request.DELETE if may_be_done else None
    assert (done.model.requested, done.model.answered) == (requested, False)
    assert len(done.changes) == (1 if kind in (Rejected, CredentialsFailed) else 4)


@pytest.mark.parametrize("error", [InUse, Rejected])
def test_a_start_that_can_not_be_stopped_is_tried_once(error: type[ServiceError]) -> None:
    done = drive(10 * "STARTING " + "RUNNING STOPPED", stop=[failure(error), None])
    assert (done.outcomes, done.changes) == (["DELETED"], ["stop v1", "stop v1", "delete v1"])


BUSY = failure(InUse, "busy")
LOST = failure(TransientError)


def test_a_start_is_asked_to_stop_again_if_the_request_was_only_throttled() -> None:
    throttled = failure(TransientError)
    throttled.may_be_done = False
    done = drive("STARTING STARTING STOPPED", stop=[throttled, None])
    assert done.changes == ["stop v1", "stop v1", "delete v1"]


def test_what_is_told_of_a_model_while_the_loop_goes_on() -> None:
    looks = [{"v1": "STOPPED", "v2": "DELETING"}] * 3 + [{"v1": "RUNNING", "v2": "DELETING"}, GONE]
    done = Drive({"v1": "STOPPED", "v2": "DELETING"}, looks, delete=[BUSY])
    assert done.told == [("v1", str(BUSY)), ("v1", "failed")]
    assert done.outcomes == ["FAILED", "DELETED"]
    assert (done.model.in_use, done.model.failure) == (BUSY, Failure(Cause.CHANGED))


@pytest.mark.parametrize(
    ("statuses", "answers", "times"),
    [
        # A delete that finds the model as busy as the stop did is no news.
        ("RUNNING RUNNING STOPPED", {"stop": [BUSY, None], "delete": [BUSY, None]}, 1),
        # The answer to the first one is lost, and the service is at it when the second one comes.
        ("STOPPED STOPPED DELETING", {"delete": [LOST, BUSY]}, 0),
        ("RUNNING RUNNING STOPPING STOPPED DELETING", {"stop": [LOST, BUSY]}, 0),
    ],
)
def test_only_news_is_told(statuses: str, answers: dict[str, Any], times: int) -> None:
    done = drive(statuses, **answers)
    assert (done.outcomes, done.told) == (["DELETED"], [("v1", str(BUSY))] * times)


@pytest.mark.parametrize(
    ("poll_interval", "other", "longest"),
    [(None, "COPYING_IN_PROGRESS", 30), (None, "DELETING", 5), (7, "COPYING_IN_PROGRESS", 7)],
)
def test_a_training_is_looked_at_seldom(
    poll_interval: float | None, other: str, longest: float
) -> None:
    models = {"v1": "TRAINING_IN_PROGRESS", "v2": other}
    done = Drive(models, [models], poll_interval=poll_interval, timeout=600)
    assert max(done.clock.sleeps) == longest


def test_weather_on_one_model_lets_the_others_go_first_next_time() -> None:
    models = {"v1": "STOPPED", "v2": "STOPPED"}
    done = Drive(models, [models, {"v1": "STOPPED"}], delete=[LOST, None, LOST], timeout=3)
    assert done.changes[:3] == ["delete v1", "delete v2", "delete v1"]
    assert done.outcomes == ["PENDING", "DELETED"]
    assert [model.answered for model in done.models.values()] == [False, True]


def test_a_look_refused_for_good() -> None:
    refusal = failure(Rejected, "not you")
    looks: Looks = {"cats": [refusal], "dogs": [GONE]}
    done = Drive({"cats/v1": "STOPPED", "cats/v2": "DELETING", "dogs/v3": "STOPPED"}, looks)
    assert done.outcomes == ["FAILED", "FAILED", "DELETED"]
    assert done.models["cats/v2"].failure == Failure(Cause.UNSEEN, error=refusal)


def test_weather_passes_and_other_projects_go_on() -> None:
    storm = failure(TransientError, "storm")
    looks: Looks = {"cats": [storm, storm, {"v1": "DELETING"}, GONE], "dogs": [GONE]}
    done = Drive({"cats/v1": "STOPPED", "dogs/v2": "STOPPED"}, looks)
    assert done.outcomes == ["DELETED", "DELETED"]
    assert done.errors == [(0.7, str(storm)), (1.4, str(storm))]
    polls = [(0, "delete v1"), (0, "delete v2"), (0.7, "look cats"), (0.7, "look dogs")]
    assert [(call.time, call.text) for call in done.service.calls[:4]] == polls


def test_nothing_is_sent_for_models_that_could_not_be_looked_at() -> None:
    looks: Looks = [failure(TransientError), {"v1": "DELETING"}, GONE]
    done = Drive({"v1": "STOPPED"}, looks, delete=[failure(InUse), None])
    assert done.service.sent == ["delete v1", "look cats", "look cats", "look cats"]


@pytest.mark.parametrize("where", ["look", "delete"])
@pytest.mark.parametrize("error", [failure(CredentialsFailed), KeyboardInterrupt(), ValueError()])
def test_what_ends_the_run_at_once(where: str, error: Any) -> None:
    deletes, looks = ([error], [GONE]) if where == "delete" else ([], [error])
    models = {"v1": "STOPPED", "v2": "STOPPED"}
    done = Drive(models, looks, delete=deletes, ends_with=type(error))
    assert done.outcomes == ["PENDING", "PENDING"]
    # What ended a request from outside may have come after the service acted.
    sent = None if isinstance(error, CredentialsFailed) else Request.DELETE
    assert [model.requested for model in done.models.values()] == (
        [sent, None] if where == "delete" else [Request.DELETE] * 2
    )


DELETING = 7 * "DELETING "
TRAINED = 3 * "TRAINING_IN_PROGRESS " + "TRAINING_COMPLETED"


@pytest.mark.parametrize(
    ("statuses", "given", "pauses"),
    [
        (DELETING, {}, [0.7, 0.7, 1.4, 2.8, 5, 5, 5]),
        (DELETING, {"timeout": math.inf}, [0.7, 0.7, 1.4, 2.8, 5, 5, 5]),
        (DELETING, {"timeout": 1.4}, [0.7, 0.7]),
        (DELETING, {"poll_interval": 0.5}, [0.5] * 7),
        (DELETING, {"poll_interval": 60}, [0.7, 0.7, 1.4, 2.8, 5.6, 11.2, 22.4]),
        (DELETING, {"poll_interval": 60, "timeout": 4}, [0.7, 0.7, 1.4, 1.2]),
        # Anew after an accepted request.
        (TRAINED, {}, [0.7, 0.7, 1.4, 0.7]),
        (TRAINED, {"delete": [failure(InUse)]}, [0.7, 0.7, 1.4, 2.8]),
    ],
)
def test_pauses(statuses: str, given: dict[str, Any], pauses: list[float]) -> None:
    assert drive(statuses, **given).clock.sleeps == pytest.approx(pauses)


@pytest.mark.parametrize("other", ["cats", "dogs"])
def test_pauses_begin_anew_after_a_model_is_gone(other: str) -> None:
    alive = {"v2": "DELETING"}
    looks: dict[str, list[Look]] = {other: [alive, alive, alive, alive, GONE]}
    looks["cats"] = [{"v1": "DELETING", **alive}] * 2 + looks.get("cats", [GONE, GONE, GONE])[2:]
    done = Drive({"cats/v1": "DELETING", f"{other}/v2": "DELETING"}, looks)
    assert done.clock.sleeps == [0.7, 0.7, 1.4, 0.7, 0.7]


def test_nothing_is_requested_when_the_time_is_up() -> None:
    done = drive("STOPPING STOPPED", timeout=0.5)
    assert (done.changes, done.drawn) == ([], [["STOPPED"]])


@pytest.mark.parametrize(("timeout", "seen"), [(0.5, ["cats"]), (0.9, ["cats", "dogs", "cats"])])
def test_one_look_after_the_time_is_up(timeout: float, seen: list[str]) -> None:
    looks: Looks = {name: [{"v1": "DELETING"}] for name in ("cats", "dogs")}
    done = Drive({"cats/v1": "DELETING", "dogs/v1": "DELETING"}, looks, timeout=timeout)
    assert done.service.sent == [f"look {name}" for name in seen]
    assert done.clock.now == timeout


def test_progress_is_told_after_looks_and_accepted_requests_and_in_long_pauses() -> None:
    assert drive("STOPPED DELETING").drawn == [["STOPPED"], ["DELETING"], ["DELETING"]]
    drawn = drive("STOPPED DELETING", interval=0.5).drawn  # and each of the pauses takes 0.7 s
    assert drawn == [["STOPPED"], ["STOPPED"], ["DELETING"], ["DELETING"], ["DELETING"]]
