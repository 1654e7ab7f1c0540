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
from awscli_rekcl.lifecycle import Consent, Request
from awscli_rekcl.model import Cause, Failure, Model
from awscli_rekcl.service.describe import Describer
from tests.unit.fakes import confirmed

from .fakes import (
    NO_CONSENT,
    STOP,
    TRAINING,
    Answer,
    Clock,
    FakeService,
    Look,
    a_model,
    failure,
)

Looks = Union[Sequence[Look], Mapping[str, Sequence[Look]]]
GONE: dict[str, str] = {}


class Drive:
    """A run of the loop over models {"v1": status} or {"project/v1": status}, and its traces."""

    interval = math.inf

    def __init__(
        self,
        models: Mapping[str, str | None],
        looks: Looks,
        *,
        consents: frozenset[Consent] = NO_CONSENT,
        timeout: float = 3600,
        poll_interval: float | None = 5,
        **script: Any,
    ) -> None:
        self.clock = Clock()
        deadline = Deadline(timeout, clock=self.clock, sleep=self.clock.sleep)
        deadline.start()
        self.service = FakeService(looks, deadline=deadline, clock=self.clock, **script)
        self.models = {
            path: a_model(path if "/" in path else f"cats/{path}", status, consents)
            for path, status in models.items()
        }
        self.told: list[tuple[str, str]] = []
        self.errors: list[tuple[float, str]] = []
        self.drawn: list[list[str | None]] = []
        self.deletion = Deletion(
            confirmed(self.models.values()),
            Describer(self.service).follow,
            self.service.send,
            self,
            deadline,
            poll_interval=poll_interval,
            consents=consents,
        )

    def run(self) -> Drive:
        self.deletion.run()
        return self

    def changed(self) -> None:
        self.drawn.append([model.status for model in self.models.values()])

    def transient_error(self, error: TransientError) -> None:
        self.errors.append((self.clock(), str(error)))

    def in_use(self, model: Model, error: InUse) -> None:
        self.told.append((model.arn.version_name, str(error)))

    def failed(self, model: Model) -> None:
        self.told.append((model.arn.version_name, "failed"))

    @property
    def outcomes(self) -> list[str]:
        return [model.outcome.value for model in self.models.values()]

    @property
    def model(self) -> Model:
        [model] = self.models.values()
        return model

    @property
    def changes(self) -> list[str]:
        return self.service.requests("delete", "stop")


def shows(*statuses: str) -> list[dict[str, str]]:
    """Looks that show v1 in one status after another; in the end it is gone."""
    return [*({"v1": status} for status in statuses), GONE]


@pytest.mark.parametrize(
    ("statuses", "consents", "changes"),
    [
        (["STOPPED", "DELETING", "DELETING"], NO_CONSENT, ["delete v1"]),
        (["STOPPED"], NO_CONSENT, ["delete v1"]),
        (["A_STATUS_OF_TOMORROW", "DELETING"], NO_CONSENT, ["delete v1"]),
        (["DELETING", "DELETING"], NO_CONSENT, []),
        (["STOPPING", "STOPPING", "STOPPED", "DELETING"], NO_CONSENT, ["delete v1"]),
        (["RUNNING", "STOPPING", "STOPPED", "DELETING"], STOP, ["stop v1", "delete v1"]),
        (["STARTING", "STOPPING", "STOPPED"], STOP, ["stop v1", "delete v1"]),
        (["STARTING", "STARTING", "RUNNING", "STOPPED"], STOP, ["stop v1", "stop v1", "delete v1"]),
        (["STARTING", *["FAILED"] * 12, "DELETING"], STOP, ["stop v1", "delete v1"]),
        (["TRAINING_IN_PROGRESS", "TRAINING_FAILED"], TRAINING, ["delete v1"]),
        (["COPYING_IN_PROGRESS", "COPYING_COMPLETED"], TRAINING, ["delete v1"]),
        (["TRAINING_IN_PROGRESS", "DELETING"], TRAINING, []),
        (["RUNNING", "DELETING"], STOP, ["stop v1"]),
    ],
)
def test_ways_to_the_end(
    statuses: list[str], consents: frozenset[Consent], changes: list[str]
) -> None:
    drive = Drive({"v1": statuses[0]}, shows(*statuses[1:]), consents=consents).run()
    assert drive.outcomes == ["DELETED"]
    assert drive.changes == changes


