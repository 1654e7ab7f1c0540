"""Signals that end the command: caught, so that it can say how things stand, and then obeyed."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

from awscli_rekcl.errors import Interrupted

# SIGHUP: the terminal was closed. Windows has none.
_SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Raise Interrupted wherever a signal finds us. A signal that was ignored before stays so."""
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        for number, handler in before.items():
            if handler not in (signal.SIG_IGN, None):  # None: not set from Python
                signal.signal(number, _interrupt)
        yield
    finally:
        for number, handler in before.items():
            if handler is not None:
                signal.signal(number, handler)


@contextlib.contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raise Interrupted with SIGALRM if what is inside takes longer, whatever it is doing.

    Not on Windows, which has no such timer. The timer goes by no clock that anybody can set.
    """
    if sys.platform == "win32" or not math.isfinite(seconds):
        yield
        return
    before = signal.signal(signal.SIGALRM, _interrupt)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-3))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def is_alarm(error: BaseException | None) -> bool:
    """Return whether this was raised by `alarm`."""
    return isinstance(error, Interrupted) and error.signal.name == "SIGALRM"


def _interrupt(signum: int, frame: FrameType | None) -> None:
    # From here on nothing may come between the command and its last words, not even the same signal
    # once more: a wrapper often forwards the one that the terminal has sent already.
    ignore()
    raise Interrupted(signum)


def ignore() -> None:
    """Let no signal come between the command and its last words, but SIGTERM once more.

    The others often come twice, from the terminal and from a shell or wrapper. SIGTERM is for a
    reader that has stalled, which would keep us for ever.
    """
    for number in _SIGNALS:
        ending = signal.getsignal(number) is not signal.SIG_IGN and number == signal.SIGTERM
        signal.signal(number, signal.SIG_DFL if ending else signal.SIG_IGN)


def end_by(signum: int) -> NoReturn:
    """End this process by a signal, as its default action does.

    Bash and make stop a loop around a command only if the command died of SIGINT; one that merely
    exits with 130 is taken to have handled it.
    """
    signal.signal(signum, signal.SIG_DFL)
    signal.raise_signal(signum)
    # Still here: the first process of a container gets no signal that it does not handle.
    os._exit(128 + signum)
