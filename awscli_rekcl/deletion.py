"""The loop: look at every open model, decide, act, pause, look again.

It knows no terminal and no HTTP; time comes in from outside. `Deletion.run` is where to start.
Whatever ends the loop, an exception included, the models tell the truth about themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

from awscli_rekcl.arn import ModelArn, ProjectArn
from awscli_rekcl.lifecycle import STOP_IF_RUNNING, Action, decide
from awscli_rekcl.model import Model, Outcome
from awscli_rekcl.service import (
    CredentialsFailed,
    Description,
    InUse,
    NotFound,
    Rejected,
    Weather,
)
from awscli_rekcl.words import (
    changed_meanwhile,
    deletion_failed,
    lost_from_sight,
    refused_by_the_service,
)

FIRST_PAUSE = 0.75
"""Seconds. The pauses double from here, so that a quick deletion is seen quickly."""

LAG = 30.0
"""Seconds that the listing may show an old status after an accepted request."""


class Service(Protocol):
    """What the loop needs of `awscli_rekcl.service.Rekognition`."""

    before_request: Callable[[], None]

    def look(self, project: ProjectArn, arns: list[ModelArn]) -> dict[str, Description]: ...
    def delete(self, arn: ModelArn) -> None: ...
    def stop(self, arn: ModelArn) -> None: ...


class Observer(Protocol):
    """Who is told how the loop gets on."""

    def progress(self) -> None:
        """Something may have changed, or time has gone by."""

    def weather(self, error: Weather) -> None:
        """A request did not go through; the loop goes on."""


class _TimeUp(Exception):
    """The limit has passed, and no further request may be made."""


class _Accepted(NamedTuple):
    """A request that the service accepted: when, which, and what the status was before it."""

    time: float
    what: str
    status: str | None


class Deletion:
    """The deletion of the models of a confirmed list."""

    def __init__(
        self,
        models: Iterable[Model],
        service: Service,
        observer: Observer,
        clock: Callable[[], float],
        sleep: Callable[[float], object],
        *,
        timeout: float,
        poll_interval: float,
        consents: frozenset[str],
    ) -> None:
        """Start the clock. `timeout` and `poll_interval` are seconds."""
        self.models = list(models)
        self._service = service
        self._observer = observer
        self._clock = clock
        self._sleep = sleep
        self._deadline = clock() + timeout
        self._poll_interval = poll_interval
        self._consents = consents
        self._accepted: dict[Model, _Accepted] = {}
        self._left_deleting: dict[Model, int] = {
            model: 0 for model in self.models if model.status == "DELETING"
        }
        self._overtime = False

    def run(self) -> None:
        """Work until no model is open or the time is up; a model still open then has no outcome.

        Raise CredentialsFailed, and whatever a signal handler or the observer raises.
        """
        self._service.before_request = self._check_time
        pause = FIRST_PAUSE
        known = True  # from the look-up before the confirmation
        try:
            while True:
                if self._round(known):
                    pause = FIRST_PAUSE
                if not self._open() or self._time_left() <= 0:
                    return
                self._sleep(min(pause, self._poll_interval, self._time_left()))
                # One request may follow the limit, unless one before it has outlasted it already.
                self._overtime = self._time_left() <= 0
                pause *= 2
                known = False
        except _TimeUp:
            pass

    def _open(self) -> list[Model]:
        return [model for model in self.models if model.outcome is None]

    def _time_left(self) -> float:
        return self._deadline - self._clock()

    def _check_time(self) -> None:
        if self._time_left() <= 0:
            if not self._overtime:
                raise _TimeUp
            self._overtime = False

    def _round(self, known: bool) -> bool:
        """Look at the open models and act on each. Return whether the service accepted anything."""
        accepted = False
        by_project: dict[ProjectArn, list[Model]] = {}
        for model in self._open():
            by_project.setdefault(model.project, []).append(model)
        for project, models in by_project.items():
            try:
                if not known:
                    self._look(project, models)
                    self._observer.progress()
                for model in models:
                    if model.outcome is None and self._act(model):
                        accepted = True
                        self._observer.progress()
            except Weather as error:
                # This project waits for the next round; the others go on.
                self._observer.weather(error)
        return accepted

    def _look(self, project: ProjectArn, models: list[Model]) -> None:
        try:
            found = self._service.look(project, [model.arn for model in models])
        except NotFound:
            found = {}  # the project is gone, and its models with it
        except Rejected as error:
            for model in models:
                _fail(model, lost_from_sight(model, error))
            return
        for model in models:
            version = found.get(model.arn.text)
            if version is None:
                model.outcome = Outcome.DELETED
            else:
                model.status = version.status
                model.status_message = version.status_message
                self._watch_deleting(model)

    def _watch_deleting(self, model: Model) -> None:
        if model.status == "DELETING":
            self._left_deleting[model] = 0
        elif model in self._left_deleting or self._was_deleting_unseen(model):
            self._left_deleting[model] = self._left_deleting.get(model, 0) + 1
            if self._left_deleting[model] == 2:
                _fail(model, deletion_failed(model))

    def _was_deleting_unseen(self, model: Model) -> bool:
        # Nothing but DELETING follows an accepted delete. Another status than the one before it may
        # be older still, but no listing lags for that long.
        accepted = self._accepted.get(model)
        return (
            accepted is not None
            and accepted.what == "delete"
            and accepted.status != model.status
            and self._clock() - accepted.time >= LAG
        )

    def _act(self, model: Model) -> bool:
        """Do what the model's status asks for. Return whether the service accepted a request."""
        if self._time_left() <= 0 or model in self._left_deleting or self._lags(model):
            return False
        action = decide(model.status, self._consents_for(model))
        if action is Action.REFUSE:
            _fail(model, changed_meanwhile(model))
        elif action is Action.DELETE:
            return self._request(model, "delete", self._service.delete)
        elif action is Action.STOP_THEN_DELETE and model.status == "RUNNING":
            return self._request(model, "stop", self._service.stop)
        return False

    def _lags(self, model: Model) -> bool:
        accepted = self._accepted.get(model)
        if accepted is None or self._clock() - accepted.time >= LAG:
            return False
        if accepted.what == "delete" or accepted.status == model.status:
            return True
        del self._accepted[model]  # the stop shows: if its old status comes back, that is news
        return False

    def _consents_for(self, model: Model) -> frozenset[str]:
        # The option alone stops nothing: the confirmed list has to say that the model is stopped.
        if model.plan is Action.STOP_THEN_DELETE:
            return self._consents
        return self._consents - {STOP_IF_RUNNING}

    def _request(self, model: Model, what: str, send: Callable[[ModelArn], None]) -> bool:
        earlier = model.requested, model.answered
        model.requested, model.answered = what, False  # first: a signal may outrun the answer
        try:
            send(model.arn)
        except NotFound:
            model.outcome = Outcome.DELETED
            return False
        except (InUse, Rejected, CredentialsFailed, _TimeUp) as error:
            # A no, unless a first try of the same request was a yes that never arrived.
            if not getattr(error, "retried", False):
                model.requested, model.answered = earlier
            if isinstance(error, InUse):
                return False  # not yet: the next look tells more
            if isinstance(error, Rejected):
                _fail(model, refused_by_the_service(model, what, error))
                return False
            raise
        except Weather:
            # The others first, next time: the service may fail for this one only.
            self.models.remove(model)
            self.models.append(model)
            raise
        model.answered = True
        self._accepted[model] = _Accepted(self._clock(), what, model.status)
        return True


def _fail(model: Model, reason: str) -> None:
    model.outcome = Outcome.FAILED
    model.reason = reason