@pytest.mark.parametrize(
    ("status", "kind", "failed"),
    [
        ("STOPPED", Rejected, (Cause.REFUSED, Request.DELETE)),
        ("RUNNING", Rejected, (Cause.REFUSED, Request.STOP)),
        ("STARTING", AccessDenied, (Cause.DENIED, Request.STOP)),
    ],
)
def test_a_request_refused_for_good(
    status: str, kind: type[ServiceError], failed: tuple[Cause, Request]
) -> None:
    refusal = failure(kind, "not you")
    drive = Drive({"v1": status}, [GONE], delete=[refusal], stop=[refusal], consents=STOP).run()
    assert drive.model.failure == Failure(*failed, refusal)
    assert (drive.model.requested, len(drive.changes)) == (None, 1)


@pytest.mark.parametrize("may_be_done", [False, True])
@pytest.mark.parametrize("kind", [InUse, NotFound, Rejected, CredentialsFailed, TransientError])
def test_only_what_may_have_been_obeyed_was_requested(
    kind: type[ServiceError], may_be_done: bool
) -> None:
    no = failure(kind)
    no.may_be_done = may_be_done
    drive = Drive({"v1": "STOPPED"}, [{"v1": "STOPPED"}], delete=[no], timeout=5)
    with contextlib.suppress(CredentialsFailed):
        drive.run()
    requested = Request.DELETE if may_be_done else None
    assert (drive.model.requested, drive.model.answered) == (requested, False)
    assert len(drive.changes) == (1 if kind in (Rejected, CredentialsFailed) else 4)


@pytest.mark.parametrize("error", [InUse, Rejected])
def test_a_start_that_can_not_be_stopped_is_tried_once(error: type[ServiceError]) -> None:
    looks = shows(*["STARTING"] * 9, "RUNNING", "STOPPED")
    answers: list[Answer] = [failure(error), None]
    drive = Drive({"v1": "STARTING"}, looks, stop=answers, consents=STOP).run()
    assert (drive.outcomes, drive.changes) == (["DELETED"], ["stop v1", "stop v1", "delete v1"])
    stops = [time for time, request in drive.service.log if request == "stop v1"]
    assert stops[0] == 0
    assert stops[1] > 30


def test_what_is_told_of_a_model_while_the_loop_goes_on() -> None:
    busy = failure(InUse, "busy")
    looks = [{"v1": "STOPPED", "v2": "DELETING"}] * 3 + [{"v1": "RUNNING", "v2": "DELETING"}, GONE]
    models = {"v1": "STOPPED", "v2": "DELETING"}
    drive = Drive(models, looks, delete=[busy]).run()
    assert drive.told == [("v1", str(busy)), ("v1", "failed")]
    assert drive.outcomes == ["FAILED", "DELETED"]
    assert drive.models["v1"].in_use is busy
    assert drive.models["v1"].failure == Failure(Cause.CHANGED)


def test_our_own_delete_is_no_news() -> None:
    # The answer to the first one is lost, and the service is at it when the second one comes.
    answers: list[Answer] = [failure(TransientError), failure(InUse)]
    drive = Drive({"v1": "STOPPED"}, shows("STOPPED", "DELETING"), delete=answers).run()
    assert (drive.outcomes, drive.told) == (["DELETED"], [])
    stops = shows("RUNNING", "STOPPING", "STOPPED", "DELETING")
    drive = Drive({"v1": "RUNNING"}, stops, stop=answers, consents=STOP).run()
    assert (drive.outcomes, drive.told) == (["DELETED"], [])


