"""How far the deletion is, shown while it goes on: one moving line, or the lines of a log."""

from __future__ import annotations

import collections
import math
from collections.abc import Sequence

from awscli_rekcl.deadline import Deadline
from awscli_rekcl.lifecycle import Request, is_being_deleted
from awscli_rekcl.model import Model, Outcome
from awscli_rekcl.terminal.console import Console

HEARTBEAT = 60.0
"""Seconds after which a log gets a line even if nothing changed: CI kills a job that is silent."""


class Progress:
    """Reports on models from the moment at which `deadline` was started."""

    def __init__(
        self, console: Console, models: Sequence[Model], deadline: Deadline, *, show: bool
    ) -> None:
        """With `show` false, tell nothing but what goes wrong."""
        self._console = console
        self._models = models
        self._deadline = deadline
        self._show = show
        self._said = ""
        self._said_at = 0.0
        self._error = ""
        self._error_at = 0.0

    def changed(self) -> None:
        """Show how far things are: on a terminal in place, in a log when there is news."""
        if not self._show:
            return
        now = self._deadline.elapsed
        state = _states(self._models)
        line = f"{_time_passed(now, self._deadline.timeout)}  {state}{_requested(self._models)}"
        if self._console.redraws:
            self._console.draw(line)
        elif state != self._said or now - self._said_at >= HEARTBEAT:
            self._said, self._said_at = state, now
            self._console.say(line)

    def transient_error(self, error: Exception) -> None:
        """Tell that a request did not go through; the same once a minute, however long it lasts."""
        line = f"A request did not go through, looking again: {error}"
        now = self._deadline.elapsed
        if line != self._error or now - self._error_at >= HEARTBEAT:
            self._error, self._error_at = line, now
            self._console.alarm(line)

    def in_use(self, model: Model, error: Exception) -> None:
        """Tell that the service did nothing for a model, because it is busy."""
        self._console.alarm(f"{model.arn.version_name} is busy, waiting: {error}")

    def failed(self, model: Model) -> None:
        """Tell that a model has failed."""

    def pause(self, seconds: float) -> None:
        """Sleep, and keep the time on display going."""
        end = self._deadline.elapsed + seconds
        while (left := end - self._deadline.elapsed) > 0:
            self._deadline.sleep(min(left, 1.0 if self._console.redraws else HEARTBEAT))
            self.changed()


def _states(models: Sequence[Model]) -> str:
    """Return how many models are gone and what the others are doing."""
    if len(models) == 1:
        return f"{models[0].arn.version_name}: {_state(models[0])}"
    states = collections.Counter(_state(model) for model in models)
    gone = states.pop("gone", 0)
    others = "".join(f", {number} {state}" for state, number in sorted(states.items()))
    return f"{gone} of {len(models)} gone{others}"


def _state(model: Model) -> str:
    if model.outcome is None:
        return str(model.status)
    return "failed" if model.outcome is Outcome.FAILED else "gone"


def _requested(models: Sequence[Model]) -> str:
    """Return how many deletions were requested that the listing does not show yet."""
    number = sum(
        model.is_open and model.requested is Request.DELETE and not is_being_deleted(model.status)
        for model in models
    )
    if not number:
        return ""
    return ", deletion requested" if len(models) == 1 else f", deletion of {number} requested"


def _time_passed(elapsed: float, limit: float) -> str:
    of = "" if math.isinf(limit) else f" of {_duration(limit)}"
    return f"{_duration(elapsed)}{of}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
