"""Runs the installer in a process that gets a signal at one of its lines."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def in_child(run: Callable[[], int], number: int = 0, at: int = 0) -> tuple[int, int]:
    """Run in a process that gets a signal at its nth line of the installer.

    Return its exit status, negative if a signal has killed it, and how many lines it ran.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        lines = 0

        def trace(frame: FrameType, event: str, arg: object) -> Any:
            nonlocal lines
            if "/awscli_rekcl/install/" not in frame.f_code.co_filename:
                return None
            if event == "line":
                lines += 1
                if lines == at:
                    os.kill(os.getpid(), number)
            return trace

        status = 99
        with contextlib.suppress(Exception):
            signal.signal(signal.SIGINT, signal.default_int_handler)
            sys.settrace(trace)
            try:
                status = run()
            except KeyboardInterrupt:  # before the installer begins, or after
                status = 2
            sys.settrace(None)
            os.write(writer, str(lines).encode())
        os._exit(status)
    os.close(writer)
    with open(reader) as pipe:
        lines_run = int(pipe.read() or 0)
    _, how = os.waitpid(child, 0)
    return (-os.WTERMSIG(how) if os.WIFSIGNALED(how) else os.WEXITSTATUS(how)), lines_run
