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

LONGEST = 8192
"""Bytes. Longer than a line that a terminal hands over: what is left would go to the shell."""

SILENCE = 0.05
"""Seconds without a key after which nothing more of a paste comes."""


def discard_typed(stdin: TextIO) -> None:
    """Discard what a terminal has delivered so far, the end of a long paste included."""
    if sys.platform != "win32":
        with contextlib.suppress(termios.error, OSError):
            while True:
                termios.tcflush(stdin, termios.TCIFLUSH)
                if not _is_readable(stdin, SILENCE):
                    break
            termios.tcflush(stdin, termios.TCIFLUSH)  # a line without its end is not readable


def read_line(stdin: TextIO, seconds: float = math.inf) -> bytes:
    """Return a line; nothing if it is longer than LONGEST, or not there in time."""
    if sys.platform != "win32" or seconds == math.inf:
        return _read_line(stdin, seconds)
    # Where `select` is for sockets only, a thread waits.
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=lambda: lines.put(_read_line(stdin)), daemon=True).start()
    end = time.monotonic() + seconds
    while lines.empty() and time.monotonic() < end:
        time.sleep(SILENCE)
    return b"" if lines.empty() else lines.get()


def _read_line(stdin: TextIO, seconds: float = math.inf) -> bytes:
    # Unbuffered: what comes after the line is for whoever reads standard input next.
    line = b""
    end = time.monotonic() + seconds
    with contextlib.suppress(OSError, ValueError):
        while len(line) < LONGEST and _is_readable(stdin, end - time.monotonic()):
            try:
                byte = os.read(stdin.fileno(), 1)
            except BlockingIOError:  # somebody else has read it
                continue
            line += byte
            if byte in (b"", b"\n"):
                return line
    return b""


def _is_readable(stdin: TextIO, seconds: float) -> bool:
    if sys.platform == "win32":
        return True
    # Another program may have left it so that reading doesn't wait.
    return bool(select.select([stdin], [], [], max(seconds, 0) if seconds < math.inf else None)[0])
