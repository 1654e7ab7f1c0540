"""What ends the installer early, and the form in which it names a command.

SIGINT, SIGTERM and SIGHUP count only while it waits for another program. In between, files are
changed, or taken back, within milliseconds. They are held off by a handler, because the programs
that are started would inherit what is ignored.
"""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from awscli_rekcl.text import quoted

received: list[int] = []
_is_heeded = False


class InstallError(Exception):
    """The action could not be done: what the problem is, the state now, and what to do next."""

    def __init__(
        self, problem: str, advice: str, state: str = "Everything is as it was before."
    ) -> None:
        super().__init__(f"{problem}.\n{state} {advice}")
        self.problem, self.advice = problem, advice


class StillNamed(InstallError):
    """What failed, where the plugin has to stay, because the configuration file names it."""


class Interrupted(BaseException):
    """A signal asked the installer to end. `except Exception` does not catch it."""


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Hold the signals off, except those that were ignored before."""
    numbers = {getattr(signal, name, signal.SIGINT) for name in ("SIGINT", "SIGTERM", "SIGHUP")}
    before = {number: signal.getsignal(number) for number in numbers}
    received.clear()
    for number in numbers:
        if before[number] != signal.SIG_IGN:
            signal.signal(number, _handle)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, before[number])


@contextlib.contextmanager
def heeded() -> Iterator[None]:
    """Raise Interrupted for the first signal that has come, or that comes now."""
    global _is_heeded
    _is_heeded = True
    try:
        if received:
            raise Interrupted
        yield
    finally:
        _is_heeded = False


def _handle(number: int, frame: FrameType | None) -> None:
    global _is_heeded
    received.append(number)
    if _is_heeded:
        _is_heeded = False  # nothing stops what this makes necessary
        raise Interrupted


def typed(*words: str) -> str:
    """Return a command as it has to be typed."""
    command = " ".join(map(quoted, words))
    if sys.platform == "win32" and quoted(words[0]) != words[0]:
        return f"{command} (in cmd), & {command} (in PowerShell)"
    return command


def this_program(*words: str) -> str:
    """Return how to start the installer again, from any folder."""
    # A folder with __main__.py, also inside of a zip or of a wheel.
    return typed(sys.executable or "python3", str(Path(__file__).absolute().parents[1]), *words)
