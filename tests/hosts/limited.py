"""A plugin for the AWS CLI, loaded before ours, that makes threads few and sets the clock back.

REKCL_THREADS is how many threads can be started. Once the file exists that REKCL_SET_BACK names,
Python's own `time.time` is an hour behind.
"""

from __future__ import annotations

import os
import threading
import time

_start, _time = threading.Thread.start, time.time
_left = [int(os.environ.get("REKCL_THREADS", "99"))]


def _start_one(self: threading.Thread) -> None:
    if not _left[0]:
        raise RuntimeError("can't start new thread")
    _left[0] -= 1
    _start(self)


def _behind() -> float:
    return _time() - 3600 * os.path.exists(os.environ.get("REKCL_SET_BACK", ""))


def awscli_initialize(event_hooks: object) -> None:
    """Take the place of what is not limited."""
    threading.Thread.start = _start_one  # type: ignore[method-assign]
    time.time = _behind
