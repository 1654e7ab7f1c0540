"""Every short history of one model, where `test_histories` draws long ones.

Twice: the model by itself, told everything that a listing and an answer could say, possible or not;
and the loop over a service that keeps the truth. What may happen is chosen at each point, and all
choices are walked through up to a depth, which the end of a run's output names.
"""

from __future__ import annotations

import itertools
import math
import os
import signal
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

import pytest

from awscli_rekcl.arn import ModelArn, ProjectArn
from awscli_rekcl.deadline import Deadline
from awscli_rekcl.deletion import Deletion
from awscli_rekcl.errors import (
    AccessDenied,
    CredentialsFailed,
    Interrupted,
    InUse,
    NotFound,
    Rejected,
    ServiceError,
    TimeUp,
    TransientError,
    Unsendable,
)
from awscli_rekcl.lifecycle import Action, Consent, Request, decide, is_being_deleted, rule
from awscli_rekcl.model import LAG, Cause, Model, Outcome
from awscli_rekcl.service.describe import Description
from tests.unit.fakes import confirmed

from . import test_histories
from .fakes import NO_CONSENT, STOP, TRAINING, Clock, a_model, failure, model_arn
from .world import BUSY, Fate, Sent, retried

SOAK = "SOAK" in os.environ
T = TypeVar("T")

# One status of each kind, and a second one that can be deleted.
STATUSES = ["STOPPED", "TRAINED", "STARTING", "RUNNING", "STOPPING", "DELETING"]
STATUSES += ["TRAINING_IN_PROGRESS"]
CONSENTS = [NO_CONSENT, STOP, TRAINING, STOP | TRAINING]
# Those that a person could confirm.
BEGINNINGS = [
    (status, consents)
    for status in STATUSES
    for consents in CONSENTS
    if decide(status, consents) is not Action.REFUSE
]


# The model by itself.

MODEL_DEPTH = 4 if SOAK else 3
"""Looks after the one before the confirmation."""
STEPS = [1.0, 31.0]
"""Seconds between two looks: within the lag, and past it."""


def accepted(model: Model, now: float) -> None:
    model.accepted(now)


def lost(model: Model, now: float) -> None:
    """The service did it or not; the answer says neither."""


def declined(model: Model, now: float) -> None:
    model.declined(REFUSAL, retried=False)


def declined_on_a_retry(model: Model, now: float) -> None:
    model.declined(REFUSAL, retried=True)


def refused(model: Model, now: float) -> None:
    model.declined(REFUSAL, retried=False)
    if not rule(model.status).tentative:
        model.fail(Cause.REFUSED, model.attempts[-1].request, REFUSAL)


def denied(model: Model, now: float) -> None:
    model.declined(REFUSAL, retried=False)
    model.fail(Cause.DENIED, model.attempts[-1].request, REFUSAL)


REFUSAL = failure(Rejected)
ANSWERS: list[Callable[[Model, float], None]] = [
    accepted,
    lost,
    declined,
    declined_on_a_retry,
    refused,
    denied,
]


class Past(NamedTuple):
    """What has happened to a model, as far as the invariants ask."""

    seen: tuple[str, ...]
    asked: tuple[tuple[Request, float, str], ...] = ()
    """Each request with its time and answer."""

    @property
    def maybe_done(self) -> list[Request]:
        """The requests that the service may have acted on."""
        return [r for r, _, answer in self.asked if answer in ("accepted", "lost", "retried")]

    def accepted(self, request: Request) -> list[float]:
        return [t for r, t, answer in self.asked if r is request and answer == "accepted"]


def a_copy(model: Model) -> Model:
    """Do what `copy.copy` does, which takes several times as long."""
    twin = object.__new__(Model)
    vars(twin).update(vars(model))
    return twin


def walk(model: Model, consents: frozenset[Consent], past: Past, now: float, depth: int) -> int:
    """Let the model say what to request, and everything follow. Return the number of histories."""
    next_step = model.next_step(consents, now) if model.is_open else None
    if isinstance(next_step, Cause):
        model.fail(next_step)
    request = next_step if isinstance(next_step, Request) else None
    what_is_asked_is_right(model, request, consents, past, now)
    branches: list[tuple[Model, Past]] = [(model, past)]
    if request is not None:
        branches = []
        for answer in ANSWERS:
            name = "retried" if answer is declined_on_a_retry else answer.__name__
            after = a_copy(model)
            after.sending(request)
            answer(after, now)
            asked = (*past.asked, (request, now, name))
            branches.append((after, Past(past.seen, asked)))
    number = 0
    for after, story in branches:
        what_is_said_is_not_less_than_what_was_requested(after, story)
        its_end_is_explained(after, consents, story)
        if not after.is_open or depth == 0:
            number += 1
            continue
        gone = a_copy(after)
        gone.missing()
        assert gone.outcome is Outcome.DELETED
        number += 1
        for status, step in itertools.product(STATUSES, STEPS):
            looked = a_copy(after)
            looked.listed(status, "", now + step)
            story_on = Past((*story.seen, status), story.asked)
            number += walk(looked, consents, story_on, now + step, depth - 1)
    return number