def test_an_accepted_request_ends_being_busy() -> None:
    drive = Drive({"v1": "STOPPED"}, shows("STOPPED"), delete=[failure(InUse), None]).run()
    assert drive.model.in_use is None
    # A delete that finds the model as busy as the stop did is no news.
    busy = failure(InUse)
    looks = shows("RUNNING", "STOPPED")
    drive = Drive({"v1": "RUNNING"}, looks, stop=[busy, None], delete=[busy, None], consents=STOP)
    assert drive.run().told == [("v1", str(busy))]


@pytest.mark.parametrize(
    ("poll_interval", "statuses", "longest"),
    [
        (None, ("TRAINING_IN_PROGRESS", "COPYING_IN_PROGRESS"), 30),
        (None, ("TRAINING_IN_PROGRESS", "DELETING"), 5),
        (7, ("TRAINING_IN_PROGRESS", "COPYING_IN_PROGRESS"), 7),
    ],
)
def test_a_training_is_looked_at_seldom(
    poll_interval: float | None, statuses: tuple[str, str], longest: float
) -> None:
    models = dict(zip(("v1", "v2"), statuses))
    drive = Drive(models, [models], poll_interval=poll_interval, timeout=600, consents=TRAINING)
    drive.run()
    assert max(drive.clock.sleeps) == longest


def test_weather_on_one_model_lets_the_others_go_first_next_time() -> None:
    storm = failure(TransientError)
    models = {"v1": "STOPPED", "v2": "STOPPED"}
    drive = Drive(models, [models, {"v1": "STOPPED"}], delete=[storm, None, storm], timeout=3).run()
    assert drive.changes[:3] == ["delete v1", "delete v2", "delete v1"]
    assert drive.outcomes == ["PENDING", "DELETED"]
    assert [model.answered for model in drive.models.values()] == [False, True]


def test_a_look_refused_for_good() -> None:
    refusal = failure(Rejected, "not you")
    looks: Looks = {"cats": [refusal], "dogs": [GONE]}
    drive = Drive({"cats/v1": "STOPPED", "cats/v2": "DELETING", "dogs/v3": "STOPPED"}, looks).run()
    assert drive.outcomes == ["FAILED", "FAILED", "DELETED"]
    assert drive.models["cats/v2"].failure == Failure(Cause.UNSEEN, error=refusal)


def test_weather_passes_and_other_projects_go_on() -> None:
    storm = failure(TransientError, "storm")
    looks: Looks = {"cats": [storm, storm, {"v1": "DELETING"}, GONE], "dogs": [GONE]}
    drive = Drive({"cats/v1": "STOPPED", "dogs/v2": "STOPPED"}, looks).run()
    assert drive.outcomes == ["DELETED", "DELETED"]
    assert [time for time, _ in drive.errors] == [0.7, 1.4]
    assert "storm" in drive.errors[0][1]
    assert drive.service.log[:4] == [
        (0, "delete v1"),
        (0, "delete v2"),
        (0.7, "look cats"),
        (0.7, "look dogs"),
    ]


def test_nothing_is_sent_for_models_that_could_not_be_looked_at() -> None:
    looks: Looks = [failure(TransientError), {"v1": "DELETING"}, GONE]
    drive = Drive({"v1": "STOPPED"}, looks, delete=[failure(InUse), None]).run()
    assert drive.service.sent == ["delete v1", "look cats", "look cats", "look cats"]


@pytest.mark.parametrize("where", ["look", "delete"])
@pytest.mark.parametrize("error", [failure(CredentialsFailed), KeyboardInterrupt(), ValueError()])
def test_what_ends_the_run_at_once(where: str, error: Any) -> None:
    deletes, looks = ([error], [GONE]) if where == "delete" else ([], [error])
    drive = Drive({"v1": "STOPPED", "v2": "STOPPED"}, looks, delete=deletes)
    with pytest.raises(type(error)):
        drive.run()
    assert drive.outcomes == ["PENDING", "PENDING"]
    # What ended a request from outside may have come after the service acted.
    sent = None if isinstance(error, CredentialsFailed) else Request.DELETE
    assert [model.requested for model in drive.models.values()] == (
        [sent, None] if where == "delete" else [Request.DELETE] * 2
    )


