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
from awscli_rekcl.errors import Interrupted
def send(*names):
    for name in names:
        os.kill(os.getpid(), getattr(signal, name))
"""


CAUGHT = """
def work():
    try:
        send("{name}")
    except Exception:
        print("taken by somebody else")
with signals.obeyed():
    try:
        signals.interruptible(work)
    except Interrupted as interrupted:
        send("SIGINT", "SIGHUP", "SIGINT")
        print("last words", interrupted.signal.name, flush=True)
"""
IGNORED = """
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
with signals.obeyed():
    signals.interruptible(lambda: send("SIGTERM", "SIGHUP"))
    print("last words", flush=True)
send("SIGTERM", "SIGHUP")
try:
    send("SIGINT")
except KeyboardInterrupt:
    print("as before", flush=True)
"""
LATE = """
with signals.obeyed():
    send("SIGTERM", "SIGTERM", "SIGINT")
    print("last words", flush=True)
"""
# What came before nothing was interruptible interrupts the next that is.
EARLY = """
with signals.obeyed():
    send("SIGTERM")
    try:
        signals.interruptible(lambda: print("not reached"))
    except Interrupted as interrupted:
        print("last words", interrupted.signal.name, flush=True)
"""
# Python ignores what is raised in there.
SWALLOWED = """
import gc, time
gc.disable()
signals.SECOND = 0.01
class Swallows:
    def __init__(self, *names):
        self.names = names
    def __del__(self):
        send(*self.names)
        time.sleep(60 if not self.names else 0)
def work():
    Swallows("SIGINT")
    print("still here")
    time.sleep(0.02)
    send("SIGTERM")
def limited():
    Swallows()
    time.sleep(60)
with signals.obeyed():
    try:
        signals.interruptible(limited, 0.01)
    except Interrupted as interrupted:
        print(interrupted.signal.name)
    try:
        signals.interruptible(work)
    except Interrupted as interrupted:
        print(interrupted.signal.name, flush=True)
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
with signals.obeyed():
    try:
        signals.interruptible(lambda: send("SIGTERM"))
    except Interrupted:
        pass
"""
# Nobody reads: a signal that comes after that ends the wait.
STALLED = f"""{READER}
    print_result(threading.Timer(0.2, send, ["SIGHUP", "SIGHUP"]))
"""
# The same signal twice takes nothing from a reader who comes late.
TWICE = f"""{READER}
    send("SIGTERM")
    print_result(threading.Thread(target=late, args=[0.3]))
"""
THIRD = """
import time
signals.SECOND = 0.01
with signals.obeyed():
    for name in ("SIGHUP", "SIGTERM"):
        time.sleep(0.02)
        print(name, flush=True)
        send(name)
    print("not reached")
"""
WINDOWS = """
import sys
with signals.obeyed():
    sys.platform = "win32"
    send("SIGINT")
"""
ALARM = """
import time
def limited(seconds, limit):
    try:
        signals.interruptible(lambda: time.sleep(seconds), limit)
    except Interrupted as interrupted:
        assert signals.is_alarm(interrupted)
        print("time is up")
limited(60, 0.01)
limited(0, 0.01)
limited(0, float("inf"))
time.sleep(0.02)
signal.setitimer(signal.ITIMER_REAL, 60)  # by whoever started us
limited(0.02, 0.01)
assert signal.getitimer(signal.ITIMER_REAL)[0] > 50
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
        (LATE, -signal.SIGTERM, "last words\n"),
        (EARLY, -signal.SIGTERM, "last words SIGTERM\n"),
        (SWALLOWED, -signal.SIGINT, "SIGALRM\nstill here\nSIGTERM\n"),
        (STALLED, -signal.SIGTERM, "0\n"),
        (TWICE, -signal.SIGTERM, "200000\n"),
        (THIRD, -signal.SIGTERM, "SIGHUP\nSIGTERM\n"),
        (WINDOWS, 130, ""),
        (ALARM, 0, "time is up\n"),
    ],
)
def test_signals(script: str, returncode: int, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HEAD + script], capture_output=True, text=True, timeout=20
    )
    assert (done.returncode, done.stdout) == (returncode, said), done.stderr


# One run for each instruction of `signals.py`, before the deletion was requested and after.
EVERYWHERE = f"""{HEAD}
import io, itertools, sys
from awscli_rekcl.deadline import Deadline
from awscli_rekcl.run import Run
from awscli_rekcl.terminal.console import Console
from tests.unit.fakes import NOW, Clock, FakeService, options
def end_one_run(number, twice):
    signals.SECOND = 0 if twice else 1
    said, clock, chosen = io.StringIO(), Clock(), options("cats/v1", yes=True)
    deadline = Deadline(60, 60, clock=clock, sleep=clock.sleep)
    looks = [{{"v1": "STOPPED"}}, {{"v1": "DELETING"}}, {{}}]
    service = FakeService(looks, deadline=deadline, clock=clock)
    console = Console(None, said, said, {{}}, color="off")
    instructions = itertools.count()
    sent, requested = [], []
    def trace(frame, event, argument):
        if frame.f_code.co_filename != signals.__file__:
            return None
        frame.f_trace_opcodes = True
        if event in ("line", "opcode") and next(instructions) == number:
            requested.extend(service.requests("delete"))
            sent.append(number)
            send("SIGINT")
        return trace
    def render(document):
        if sent and twice:
            send("SIGINT")
        return "the document"
    with signals.obeyed():
        sys.settrace(trace)
        line = lambda models, options: "the line"
        Run(chosen, service, console, deadline, render, line, NOW).run()
        sys.settrace(None)
        rules = [
            not sent or service.requests("delete") == requested,
            not requested or "Nothing was changed" not in said.getvalue(),
            not requested or twice or "the document" in said.getvalue(),
        ]
        if not all(rules):
            os._exit(rules.index(False) + 1)  # an exception would end by the signal as well
    os._exit(0)  # there are no more
for number in itertools.count():
    for twice in (False, True):
        if not os.fork():
            end_one_run(number, twice)
        _, status = os.wait()
        if status == 0:
            print(number > 10)
            sys.exit()
        assert status == signal.SIGINT, (number, twice, status)
"""


@pytest.mark.posix("a process that dies of a signal")
def test_whatever_instruction_a_signal_hits() -> None:
    done = subprocess.run([sys.executable, "-c", EVERYWHERE], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_handlers_come_and_go() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with signals.obeyed():
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before