def what_is_asked_is_right(
    model: Model, request: Request | None, consents: frozenset[Consent], past: Past, now: float
) -> None:
    was_deleting = "DELETING" in past.seen
    if request is not None:
        assert not was_deleting
        assert request is rule(model.status).request
    if request is Request.STOP:
        assert model.plan is Action.STOP_THEN_DELETE
    if request is Request.DELETE:
        assert all(now - time >= LAG for time in past.accepted(Request.DELETE))
        assert model.plan not in (Action.NONE, Action.REFUSE, Action.WAIT)
    # Nothing keeps the command from a model that can be deleted but its own accepted request.
    waits = any(now - time < LAG for _, time, answer in past.asked if answer == "accepted")
    failing = past.accepted(Request.DELETE)
    if model.is_open and model.status in ("STOPPED", "TRAINED") and not was_deleting:
        assert request is Request.DELETE or waits or failing


def what_is_said_is_not_less_than_what_was_requested(model: Model, past: Past) -> None:
    done = past.maybe_done
    if done:
        assert model.requested is not None
    if Request.DELETE in done and Request.STOP not in done[done.index(Request.DELETE) :]:
        assert model.requested is Request.DELETE
    if model.answered:
        assert model.requested is not None
        assert past.accepted(model.requested)
    if not past.asked:
        assert (model.requested, model.answered) == (None, False)


def its_end_is_explained(model: Model, consents: frozenset[Consent], past: Past) -> None:
    assert model.outcome is not Outcome.DELETED  # nobody has said so
    if model.failure is None:
        assert model.outcome is None
        return
    cause, request, error = model.failure
    if cause is Cause.DELETION_FAILED:
        # Two looks in a row show something else, after DELETING or after a delete that was done.
        first = past.seen.index("DELETING") if "DELETING" in past.seen else 0
        assert "DELETING" in past.seen or past.accepted(Request.DELETE)
        assert not any(map(is_being_deleted, past.seen[max(first + 1, len(past.seen) - 2) :]))
        assert len(past.seen) >= 3
    elif cause is Cause.CHANGED:
        allowed = consents if model.plan is Action.STOP_THEN_DELETE else consents - STOP
        assert decide(past.seen[-1], allowed) is Action.REFUSE
        assert "DELETING" not in past.seen
    else:
        asked, _, answer = past.asked[-1]
        assert (asked, error) == (request, REFUSAL)
        assert answer == ("denied" if cause is Cause.DENIED else "refused")
        assert cause is Cause.DENIED or not rule(model.status).tentative


@pytest.mark.parametrize(("status", "consents"), BEGINNINGS)
def test_every_history_of_a_model(
    status: str, consents: frozenset[Consent], record_property: Callable[[str, object], None]
) -> None:
    model = a_model(status=status, consents=consents)
    number = walk(model, consents, Past((status,)), 0.0, MODEL_DEPTH)
    record_property("histories", (f"a model by itself, {MODEL_DEPTH} looks", number))
    assert number > 14**MODEL_DEPTH or status == "DELETING"


# The loop.

LOOP_DEPTH = 3 if SOAK else 2
"""Looks of the loop; the look after these is cut short by a signal."""


def depth_of_two(*statuses: str) -> int:
    """As many looks as an hour allows: fewer where both models have something to be asked for."""
    return 2 if any(rule(status).request is None for status in statuses) else 1


class Choices:
    """Takes the first way at each fork, and next time, from the last fork on, the next one."""

    def __init__(self) -> None:
        self._path: list[list[int]] = []
        self._position = 0
        self.taken: list[object] = []

    def of(self, ways: Sequence[T]) -> T:
        if self._position == len(self._path):
            self._path.append([0, len(ways)])
        way = ways[self._path[self._position][0]]
        self._position += 1
        self.taken.append(way)
        return way

    def every(self) -> Iterator[None]:
        """Come back until there is no other way to go."""
        while True:
            self._position = 0
            self.taken = []
            yield
            while self._path and self._path[-1][0] + 1 == self._path[-1][1]:
                self._path.pop()
            if not self._path:
                return
            self._path[-1][0] += 1


