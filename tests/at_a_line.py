"""Runs the installer in a process that gets a signal at one of its lines."""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from awscli_rekcl.install import archive, files
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
    """Send a signal to a run at some of its lines: wherever the files in the folders have changed.

    And at a few points in between. Whatever the line, the AWS CLI works, and another run finishes
    the job. After SIGINT all is either as before or done. Return the exit statuses.
    """
    before = last = _state(folders)
    lines = multiprocessing.RawValue("i", 0)  # in memory that the child has as well
    has_changed = multiprocessing.RawArray("b", 100_000)

    def note(line: int) -> None:
        nonlocal last
        lines.value = line
        has_changed[line] = last != _state(folders)
        last = _state(folders)

    assert _in_child(run, note) == 0
    after = _state(folders)
    step = 1 if SOAK else lines.value // points
    statuses = set()
    for at in range(1, lines.value):
        if at % step != step // 2 and not has_changed[at]:
            continue
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        for path, content in before.items():
            path.write_bytes(content)
        status = _in_child(run, _at_line(at, number))
        statuses.add(status)
        assert works(), at
        if number == signal.SIGINT:
            assert status in (0, 2, 130), at
            assert _state(folders) in ([before] if status == 130 else [before, after]), at
        else:
            assert status == -number, at
        assert run() == 0, at
        assert _state(folders) == after, at
        assert not [path for folder in folders for path in folder.glob(f"{files.PREFIX}*")], at
    return statuses


def _state(folders: Sequence[Path]) -> dict[Path, bytes]:
    """What an AWS CLI could find."""
    found = (path for folder in folders if folder.exists() for path in folder.iterdir())
    return {path: path.read_bytes() for path in found if not path.name.startswith(files.PREFIX)}


def _at_line(at: int, number: int) -> Callable[[int], None]:
    return lambda line: os.kill(os.getpid(), number) if line == at else None


def _in_child(run: Callable[[], int], at_each: Callable[[int], None]) -> int:
    """Run in a process, and return its exit status, negative if a signal has killed it."""
    child = os.fork()
    if not child:
        lines = itertools.count(1)

        def trace(frame: FrameType, event: str, arg: object) -> Any:
            if "/awscli_rekcl/install/" not in frame.f_code.co_filename:
                return None
            if event == "line":
                at_each(next(lines))
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
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
