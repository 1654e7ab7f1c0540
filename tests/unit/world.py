"""Custom Labels as it might behave at its worst, on a clock of its own.

Models change by themselves, somebody else meddles with them, listings lag and shift between pages,
answers get lost. A world keeps the truth, which the command sees only through requests. What
happens is drawn (`DrawnWorld`, by hypothesis) or chosen (`test_every_history.ChosenWorld`).
"""

from __future__ import annotations

import dataclasses
import enum
import itertools
import signal
from collections.abc import Collection, Sequence

from awscli_rekcl import errors
from awscli_rekcl.arn import ModelArn, ProjectArn
from awscli_rekcl.deadline import Deadline
from awscli_rekcl.lifecycle import Request
from awscli_rekcl.service.describe import Describer, Description

from .fakes import Call, Clock, Service, failure, model_arn, project_arn

Found = dict[ModelArn, Description]
INFINITE = float("inf")
BUSY = {"RUNNING", "STARTING", "STOPPING", "DELETING", "TRAINING_IN_PROGRESS"}
BUSY |= {"COPYING_IN_PROGRESS"}


class Trouble(enum.Enum):
    """What one request meets."""

    NONE = enum.auto()
    SLOW = enum.auto()
    LATE = enum.auto()  # what was true then arrives only now
    TRANSIENT_ERROR = enum.auto()
    THROTTLED = enum.auto()
    ANSWER_LOST = enum.auto()
    IN_USE = enum.auto()
    REJECTED = enum.auto()
    DENIED = enum.auto()
    CREDENTIALS = enum.auto()
    UNSENDABLE = enum.auto()
    OTHER_ACCOUNT = enum.auto()
    FALSE_NOT_FOUND = enum.auto()
    SHIFTED = enum.auto()  # another project goes between two pages, so that an entry slips
    SIGNAL = enum.auto()
    SIGNAL_AFTER = enum.auto()
    # The service obeys, the answer is lost, and this comes of the SDK's next try.
    THEN_IN_USE = enum.auto()
    THEN_THROTTLED = enum.auto()  # until the time is up
    THEN_CREDENTIALS = enum.auto()


CUT_SHORT: dict[Trouble, type[errors.ServiceError]] = {
    Trouble.ANSWER_LOST: errors.TransientError,
    Trouble.THEN_THROTTLED: errors.TransientError,
    Trouble.THEN_IN_USE: errors.InUse,
    Trouble.THEN_CREDENTIALS: errors.CredentialsFailed,
}
PREVENTED: dict[Trouble, type[errors.ServiceError]] = {
    Trouble.TRANSIENT_ERROR: errors.TransientError,
    Trouble.THROTTLED: errors.TransientError,
    Trouble.REJECTED: errors.Rejected,
    Trouble.DENIED: errors.AccessDenied,
    Trouble.CREDENTIALS: errors.CredentialsFailed,
    Trouble.UNSENDABLE: errors.Unsendable,
}


class Fate:
    """The true life of one model: its statuses with the time from which each holds."""

    def __init__(self, arn: ModelArn, status: str | None, since: float = 0.0) -> None:
        self.arn = arn
        self.statuses = [(since, status)]

    @property
    def status(self) -> str | None:
        return self.statuses[-1][1]

    def at(self, time: float) -> str | None:
        """The status at a time; None before the model was made and after it went."""
        return next((status for since, status in reversed(self.statuses) if since <= time), None)

    def becomes(self, status: str | None, time: float) -> None:
        self.statuses.append((time, status))

    def left(self, status: str) -> bool:
        """Whether the model was in this status and is there in another one since."""
        statuses = [entry[1] for entry in self.statuses]
        return any(a == status and b is not None for a, b in zip(statuses, statuses[1:]))

    def ever(self, *statuses: str) -> bool:
        return any(status in statuses for _, status in self.statuses)


