"""Reads one line of standard input, and no byte more."""

from __future__ import annotations

import contextlib
import math
import os
import queue
import select
import sys
import threading
import time
from typing import TextIO

if sys.platform != "win32":
    import termios

SILENCE = 0.05
"""Seconds without a key after which nothing more of a paste comes."""


def discard_typed(terminal: TextIO) -> None:
    """Discard what the terminal has delivered so far, the end of a long paste included."""
    if sys.platform != "win32":
        with contextlib.suppress(termios.error, OSError):
            while True:
                termios.tcflush(terminal, termios.TCIFLUSH)
                if not _is_readable(terminal, SILENCE):
                    break
            termios.tcflush(terminal, termios.TCIFLUSH)  # a line without its end is not readable


def read_line(stdin: TextIO, longest: int, seconds: float = math.inf) -> bytes:
    """Return a line of at most that many bytes; nothing if it is longer, or not there in time."""
    if sys.platform != "win32" or seconds == math.inf:
        return _read_line(stdin, longest, seconds)
    # Where `select` is for sockets only, a thread waits.
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    reading = threading.Thread(target=lambda: lines.put(_read_line(stdin, longest)), daemon=True)
    reading.start()
    end = time.monotonic() + seconds
    while lines.empty() and time.monotonic() < end:
        time.sleep(SILENCE)
    return b"" if lines.empty() else lines.get()


def _read_line(stdin: TextIO, longest: int, seconds: float = math.inf) -> bytes:
    # Unbuffered: what comes after the line is for whoever reads standard input next.
    line = b""
    end = time.monotonic() + seconds
    try:
        while len(line) < longest:
            if seconds < math.inf and not _is_readable(stdin, end - time.monotonic()):
                break
            byte = os.read(stdin.fileno(), 1)
            line += byte
            if byte in (b"", b"\n"):
                return line
    except (OSError, ValueError):
        pass
    return b""


def _is_readable(stdin: TextIO, seconds: float) -> bool:
    return bool(select.select([stdin], [], [], max(seconds, 0))[0])
