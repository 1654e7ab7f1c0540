"""Signals that end the command: caught, so that it can print a summary, and then obeyed.

Whatever signals arrive, and however often:

1. A signal ends a function that was called by `interruptible`: Interrupted is raised in there, and
   nowhere else. So what follows it, the summary and the document, is printed completely.
2. A second signal within a second does nothing: it is the same one, because a terminal sends it to
   a whole process group and a wrapper forwards it.
3. When everything is printed, the command ends by the first signal that came (`obeyed`). Standard
   error never blocks, so this takes little time.
4. Only a reader of standard output may take its time. A signal that interrupted nothing gives it a
   second for the rest, and then ends the wait (`is_overdue`). Another one, later, ends the command
   whatever it is doing.
"""

from __future__ import annotations

import contextlib
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TypeVar

from awscli_rekcl.errors import Interrupted

Returned = TypeVar("Returned")

# SIGHUP: the terminal was closed. Windows has none.
_SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
SECOND = 1.0


class _Handler:
    """Handles signals; times are those of the monotonic clock."""

    def __init__(self) -> None:
        self.first: int | None = None
        """The first signal that came."""
        self.came_at = -math.inf
        self.is_late = False
        """Whether one came that interrupted nothing."""

    def __call__(self, signum: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if now - self.came_at < SECOND:
            return
        self.came_at = now
        if self.first is None:
            self.first = signum
        _interrupt(signum, frame)
        if self.is_late:
            _end_by(signum)
        self.is_late = True


_handler = _Handler()


@contextlib.contextmanager
def obeyed() -> Iterator[None]:
    """Handle the signals that come during the block, and end by the first at its end.

    Ignored signals stay ignored, and all do what they did in a thread that is not the main one.
    """
    global _handler
    handler = _handler = _Handler()
    before = {number: signal.getsignal(number) for number in _SIGNALS if _is_main_thread()}
    # None is for a handler that was not set from Python.
    ours = [number for number, old in before.items() if old not in (signal.SIG_IGN, None)]
    try:
        for number in ours:
            signal.signal(number, handler)
        yield
    finally:
        for number in ours:
            signal.signal(number, before[number])
        if handler.first is not None:
            _end_by(handler.first)


def interruptible(function: Callable[[], Returned], seconds: float = math.inf) -> Returned:
    """Call a function, and raise Interrupted in it at a signal, wherever it arrives.

    One that came before counts as well. With SIGALRM, Interrupted is raised if the function takes
    longer than `seconds`, whatever it is doing: not on Windows, which has no such timer, nor where
    whoever started us has set it to end us (`perl -e 'alarm 60; exec @ARGV'`). The timer does not
    depend on the system clock.
    """
    if (
        sys.platform == "win32"
        or not math.isfinite(seconds)
        or not _is_main_thread()
        or signal.getitimer(signal.ITIMER_REAL)[0]
    ):
        return _call(function)
    before = signal.signal(signal.SIGALRM, _interrupt)
    # Again each second, because Python ignores what is raised in a `__del__`.
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-3), SECOND)
    try:
        return _call(function)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _call(function: Callable[[], Returned]) -> Returned:
    if _handler.first is not None:  # which came before the frame of this call was there
        raise Interrupted(_handler.first)
    return function()


def _interrupt(signum: int, frame: FrameType | None) -> None:
    """Raise Interrupted if the frame is in a call by `interruptible`.

    A flag that is set and reset would be wrong for an instruction before and after the call.
    """
    while frame is not None and frame.f_code is not _call.__code__:
        frame = frame.f_back
    if frame is not None:
        raise Interrupted(signum)


def _is_main_thread() -> bool:
    """Return whether Python lets this thread handle signals."""
    return threading.current_thread() is threading.main_thread()


def is_alarm(error: BaseException | None) -> bool:
    """Return whether this was raised because the seconds have passed."""
    return isinstance(error, Interrupted) and error.signal.name == "SIGALRM"


def is_overdue() -> bool:
    """Return whether a signal that interrupted nothing has waited long enough for a reader."""
    return _handler.is_late and time.monotonic() - _handler.came_at >= SECOND


def _end_by(signum: int) -> None:
    """End this process by a signal, as its default action does.

    Bash and make stop a loop around a command only if the command died of SIGINT; one that merely
    exits with 130 is taken to have handled it.
    """
    if sys.platform != "win32":  # where that would be an exit with 3
        signal.signal(signum, signal.SIG_DFL)
        signal.raise_signal(signum)
    # Still here: the first process of a container gets no signal that it does not handle.
    os._exit(128 + signum)
