"""A plugin for the AWS CLI, loaded before ours, that makes threads few and patience short.

REKCL_THREADS is how many threads can be started, and REKCL_SILENT for how many seconds an answer is
waited for.
"""

from __future__ import annotations

import os
import threading

from awscli_rekcl.terminal import console

_start = threading.Thread.start
_left = [int(os.environ.get("REKCL_THREADS", "99"))]


def _start_one(self: threading.Thread) -> None:
    if not _left[0]:
        raise RuntimeError("can't start new thread")
    _left[0] -= 1
    _start(self)


def awscli_initialize(event_hooks: object) -> None:
    """Take the place of what is not limited."""
    threading.Thread.start = _start_one  # type: ignore[method-assign]
    console.SILENT = float(os.environ.get("REKCL_SILENT", console.SILENT))
