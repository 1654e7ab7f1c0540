"""Every short history of one model, where `test_histories` draws long ones.

Twice: the model by itself, told everything that a listing and an answer could say, possible or not;
and the loop over a service that keeps the truth. What may happen is chosen at each point, and all
choices are walked through up to a depth, which the end of a run's output names.

What follows from a state is walked through once, and counted for every history that comes to the
same state. A state holds all of the past that the code, the service or an invariant may ask for.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import math
import os
import signal
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

import pytest

from awscli_rekcl.arn import ModelArn, ProjectArn
from awscli_rekcl.errors import Interrupted, Rejected
from awscli_rekcl.lifecycle import Action, Consent, Request, decide, rule
from awscli_rekcl.model import LAG, Cause, Model, Outcome
from awscli_rekcl.service.describe import Description

from .fakes import NO_CONSENT, STOP, TRAINING, Call, Clock, a_model, failure, model_arn
from .invariants import ALWAYS, IN_THE_END, History, steps
from .world import CUT_SHORT, PREVENTED, Fate, Found, Trouble, World, can_change

SOAK = "SOAK" in os.environ
T = TypeVar("T")

# One status of each kind that a person could confirm, and a second one that can be deleted; with
# the consents that it needs.
NEEDED = {
    "STOPPED": NO_CONSENT,
    "TRAINED": NO_CONSENT,
    "STARTING": STOP,
    "RUNNING": STOP,
    "STOPPING": NO_CONSENT,
    "DELETING": NO_CONSENT,
    "TRAINING_IN_PROGRESS": TRAINING,
}
STATUSES = [*NEEDED]
ALL = STOP | TRAINING
Consents = frozenset[Consent]
Record = Callable[[str, object], None]


def a_copy(model: Model) -> Model:
    """Do what `copy.copy` does, which takes several times as long."""
    twin = object.__new__(Model)
    vars(twin).update(vars(model))
    return twin


def rounded(seconds: float) -> float:
    """Take together what nobody can tell apart: all short steps add up to less than the lag."""
    return LAG if seconds >= LAG else 0.0


def seen_from(model: Model, now: float) -> object:
    """All that a model knows and that changes, its times counted from now."""
    known = dict(vars(model))
    del known["arn"], known["project"], known["plan"]
    since = known["_contradicted_since"]
    known["_contradicted_since"] = since is not None and rounded(now - since)
    return tuple(known.values())


# The model by itself.

MODEL_DEPTH = 4 if SOAK else 3
"""Looks after the one before the confirmation."""
STEPS = [1.0, 31.0]
"""Seconds between two looks: within the lag, and past it."""
REFUSAL = failure(Rejected)
ANSWERS = ["accepted", "lost", "throttled", "declined", "declined on a retry", "refused", "denied"]


def answer(model: Model, request: Request, how: str) -> None:
    """Tell a model how a request was answered, as the loop does."""
    if how == "accepted":
        model.accepted()
    elif how == "throttled":
        model.throttled()
    elif how != "lost":  # where the service did it or not
        model.declined(REFUSAL, may_be_done=how == "declined on a retry")
    if how == "denied" or (how == "refused" and not rule(model.status).tentative):
        model.fail(Cause[how.upper()], request, REFUSAL)


class Past(NamedTuple):
    """What has happened to a model, as far as the invariants ask. Seconds are rounded."""

    status: str
    was_deleting: bool
    accepted: tuple[Request, str] | None = None
    """The last request that was accepted, with the status before it."""
    against: float | None = None
    """For how long all polls have shown a status that does not follow; None if the last does."""
    since_delete: float = LAG
    """Since a delete was accepted."""
    asked: tuple[Request, str] | None = None
    """The last request, with its answer."""
    maybe_done: Request | None = None
    """The last request that the service may have acted on."""

    def looked(self, status: str, step: float) -> Past:
        """What it is when a poll shows this, after so many seconds."""
        request, before = self.accepted or (None, None)
        was_deleting = self.was_deleting or status == "DELETING"
        follow = STATUSES
        if was_deleting or request is Request.DELETE:
            follow = ["DELETING"]
        elif request is Request.STOP:
            follow = ["STOPPING", "STOPPED"] + ["RUNNING"] * (before == "STARTING")
        against = None
        if status not in follow:
            against = 0.0 if self.against is None else rounded(self.against + step)
        since_delete = rounded(self.since_delete + step)
        return Past(
            status, was_deleting, self.accepted, against, since_delete, self.asked, self.maybe_done
        )

    def answered(self, request: Request, how: str) -> Past:
        """What it is after a request and its answer."""
        past = self._replace(asked=(request, how))
        if how in ("accepted", "lost", "declined on a retry"):
            past = past._replace(maybe_done=request)
        if how == "accepted":
            since_delete = 0.0 if request is Request.DELETE else self.since_delete
            accepted = request, self.status
            past = past._replace(accepted=accepted, against=None, since_delete=since_delete)
        return past

    @property
    def counts(self) -> bool:
        """Whether the last status does."""
        return self.against is None or self.against >= LAG


@dataclasses.dataclass
class Walk:
    """A walk through every history of a model: it says what to request, and everything follows."""

    consents: Consents
    remembers: bool
    known: dict[object, int] = dataclasses.field(default_factory=dict)
    """The number of histories that follow from a state, which is walked through once."""

    def number(self, model: Model, past: Past, now: float, depth: int) -> int:
        """Return the number of histories of so many looks."""
        state = depth, seen_from(model, now), past
        number = self.known.get(state) if self.remembers else None
        if number is None:
            number = self.known[state] = self._number(model, past, now, depth)
        return number

    def _number(self, model: Model, past: Past, now: float, depth: int) -> int:
        next_step = model.next_step(self.consents) if model.is_open else None
        if isinstance(next_step, Cause):
            model.fail(next_step)
        request = next_step if isinstance(next_step, Request) else None
        what_is_asked_is_right(model, request, past)
        a_failed_deletion_is_seen(model, past)
        branches = [(model, past)]
        if request is not None:
            branches = []
            for how in ANSWERS:
                after = a_copy(model)
                after.sending(request)
                answer(after, request, how)
                branches.append((after, past.answered(request, how)))
        number = len(branches)
        for after, story in branches:
            what_is_said_was_requested(after, story)
            its_end_is_explained(after, self.consents, story)
            if not after.is_open or depth == 0:
                continue
            for status, step in itertools.product(STATUSES, STEPS):
                looked = a_copy(after)
                looked.listed(status, "", now + step)
                number += self.number(looked, story.looked(status, step), now + step, depth - 1)
        return number


def what_is_asked_is_right(model: Model, request: Request | None, past: Past) -> None:
    if request is not None:
        assert past.counts
        assert not past.was_deleting
        assert request is rule(model.status).request
    if request is Request.STOP:
        assert model.plan is Action.STOP_THEN_DELETE
    if request is Request.DELETE:
        assert past.since_delete >= LAG
        assert model.plan not in (Action.NONE, Action.REFUSE, Action.WAIT)
    # Nothing keeps the command from a model that can be deleted but its own accepted request.
    if model.is_open and model.status in ("STOPPED", "TRAINED") and not past.was_deleting:
        assert request is Request.DELETE or not past.counts


def a_failed_deletion_is_seen(model: Model, past: Past) -> None:
    """DELETING was seen, or another status before the delete than after it."""
    request, before = past.accepted or (None, None)
    is_new = request is Request.DELETE and before != model.status
    failed = past.against is not None and past.counts and (past.was_deleting or is_new)
    assert failed is (model.failure is not None and model.failure.cause is Cause.DELETION_FAILED)


def what_is_said_was_requested(model: Model, past: Past) -> None:
    requested = model.requested
    assert (requested is None) is (past.maybe_done is None)
    if past.maybe_done is Request.DELETE:
        assert requested is Request.DELETE
    if model.answered:
        assert past.accepted is not None
        assert requested is past.accepted[0]


def its_end_is_explained(model: Model, consents: Consents, past: Past) -> None:
    assert model.outcome is not Outcome.DELETED  # nobody has said so
    assert model.is_open is (model.failure is None)
    cause, request, error = model.failure or (None, None, None)
    if cause is Cause.DELETION_FAILED:
        return
    allowed = consents if model.plan is Action.STOP_THEN_DELETE else consents - STOP
    is_refused = decide(past.status, allowed) is Action.REFUSE
    assert (cause is Cause.CHANGED) is (is_refused and past.counts and not past.was_deleting)
    if cause in (Cause.DENIED, Cause.REFUSED):
        assert (past.asked, error) == ((request, cause.name.lower()), REFUSAL)
        assert cause is Cause.DENIED or not rule(model.status).tentative


def histories_of_a_model(status: str, consents: Consents, looks: int, remembers: bool) -> int:
    model = a_model(status=status, consents=consents)
    past = Past(status, status == "DELETING")
    return Walk(consents, remembers).number(model, past, 0.0, looks)


# An option that nothing needs yet permits nothing that the plan doesn't hold.
@pytest.mark.parametrize("more", [NO_CONSENT, ALL])
@pytest.mark.parametrize("status", STATUSES)
def test_every_history_of_a_model(status: str, more: Consents, record_property: Record) -> None:
    number = histories_of_a_model(status, NEEDED[status] | more, MODEL_DEPTH, remembers=True)
    record_property("histories", (f"a model by itself, {MODEL_DEPTH} looks", number))
    assert number > 14**MODEL_DEPTH or status == "DELETING"


# The loop.


class Known(BaseException):
    """What can follow has been walked through before, from the same state."""


class Choices:
    """Takes the first way at each fork, and next time, from the last fork on, the next one."""

    def __init__(self, remembers: bool) -> None:
        self.number = 0
        """Of the histories so far."""
        self._path: list[tuple[Sequence[Any], int]] = []
        """At each fork the ways, and which of them is taken."""
        self._position = 0
        self._remembers = remembers
        self._known: dict[object, int] = {}
        self._states: list[tuple[int, object, int]] = []

    @property
    def taken(self) -> list[object]:
        return [ways[number] for ways, number in self._path[: self._position]]

    def of(self, ways: Sequence[T]) -> T:
        if self.is_new():
            self._path.append((ways, 0))
        ways, number = self._path[self._position]
        self._position += 1
        return ways[number]

    def is_new(self) -> bool:
        """Whether no history was here before on the same way."""
        return self._position == len(self._path)

    def reach(self, state: object) -> None:
        """Raise Known if this state is, and count what follows from it; else remember it."""
        if self._remembers and state in self._known:
            self.number += self._known[state]
            raise Known
        self._states.append((self._position, state, self.number))

    def every(self) -> Iterator[None]:
        """Come back until there is no other way to go."""
        while True:
            self._position = 0
            yield
            while self._path and self._path[-1][1] + 1 == len(self._path[-1][0]):
                self._path.pop()
            while self._states and self._states[-1][0] >= len(self._path):
                _, state, before = self._states.pop()
                self._known[state] = self.number - before
            if not self._path:
                return
            ways, number = self._path[-1]
            self._path[-1] = ways, number + 1


# What a look, and a request, may meet; and a request that the service can obey.
OF_A_LOOK = [Trouble.NONE, Trouble.TRANSIENT_ERROR, Trouble.REJECTED, Trouble.SIGNAL]
OF_A_REQUEST = [Trouble.NONE, Trouble.SIGNAL, *PREVENTED]
IF_POSSIBLE = [Trouble.IN_USE, Trouble.FALSE_NOT_FOUND, Trouble.SIGNAL_AFTER, *CUT_SHORT]
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
# Seconds that a look takes, and whether the limit of the wait passes meanwhile.
PACE = [(0.0, False), (31.0, False), (31.0, True)]
INTERVAL = 0.5
"""Seconds between two looks, less than the shortest pause, so that all pauses are alike."""


class ChosenWorld(World):
    """Some models of one project, with which whatever is chosen happens.

    A signal ends the pause after the last look.
    """

    def __init__(self, choices: Choices, statuses: Sequence[str], looks: int) -> None:
        super().__init__(Clock(), math.inf)
        self.fates = [Fate(model_arn(f"v{i}"), status) for i, status in enumerate(statuses)]
        self.looks_left = looks
        self.history: History
        self.order: Collection[ModelArn] = ()
        """The open models, in the order in which the loop has them."""
        self._choices = choices
        self._pace = PACE if len(statuses) == 1 else PACE[:1]

    def sleep(self, seconds: float) -> None:
        if not self.looks_left:
            raise Interrupted(signal.SIGTERM)
        super().sleep(seconds)

    def follow(self, project: ProjectArn, arns: Collection[ModelArn]) -> Found:
        """Read the one page. What a longer listing proves is drawn, and tested by itself."""
        self.order = arns
        [found] = self.pages(project, [arn.version_name for arn in arns])
        return {version.arn: version for version in found}

    def next_trouble(self, call: Call) -> Trouble:
        if self._choices.is_new():
            for invariant in ALWAYS:
                invariant(self.history)
            self._choices.reach((call.text, what_matters(self.history, self)))
        if call.arn is None:
            self.looks_left -= 1
            return self._choices.of(OF_A_LOOK)
        fate = self.fate(call.arn)
        can_obey = bool(fate.status) and can_change(fate, call.request is Request.DELETE)
        trouble = self._choices.of([*OF_A_REQUEST, *IF_POSSIBLE * can_obey])
        if trouble is Trouble.THEN_THROTTLED:
            self.deadline.timeout = self.clock.now + 1.0
        return trouble

    def happens(self, call: Call) -> None:
        # What happens beside the last answer that shows a model is nothing to anybody.
        ended = self.trouble is Trouble.REJECTED or not self.looks_left
        if call.arn is None and (self.trouble is Trouble.NONE or not ended):
            seconds, is_limit = self._choices.of(self._pace)
            if is_limit:
                self.deadline.timeout = self.clock.now
            self.clock.now += seconds
            for fate in self.fates:
                status = self._choices.of(NEXT[fate.status])
                if status != fate.status:
                    fate.becomes(status, self.clock.now)

    def listing(self, project: ProjectArn, names: Collection[str] | None) -> list[Description]:
        assert names is not None
        shown = {
            fate.arn: self._choices.of(self.visible(fate)[::-1])[1]
            for fate in self.fates
            if fate.arn.version_name in names
        }
        return [Description(arn, status) for arn, status in shown.items() if status]

    def visible(self, fate: Fate) -> list[tuple[float, str | None]]:
        """What one of the replicas shows, each of which lags less than 30 s."""
        until = [since for since, _ in fate.statuses[1:]] + [math.inf]
        return [s for s, left in zip(fate.statuses, until) if self.clock.now - left < LAG]


def histories_of_the_loop(statuses: Sequence[str], looks: int, remembers: bool) -> int:
    """Live through all of them. Return their number."""
    choices = Choices(remembers)
    models = [a_model(f"cats/v{i}", status, ALL) for i, status in enumerate(statuses)]
    for _ in choices.every():
        world = ChosenWorld(choices, statuses, looks)
        world.history = history = History(world, [*map(a_copy, models)], ALL, INTERVAL)
        try:
            with contextlib.suppress(Known):
                history.live()
                for invariant in IN_THE_END:
                    invariant(history)
                choices.number += 1
        except AssertionError as error:
            raise AssertionError(f"{error} in the history {choices.taken}") from error
    return choices.number


def what_matters(history: History, world: ChosenWorld) -> object:
    """All of the past that the command, the service or an invariant may ask for from now on.

    Times count from now. A model with an outcome was explained; somebody may still go on with it.
    """
    now = world.clock.now
    late = sum(end > history.limit for _, end in steps(world))
    state: list[object] = [world.looks_left, world.deadline.left, late, tuple(world.order)]
    for model in history.models:
        fate, sent = world.fate(model.arn), world.sent(model.arn)
        if not model.is_open:
            state += [model.outcome, fate.status]
            continue
        deletes = [call for call in sent if call.request is Request.DELETE]
        state += [
            seen_from(model, now),
            fate.left("DELETING"),
            fate.ever("STARTING", "RUNNING"),
            frozenset(
                (s.request, s.obeyed, s.answered, isinstance(s.error, Rejected) and type(s.error))
                for s in sent
            ),
        ]
        if world.looks_left:
            visible = world.visible(fate)
            state += [
                tuple((rounded(now - since), status) for since, status in visible),
                tuple(rounded(now - call.end) for call in deletes[-1:] if call.answered),
            ]
        else:
            state += [fate.status]
    return tuple(state)


# The second one that can be deleted comes by itself, of a training.
TWO = itertools.combinations_with_replacement([s for s in STATUSES if s != "TRAINED"], 2)


def depth(statuses: Sequence[str]) -> int:
    """Looks, as many as minutes allow: fewer where one of two has something to be asked for."""
    if len(statuses) == 1:
        return 3 if SOAK else 2
    both_wait = all(rule(status).request is None for status in statuses)
    return 2 if both_wait or "DELETING" in statuses else 1


@pytest.mark.parametrize("statuses", [*zip(STATUSES), *(TWO if SOAK else [])], ids=" ".join)
def test_every_history_of_the_loop(statuses: Sequence[str], record_property: Record) -> None:
    looks = depth(statuses)
    number = histories_of_the_loop(statuses, looks, remembers=True)
    models = "one model" if len(statuses) == 1 else "two models"
    record_property("histories", (f"the loop over {models}, {looks} looks", number))
    assert number > 10


@pytest.mark.parametrize("status", STATUSES)
def test_what_is_remembered_is_the_same_walk(status: str) -> None:
    loop, plain = (histories_of_the_loop([status], 1, how) for how in (True, False))
    assert loop == plain
    some, plain = (histories_of_a_model(status, ALL, 2, how) for how in (True, False))
    assert some == plain
