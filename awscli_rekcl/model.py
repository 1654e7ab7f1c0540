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
from awscli_rekcl.lifecycle import (
    Action,
    Consent,
    Request,
    decide,
    follows,
    is_being_deleted,
    rule,
)

LAG = 30.0
"""Seconds for which all polls have to show that an accepted request has no effect before it counts:
a listing lags for less, though its replicas may answer in turn."""


class Outcome(enum.Enum):
    """How the command's work on a model ended."""

    DELETED = "DELETED"
    NOT_FOUND = "NOT_FOUND"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"
    PENDING = "PENDING"
    """There is none yet; at the end of a run, the model was still there."""


class Cause(enum.Enum):
    """Why a model fails."""

    DELETION_FAILED = enum.auto()
    """A deletion was accepted or seen, and now the status is another one."""
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


@dataclasses.dataclass(eq=False)
class Model:
    """What is known of one model. `status` is the last known one, or None if never listed.

    A poll contradicts an accepted request if it shows a status that does not follow from it. After
    a delete, or once the model was DELETING, only DELETING follows.
    """

    arn: ModelArn
    project: ProjectArn
    status: str | None
    status_message: str = ""
    created: datetime.datetime | None = None
    plan: Action = Action.NONE
    outcome: Outcome = Outcome.PENDING
    failure: Failure | None = None
    attempts: tuple[Attempt, ...] = ()

    def __post_init__(self) -> None:
        self._was_deleting = is_being_deleted(self.status)
        self._accepted: Attempt | None = None
        self._contradicted_since: float | None = None
        """The time of the first of the polls in a row that contradict what was accepted."""
        self._counts = True
        """Whether the status counts: the last poll did not contradict, or all did for long."""

    @property
    def is_open(self) -> bool:
        """Whether the model has no outcome yet."""
        return self.outcome is Outcome.PENDING

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
        """Record what a listing shows."""
        self.status, self.status_message = status, status_message
        self._was_deleting = self._was_deleting or is_being_deleted(status)
        if self._follows(status):
            self._contradicted_since = None
        elif self._contradicted_since is None:
            self._contradicted_since = now
        since = self._contradicted_since
        self._counts = since is None or now - since >= LAG
        if self._counts and self.went_back:
            self.fail(Cause.DELETION_FAILED)

    def _follows(self, status: str) -> bool:
        if self._was_deleting:
            return is_being_deleted(status)
        before = self._accepted
        return before is None or follows(status, before.request, before.status)

    @property
    def is_contradicted(self) -> bool:
        """Whether the last poll contradicts a deletion that was accepted or seen."""
        is_deletion = self._accepted is not None and self._accepted.request is Request.DELETE
        return self._contradicted_since is not None and (self._was_deleting or is_deletion)

    @property
    def went_back(self) -> bool:
        """Whether it does so and the listing has changed since, so that it shows a failure."""
        is_new = self._accepted is not None and self._accepted.status != self.status
        return self.is_contradicted and (self._was_deleting or is_new)

    # What to do next.

    def next_step(self, consents: Collection[Consent]) -> Request | Cause | None:
        """Return what to request after a poll, or why the model fails, or None to wait."""
        if self._was_deleting or not self._counts:
            return None
        action, request, _, tentative, *_ = rule(self.status)
        # The options alone permit nothing: the confirmed list has to hold the request.
        is_permitted = request is None or request in self.plan.requests
        if decide(self.status, consents) is not action or not is_permitted:
            return Cause.CHANGED
        return None if tentative and self._was_tried() else request

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

    def accepted(self) -> None:
        """Record that the service accepted the request."""
        self._answer(answer=Answer.ACCEPTED)
        self._accepted = self.attempts[-1]
        self._contradicted_since, self._counts = None, False

    def throttled(self) -> None:
        """Record that the service refused every try of the request only for the rate of them."""
        self.attempts = self.attempts[:-1]

    def declined(self, error: Exception, *, may_be_done: bool) -> None:
        """Record that the service did nothing for the request.

        With `may_be_done`, it may have accepted an earlier try of it without an answer.
        """
        self._answer(answer=Answer.UNCERTAIN if may_be_done else Answer.DECLINED, error=error)

    def _answer(self, **what: Any) -> None:
        *earlier, last = self.attempts
        self.attempts = (*earlier, last._replace(**what))

    def fail(
        self, cause: Cause, request: Request | None = None, error: Exception | None = None
    ) -> None:
        """Record that the deletion of the model failed."""
        self.outcome = Outcome.FAILED
        self.failure = Failure(cause, request, error)
