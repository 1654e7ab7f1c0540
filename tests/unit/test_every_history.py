"""Every short history of one model, where `test_histories` draws long ones.

Twice: the model by itself, told everything that a listing and an answer could say, possible or not;
and the loop over a service that keeps the truth. What may happen is chosen at each point, and all
choices are walked through up to a depth, which the end of a run's output names.

What follows from a state is walked through once, and counted for every history that comes to the
same state; and a beginning whose consents nothing asks for is counted as another one is. A state
holds all of the past that the code, the service or an invariant may ask for.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import math
import os
import signal
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple, TypeVar

import pytest

from awscli_rekcl.arn import ModelArn, ProjectArn
from awscli_rekcl.errors import Interrupted, Rejected
from awscli_rekcl.lifecycle import Action, Consent, Request, decide, rule
from awscli_rekcl.model import LAG, Cause, Model, Outcome
from awscli_rekcl.service.describe import Description

from .fakes import NO_CONSENT, STOP, TRAINING, Call, Clock, a_model, failure, model_arn
from .invariants import (
    INVARIANTS,
    History,
    an_open_model_was_worked_on_till_the_end,
    steps,
)
from .world import Fate, Trouble, World, can_change

SOAK = "SOAK" in os.environ
T = TypeVar("T")


@pytest.fixture(autouse=True, scope="module")
def _few_collections() -> Iterator[None]:
    """Look for garbage seldom, which takes a quarter of the time otherwise and finds little."""
    before = gc.get_threshold()
    gc.set_threshold(100_000)
    yield
    gc.set_threshold(*before)


# One status of each kind, and a second one that can be deleted.
STATUSES = ["STOPPED", "TRAINED", "STARTING", "RUNNING", "STOPPING", "DELETING"]
STATUSES += ["TRAINING_IN_PROGRESS"]
CONSENTS = [NO_CONSENT, STOP, TRAINING, STOP | TRAINING]
Beginning = tuple[str, frozenset[Consent]]
# Those that a person could confirm.
BEGINNINGS: list[Beginning] = [
    (status, consents)
    for status in STATUSES
    for consents in CONSENTS
    if decide(status, consents) is not Action.REFUSE
]
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


def all_after(status: str) -> list[str]:
    """Every status that a model may come to."""
    found = [status]
    for some in found:
        found += [after for after in NEXT[some] if after is not None and after not in found]
    return found


def stand_ins(can_be_shown: Callable[[str], list[str]]) -> dict[Beginning, Beginning]:
    """Return for each beginning the one, with the fewest consents, that has the very same walk.

    The consents come into it in `Model.next_step` alone. So those are alike for which it answers
    alike, whatever can be shown.
    """
    first: dict[object, Beginning] = {}
    found = {}
    for status, consents in BEGINNINGS:
        steps = []
        for shown in can_be_shown(status):
            model = a_model(status=status, consents=consents)
            model.listed(shown, "", 0.0)
            steps.append(model.next_step(consents))
        key = (status, model.plan, *steps)
        found[status, consents] = first.setdefault(key, (status, consents))
    return found


MODEL_WALKS = stand_ins(lambda status: STATUSES)
LOOP_WALKS = stand_ins(all_after)


# The model by itself.

MODEL_DEPTH = 4 if SOAK else 3
"""Looks after the one before the confirmation."""
STEPS = [1.0, 31.0]
"""Seconds between two looks: within the lag, and past it."""


def accepted(model: Model) -> None:
    model.accepted()


def lost(model: Model) -> None:
    """The service did it or not; the answer says neither."""


def throttled(model: Model) -> None:
    model.throttled()


def declined(model: Model) -> None:
    model.declined(REFUSAL, may_be_done=False)


def declined_on_a_retry(model: Model) -> None:
    model.declined(REFUSAL, may_be_done=True)


def refused(model: Model) -> None:
    model.declined(REFUSAL, may_be_done=False)
    if not rule(model.status).tentative:
        model.fail(Cause.REFUSED, model.attempts[-1].request, REFUSAL)


def denied(model: Model) -> None:
    model.declined(REFUSAL, may_be_done=False)
    model.fail(Cause.DENIED, model.attempts[-1].request, REFUSAL)


REFUSAL = failure(Rejected)
MAYBE = ("accepted", "lost", "retried")
"""The answers after which the service may have acted."""
ANSWERS: list[Callable[[Model], None]] = [
    accepted,
    lost,
    throttled,
    declined,
    declined_on_a_retry,
    refused,
    denied,
]


class Past(NamedTuple):
    """What has happened to a model, as far as the invariants ask."""

    polls: tuple[tuple[float, str], ...]
    """The time and the status of each; the first is the list to confirm."""
    asked: tuple[tuple[Request, float, str], ...] = ()
    """Each request with its time and answer."""

    @property
    def maybe_done(self) -> list[Request]:
        """The requests that the service may have acted on."""
        return [r for r, _, answer in self.asked if answer in MAYBE]

    @property
    def delete_is_last(self) -> bool:
        """Whether the service may have deleted, and did not stop after that."""
        done = self.maybe_done
        return Request.DELETE in done and Request.STOP not in done[done.index(Request.DELETE) :]

    @property
    def was_deleting(self) -> bool:
        return "DELETING" in dict(self.polls).values()

    @property
    def last_accepted(self) -> tuple[Request, float, str] | None:
        """With its time, and the status before it."""
        answers = [(r, t, dict(self.polls)[t]) for r, t, how in self.asked if how == "accepted"]
        return answers[-1] if answers else None

    @property
    def against(self) -> float | None:
        """For how long all polls have shown a status that does not follow; None if one does."""
        last = self.last_accepted
        if self.was_deleting or (last and last[0] is Request.DELETE):
            follow = {"DELETING"}
        elif last:
            follow = {"STOPPING", "STOPPED"} | ({"RUNNING"} if last[2] == "STARTING" else set())
        else:
            return None
        since = last[1] if last else -1.0
        polls = [poll for poll in reversed(self.polls) if poll[0] > since]
        times = [time for time, _ in itertools.takewhile(lambda poll: poll[1] not in follow, polls)]
        return times[0] - times[-1] if times else None

    @property
    def counts(self) -> bool:
        """Whether the last status does."""
        return self.against is None or self.against >= LAG

    def what_matters(self, now: float) -> object:
        """All that the invariants ask of the past, seen from now."""
        deletes = [now - t for t in self.accepted(Request.DELETE)]
        last, against = self.last_accepted, self.against
        return (
            self.was_deleting,
            last and (last[0], last[2]),
            against and min(against, LAG),
            min([*deletes, LAG]),
            *((request, answer) for request, _, answer in self.asked[-1:]),
            self.delete_is_last,
            self.maybe_done == [],
        )

    def accepted(self, request: Request) -> list[float]:
        return [t for r, t, answer in self.asked if r is request and answer == "accepted"]


def a_copy(model: Model) -> Model:
    """Do what `copy.copy` does, which takes several times as long."""
    twin = object.__new__(Model)
    vars(twin).update(vars(model))
    return twin


def seen_from(model: Model, now: float) -> object:
    """All that a model knows, its times counted from now."""
    known = dict(vars(model))
    since = known["_contradicted_since"]
    known["_contradicted_since"] = since is not None and min(now - since, LAG)
    return tuple(known.values())


class Walk:
    """A walk through every history of a model: it says what to request, and everything follows."""

    def __init__(self, consents: frozenset[Consent], *, remembers: bool = True) -> None:
        self.consents = consents
        self.remembers = remembers
        self.known: dict[object, int] = {}
        """The number of histories that follow from a state, which is walked through once."""

    def number(self, model: Model, past: Past, now: float, depth: int) -> int:
        """Return the number of histories of so many looks."""
        state = depth, seen_from(model, now), past.what_matters(now)
        if state not in self.known or not self.remembers:
            self.known[state] = self._number(model, past, now, depth)
        return self.known[state]

    def _number(self, model: Model, past: Past, now: float, depth: int) -> int:
        next_step = model.next_step(self.consents) if model.is_open else None
        if isinstance(next_step, Cause):
            model.fail(next_step)
        request = next_step if isinstance(next_step, Request) else None
        what_is_asked_is_right(model, request, past, now)
        a_failed_deletion_is_seen(model, past)
        branches: list[tuple[Model, Past]] = [(model, past)]
        if request is not None:
            branches = []
            for answer in ANSWERS:
                name = "retried" if answer is declined_on_a_retry else answer.__name__
                after = a_copy(model)
                after.sending(request)
                answer(after)
                branches.append((after, past._replace(asked=(*past.asked, (request, now, name)))))
        number = 0
        for after, story in branches:
            what_is_said_is_not_less_than_what_was_requested(after, story)
            its_end_is_explained(after, self.consents, story)
            number += 1
            if not after.is_open or depth == 0:
                continue
            gone = a_copy(after)
            gone.missing()
            assert gone.outcome is Outcome.DELETED
            for status, step in itertools.product(STATUSES, STEPS):
                looked = a_copy(after)
                looked.listed(status, "", now + step)
                seen = story._replace(polls=(*story.polls, (now + step, status)))
                number += self.number(looked, seen, now + step, depth - 1)
        return number


def what_is_asked_is_right(model: Model, request: Request | None, past: Past, now: float) -> None:
    if request is not None:
        assert past.counts
        assert not past.was_deleting
        assert request is rule(model.status).request
    if request is Request.STOP:
        assert model.plan is Action.STOP_THEN_DELETE
    if request is Request.DELETE:
        assert all(now - time >= LAG for time in past.accepted(Request.DELETE))
        assert model.plan not in (Action.NONE, Action.REFUSE, Action.WAIT)
    # Nothing keeps the command from a model that can be deleted but its own accepted request.
    if model.is_open and model.status in ("STOPPED", "TRAINED") and not past.was_deleting:
        assert request is Request.DELETE or not past.counts


def a_failed_deletion_is_seen(model: Model, past: Past) -> None:
    """DELETING was seen, or another status before the delete than after it."""
    last = past.last_accepted
    is_new = last is not None and last[0] is Request.DELETE and last[2] != model.status
    failed = past.against is not None and past.counts and (past.was_deleting or is_new)
    assert failed is (model.failure is not None and model.failure.cause is Cause.DELETION_FAILED)


def what_is_said_is_not_less_than_what_was_requested(model: Model, past: Past) -> None:
    done = past.maybe_done
    if done:
        assert model.requested is not None
    if past.delete_is_last:
        assert model.requested is Request.DELETE
    if model.answered:
        assert model.requested is not None
        assert past.accepted(model.requested)
    if all(answer == "throttled" for _, _, answer in past.asked):
        assert (model.requested, model.answered) == (None, False)


def its_end_is_explained(model: Model, consents: frozenset[Consent], past: Past) -> None:
    assert model.outcome is not Outcome.DELETED  # nobody has said so
    if model.failure is None:
        assert model.is_open
        return
    cause, request, error = model.failure
    if cause is Cause.CHANGED:
        allowed = consents if model.plan is Action.STOP_THEN_DELETE else consents - STOP
        assert decide(past.polls[-1][1], allowed) is Action.REFUSE
        assert past.counts
        assert not past.was_deleting
    elif cause is not Cause.DELETION_FAILED:
        asked, _, answer = past.asked[-1]
        assert (asked, error) == (request, REFUSAL)
        assert answer == ("denied" if cause is Cause.DENIED else "refused")
        assert cause is Cause.DENIED or not rule(model.status).tentative


Record = Callable[[str, object], None]


def histories_of_a_model(beginning: Beginning, depth: int, *, remembers: bool = True) -> int:
    status, consents = beginning
    model = a_model(status=status, consents=consents)
    return Walk(consents, remembers=remembers).number(model, Past(((0.0, status),)), 0.0, depth)


@pytest.mark.parametrize(("beginning", "times"), Counter(MODEL_WALKS.values()).items())
def test_every_history_of_a_model(
    beginning: Beginning, times: int, record_property: Record
) -> None:
    number = histories_of_a_model(beginning, MODEL_DEPTH)
    record_property("histories", (f"a model by itself, {MODEL_DEPTH} looks", times * number))
    assert number > 14**MODEL_DEPTH or beginning[0] == "DELETING"


# The loop.


def depth_of_two(*statuses: str) -> int:
    """As many looks as minutes allow: fewer where a model has something to be asked for."""
    both_wait = all(rule(status).request is None for status in statuses)
    return 2 if both_wait or "DELETING" in statuses else 1


class Known(BaseException):
    """What can follow has been walked through before, from the same state."""


class Choices:
    """Takes the first way at each fork, and next time, from the last fork on, the next one."""

    def __init__(self) -> None:
        self.taken: list[object] = []
        self.number = 0
        """Of the histories so far."""
        self._path: list[list[int]] = []
        self._position = 0
        self._known: dict[object, int] = {}
        self._states: list[tuple[int, object, int]] = []

    def of(self, ways: Sequence[T]) -> T:
        if self._position == len(self._path):
            self._path.append([0, len(ways)])
        way = ways[self._path[self._position][0]]
        self._position += 1
        self.taken.append(way)
        return way

    def is_new(self) -> bool:
        """Whether no history was here before on the same way."""
        return self._position == len(self._path)

    def reach(self, state: object) -> None:
        """Raise Known if this state is, and count what follows from it; else remember it."""
        if state in self._known:
            self.number += self._known[state]
            raise Known
        self._states.append((self._position, state, self.number))

    def every(self) -> Iterator[None]:
        """Come back until there is no other way to go."""
        while True:
            self._position = 0
            self.taken = []
            yield
            while self._path and self._path[-1][0] + 1 == self._path[-1][1]:
                self._path.pop()
            while self._states and self._states[-1][0] >= len(self._path):
                _, state, before = self._states.pop()
                self._known[state] = self.number - before
            if not self._path:
                return
            self._path[-1][0] += 1


ONLY_ASKED = [Trouble.NONE, Trouble.TRANSIENT_ERROR, Trouble.REJECTED, Trouble.SIGNAL]
NOT_SENT = [
    Trouble.TRANSIENT_ERROR,
    Trouble.THROTTLED,
    Trouble.SIGNAL,
    Trouble.CREDENTIALS,
    Trouble.UNSENDABLE,
]
REFUSED = [Trouble.REJECTED, Trouble.DENIED]
OBEYED = [Trouble.SIGNAL_AFTER, Trouble.ANSWER_LOST, Trouble.THEN_IN_USE, Trouble.THEN_CREDENTIALS]


class ChosenWorld(World):
    """Some models of one project, with which whatever is chosen happens."""

    def __init__(
        self, choices: Choices, statuses: Sequence[str], timeout: float, pace: Sequence[float]
    ) -> None:
        super().__init__(Clock(), timeout)
        self.fates = [Fate(model_arn(f"v{i}"), status) for i, status in enumerate(statuses)]
        self.looks = 0
        self.before_call: Callable[[Call], None] = lambda call: None
        self.order: Collection[ModelArn] = ()
        """The open models, in the order in which the loop has them."""
        self._choices = choices
        self._pace = pace

    def describe(
        self, project: ProjectArn, arns: Collection[ModelArn]
    ) -> dict[ModelArn, Description]:
        self.order = arns
        return super().describe(project, arns)

    def next_trouble(self, call: Call) -> Trouble:
        self.before_call(call)
        if call.arn is None:
            self.looks += 1
            return self._choices.of(ONLY_ASKED)
        fate = self.fate(call.arn)
        ways = [Trouble.NONE, *NOT_SENT]
        if fate.status is not None:
            ways += REFUSED
        if fate.status is not None and can_change(fate, call.request is Request.DELETE):
            ways += [*OBEYED, Trouble.IN_USE, Trouble.FALSE_NOT_FOUND]
            ways += [Trouble.THEN_THROTTLED] * (self.deadline.left < math.inf)
        return self._choices.of(ways)

    def happens(self, call: Call) -> None:
        if call.arn is None:
            self.clock.now += self._choices.of(self._pace)
            for fate in self.fates:
                status = self._choices.of(NEXT[fate.status])
                if status != fate.status:
                    fate.becomes(status, self.clock.now)

    def listing(self, project: ProjectArn, names: Collection[str] | None) -> list[Description]:
        assert names is not None
        shown = {
            fate.arn: self._show(i)
            for i, fate in enumerate(self.fates)
            if fate.arn.version_name in names
        }
        return [Description(arn, status) for arn, status in shown.items() if status]

    def _show(self, i: int) -> str | None:
        return self.fates[i].statuses[self._choices.of(self._visible(i)[::-1])][1]

    def _visible(self, i: int) -> list[int]:
        """What one of the replicas shows, each of which lags less than 30 s."""
        statuses = self.fates[i].statuses
        left = [since for since, _ in statuses[1:]] + [self.clock.now + 1]
        return [n for n in range(len(statuses)) if self.clock.now - left[n] < LAG]

    def state(self, i: int) -> object:
        """What matters of a model from now on, as far as the service goes."""
        statuses = self.fates[i].statuses[self._visible(i)[0] :]
        return tuple((min(self.clock.now - t, LAG), status) for t, status in statuses)


LOOP_DEPTH = 3 if SOAK else 2
"""Looks of the loop; the look after these is cut short by a signal."""
TIMEOUTS = [math.inf, 1.5]
INTERVAL = 0.5
"""Seconds between two looks, less than the shortest pause, so that all pauses are alike."""


def started(choices: Choices, models: Sequence[Beginning]) -> History:
    consents = frozenset().union(*(consents for _, consents in models))
    statuses = [status for status, _ in models]
    pace = [0.0, 31.0] if len(models) == 1 else [0.0]
    world = ChosenWorld(choices, statuses, choices.of(TIMEOUTS), pace)
    some = [a_model(f"cats/v{i}", status, consents) for i, status in enumerate(statuses)]
    return History(world, some, consents, INTERVAL)


def histories_of_the_loop(depth: int, *models: Beginning, remembers: bool = True) -> int:
    """Live through all of them. Return their number."""
    choices = Choices()
    for _ in choices.every():
        history = started(choices, models)
        world = history.world
        assert isinstance(world, ChosenWorld)

        def before_call(call: Call, history: History = history, world: ChosenWorld = world) -> None:
            if world.looks == depth and call.arn is None:
                raise Interrupted(signal.SIGTERM)
            if choices.is_new():
                for invariant in INVARIANTS:
                    if invariant is not an_open_model_was_worked_on_till_the_end:
                        invariant(history)
                if remembers:
                    choices.reach((call.text, what_matters(history, world)))

        world.before_call = before_call
        try:
            with contextlib.suppress(Known):
                history.live()
                for invariant in INVARIANTS:
                    invariant(history)
                choices.number += 1
        except AssertionError as error:
            raise AssertionError(f"{error} in the history {choices.taken}") from error
    return choices.number


def rejection(call: Call) -> type | None:
    return type(call.error) if isinstance(call.error, Rejected) else None


def what_matters(history: History, world: ChosenWorld) -> object:
    """All of the past that the command, the service or an invariant may ask for from now on.

    Times count from now. A model with an outcome was explained; somebody may still go on with it.
    """
    now = world.clock.now
    late = sum(end > history.limit for _, end in steps(world))
    state: list[object] = [world.looks, world.deadline.left, late, tuple(world.order)]
    for i, model in enumerate(history.models):
        fate, sent = world.fate(model.arn), world.sent(model.arn)
        if not model.is_open:
            state += [model.outcome, fate.status]
            continue
        deletes = [call for call in sent if call.request is Request.DELETE]
        state += [
            seen_from(model, now),
            world.state(i),
            fate.left("DELETING"),
            fate.ever("STARTING", "RUNNING"),
            frozenset((s.request, s.obeyed, s.answered, rejection(s)) for s in sent),
            tuple(now - call.end for call in deletes[-1:] if call.answered),
        ]
    return tuple(state)


@pytest.mark.parametrize(("beginning", "times"), Counter(LOOP_WALKS.values()).items())
def test_every_history_of_the_loop(
    beginning: Beginning, times: int, record_property: Record
) -> None:
    number = histories_of_the_loop(LOOP_DEPTH, beginning)
    record_property("histories", (f"the loop over one model, {LOOP_DEPTH} looks", times * number))
    assert number > 100


@pytest.mark.parametrize("beginning", [b for b in BEGINNINGS if LOOP_WALKS[b] != b])
def test_what_is_left_out_is_the_same_walk(beginning: Beginning) -> None:
    """Each beginning with its stand-in, and all states anew with those that are remembered."""
    plain = histories_of_the_loop(1, beginning, remembers=False)
    assert plain == histories_of_the_loop(1, LOOP_WALKS[beginning])
    if MODEL_WALKS[beginning] != beginning:
        plain = histories_of_a_model(beginning, 2, remembers=False)
        assert plain == histories_of_a_model(MODEL_WALKS[beginning], 2)


@pytest.mark.skipif(not SOAK, reason="make soak")
@pytest.mark.parametrize(
    ("first", "second"),
    # The second one that can be deleted comes by itself, of a training.
    [*itertools.combinations_with_replacement([s for s in STATUSES if s != "TRAINED"], 2)],
)
def test_every_history_of_two_models(first: str, second: str, record_property: Record) -> None:
    looks = depth_of_two(first, second)
    number = histories_of_the_loop(looks, (first, STOP | TRAINING), (second, STOP | TRAINING))
    record_property("histories", (f"the loop over two models, {looks} looks", number))
    assert number > 10
