"""A model (the API says: project version) as the command follows it from selection to outcome.

`Model` is told what a listing shows and what the service answered, and says what to request next.
It knows neither the service nor the loop; times are seconds on any one clock.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
from collections.abc import Collection
from typing import NamedTuple

from awscli_rekcl.arn import ModelArn, ProjectArn
from awscli_rekcl.lifecycle import (
    STOP_IF_RUNNING,
    Action,
    Request,
    decide,
    is_being_deleted,
    rule,
)

LAG = 30.0
"""Seconds that the listing may show an old status after an accepted request."""


class Outcome(enum.Enum):
    """How the command's work on a model ended."""

    DELETED = "DELETED"
    NOT_FOUND = "NOT_FOUND"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"


class Cause(enum.Enum):
    """Why a model fails."""

    DELETION_FAILED = enum.auto()
    """It was being deleted and is no longer."""
    CHANGED = enum.auto()
    """It has a status since the confirmation that nobody consented to."""
    REFUSED = enum.auto()
    """The service refuses a request for good."""
    DENIED = enum.auto()
    """The credentials lack the permission for a request."""
    UNSEEN = enum.auto()
    """The service refuses to describe it, for good."""


class Failure(NamedTuple):
    """What happened, as far as there is a request or an error to it."""

    cause: Cause
    request: Request | None = None
    error: Exception | None = None


class _Accepted(NamedTuple):
    """A request that the service accepted: which, when, and what the status was before it."""

    request: Request
    time: float
    status: str | None


@dataclasses.dataclass(eq=False)
class Model:
    """What is known of one model. `status` is the last one seen, or None if it was never listed."""

    arn: ModelArn
    project: ProjectArn
    status: str | None
    status_message: str = ""
    created: datetime.datetime | None = None
    plan: Action = Action.NONE
    outcome: Outcome | None = None
    failure: Failure | None = None
    requested: Request | None = None
    """The last request sent."""
    answered: bool = False
    """Whether the service said yes to that. Without an answer it may have acted all the same."""
    in_use: Exception | None = None
    """What the service said last when it had nothing done because the model is busy."""

    def __post_init__(self) -> None:
        self._accepted: _Accepted | None = None
        self._was_deleting = is_being_deleted(self.status)
        self._looks_away_from_deleting = 0
        self._before_sending = self.requested, self.answered
        self._sending: Request | None = None
        self._tried: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is something left to do or to wait for."""
        return self.outcome is None

    # What a listing shows.

    def missing(self) -> None:
        """Note that the model is gone."""
        self.outcome = Outcome.DELETED

    def listed(self, status: str, status_message: str, now: float) -> None:
        """Note what a listing shows. Leaving DELETING is a failure once two looks show it."""
        self.status, self.status_message = status, status_message
        if is_being_deleted(status):
            self._was_deleting = True
            self._looks_away_from_deleting = 0
        elif self._was_deleting or self._was_deleting_unseen(now):
            self._was_deleting = True
            self._looks_away_from_deleting += 1
            if self._looks_away_from_deleting == 2:
                self.fail(Cause.DELETION_FAILED)

    def _was_deleting_unseen(self, now: float) -> bool:
        # Nothing but DELETING follows an accepted delete. Another status than the one before it may
        # be older still, but no listing lags for that long.
        accepted = self._accepted
        return (
            accepted is not None
            and accepted.request is Request.DELETE
            and accepted.status != self.status
            and now - accepted.time >= LAG
        )

    # What to request next.

    def next_request(self, consents: Collection[str], now: float) -> Request | None:
        """Return what to ask of the service now; None is for waiting, or for a failure."""
        if self._was_deleting or self._lags(now):
            return None
        if self.plan is not Action.STOP_THEN_DELETE:
            # The option alone stops nothing: the confirmed list has to say that this one is.
            consents = set(consents) - {STOP_IF_RUNNING}
        if decide(self.status, consents) is Action.REFUSE:
            self.fail(Cause.CHANGED)
            return None
        if rule(self.status).tentative and self._tried == self.status:
            return None
        return rule(self.status).request

    def _lags(self, now: float) -> bool:
        accepted = self._accepted
        if accepted is None or now - accepted.time >= LAG:
            return False
        if accepted.request is Request.DELETE or accepted.status == self.status:
            return True
        self._accepted = None  # the stop shows: if its old status comes back, that is news
        return False

    # What became of a request.

    def sending(self, request: Request) -> None:
        """Note a request before it is sent: a signal may outrun the answer."""
        self._before_sending = self.requested, self.answered
        self._sending = request
        # A delete without an answer may have been obeyed: a later stop does not hide it.
        if not (request is Request.STOP and self.requested is Request.DELETE):
            self.requested, self.answered = request, False

    def accepted(self, now: float) -> None:
        """Note that the service said yes to the request sent."""
        assert self._sending is not None
        self.requested, self.answered = self._sending, True
        self.in_use, self._tried = None, self.status
        self._accepted = _Accepted(self._sending, now, self.status)

    def declined(self, *, retried: bool = False) -> None:
        """Note that the service did nothing for the request sent.

        With `retried` an earlier try of the same request may have been a yes that never arrived.
        """
        self._tried = self.status
        if not retried:
            self.requested, self.answered = self._before_sending

    def refused(self, request: Request, error: Exception, *, denied: bool) -> None:
        """Note that the service refuses a request for good: a failure, unless it was but a try."""
        if denied or not rule(self.status).tentative:
            self.fail(Cause.DENIED if denied else Cause.REFUSED, request, error)

    def fail(
        self, cause: Cause, request: Request | None = None, error: Exception | None = None
    ) -> None:
        """Give the model up."""
        self.outcome = Outcome.FAILED
        self.failure = Failure(cause, request, error)
