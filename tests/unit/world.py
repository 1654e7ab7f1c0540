"""Custom Labels as it might behave at its worst, on a clock of its own.

Models change by themselves, somebody else meddles with them, listings lag and shift between pages,
answers get lost. The world keeps the truth, which the command sees only through `World.pages`.
"""

from __future__ import annotations

import dataclasses
import enum
import signal
from collections import Counter
from collections.abc import Collection, Iterator
from typing import TypeVar

from awscli_rekcl.arn import ModelArn, ProjectArn
from awscli_rekcl.deadline import Deadline
from awscli_rekcl.errors import (
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
from awscli_rekcl.lifecycle import Request
from awscli_rekcl.service.describe import Describer, Description

from .fakes import Clock, failure, model_arn, project_arn

AnyError = TypeVar("AnyError", ServiceError, TimeUp)

BUSY = {"RUNNING", "STARTING", "STOPPING", "DELETING", "TRAINING_IN_PROGRESS"}
BUSY |= {"COPYING_IN_PROGRESS"}


class Trouble(enum.Enum):
    """What one request meets."""

    NONE = enum.auto()
    SLOW = enum.auto()
    STALE = enum.auto()
    TRANSIENT_ERROR = enum.auto()
    ANSWER_LOST = enum.auto()
    IN_USE = enum.auto()
    REJECTED = enum.auto()
    CREDENTIALS = enum.auto()
    UNSENDABLE = enum.auto()
    OTHER_ACCOUNT = enum.auto()
    FALSE_NOT_FOUND = enum.auto()
    SHIFTED = enum.auto()  # another project goes between two pages, so that an entry slips
    SIGNAL = enum.auto()
    SIGNAL_AFTER = enum.auto()
    # The service obeys, the answer is lost, and this comes of the SDK's next try.
    THEN_IN_USE = enum.auto()
    THEN_TIME_UP = enum.auto()
    THEN_CREDENTIALS = enum.auto()


CUT_SHORT: dict[Trouble, type[ServiceError]] = {
    Trouble.ANSWER_LOST: TransientError,
    Trouble.THEN_IN_USE: InUse,
    Trouble.THEN_CREDENTIALS: CredentialsFailed,
}
NOT_SENT: dict[Trouble, type[ServiceError]] = {
    Trouble.TRANSIENT_ERROR: TransientError,
    Trouble.CREDENTIALS: CredentialsFailed,
    Trouble.UNSENDABLE: Unsendable,
}


class Meddling(enum.Enum):
    """What somebody else does to a model."""

    DELETE = enum.auto()
    STOP = enum.auto()
    START = enum.auto()
    MAKE_ANEW = enum.auto()  # under the same name, as soon as it is gone
    PROJECT_GOES = enum.auto()


@dataclasses.dataclass
class Scenario:
    """All that is drawn for a history."""

    statuses: list[str | None]
    count: int
    projects: int
    listed: list[bool]
    stop: bool
    train: bool
    timeout: float
    poll_interval: float
    page_size: int
    lag: float
    seconds: float
    thinking: float
    step: float
    failing: list[bool]
    troubles: list[Trouble]
    meddling: list[tuple[float, int, Meddling]]
    interrupted_at: float | None


class Fate:
    """The true life of one model: its statuses with the time from which each holds."""

    def __init__(self, arn: ModelArn, status: str | None, since: float, fails: bool) -> None:
        self.arn = arn
        self.statuses = [(since, status)]
        self.fails = fails
        self.next: tuple[float, str | None] | None = None
        self.made_anew = False

    @property
    def status(self) -> str | None:
        return self.statuses[-1][1]

    def at(self, time: float) -> str | None:
        """The status at a time; None before the model was made and after it went."""
        return next((status for since, status in reversed(self.statuses) if since <= time), None)

    def becomes(self, status: str | None, time: float) -> None:
        self.statuses.append((time, status))
        self.next = None

    def left(self, status: str) -> bool:
        """Whether the model was in this status and is there in another one since."""
        statuses = [entry[1] for entry in self.statuses]
        return any(a == status and b is not None for a, b in zip(statuses, statuses[1:]))

    def ever(self, *statuses: str) -> bool:
        return any(status in statuses for _, status in self.statuses)


@dataclasses.dataclass
class Sent:
    """A request to change something, and what came of it."""

    what: Request
    arn: ModelArn
    time: float
    rejected: bool = False
    acted: bool = False
    answered: bool = False


def retried(error: AnyError) -> AnyError:
    """The error of a request of which an earlier try may have been obeyed."""
    error.retried = True
    return error


class World:
    """The service."""

    def __init__(self, scenario: Scenario, clock: Clock) -> None:
        self.deadline = Deadline(scenario.timeout, clock=clock, sleep=self.sleep)
        self.describer = Describer(self)
        self._scenario = scenario
        self._clock = clock
        self._troubles = iter(scenario.troubles)
        self._meddling: list[tuple[float, int, Meddling]] = []
        self._oldest = 0.0
        self._looks: Counter[ProjectArn] = Counter()  # those that were answered
        self.access_key = "ours"
        self._stale_look: dict[ProjectArn, int] = {}
        self._has_lied = False
        self.requests = 0
        self.times: list[tuple[float, float]] = []
        self.sent: list[Sent] = []
        self.looks_rejected: set[ProjectArn] = set()
        self.in_trouble = False
        self.gone_projects: set[ProjectArn] = set()
        self.projects_made = [project_arn(f"p{i}") for i in range(scenario.projects)]
        self.fates: list[Fate] = []
        for i in range(scenario.count):
            arn = model_arn(f"v{i}", f"p{i % scenario.projects}")
            status = scenario.statuses[i % len(scenario.statuses)]
            fate = Fate(arn, status, 0.0, scenario.failing[i % len(scenario.failing)])
            self._go_on(fate, 0)
            self.fates.append(fate)

    def turn_bad(self) -> None:
        """From here on requests meet troubles, and somebody meddles."""
        self.in_trouble = True
        self._oldest = max(0.0, self._clock.now - self._scenario.lag)  # what the selection has seen
        entries = sorted(self._scenario.meddling, key=lambda entry: entry[0])
        self._meddling = [(self._clock.now + time, i, what) for time, i, what in entries]

    def fate(self, arn: ModelArn) -> Fate:
        return next(fate for fate in self.fates if fate.arn == arn)

    # Time.

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        at = self._scenario.interrupted_at
        end = self._clock.now + seconds
        if self.in_trouble and at is not None and self._clock.now <= at < end:
            self._clock.now = at
            raise Interrupted(signal.SIGTERM)
        self._clock.now = end

    def _catch_up(self) -> None:
        """Let everything happen that happens by now, in the order of time."""
        while True:
            due = [(f.next[0], i) for i, f in enumerate(self.fates) if f.next is not None]
            time, i = min(due, default=(float("inf"), 0))
            if self._meddling and self._meddling[0][0] <= min(time, self._clock.now):
                when, which, what = self._meddling.pop(0)
                self._meddle(self.fates[which % len(self.fates)], what, when)
            elif time <= self._clock.now:
                fate = self.fates[i]
                assert fate.next is not None
                fate.becomes(fate.next[1], time)
                self._go_on(fate, time)
                if fate.status is None and fate.made_anew:
                    number = len(self.fates) + 1
                    name, project = fate.arn.version_name, fate.arn.scope.project_name
                    new = model_arn(name, project, number=number)
                    self.fates.insert(0, Fate(new, "TRAINED", time, False))
            else:
                return

    def _go_on(self, fate: Fate, time: float) -> None:
        """Plan what a model does next by itself."""
        step = self._scenario.step
        after: dict[str | None, tuple[float, str | None]] = {
            "TRAINING_IN_PROGRESS": (3 * step, "TRAINING_FAILED" if fate.fails else "TRAINED"),
            "COPYING_IN_PROGRESS": (2 * step, "COPYING_COMPLETED"),
            "STARTING": (step, "FAILED" if fate.fails else "RUNNING"),
            "STOPPING": (step, "STOPPED"),
            "DELETING": (step, fate.statuses[-2][1] if len(fate.statuses) > 1 else "STOPPED"),
        }
        if fate.status in after:
            seconds, status = after[fate.status]
            if fate.status == "DELETING":
                # A deletion fails once: one that always did so, unseen, would be sent for ever.
                status = status if fate.fails and status not in BUSY else None
                fate.fails = False
            fate.next = (time + seconds, status)

    def _meddle(self, fate: Fate, what: Meddling, time: float) -> None:
        if what is Meddling.PROJECT_GOES:
            name = fate.arn.scope.project_name
            self.gone_projects.add(project_arn(name))
            for other in self.fates:
                if other.arn.scope.project_name == name:
                    other.becomes(None, time)
        elif what is Meddling.MAKE_ANEW:
            fate.made_anew = True
        elif what is Meddling.DELETE and fate.status is not None:
            self._delete(fate, time)
        elif what is Meddling.STOP:
            self._stop(fate, time)
        elif what is Meddling.START and fate.status not in BUSY and fate.status is not None:
            fate.becomes("STARTING", time)
            self._go_on(fate, time)

    def _delete(self, fate: Fate, time: float) -> bool:
        if fate.status in BUSY:
            return False
        fate.becomes("DELETING", time)
        self._go_on(fate, time)
        return True

    def _stop(self, fate: Fate, time: float) -> bool:
        if fate.status != "RUNNING":
            return False
        fate.becomes("STOPPING", time)
        self._go_on(fate, time)
        return True

    # Requests.

    def projects(
        self, region: str | None, names: Collection[str] | None = None
    ) -> list[ProjectArn]:
        trouble = self._request()
        if trouble is Trouble.REJECTED:
            raise failure(Rejected)
        self._answer(trouble)
        found = [project for project in self.projects_made if project not in self.gone_projects]
        if trouble is Trouble.OTHER_ACCOUNT:
            found = [project_arn("p0", account="210987654321")] * (self.requests % 2)
        if trouble is Trouble.SHIFTED and names is None:
            at = self.requests % 3
            del found[at : at + 1]
        return [arn for arn in found if names is None or arn.scope.project_name in names]

    def region(self, region: str | None) -> str:
        return region or "us-east-1"

    def describe(
        self, project: ProjectArn, arns: Collection[ModelArn]
    ) -> dict[ModelArn, Description]:
        """The real strategy, over the listing of this world."""
        found = self.describer.follow(project, arns)
        self._looks[project] += 1
        return found

    def pages(
        self, project: ProjectArn, names: Collection[str] | None = None
    ) -> Iterator[list[Description]]:
        position, size = 0, self._scenario.page_size
        while True:
            trouble = self._request()
            if trouble is Trouble.REJECTED:
                self.looks_rejected.add(project)
                raise failure(Rejected)
            # Two such answers in a row are the truth to the command.
            lies = trouble is Trouble.FALSE_NOT_FOUND and not self._has_lied
            self._has_lied |= lies
            if project in self.gone_projects or trouble is Trouble.OTHER_ACCOUNT or lies:
                raise failure(NotFound)
            entries = self._listing(project, trouble is Trouble.STALE)
            if names is not None:
                entries = [entry for entry in entries if entry.arn.version_name in names]
            self._answer(trouble)
            yield entries[position : position + size]
            position += size
            if position >= len(entries):
                return

    def send(self, request: Request, arn: ModelArn) -> None:
        sent = Sent(request, arn, self._clock.now)
        trouble = self._request(sent)
        fate = self.fate(arn)
        if trouble is Trouble.REJECTED:
            sent.rejected = True
            raise failure(Rejected)
        if fate.status is None or trouble in (Trouble.OTHER_ACCOUNT, Trouble.FALSE_NOT_FOUND):
            raise failure(NotFound)
        act = self._delete if request is Request.DELETE else self._stop
        if trouble is Trouble.IN_USE or not act(fate, self._clock.now):
            raise failure(InUse)
        sent.acted = True
        self._answer(trouble)
        sent.answered = True
        sent.time = self._clock.now

    def _request(self, sent: Sent | None = None) -> Trouble:
        self.requests += 1
        assert self.requests < 10_000, "it never ends"
        self.deadline.check()
        trouble = next(self._troubles, Trouble.NONE) if self.in_trouble else Trouble.NONE
        if sent is None and trouble is Trouble.THEN_IN_USE:
            trouble = Trouble.NONE  # who only asks uses nothing
        # The credentials of a request, which may be another account's for one or several of them.
        self.access_key = "theirs" if trouble is Trouble.OTHER_ACCOUNT else "ours"
        if trouble is Trouble.SIGNAL:
            raise Interrupted(signal.SIGINT)
        if sent is not None:
            self.sent.append(sent)
        start = self._clock.now
        self._clock.now += 40 if trouble is Trouble.SLOW else self._scenario.seconds
        self.times.append((start, self._clock.now))
        self._catch_up()
        if trouble in NOT_SENT:
            raise failure(NOT_SENT[trouble])
        return trouble

    def _answer(self, trouble: Trouble) -> None:
        if trouble in CUT_SHORT:
            raise retried(failure(CUT_SHORT[trouble]))
        if trouble is Trouble.THEN_TIME_UP and self.deadline.left < float("inf"):
            self._clock.now += max(0, self.deadline.left)
            raise retried(TimeUp())
        if trouble is Trouble.SIGNAL_AFTER:
            raise Interrupted(signal.SIGINT)

    def _listing(self, project: ProjectArn, stale: bool) -> list[Description]:
        time = self._clock.now - self._scenario.lag
        # Two looks in a row that lie alike are the truth to the command: at most one of two lies.
        look = self._looks[project]
        if stale and self._stale_look.get(project) not in (look, look - 1):
            self._stale_look[project] = look
            time -= 40
        time = max(time, self._oldest)
        return [
            Description(fate.arn, status)
            for fate in self.fates
            if fate.arn.scope == project.scope and (status := fate.at(time)) is not None
        ]
