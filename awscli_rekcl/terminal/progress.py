"""The progress of the deletion: one moving line on a terminal, or the lines of a log."""

from __future__ import annotations

import collections
import math
from collections.abc import Iterator, Sequence

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

    def changed(self) -> None:
        """Show the progress: on a terminal in place, in a log when something has changed."""
        now = self._deadline.elapsed
        since = now - self._shown_at
        # Going through all models costs time, and this is called for each of them.
        if not self._show or since < self._least:
            return
        time, is_drawn = self._time(), self._console.redraws
        room = (self._console.width or 80) - 1 - len(f"{time}  ") if is_drawn else math.inf
        for state in _states(self._models):
            if len(state) <= room:
                break
        if is_drawn or state != self._shown or since >= HEARTBEAT:
            self._shown, self._shown_at = state, now
            self._console.draw(f"{time}  {self._where}{state}")

    def transient_error(self, error: Exception) -> None:
        """Report a request that failed; the same error at most once a minute."""
        line = f"{self._where}{messages.transient_error(error)}"
        now = self._deadline.elapsed
        if line != self._error or now - self._error_at >= HEARTBEAT:
            self._error, self._error_at = line, now
            self._console.warn(line)

    def in_use(self, model: Model, error: Exception) -> None:
        """Report that the service did nothing for a model because it is busy.

        That is no error yet: after a timeout it is part of the reason.
        """
        if self._show_busy:
            self._console.warn(messages.in_use(model, error, self._models))

    def failed(self, model: Model) -> None:
        """Report that a model has failed, unless the summary follows at once.

        Of many failures for one reason the first is reported, and of many reasons the first few:
        the summary has them all.
        """
        reason = messages.why_failed(model)
        is_new = reason not in self._failures and len(self._failures) < messages.NAMED
        if is_new and any(other.is_open for other in self._models):
            self._failures.add(reason)
            self._console.warn(messages.failed(model, self._models))

    def _time(self) -> str:
        limit = self._deadline.timeout
        is_near = self._deadline.left < limit / 10
        is_shown = limit < math.inf and (self._show_limit or is_near)
        return _duration(self._deadline.elapsed) + (f" of {_duration(limit)}" if is_shown else "")


def _states(models: Sequence[Model]) -> Iterator[str]:
    """Yield how many models are gone and failed, and the statuses of the others.

    Each text is shorter than the one before it. Names become numbers first, and the number of
    requested deletions goes late: while thousands are requested, nothing else changes.
    """
    left = [model for model in models if model.is_open]
    requested = _requested(left)
    if len(models) == 1:
        model = models[0]
        closed = "failed" if model.outcome is Outcome.FAILED else "gone"
        state = str(model.status) if left else closed
        named = f"{model.arn.version_name}: {state}"
        yield ", ".join([named, *requested])
        yield named
        yield state
        return
    outcomes = collections.Counter(model.outcome for model in models)
    gone = outcomes[Outcome.DELETED] + outcomes[Outcome.NOT_FOUND]
    items = [f"{gone} of {len(models) - outcomes[Outcome.SKIPPED]} gone"]
    if outcomes[Outcome.FAILED]:
        items.append(f"{outcomes[Outcome.FAILED]} failed")
    if len(left) <= NAMED:
        names = [f"{model.arn.version_name} {model.status}" for model in left]
        yield ", ".join([*items, *names, *requested])
    # Thousands of models have few statuses: only these are sorted.
    statuses = collections.Counter(str(model.status) for model in left)
    counts = [f"{statuses[status]} {status}" for status in sorted(statuses, key=_stage)]
    for number in range(len(counts), -1, -1):
        yield ", ".join([*items, *counts[:number], *requested])
    yield ", ".join(items)
    yield items[0]


def _stage(status: str) -> tuple[bool, int, str]:
    """Return what sorts statuses by their order in the table."""
    order = [*RULES]
    position = order.index(status) if status in RULES else len(order)
    return is_being_deleted(status), position, status


def _requested(models: Sequence[Model]) -> list[str]:
    """Return how many deletions were requested that the listing does not show yet."""
    number = sum(
        model.requested is Request.DELETE and not is_being_deleted(model.status) for model in models
    )
    if not number:
        return []
    return ["deletion requested" if len(models) == 1 else f"deletion of {number} requested"]


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
