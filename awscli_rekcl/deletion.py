"""The loop: describe every open model, let each choose what to request, pause, describe again.

It uses no terminal and no HTTP; the clock is an argument. `Deletion.run` is where to start.
Whatever ends the loop, an exception included, each model has its true state.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from awscli_rekcl.arn import ModelArn, ProjectArn
from awscli_rekcl.confirmation import Confirmed
from awscli_rekcl.deadline import Deadline
from awscli_rekcl.errors import (
    AccessDenied,
    InUse,
    NotFound,
    Rejected,
    ServiceError,
    TransientError,
)
from awscli_rekcl.lifecycle import Consent, Request, rule
from awscli_rekcl.model import Cause, Model, Outcome
from awscli_rekcl.service.describe import Description

FIRST_PAUSE = 0.7
"""Seconds. Each later pause is as long as all before it, so that a quick deletion is seen quickly:
the polls come at 0.7, 1.4, 2.8, 5.6 s."""

LONGEST_PAUSE = 5.0
"""Seconds between two polls without --poll-interval."""

LONGEST_PAUSE_IN_TRAINING = 30.0
"""Seconds between two polls while every open model takes hours. botocore's own waiters have the
same pause for RUNNING, and a longer one for training."""

Describe = Callable[[ProjectArn, Collection[ModelArn]], Mapping[ModelArn, Description]]
Send = Callable[[Request, ModelArn], object]


class Observer(Protocol):
    """What follows the loop."""

    interval: float
    """Seconds after which a pause calls `changed`."""

    def changed(self) -> None:
        """Something may have changed, or time has gone by."""

    def transient_error(self, error: TransientError) -> None:
        """A request failed; the loop continues."""

    def in_use(self, model: Model, error: InUse) -> None:
        """The service did nothing because the model is busy; called once for a model."""

    def failed(self, model: Model) -> None:
        """A model has failed; the loop continues with the others."""


@dataclasses.dataclass
class Deletion:
    """The deletion of the models of a confirmed list.

    `describe` and `send` raise ServiceError. A model that `describe` omits is gone.
    """

    confirmed: Confirmed
    describe: Describe
    send: Send
    observer: Observer
    deadline: Deadline
    poll_interval: float | None
    """The longest pause, in seconds, or None for the default."""
    consents: Collection[Consent]

    def __post_init__(self) -> None:
        self._models = list(self.confirmed.models)

    def run(self) -> None:
        """Run until no model is open or the time is up; a model that is still open has no outcome.

        Raise CredentialsFailed, and whatever a signal handler, the observer or a defect raises.
        """
        waited = 0.0
        news = self._round(described=True)  # by the selection, before the confirmation
        while self._open() and self.deadline.left > 0:
            pause = max(FIRST_PAUSE, 0.0 if news else waited)
            seconds = min(pause, self._longest_pause())
            self.deadline.pause(seconds, self.observer.changed, self.observer.interval)
            waited = pause if news else waited + pause
            # Where the limit cut the pause short this is one poll more, of the first project.
            news = self._round()

    def _open(self) -> list[Model]:
        return [model for model in self._models if model.is_open]

    def _longest_pause(self) -> float:
        if self.poll_interval is not None:
            return self.poll_interval
        if all(rule(model.status).takes_hours for model in self._open()):
            return LONGEST_PAUSE_IN_TRAINING
        return LONGEST_PAUSE

    def _round(self, *, described: bool = False) -> bool:
        """Describe the open models and act on each. Return whether there is progress.

        That is an accepted request, or a model that is gone: others may soon follow.
        """
        news = False
        by_project: dict[ProjectArn, list[Model]] = {}
        for model in self._open():
            by_project.setdefault(model.project, []).append(model)
        for number, (project, models) in enumerate(by_project.items()):
            if number and self.deadline.left <= 0:
                break
            try:
                if not described:
                    self._poll(project, models)
                    news |= any(model.outcome is Outcome.DELETED for model in models)
                    self.observer.changed()
                for model in models:
                    if model.is_open and self._act(model):
                        news = True
                        self.observer.changed()
            except TransientError as error:
                # Skip this project until the next round.
                self.observer.transient_error(error)
            for model in models:
                if model.failure:
                    self.observer.failed(model)
        return news

    def _poll(self, project: ProjectArn, models: list[Model]) -> None:
        # What an answer shows is no older than its request, however long it takes to arrive.
        now = self.deadline.elapsed
        try:
            found = self.describe(project, [model.arn for model in models])
        except Rejected as error:
            for model in models:
                model.fail(Cause.UNSEEN, error=error)
            return
        for model in models:
            if model.arn in found:
                version = found[model.arn]
                model.listed(version.status, version.status_message, now)
            else:
                model.missing()

    def _act(self, model: Model) -> bool:
        """Send the request that the model needs. Return whether the service accepted it."""
        if self.deadline.left <= 0:
            return False
        step = model.next_step(self.consents)
        if isinstance(step, Cause):
            model.fail(step)
        return isinstance(step, Request) and self._request(model, step)

    def _request(self, model: Model, request: Request) -> bool:
        self.confirmed.check(model, request)
        was_in_use = any(isinstance(attempt.error, InUse) for attempt in model.attempts)
        model.sending(request)
        try:
            self.send(request, model.arn)
        except TransientError as error:
            if not error.may_be_done:
                model.throttled()
            # The others first, next time: the service may fail for this one only.
            self._models.remove(model)
            self._models.append(model)
            raise
        except ServiceError as error:
            model.declined(error, may_be_done=error.may_be_done)
            # What keeps it busy may be our own delete, whose answer was lost.
            is_ours = model.requested in (request, Request.DELETE)
            if isinstance(error, InUse) and not was_in_use and not is_ours:
                self.observer.in_use(model, error)
            self._declined(model, request, error)
            return False
        model.accepted()
        return True

    def _declined(self, model: Model, request: Request, error: ServiceError) -> None:
        if isinstance(error, AccessDenied):
            model.fail(Cause.DENIED, request, error)
        elif isinstance(error, Rejected):
            if not rule(model.status).tentative:
                model.fail(Cause.REFUSED, request, error)
        # Busy, or not found, which alone is no proof: the next poll shows more.
        elif not isinstance(error, (InUse, NotFound)):
            raise error
