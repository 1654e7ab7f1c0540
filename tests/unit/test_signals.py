"""Signals that end the command, in a process of their own: pytest's is not ours to end."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from awscli_rekcl import signals
from awscli_rekcl.errors import Interrupted

HEAD = """
import os, signal
# Whoever runs the tests in the background may have these ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from awscli_rekcl import signals
from awscli_rekcl.errors import Interrupted
def send(*names):
    for name in names:
        os.kill(os.getpid(), getattr(signal, name))
"""


CAUGHT = """
with signals.interruptible():
    try:
        send("{name}")
    except Exception:
        print("taken by somebody else")
    except Interrupted as interrupted:
        send("SIGINT", "SIGHUP", "SIGINT")
        print("last words", interrupted.signal.name, flush=True)
        signals.end_by(interrupted.signal)
"""
IGNORED = """
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
with signals.interruptible():
    send("SIGTERM", "SIGHUP")
    try:
        send("SIGINT")
    except Interrupted:
        send("SIGTERM", "SIGHUP")
        print("last words")
send("SIGTERM", "SIGHUP")
try:
    send("SIGINT")
except KeyboardInterrupt:
    print("as before", flush=True)
"""
HELD = """
with signals.interruptible():
    signals.hold()
    send("SIGTERM", "SIGTERM", "SIGINT")
    print("last words", flush=True)
    signals.end_if_held()
"""
LOST = """
import time
signals.SECOND = 0.01
with signals.interruptible():
    for name in ("SIGINT", "SIGTERM"):
        try:
            send(name)
        except Interrupted as interrupted:
            print(interrupted.signal.name)
        time.sleep(0.02)
signals.end_if_held()
"""
# Standard output is a pipe whose reader comes late, or not at all.
READER = """
import io, sys, threading, time
from awscli_rekcl.terminal.console import Console
reader, writer = os.pipe()
read = []
def late(seconds):
    time.sleep(seconds)
    while len(b"".join(read)) < 200_000:
        read.append(os.read(reader, 65536))
def print_result(*threads):
    console = Console(None, open(writer, "w"), None, {}, color="off")
    for thread in threads:
        thread.start()
    console.print_result("x" * 200_000)
    for thread in threads:
        thread.join()
    print(len(b"".join(read)), flush=True)
signals.SECOND = 0.1
with signals.interruptible():
    try:
        send("SIGTERM")
    except Interrupted as interrupted:
        signals.hold()
"""
# Nobody reads: a signal that comes after that ends the wait.
STALLED = f"""{READER}
        print_result(threading.Timer(0.2, send, ["SIGHUP", "SIGHUP"]))
        signals.end_by(interrupted.signal)
"""
# The same signal twice takes nothing from a reader who comes late.
TWICE = f"""{READER}
        send("SIGTERM")
        print_result(threading.Thread(target=late, args=[0.3]))
        signals.end_by(interrupted.signal)
"""
THIRD = """
import time
signals.SECOND = 0.01
with signals.interruptible():
    signals.hold()
    for name in ("SIGHUP", "SIGTERM"):
        time.sleep(0.02)
        print(name, flush=True)
        send(name)
    print("not reached")
"""
WINDOWS = """
import sys
sys.platform = "win32"
signals.end_by(signal.SIGINT)
"""
ALARM = """
import time
with signals.interruptible():
    try:
        with signals.alarm(0.01):
            time.sleep(60)
    except Interrupted as interrupted:
        assert signals.is_alarm(interrupted)
    for seconds in (0.01, float("inf")):
        with signals.alarm(seconds):
            pass
    time.sleep(0.02)
    signal.setitimer(signal.ITIMER_REAL, 60)  # by whoever started us
    with signals.alarm(0.01):
        time.sleep(0.02)
    assert signal.getitimer(signal.ITIMER_REAL)[0] > 50
print("only once")
"""
RESTORED = """
with signals.interruptible():
    signals.hold()
    send("SIGINT", "SIGHUP")
    assert not signals.is_overdue()
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
send("SIGTERM")
"""


@pytest.mark.posix("a process that dies of a signal")
@pytest.mark.parametrize(
    ("script", "returncode", "said"),
    [
        *[
            (CAUGHT.format(name=name), -getattr(signal, name, 0), f"last words {name}\n")
            for name in ("SIGINT", "SIGTERM", "SIGHUP")
        ],
        (IGNORED, 0, "last words\nas before\n"),
        (ALARM, 0, "only once\n"),
        (RESTORED, -signal.SIGTERM, ""),
        (HELD, -signal.SIGTERM, "last words\n"),
        (LOST, 0, "SIGINT\nSIGTERM\n"),
        (STALLED, -signal.SIGTERM, "0\n"),
        (TWICE, -signal.SIGTERM, "200000\n"),
        (THIRD, -signal.SIGTERM, "SIGHUP\nSIGTERM\n"),
        (WINDOWS, 130, ""),
    ],
)
def test_signals(script: str, returncode: int, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HEAD + script], capture_output=True, text=True, timeout=20
    )
    last_line = done.stderr.strip().rpartition("\n")[2]
    assert (done.returncode, done.stdout + last_line) == (returncode, said)


def test_handlers_come_and_go() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Interrupted) as error, signals.interruptible():
        signal.raise_signal(signal.SIGTERM)
    assert error.value.signal is signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is before
