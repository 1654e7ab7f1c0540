"""A model (the API says: project version) as the command follows it from selection to outcome.

`Model` records what a listing shows and what the service answered, and chooses what to do next. It
knows neither the service nor the loop; times are seconds on any one clock.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
from collections.abc import Collection
from typing import Any, NamedTuple

from awscli_rekcl.arn import ModelArn, ProjectArn
from awscli_rekcl.errors import InUse, NotFound
from awscli_rekcl.lifecycle import Action, Consent, Request, decide, is_being_deleted, rule

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
    """It was DELETING, and now has another status."""
    CHANGED = enum.auto()
    """Its status changed after the confirmation to one that the confirmed list does not cover."""
    REFUSED = enum.auto()
    """The service refuses a request permanently."""
    DENIED = enum.auto()
    """The credentials lack the permission for a request."""
    UNSEEN = enum.auto()
    """The service refuses permanently to describe it."""


class Failure(NamedTuple):
    """Why a model failed, with the request and the error if there are any."""

    cause: Cause
    request: Request | None = None
    error: Exception | None = None


class Answer(enum.Enum):
    """The service's answer to a request."""

    NONE = enum.auto()
    """No answer came, so the service may have acted or not."""
    ACCEPTED = enum.auto()
    DECLINED = enum.auto()
    """The service did nothing."""
    UNCERTAIN = enum.auto()
    """Declined, but the service may have acted on an earlier try of the same request."""


class Attempt(NamedTuple):
    """A request that was sent, and the status before it."""

    request: Request
    status: str | None
    answer: Answer = Answer.NONE
    error: Exception | None = None
    accepted_at: float = 0.0
    is_shown: bool = False
    """Whether a listing has shown another status since."""


@dataclasses.dataclass(eq=False)
class Model:
    """What is known of one model. `status` is the last known one, or None if never listed."""

    arn: ModelArn
    project: ProjectArn
    status: str | None
    status_message: str = ""
    created: datetime.datetime | None = None
    plan: Action = Action.NONE
    outcome: Outcome | None = None
    failure: Failure | None = None
    attempts: tuple[Attempt, ...] = ()
    place: str = ""
    """What a sentence calls its project."""

    def __post_init__(self) -> None:
        self.place = self.place or f"project {self.arn.scope.project_name}"
        self._was_deleting = is_being_deleted(self.status)
        self._polls_away_from_deleting = 0

    @property
    def is_open(self) -> bool:
        """Whether the model has no outcome yet."""
        return self.outcome is None

    @property
    def _pending(self) -> Attempt | None:
        """The last request that the service may have acted on.

        A later request replaces a delete without an answer only if it was accepted.
        """
        found = None
        for attempt in self.attempts:
            may_count = attempt.answer is not Answer.DECLINED
            hides = found is None or found.request is not Request.DELETE
            if attempt.answer is Answer.ACCEPTED or (may_count and hides):
                found = attempt
        return found

    @property
    def requested(self) -> Request | None:
        """What the service may have acted on."""
        return self._pending.request if self._pending else None

    @property
    def answered(self) -> bool:
        """Whether the service accepted that; without an answer it may still have acted."""
        return self._pending is not None and self._pending.answer is Answer.ACCEPTED

    @property
    def in_use(self) -> InUse | NotFound | None:
        """The last error of a model that the service is not ready to change; else None."""
        for attempt in reversed(self.attempts):
            if attempt.answer is Answer.ACCEPTED:
                return None
            if isinstance(attempt.error, (InUse, NotFound)):
                return attempt.error
        return None

    # What a listing shows.

    def missing(self) -> None:
        """Record that the model is gone."""
        self.outcome = Outcome.DELETED

    def listed(self, status: str, status_message: str, now: float) -> None:
        """Record what a listing shows. Leaving DELETING is a failure once two polls show it."""
        self.status, self.status_message = status, status_message
        accepted = self._last_accepted()
        if accepted is not None and accepted.status != status:
            shown = accepted._replace(is_shown=True)
            self.attempts = tuple(shown if a is accepted else a for a in self.attempts)
        if is_being_deleted(status):
            self._was_deleting = True
            self._polls_away_from_deleting = 0
        elif self._was_deleting or self._was_deleting_unseen(now):
            self._was_deleting = True
            self._polls_away_from_deleting += 1
            if self._polls_away_from_deleting == 2:
                self.fail(Cause.DELETION_FAILED)

    def _last_accepted(self) -> Attempt | None:
        answers = (a for a in reversed(self.attempts) if a.answer is Answer.ACCEPTED)
        return next(answers, None)

    def _was_deleting_unseen(self, now: float) -> bool:
        # Nothing but DELETING follows an accepted delete. Another status than the one before it may
        # be older still, but no listing lags for that long.
        accepted = self._last_accepted()
        return (
            accepted is not None
            and accepted.request is Request.DELETE
            and accepted.status != self.status
            and now - accepted.accepted_at >= LAG
        )

    # What to do next.

    def next_step(self, consents: Collection[Consent], now: float) -> Request | Cause | None:
        """Return what to request now, or why the model fails, or None to wait."""
        if self._was_deleting or self._lags(now):
            return None
        action, request, _, tentative, *_ = rule(self.status)
        # The options alone permit nothing: the confirmed list has to hold the request.
        is_permitted = request is None or request in self.plan.requests
        if decide(self.status, consents) is not action or not is_permitted:
            return Cause.CHANGED
        return None if tentative and self._was_tried() else request

    def _lags(self, now: float) -> bool:
        accepted = self._last_accepted()
        if accepted is None or now - accepted.accepted_at >= LAG:
            return False
        # After a listing showed the stop, the old status is a new one if it comes back.
        return accepted.request is Request.DELETE or not accepted.is_shown

    def _was_tried(self) -> bool:
        answered = (a for a in reversed(self.attempts) if a.answer is not Answer.NONE)
        last = next(answered, None)
        return last is not None and last.status == self.status

    # Requests and their answers.

    def sending(self, request: Request) -> None:
        """Record a request before it is sent: a signal may come before the answer."""
        # Of those that came to the same the last one is enough: a model may be busy for days.
        last = {(a.request, a.answer): number for number, a in enumerate(self.attempts)}
        kept = (self.attempts[number] for number in sorted(last.values()))
        self.attempts = (*kept, Attempt(request, self.status))

    def accepted(self, now: float) -> None:
        """Record that the service accepted the request."""
        self._answer(answer=Answer.ACCEPTED, accepted_at=now)

    def declined(self, error: Exception, *, retried: bool) -> None:
        """Record that the service did nothing for the request.

        With `retried`, an earlier try of the same request may have been accepted without an answer.
        """
        self._answer(answer=Answer.UNCERTAIN if retried else Answer.DECLINED, error=error)

    def _answer(self, **what: Any) -> None:
        *earlier, last = self.attempts
        self.attempts = (*earlier, last._replace(**what))

    def fail(
        self, cause: Cause, request: Request | None = None, error: Exception | None = None
    ) -> None:
        """Record that the deletion of the model failed."""
        self.outcome = Outcome.FAILED
        self.failure = Failure(cause, request, error)
