"""Runs the installer in a process that gets a signal at one of its lines."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from awscli_rekcl.install import archive
from awscli_rekcl.install.commands import main

SOAK = "SOAK" in os.environ


def prepared(action: str, zipped: Path) -> Callable[[], int]:
    """Bring about what an action starts from, and return how to run it."""
    if action != "install":
        assert main(["install"]) == 0
    if action == "update":
        zipped.write_bytes(archive.content(["another"]))
    return lambda: main(["install" if action == "update" else action])


def interrupt(
    run: Callable[[], int],
    number: int,
    folders: Sequence[Path],
    works: Callable[[], bool],
    points: int,
) -> set[int]:
    """Send a signal to a run at some of its lines, and look at the folders whose files it changes.

    Whatever the line, the AWS CLI works, and another run finishes the job. After SIGINT all is
    either as before or done. Return the exit statuses.
    """
    statuses = set()
    before = _state(folders)
    status, lines = in_child(run)
    assert status == 0
    after = _state(folders)
    step = 1 if SOAK else lines // points
    for at in range(step // 2 + 1, lines, step):
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        for path, content in before.items():
            path.write_bytes(content)
        status, _ = in_child(run, number, at)
        statuses.add(status)
        assert works(), at
        if number == signal.SIGINT:
            assert status in (0, 2, 130), at
            assert _state(folders) in ([before] if status == 130 else [before, after]), at
        else:
            assert status == -number, at
        assert run() == 0, at
        assert _state(folders) == after, at
    return statuses


def _state(folders: Sequence[Path]) -> dict[Path, bytes]:
    files = (path for folder in folders if folder.exists() for path in folder.iterdir())
    return {path: path.read_bytes() for path in files}


def in_child(run: Callable[[], int], number: int = 0, at: int = 0) -> tuple[int, int]:
    """Run in a process that gets a signal at its nth line of the installer.

    Return its exit status, negative if a signal has killed it, and how many lines it ran.
    """
    lines = multiprocessing.RawValue("i", 0)  # in memory that both have
    child = os.fork()
    if not child:

        def trace(frame: FrameType, event: str, arg: object) -> Any:
            if "/awscli_rekcl/install/" not in frame.f_code.co_filename:
                return None
            if event == "line":
                lines.value += 1
                if lines.value == at:
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
        os._exit(status)
    _, how = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(how), lines.value