@pytest.mark.parametrize(
    ("poll_interval", "timeout", "pauses"),
    [
        (5, 3600, [0.7, 0.7, 1.4, 2.8, 5, 5, 5]),
        (5, math.inf, [0.7, 0.7, 1.4, 2.8, 5, 5, 5]),
        (0.5, 3600, [0.5] * 7),
        (60, 3600, [0.7, 0.7, 1.4, 2.8, 5.6, 11.2, 22.4]),
        (60, 4, [0.7, 0.7, 1.4, 1.2]),
        (5, 1.4, [0.7, 0.7]),
    ],
)
def test_pauses(poll_interval: float, timeout: float, pauses: list[float]) -> None:
    statuses = shows(*["DELETING"] * 6)
    drive = Drive({"v1": "DELETING"}, statuses, timeout=timeout, poll_interval=poll_interval).run()
    assert drive.clock.sleeps == pytest.approx(pauses)


@pytest.mark.parametrize(
    ("delete", "pauses"),
    [
        ([], [0.7, 0.7, 1.4, 0.7]),  # anew after an accepted request
        ([failure(InUse)], [0.7, 0.7, 1.4, 2.8]),
    ],
)
def test_pauses_after_a_request(delete: list[Answer], pauses: list[float]) -> None:
    training = "TRAINING_IN_PROGRESS"
    looks = shows(training, training, "TRAINING_COMPLETED")
    drive = Drive({"v1": training}, looks, consents=TRAINING, delete=delete).run()
    assert drive.clock.sleeps == pauses


@pytest.mark.parametrize("other", ["cats", "dogs"])
def test_pauses_begin_anew_after_a_model_is_gone(other: str) -> None:
    alive = {"v2": "DELETING"}
    looks: dict[str, list[Look]] = {other: [alive, alive, alive, alive, GONE]}
    looks["cats"] = [{"v1": "DELETING", **alive}] * 2 + looks.get("cats", [GONE, GONE, GONE])[2:]
    drive = Drive({"cats/v1": "DELETING", f"{other}/v2": "DELETING"}, looks).run()
    assert drive.clock.sleeps == [0.7, 0.7, 1.4, 0.7, 0.7]


def test_nothing_is_requested_when_the_time_is_up() -> None:
    drive = Drive({"v1": "STOPPING"}, [{"v1": "STOPPED"}], timeout=0.5).run()
    assert (drive.changes, drive.drawn) == ([], [["STOPPED"]])


@pytest.mark.parametrize(("timeout", "seen"), [(0.5, ["cats"]), (0.9, ["cats", "dogs", "cats"])])
def test_one_look_after_the_time_is_up(timeout: float, seen: list[str]) -> None:
    looks: Looks = {name: [{"v1": "DELETING"}] for name in ("cats", "dogs")}
    drive = Drive({"cats/v1": "DELETING", "dogs/v1": "DELETING"}, looks, timeout=timeout).run()
    assert drive.service.sent == [f"look {name}" for name in seen]
    assert drive.clock.now == timeout


def test_progress_is_told_after_looks_and_accepted_requests() -> None:
    drive = Drive({"v1": "STOPPED"}, shows("DELETING")).run()
    assert drive.drawn == [["STOPPED"], ["DELETING"], ["DELETING"]]
    drive = Drive({"v1": "STOPPED"}, shows("DELETING"))
    drive.interval = 0.5  # seconds of the two pauses, of 0.7 s each, after which it is told as well
    assert drive.run().drawn == [["STOPPED"], ["STOPPED"], ["DELETING"], ["DELETING"], ["DELETING"]]
