"""Signals that end the command, in a process of their own: pytest's is not ours to end."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from awscli_rekcl import signals

HEAD = """
import os, signal
# Whoever runs the tests in the background may have these ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from awscli_rekcl import signals
def send(*names):
    for name in names:
        os.kill(os.getpid(), getattr(signal, name))
"""
INT = "SIGINT"


def run(script: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", HEAD + script], capture_output=True, text=True, timeout=20
    )
    return done.returncode, done.stdout + done.stderr.strip().rpartition("\n")[2]


CAUGHT = """
with signals.interruptible():
    try:
        send("{name}")
    except Exception:
        print("taken by somebody else")
    except signals.Interrupted as interrupted:
        send("SIGINT", "SIGHUP", "SIGINT")
        print("last words", interrupted.signal.name, flush=True)
        signals.end_by(interrupted.signal)
"""
IGNORED = """
signal.signal(signal.SIGHUP, signal.SIG_IGN)
with signals.interruptible():
    send("SIGHUP")
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    print("still here")
assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
"""
STALLED = """
with signals.interruptible():
    signals.ignore()
    send("SIGTERM")
    print("not reached")
"""
ALARM = """
import time
with signals.interruptible():
    try:
        with signals.alarm(0.01):
            time.sleep(60)
    except signals.Interrupted as interrupted:
        assert signals.is_alarm(interrupted)
        print("rang")
    with signals.alarm(0.01):
        pass
    with signals.alarm(float("inf")):
        time.sleep(0.02)
print("only once")
"""
RESTORED = """
with signals.interruptible():
    signals.ignore()
    send("SIGINT", "SIGHUP")
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
        (IGNORED, 0, "still here\n"),
        (ALARM, 0, "rang\nonly once\n"),
        (RESTORED, -signal.SIGTERM, ""),
        (STALLED, -signal.SIGTERM, ""),
    ],
)
def test_signals(script: str, returncode: int, said: str) -> None:
    assert run(script) == (returncode, said)


def test_handlers_come_and_go() -> None:
    before = {number: signal.getsignal(number) for number in signals._SIGNALS}
    with pytest.raises(signals.Interrupted) as error, signals.interruptible():
        signal.raise_signal(signal.SIGTERM)
    assert error.value.signal is signal.SIGTERM
    assert {number: signal.getsignal(number) for number in signals._SIGNALS} == before


@pytest.mark.posix("SIGHUP")
def test_signals_that_were_ignored_stay_so_to_the_last_word() -> None:
    script = """
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
with signals.interruptible():
    try:
        send("SIGINT")
    except signals.Interrupted:
        send("SIGTERM", "SIGHUP")
        print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)
send("SIGTERM", "SIGHUP")
try:
    send("SIGINT")
except KeyboardInterrupt:
    print("as before", flush=True)
"""
    assert run(script) == (0, "True\nas before\n")


@pytest.mark.posix("a process that dies of a signal")
def test_another_sigterm_ends_a_command_that_says_its_last_words() -> None:
    script = """
with signals.interruptible():
    try:
        send("SIGINT")
    except signals.Interrupted:
        print("last words", flush=True)
        send("SIGTERM")
        print("not reached")
"""
    assert run(script) == (-signal.SIGTERM, "last words\n")