class World(Service):
    """The truth, and what a trouble does to a request."""

    def __init__(self, clock: Clock, timeout: float) -> None:
        super().__init__(Deadline(timeout, clock=clock, sleep=self.sleep), clock)
        self.describer = Describer(self)
        self.fates: Sequence[Fate] = []
        self.trouble = Trouble.NONE
        """What the request meets that is on its way."""
        self.polls: list[tuple[float, float]] = []
        """When each began and ended."""

    def sleep(self, seconds: float) -> None:
        self.clock.sleep(seconds)

    def next_trouble(self, call: Call) -> Trouble:
        raise NotImplementedError

    def happens(self, call: Call) -> None:
        """Let the time of a request pass, and everything happen that happens until then."""
        raise NotImplementedError

    def fate(self, arn: ModelArn) -> Fate:
        return next(fate for fate in self.fates if fate.arn == arn)

    def sent(self, arn: ModelArn) -> list[Call]:
        """The requests to change a model."""
        return [call for call in self.calls if call.arn == arn]

    def follow(self, project: ProjectArn, arns: Collection[ModelArn]) -> Found:
        """The real strategy, over the listing of this world."""
        return self.describer.follow(project, arns)

    def describe(self, project: ProjectArn, arns: Collection[ModelArn]) -> Found:
        start = self.clock.now
        try:
            return self.follow(project, arns)
        finally:
            self.polls.append((start, self.clock.now))

    def meet(self, call: Call) -> None:
        self.trouble = self.next_trouble(call)
        # The credentials of a request, which may be another account's for one or several of them.
        self.access_key = "theirs" if self.trouble is Trouble.OTHER_ACCOUNT else "ours"
        if self.trouble is Trouble.SIGNAL:
            raise errors.Interrupted(signal.SIGINT)
        self.happens(call)
        if self.trouble in PREVENTED:
            kind = PREVENTED[self.trouble]
            raise an_error(kind, may_be_done=self.trouble is Trouble.TRANSIENT_ERROR)

    def change(self, call: Call) -> None:
        assert call.arn is not None
        fate = self.fate(call.arn)
        is_lie = self.trouble in (Trouble.OTHER_ACCOUNT, Trouble.FALSE_NOT_FOUND)
        if fate.status is None or is_lie:
            raise an_error(errors.NotFound)
        is_delete = call.request is Request.DELETE
        if self.trouble is Trouble.IN_USE or not can_change(fate, is_delete):
            raise an_error(errors.InUse)
        fate.becomes("DELETING" if is_delete else "STOPPING", self.clock.now)
        call.obeyed = True
        self.answer()

    def answer(self) -> None:
        """Raise what comes in the place of the answer of a request that was obeyed."""
        if self.trouble is Trouble.LATE:
            self.clock.now += 40
        if self.trouble is Trouble.THEN_THROTTLED and self.deadline.left < INFINITE:
            self.clock.now += max(0, self.deadline.left)
        if self.trouble in CUT_SHORT:
            raise an_error(CUT_SHORT[self.trouble], may_be_done=True)
        if self.trouble is Trouble.SIGNAL_AFTER:
            raise errors.Interrupted(signal.SIGINT)


_ERRORS: dict[tuple[type[errors.ServiceError], bool], errors.ServiceError] = {}


def an_error(kind: type[errors.ServiceError], *, may_be_done: bool = False) -> errors.ServiceError:
    """One of each kind, because a million of them take long to make."""
    error = _ERRORS.get((kind, may_be_done)) or failure(kind)
    _ERRORS[kind, may_be_done] = error
    error.may_be_done = may_be_done
    return error.with_traceback(None)


def can_change(fate: Fate, is_delete: bool) -> bool:
    return fate.status not in BUSY if is_delete else fate.status == "RUNNING"


class Meddling(enum.Enum):
    """What somebody else does to a model."""

    DELETE = enum.auto()
    STOP = enum.auto()
    START = enum.auto()
    MAKE_ANEW = enum.auto()  # under the same name, as soon as it is gone
    PROJECT_GOES = enum.auto()


@dataclasses.dataclass
class Scenario:
    """All that is drawn for a history; unless it is, nothing special happens to one model."""

    statuses: Sequence[str | None] = ("STOPPED",)
    count: int = 1
    projects: int = 1
    listed: Sequence[bool] = (True,)
    stop: bool = False
    train: bool = False
    timeout: float = 600.0
    poll_interval: float = 5.0
    page_size: int = 15
    lags: Sequence[float] = (0.0,)
    """Of the replicas that answer in turn, less than 30 s each."""
    seconds: float = 1.0
    thinking: float = 0.0
    step: float = 45.0
    failing: Sequence[bool] = (False,)
    troubles: Sequence[Trouble] = ()
    meddling: Sequence[tuple[float, int, Meddling]] = ()
    interrupted_at: float | None = None


# By itself, a status ends after so many steps in another one, or in the last if the model fails.
AFTER: dict[str | None, tuple[float, str | None, str | None]] = {
    "TRAINING_IN_PROGRESS": (3, "TRAINED", "TRAINING_FAILED"),
    "COPYING_IN_PROGRESS": (2, "COPYING_COMPLETED", "COPYING_COMPLETED"),
    "STARTING": (1, "RUNNING", "FAILED"),
    "STOPPING": (1, "STOPPED", "STOPPED"),
}


class DrawnFate(Fate):
    """The life of a model that goes on by itself after some time."""

    def __init__(
        self, arn: ModelArn, status: str | None, since: float, step: float, fails: bool = False
    ) -> None:
        super().__init__(arn, status, since)
        self.made_anew = False
        self._step = step
        self._fails = fails
        self._plan(since)

    def becomes(self, status: str | None, time: float) -> None:
        super().becomes(status, time)
        self._plan(time)

    def _plan(self, time: float) -> None:
        steps, well, badly = AFTER.get(self.status, (INFINITE, None, None))
        if self.status == "DELETING":
            before = self.statuses[-2][1] if len(self.statuses) > 1 else "STOPPED"
            steps, badly = 1, None if before in BUSY else before
        self.next = time + steps * self._step, badly if self._fails else well
        # A deletion fails once: one that always did so, unseen, would be sent for ever.
        self._fails = self._fails and self.status != "DELETING"


