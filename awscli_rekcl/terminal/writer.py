"""A stream that is written by a thread of its own: a reader that stalls blocks nothing else.

A full pipe, a terminal after Ctrl-S or one that nobody reads takes a write and never returns, and
`select` does not always detect this beforehand.
"""

from __future__ import annotations

import codecs
import collections
import os
import queue
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import TextIO

ATOMIC = 4096
"""Bytes. Linux' PIPE_BUF: as much lands in a pipe in one piece, whoever else writes to it."""

MOST_PROGRESS = 100
"""So many texts may wait when one is added that may be dropped. The others are few: no more than
one for a model and one for a poll."""

TICK = 0.005
"""Seconds between two checks whether all is written."""


class Writer:
    """Writes texts in the order in which they were put."""

    def __init__(self, stream: TextIO) -> None:
        self.error: Exception | None = None
        """Why nothing is written any more."""
        self._stream = stream
        # Past Python's buffer, which the process would wait for at its end, or fail to write again
        # and exit with 120.
        binary = getattr(stream, "buffer", None)
        self._raw = getattr(binary, "raw", binary)
        encoding, errors = stream.encoding or "utf-8", stream.errors or "strict"
        self._encoder = codecs.getincrementalencoder(encoding)(errors)
        # What is not written yet; the first one may be half written.
        self._texts: collections.deque[Callable[[], str]] = collections.deque()
        self._moved_at = 0.0
        # What is put into a SimpleQueue is there, whenever a signal's exception comes.
        self._work: queue.SimpleQueue[None] = queue.SimpleQueue()
        try:
            threading.Thread(target=self._run, daemon=True).start()
            self._has_thread = True
        except RuntimeError:  # a limit of the system
            self._has_thread = False

    def put(self, text: Callable[[], str], *, droppable: bool = False) -> None:
        """Have a text written, which is asked for when its turn has come."""
        if self.error or (droppable and len(self._texts) >= MOST_PROGRESS):
            return
        if not self._texts:
            self._moved_at = time.monotonic()
        self._texts.append(text)
        self._work.put(None)
        if not self._has_thread:
            self._write_all()

    def wait(self, gives_up: Callable[[], object]) -> None:
        """Wait until all is written; `gives_up` is asked now and then."""
        # When Python is about to end, the thread runs no more.
        while self._texts and not (gives_up() or sys.is_finalizing()):
            time.sleep(TICK)

    @property
    def stalled(self) -> float:
        """Seconds for which nothing of what waits has been taken."""
        return time.monotonic() - self._moved_at if self._texts else 0.0

    def _run(self) -> None:
        if sys.platform != "win32":  # signals are for the thread that waits
            signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        while True:
            self._work.get()
            self._write_all()

    def _write_all(self) -> None:
        while self._texts:
            try:
                if self.error is None:
                    self._write(self._texts[0]())
            except Exception as error:
                self.error = error
            finally:
                self._texts.popleft()

    def _write(self, text: str) -> None:
        for block in _blocks(text):
            if self._raw is None:
                self._stream.write(block)
                self._stream.flush()
                continue
            rest = memoryview(self._encoder.encode(block.replace("\n", os.linesep)))
            while rest:
                taken = self._raw.write(rest)
                if taken is None:  # the descriptor does not block
                    select.select([], [self._raw], [])
                else:
                    rest = rest[taken:]
                    self._moved_at = time.monotonic()


def _blocks(text: str) -> Iterator[str]:
    """Yield whole lines, as many as a pipe takes at once: `xargs -P` has several of us write."""
    block = ""
    for line in text.splitlines(keepends=True):
        if block and len(f"{block}{line}".encode(errors="replace")) > ATOMIC:
            yield block
            block = ""
        block += line
    yield block
