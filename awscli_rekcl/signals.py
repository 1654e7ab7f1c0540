"""Signals that end the command: caught, so that it can print a summary, and then obeyed.

Whatever signals arrive, and however often:

1. A signal ends what the command is doing: Interrupted is raised there.
2. A second signal within a second does nothing: it is the same one, because a terminal sends it to
   a whole process group and a wrapper forwards it.
3. From the end of the loop on (`hold`) nothing is interrupted: the summary and the document are
   printed completely. Standard error never blocks, so this takes little time, and then the command
   ends by the first signal that came.
4. Only a reader of standard output may take its time. A signal that came after the end of the loop
   gives it a second for the rest, and then ends the wait (`is_overdue`). Another one, later, ends
   the command whatever it is doing.
"""

from __future__ import annotations

import contextlib
import math
import os
import signal
import sys
import time
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

from awscli_rekcl.errors import Interrupted

# SIGHUP: the terminal was closed. Windows has none.
_SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
SECOND = 1.0


class _Handler:
    """Handles signals; times are those of the monotonic clock."""

    def __init__(self) -> None:
        self.raises = True
        self.heard_at = -math.inf
        self.late: int | None = None
        """The first signal that came after the end of the loop; no other was heard since."""

    def __call__(self, signum: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if now - self.heard_at < SECOND:
            return
        self.heard_at = now
        if self.raises:
            raise Interrupted(signum)
        if self.late is not None:
            end_by(signum)
        self.late = signum


_handler = _Handler()


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Raise Interrupted at a signal, wherever it arrives. Ignored signals stay ignored."""
    global _handler
    _handler = _Handler()
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    # None is for a handler that was not set from Python.
    ours = [number for number, old in before.items() if old not in (signal.SIG_IGN, None)]
    try:
        for number in ours:
            signal.signal(number, _handler)
        yield
    finally:
        for number in ours:
            signal.signal(number, before[number])


@contextlib.contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raise Interrupted with SIGALRM if the block takes longer, whatever it is doing.

    Not on Windows, which has no such timer, nor where whoever started us has set it to end us
    (`perl -e 'alarm 60; exec @ARGV'`). The timer does not depend on the system clock.
    """
    if (
        sys.platform == "win32"
        or not math.isfinite(seconds)
        or signal.getitimer(signal.ITIMER_REAL)[0]
    ):
        yield
        return
    before = signal.signal(signal.SIGALRM, _interrupt)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-3))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _interrupt(signum: int, frame: FrameType | None) -> None:
    raise Interrupted(signum)


def is_alarm(error: BaseException | None) -> bool:
    """Return whether this was raised by `alarm`."""
    return isinstance(error, Interrupted) and error.signal.name == "SIGALRM"


def hold() -> None:
    """Let no signal interrupt the summary."""
    _handler.raises = False


def is_overdue() -> bool:
    """Return whether a signal that came since `hold` has waited long enough for a reader."""
    return _handler.late is not None and time.monotonic() - _handler.heard_at >= SECOND


def end_if_held() -> None:
    """End by the signal that came since `hold`, if one did."""
    if _handler.late is not None:
        end_by(_handler.late)


def end_by(signum: int) -> NoReturn:
    """End this process by a signal, as its default action does.

    Bash and make stop a loop around a command only if the command died of SIGINT; one that merely
    exits with 130 is taken to have handled it.
    """
    if sys.platform != "win32":  # where that would be an exit with 3
        signal.signal(signum, signal.SIG_DFL)
        signal.raise_signal(signum)
    # Still here: the first process of a container gets no signal that it does not handle.
    os._exit(128 + signum)
