"""The progress of the deletion: one moving line on a terminal, or the lines of a log."""

from __future__ import annotations

import collections
from collections.abc import Sequence

from awscli_rekcl.arn import ModelArn
from awscli_rekcl.deadline import Deadline
from awscli_rekcl.lifecycle import RULES, Request, is_being_deleted
from awscli_rekcl.model import Model, Outcome
from awscli_rekcl.terminal import messages
from awscli_rekcl.terminal.console import Console

HEARTBEAT = 60.0
"""Seconds after which a log gets a line even if nothing changed: CI kills a job that is silent."""

LOGGED, DRAWN = 1.0, 0.2
"""Seconds between two lines of a log, or between two states of the moving line, at least."""

TICK = 1.0
"""Seconds after which the moving line shows another time."""

NAMED = 3
"""Up to so many remaining models are shown by name."""


class Progress:
    """Reports on models from the moment at which `deadline` was started."""

    def __init__(
        self,
        console: Console,
        models: Sequence[Model],
        deadline: Deadline,
        *,
        show: bool,
        show_limit: bool,
        show_busy: bool = True,
    ) -> None:
        """With `show` false, show no progress, and with `show_busy` false, no busy model either,
        which is no error; `show_limit` is for a limit that was given."""
        self._console = console
        self._models = models
        self._deadline = deadline
        self._show = show
        self._show_limit = show_limit
        self._show_busy = show_busy
        projects = {model.arn.scope.project_name for model in models}
        name = projects.pop() if len(projects) == 1 else f"{len(projects)} projects"
        self._where = "" if console.redraws else f"{name}: "
        self.interval = TICK if console.redraws else HEARTBEAT
        self._least = DRAWN if console.redraws else LOGGED
        self._shown = ""
        self._shown_at = -self._least
        self._error = ""
        self._error_at = 0.0
        self._failures: set[str] = set()
        self._busy: set[ModelArn] = set()

    def changed(self) -> None:
        """Show the progress: on a terminal in place, in a log when something has changed."""
        now = self._deadline.elapsed
        # Going through all models costs time, and this is called for each of them.
        if not self._show or now - self._shown_at < self._least:
            return
        if self._console.redraws:
            self._shown_at = now
            self._console.draw(self._fitting(self._time()))
            return
        state = self._where + ", ".join(_items(self._models))
        if state != self._shown or now - self._shown_at >= HEARTBEAT:
            self._shown, self._shown_at = state, now
            self._console.draw(f"{self._time()}  {state}")

    def transient_error(self, error: Exception) -> None:
        """Report a request that failed; the same error at most once a minute."""
        line = f"{self._where}{messages.transient_error(error)}"
        now = self._deadline.elapsed
        if line != self._error or now - self._error_at >= HEARTBEAT:
            self._error, self._error_at = line, now
            self._console.warn(line)

    def in_use(self, model: Model, error: Exception) -> None:
        """Report that the service did nothing for a model because it is busy.

        That is no error yet: after a timeout it is part of the reason. It is reported once for a
        model, although both its stop and its delete may find it busy.
        """
        if self._show_busy and model.arn not in self._busy:
            self._busy.add(model.arn)
            self._console.warn(messages.in_use(model, error))

    def failed(self, model: Model) -> None:
        """Report that a model has failed, unless the summary follows at once.

        Of many failures for one reason the first is reported, and of many reasons the first: the
        summary has them all.
        """
        reason = messages.why_failed(model)
        is_new = reason not in self._failures and len(self._failures) <= messages.NAMED
        if is_new and any(other.is_open for other in self._models):
            self._failures.add(reason)
            if len(self._failures) <= messages.NAMED:
                self._console.warn(messages.failed(model))
            else:
                self._console.warn(f"{self._where}More failures; the summary lists all of them.")

    def _time(self) -> str:
        limit, left = self._deadline.timeout, self._deadline.left
        is_near = left < limit / 10
        of = (
            f" of {_duration(limit)}"
            if limit < float("inf") and (self._show_limit or is_near)
            else ""
        )
        return f"{_duration(self._deadline.elapsed)}{of}"

    def _fitting(self, time: str) -> str:
        """Return the line without the items at its end for which there is no place.

        If the names don't fit, it has the number of models for each status. The number of deletions
        that were requested stays: while thousands are, nothing else changes.
        """
        width = (self._console.width or 80) - 1
        items = _items(self._models)
        if len(f"{time}  {', '.join(items)}") > width:
            items = _items(self._models, named=0)
        while len(line := f"{time}  {', '.join(items)}") > width and len(items) > 1:
            is_state = len(items) > 2 and not items[-2].endswith(" failed")
            del items[-2 if is_state and _requested(self._models) else -1]
        if len(line) > width and len(self._models) == 1:  # the name goes, not the status
            return f"{time}  {_state(self._models[0])}"
        return line


def _items(models: Sequence[Model], named: int = NAMED) -> list[str]:
    """Return how many models are gone, how many failed, and the statuses of the others."""
    if len(models) == 1:
        name = models[0].arn.version_name
        return [f"{name}: {_state(models[0])}", *_requested(models)]
    outcomes = collections.Counter(model.outcome for model in models)
    gone = outcomes[Outcome.DELETED] + outcomes[Outcome.NOT_FOUND]
    total = len(models) - outcomes[Outcome.SKIPPED]
    items = [f"{gone} of {total} gone"]
    if outcomes[Outcome.FAILED]:
        items.append(f"{outcomes[Outcome.FAILED]} failed")
    left = [model for model in models if model.is_open]
    if len(left) <= named:
        left.sort(key=lambda model: _stage(str(model.status)))
        names = [f"{model.arn.version_name} {model.status}" for model in left]
        return [*items, *names, *_requested(left)]
    # Thousands of models have few states: only these are sorted.
    states = collections.Counter(str(model.status) for model in left)
    counts = [f"{states[state]} {state}" for state in sorted(states, key=_stage)]
    return [*items, *counts, *_requested(left)]


def _stage(status: str) -> tuple[int, str]:
    """Return what sorts statuses by their order in the table."""
    order = [known for known in RULES if not is_being_deleted(known)]
    known = order.index(status) if status in order else len(order)
    return known + is_being_deleted(status), status


def _state(model: Model) -> str:
    if model.is_open:
        return str(model.status)
    return "failed" if model.outcome is Outcome.FAILED else "gone"


def _requested(models: Sequence[Model]) -> list[str]:
    """Return how many deletions were requested that the listing does not show yet."""
    number = sum(
        model.is_open and model.requested is Request.DELETE and not is_being_deleted(model.status)
        for model in models
    )
    if not number:
        return []
    return ["deletion requested" if len(models) == 1 else f"deletion of {number} requested"]


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