# What the service or somebody else may do to a model until the next look.
NEXT: dict[str | None, list[str | None]] = {
    "STOPPED": ["STOPPED", "DELETING", "STARTING", None],
    "TRAINED": ["TRAINED", "DELETING", "STARTING", None],
    "STARTING": ["STARTING", "RUNNING", "STOPPED"],
    "RUNNING": ["RUNNING", "STOPPING", "STOPPED"],
    "STOPPING": ["STOPPING", "STOPPED"],
    "DELETING": ["DELETING", None, "STOPPED"],
    "TRAINING_IN_PROGRESS": ["TRAINING_IN_PROGRESS", "TRAINED"],
    None: [None],
}


class Service:
    """Keeps the truth about some models of one project, and does whatever is chosen."""

    def __init__(
        self,
        choices: Choices,
        statuses: Sequence[str],
        clock: Clock,
        deadline: Deadline,
        depth: int,
        pace: Sequence[float],
    ) -> None:
        self.fates = [Fate(model_arn(f"v{i}"), s, 0.0, False) for i, s in enumerate(statuses)]
        self.sent: list[Sent] = []
        self.denied: list[Sent] = []
        self.times: list[tuple[float, float]] = []
        self.looks_rejected: set[ProjectArn] = set()
        self._choices = choices
        self._clock = clock
        self._deadline = deadline
        self._depth = depth
        self._pace = pace
        self._shown = [0] * len(self.fates)
        self._went_back = [False] * len(self.fates)

    def fate(self, arn: ModelArn) -> Fate:
        return next(fate for fate in self.fates if fate.arn == arn)

    def describe(
        self, project: ProjectArn, arns: Collection[ModelArn]
    ) -> dict[ModelArn, Description]:
        self._deadline.check()
        if self._depth == 0:
            raise Interrupted(signal.SIGTERM)
        self._depth -= 1
        error = self._choices.of(LOOKS)
        if error is None:
            raise Interrupted(signal.SIGTERM)
        self._take(self._choices.of(self._pace))
        for fate in self.fates:
            status = self._choices.of(NEXT[fate.status])
            if status != fate.status:
                fate.becomes(status, self._clock.now)
        if error is Rejected:
            self.looks_rejected.add(project)
        if error is not ServiceError:
            raise failure(error)
        shown = {fate.arn: self._show(i) for i, fate in enumerate(self.fates) if fate.arn in arns}
        return {arn: Description(arn, status) for arn, status in shown.items() if status}

    def _show(self, i: int) -> str | None:
        # A listing lags less than 30 s and goes on from what it has shown, but for a single look.
        statuses = self.fates[i].statuses
        left = [since for since, _ in statuses[1:]] + [self._clock.now + 1]
        ways = [n for n in range(self._shown[i], len(statuses)) if self._clock.now - left[n] < LAG]
        back = self._shown[i] - 1
        if not self._went_back[i] and back >= 0 and self._clock.now - left[back] < LAG:
            ways.append(back)
        way = self._choices.of(ways[::-1])
        self._went_back[i] = way == back
        self._shown[i] = max(way, self._shown[i])
        return statuses[way][1]

    def send(self, request: Request, arn: ModelArn) -> None:
        self._deadline.check()
        sent, fate = Sent(request, arn, self._clock.now), self.fate(arn)
        can_act = fate.status not in BUSY if request is Request.DELETE else fate.status == "RUNNING"
        ways = ["not found"] if fate.status is None else ["in use", "rejected", "denied"]
        if can_act and fate.status is not None:
            ways += [*OBEYED, "not found"]
            ways += ["then time up"] * (self._deadline.left < math.inf)
        way = self._choices.of([*ways, "transient", "signal", "credentials", "unsendable"])
        if way == "signal":
            raise Interrupted(signal.SIGINT)
        self.sent.append(sent)
        self._take(0.0)
        if way in OBEYED or way == "then time up":
            sent.acted = True
            to = "DELETING" if request is Request.DELETE else "STOPPING"
            fate.becomes(to, self._clock.now)
        if way == "yes":
            sent.answered = True
        elif way == "signal after":
            raise Interrupted(signal.SIGINT)
        elif way == "then time up":
            self._take(self._deadline.left)
            raise retried(TimeUp())
        elif way in OBEYED:
            raise retried(failure(OBEYED[way]))
        else:
            sent.rejected = way in ("rejected", "denied")
            self.denied += [sent] * (way == "denied")
            raise failure(ERRORS[way])

    def _take(self, seconds: float) -> None:
        start = self._clock.now
        self._clock.now += seconds
        self.times.append((start, self._clock.now))