class DrawnWorld(World):
    """A scenario that comes true."""

    def __init__(self, scenario: Scenario, clock: Clock) -> None:
        super().__init__(clock, scenario.timeout)
        self.page_size = scenario.page_size
        self.gone_projects: set[ProjectArn] = set()
        self.in_trouble = False
        self._scenario = scenario
        self._troubles = iter(scenario.troubles)
        self._meddling: list[tuple[float, int, Meddling]] = []
        self._oldest = 0.0
        self._lags = itertools.cycle(scenario.lags)
        self._has_lied = False
        self._projects = [project_arn(f"p{i}") for i in range(scenario.projects)]
        self.fates: list[DrawnFate] = []
        statuses, failing = itertools.cycle(scenario.statuses), itertools.cycle(scenario.failing)
        for i in range(scenario.count):
            arn = model_arn(f"v{i}", f"p{i % scenario.projects}")
            self.fates.append(DrawnFate(arn, next(statuses), 0.0, scenario.step, next(failing)))

    def turn_bad(self) -> None:
        """From here on requests meet troubles, and somebody meddles."""
        self.in_trouble = True
        self._oldest = max(0.0, self.clock.now - min(self._scenario.lags))  # what was selected
        entries = sorted(self._scenario.meddling, key=lambda entry: entry[0])
        self._meddling = [(self.clock.now + time, i, what) for time, i, what in entries]

    # Time.

    def sleep(self, seconds: float) -> None:
        at = self._scenario.interrupted_at
        if self.in_trouble and at is not None and 0 <= at - self.clock.now < seconds:
            self.clock.now = at
            raise errors.Interrupted(signal.SIGTERM)
        super().sleep(seconds)

    def happens(self, call: Call) -> None:
        self.clock.now += 40 if self.trouble is Trouble.SLOW else self._scenario.seconds
        while True:  # in the order of time
            fate = min(self.fates, key=lambda fate: fate.next[0])
            time, status = fate.next
            if self._meddling and self._meddling[0][0] <= min(time, self.clock.now):
                when, which, what = self._meddling.pop(0)
                self._meddle(self.fates[which % len(self.fates)], what, when)
            elif time <= self.clock.now:
                fate.becomes(status, time)
                if status is None and fate.made_anew:
                    name, project = fate.arn.version_name, fate.arn.scope.project_name
                    new = model_arn(name, project, number=len(self.fates) + 1)
                    self.fates.insert(0, DrawnFate(new, "TRAINED", time, self._scenario.step))
            else:
                return

    def _meddle(self, fate: DrawnFate, what: Meddling, time: float) -> None:
        if what is Meddling.PROJECT_GOES:
            name = fate.arn.scope.project_name
            self.gone_projects.add(project_arn(name))
            for other in self.fates:
                if other.arn.scope.project_name == name:
                    other.becomes(None, time)
        elif what is Meddling.MAKE_ANEW:
            fate.made_anew = True
        elif fate.status is None:
            return
        elif what is Meddling.DELETE and can_change(fate, is_delete=True):
            fate.becomes("DELETING", time)
        elif what is Meddling.STOP and can_change(fate, is_delete=False):
            fate.becomes("STOPPING", time)
        elif what is Meddling.START and can_change(fate, is_delete=True):
            fate.becomes("STARTING", time)

    # Requests.

    def next_trouble(self, call: Call) -> Trouble:
        assert len(self.calls) < 10_000, "it never ends"
        trouble = next(self._troubles, Trouble.NONE) if self.in_trouble else Trouble.NONE
        if call.request is None and trouble is Trouble.THEN_IN_USE:
            trouble = Trouble.NONE  # who only asks uses nothing
        return trouble

    def visible_projects(self, region: str, names: Collection[str] | None) -> list[ProjectArn]:
        self.answer()
        found = [project for project in self._projects if project not in self.gone_projects]
        if self.trouble is Trouble.OTHER_ACCOUNT:
            found = [project_arn("p0", account="210987654321")] * (len(self.calls) % 2)
        if self.trouble is Trouble.SHIFTED and names is None:
            del found[(at := len(self.calls) % 3) : at + 1]
        return found

    def listing(self, project: ProjectArn, names: Collection[str] | None) -> list[Description]:
        # Two such answers in a row are the truth to the command.
        lies = self.trouble is Trouble.FALSE_NOT_FOUND and not self._has_lied
        self._has_lied |= lies
        if project in self.gone_projects or self.trouble is Trouble.OTHER_ACCOUNT or lies:
            raise an_error(errors.NotFound)
        time = max(self.clock.now - next(self._lags), self._oldest)
        self.answer()
        return [
            Description(fate.arn, status)
            for fate in self.fates
            if fate.arn.scope == project.scope and (status := fate.at(time)) is not None
        ]
