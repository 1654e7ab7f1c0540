"""The loop: describe every open model, let each say what to request, pause, describe again.

It knows no terminal and no HTTP; time comes in from outside. `Deletion.run` is where to start.
Whatever ends the loop, an exception included, the models tell the truth about themselves.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Protocol

from awscli_rekcl.arn import ModelArn, ProjectArn
from awscli_rekcl.deadline import Deadline, TimeUp
from awscli_rekcl.lifecycle import Request
from awscli_rekcl.model import Cause, Model
from awscli_rekcl.service.describe import Description
from awscli_rekcl.service.errors import (
    CredentialsFailed,
    InUse,
    NotFound,
    Rejected,
    TransientError,
)

FIRST_PAUSE = 0.75
"""Seconds. The pauses double from here, so that a quick deletion is seen quickly."""

Describe = Callable[[ProjectArn, Collection[ModelArn]], Mapping[ModelArn, Description]]
Send = Callable[[Request, ModelArn], object]


class Observer(Protocol):
    """Who is told how the loop gets on, and sleeps for it."""

    def changed(self) -> None:
        """Something may have changed, or time has gone by."""

    def transient_error(self, error: TransientError) -> None:
        """A request did not go through; the loop goes on."""

    def pause(self, seconds: float) -> None:
        """Let that time go by."""


class Deletion:
    """The deletion of the models of a confirmed list."""

    def __init__(
        self,
        models: Iterable[Model],
        describe: Describe,
        send: Send,
        observer: Observer,
        deadline: Deadline,
        *,
        poll_interval: float,
        consents: frozenset[str],
    ) -> None:
        """Take the services of others; `poll_interval` is the longest pause, in seconds."""
        self.models = list(models)
        self._describe = describe
        self._send = send
        self._observer = observer
        self._deadline = deadline
        self._poll_interval = poll_interval
        self._consents = consents

    def run(self) -> None:
        """Work until no model is open or the time is up; a model still open then has no outcome.

        Raise CredentialsFailed, and whatever a signal handler, the observer or a defect raises.
        """
        pause = FIRST_PAUSE
        described = True  # by the look-up before the confirmation
        with contextlib.suppress(TimeUp):
            while True:
                if self._round(described):
                    pause = FIRST_PAUSE
                if not self._open() or self._deadline.left <= 0:
                    return
                self._deadline.pause(min(pause, self._poll_interval), self._observer.pause)
                pause *= 2
                described = False

    def _open(self) -> list[Model]:
        return [model for model in self.models if model.is_open]

    def _round(self, described: bool) -> bool:
        """Describe the open models and act on each. Return whether a request was accepted."""
        accepted = False
        by_project: dict[ProjectArn, list[Model]] = {}
        for model in self._open():
            by_project.setdefault(model.project, []).append(model)
        for project, models in by_project.items():
            try:
                if not described:
                    self._look(project, models)
                    self._observer.changed()
                for model in models:
                    if model.is_open and self._act(model):
                        accepted = True
                        self._observer.changed()
            except TransientError as error:
                # This project waits for the next round; the others go on.
                self._observer.transient_error(error)
        return accepted

    def _look(self, project: ProjectArn, models: list[Model]) -> None:
        try:
            found = self._describe(project, [model.arn for model in models])
        except NotFound:
            found = {}  # the project is gone, and its models with it
        except Rejected as error:
            for model in models:
                model.fail(Cause.UNSEEN, error=error)
            return
        for model in models:
            if model.arn in found:
                version = found[model.arn]
                model.listed(version.status, version.status_message, self._deadline.elapsed)
            else:
                model.missing()

    def _act(self, model: Model) -> bool:
        """Send what the model asks for. Return whether the service accepted it."""
        if self._deadline.left <= 0:
            return False
        request = model.next_request(self._consents, self._deadline.elapsed)
        if request is None:
            return False
        model.sending(request)
        try:
            self._send(request, model.arn)
        except NotFound:
            model.missing()
            return False
        except TransientError:
            # The others first, next time: the service may fail for this one only.
            self.models.remove(model)
            self.models.append(model)
            raise
        except (InUse, Rejected, CredentialsFailed, TimeUp) as error:
            # A no, unless a first try of the same request was a yes that never arrived.
            if not getattr(error, "retried", False):
                model.declined()
            if isinstance(error, InUse):
                return False  # not yet: the next look tells more
            if isinstance(error, Rejected):
                model.fail(Cause.REFUSED, request, error)
                return False
            raise
        model.accepted(self._deadline.elapsed)
        return True