# ServiceError stands for none, None for a signal.
LOOKS: list[type[ServiceError] | None] = [ServiceError, TransientError, Rejected, None]
# Where the answer is lost, what comes of the SDK's next try.
OBEYED: dict[str, type[ServiceError]] = {
    "yes": ServiceError,
    "signal after": ServiceError,
    "lost": TransientError,
    "then in use": InUse,
    "then credentials": CredentialsFailed,
}
ERRORS: dict[str, type[ServiceError]] = {
    "in use": InUse,
    "not found": NotFound,
    "rejected": Rejected,
    "denied": AccessDenied,
    "transient": TransientError,
    "credentials": CredentialsFailed,
    "unsendable": Unsendable,
}


class History(test_histories.SeesThemGo):
    """One run of the loop, with what the invariants of the drawn histories ask for."""

    def __init__(self, choices: Choices, models: Sequence[tuple[str, frozenset[Consent]]]) -> None:
        self.consents = frozenset().union(*(consents for _, consents in models))
        statuses = [status for status, _ in models]
        self.clock = Clock()
        timeout = choices.of(TIMEOUTS)
        deadline = Deadline(timeout, clock=self.clock, sleep=self.clock.sleep)
        self.deadline = timeout
        depth, pace = LOOP_DEPTH, [0.0, 31.0]
        if len(models) > 1:
            depth, pace = depth_of_two(*statuses), [0.0]
        self.world = Service(choices, statuses, self.clock, deadline, depth, pace)
        self.models = [
            a_model(f"cats/v{i}", status, self.consents) for i, status in enumerate(statuses)
        ]
        self.before: list[Sent] = []
        self.selected_at = 0.0
        self.ended_by: BaseException | None = None
        deadline.start()
        try:
            Deletion(
                confirmed(self.models),
                self.world.describe,
                self.world.send,
                self,
                deadline,
                poll_interval=1.0,
                consents=self.consents,
            ).run()
        except (CredentialsFailed, Interrupted, Unsendable) as error:
            self.ended_by = error


TIMEOUTS = [float("inf"), 1.5]


def a_failure_is_explained_by_what_happened(history: Any) -> None:
    for model in history.models:
        if model.failure and model.failure.cause is Cause.DENIED:
            denied = [(sent.what, sent.arn) for sent in history.world.denied]
            assert (model.failure.request, model.arn) in denied
        elif model.outcome is Outcome.FAILED:
            assert test_histories._happened(model, history.world), model.failure


OURS: list[Callable[[Any], None]] = [a_failure_is_explained_by_what_happened]
INVARIANTS = OURS + [
    invariant
    for invariant in test_histories.INVARIANTS
    if invariant.__name__ not in [ours.__name__ for ours in OURS]
]


def every_history(*models: tuple[str, frozenset[Consent]]) -> int:
    """Live through all of them. Return their number."""
    number = 0
    choices = Choices()
    for _ in choices.every():
        number += 1
        try:
            history = History(choices, models)
            for invariant in INVARIANTS:
                invariant(history)
        except AssertionError as error:
            raise AssertionError(f"{error} in the history {choices.taken}") from error
    return number


@pytest.mark.parametrize(("status", "consents"), BEGINNINGS)
def test_every_history_of_the_loop(
    status: str, consents: frozenset[Consent], record_property: Callable[[str, object], None]
) -> None:
    number = every_history((status, consents))
    record_property("histories", (f"the loop over one model, {LOOP_DEPTH} looks", number))
    assert number > 100


@pytest.mark.skipif(not SOAK, reason="make soak")
@pytest.mark.parametrize(
    ("first", "second"),
    # The second one that can be deleted comes by itself, of a training.
    [*itertools.combinations_with_replacement([s for s in STATUSES if s != "TRAINED"], 2)],
)
def test_every_history_of_two_models(
    first: str, second: str, record_property: Callable[[str, object], None]
) -> None:
    number = every_history((first, STOP | TRAINING), (second, STOP | TRAINING))
    looks = depth_of_two(first, second)
    record_property("histories", (f"the loop over two models, {looks} looks", number))
    assert number > 10
