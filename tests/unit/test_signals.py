"""Signals that end the command, in a process of their own: pytest's is not ours to end."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

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
# Standard output is a pipe, and a signal has come when it is written. Another one ends the wait for
# its reader, but the same one twice takes nothing from a reader who is late.
READER = """
import threading, time
from awscli_rekcl.terminal.console import Console
reader, writer = os.pipe()
read = []
def late():
    time.sleep(0.3)
    while len(b"".join(read)) < 200_000:
        read.append(os.read(reader, 65536))
signals.SECOND = 0.1
with signals.obeyed():
    try:
        signals.interruptible(lambda: send("SIGTERM"))
    except Interrupted:
        pass
    send({0})
    thread = {1}
    thread.start()
    Console(None, open(writer, "w"), None, {{}}, color="off").print_result("x" * 200_000)
    thread.join()
    print(len(b"".join(read)), flush=True)
"""
STALLED = READER.format("", 'threading.Timer(0.2, send, ["SIGHUP", "SIGHUP"])')
LATE = READER.format('"SIGTERM"', "threading.Thread(target=late)")
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
from concurrent.futures import ThreadPoolExecutor
time.time = lambda: 0.0  # the clock of the system, which somebody may set back
from awscli_rekcl.deadline import Deadline
deadline = Deadline(0.01)
deadline.start()
deadline.pause(60)
assert deadline.left <= 0
def limited(seconds, limit):
    try:
        signals.interruptible(lambda: time.sleep(seconds), limit)
    except Interrupted as interrupted:
        assert signals.is_alarm(interrupted)
        print("time is up")
limited(60, 0.01)
limited(0, 0.01)
limited(0, float("inf"))
with ThreadPoolExecutor() as pool:  # Python lets none of its threads handle signals
    pool.submit(limited, 0, 60).result()
    pool.submit(signals.obeyed().__enter__).result()
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
        (SWALLOWED, -signal.SIGINT, "SIGALRM\nstill here\nSIGTERM\n"),
        (STALLED, -signal.SIGTERM, "0\n"),
        (LATE, -signal.SIGTERM, "200000\n"),
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


# A run of which a copy gets a signal at each instruction of `signals.py`, before the deletion was
# requested and after; another copy gets a second one when the result is made.
EVERYWHERE = f"""{HEAD}
import io, sys, threading
from awscli_rekcl.deadline import Deadline
from awscli_rekcl.run import Run
from awscli_rekcl.terminal.console import Console
from tests.unit.fakes import NOW, Clock, FakeService, options
def no_thread(thread):
    raise RuntimeError("a copy of this process would not have it")
threading.Thread.start = no_thread
clock, said = Clock(), io.StringIO()
deadline = Deadline(60, 60, clock=clock, sleep=clock.sleep)
looks = [{{"v1": "STOPPED"}}, {{"v1": "DELETING"}}, {{}}]
service = FakeService(looks, deadline=deadline, clock=clock)
console = Console(None, said, said, {{}}, color="off")
ends, requested, left = [], None, ()
def trace(frame, event, argument):
    global requested, left
    if frame.f_code.co_filename != signals.__file__:
        return None
    frame.f_trace_opcodes = True
    if event in ("line", "opcode"):
        for again in (), ("SIGINT",):
            if not os.fork():
                sys.settrace(None)
                signals.SECOND = 0 if again else 1
                requested, left = service.requests("delete"), again
                send("SIGINT")
                break
            ends.append(os.wait()[1])
    return trace
def render(document):
    signals.is_overdue()  # as while the result is written
    send(*left)
    return "the document"
chosen, line = options("cats/v1", yes=True), lambda models, options: "the line"
with signals.obeyed():
    sys.settrace(trace)
    try:
        Run(chosen, service, console, deadline, render, line, NOW).run()
    finally:
        sys.settrace(None)
        is_printed = "the document" in said.getvalue()
        rules = [
            service.requests("delete") == requested,
            is_printed or not requested,
            is_printed is not ("Nothing was changed" in said.getvalue()),
        ]
        if requested is not None and not all(rules):
            os._exit(rules.index(False) + 1)  # an exception would end by the signal as well
print(len(ends) > 20, set(ends))
"""


# Python 3.9 makes a SystemError of what is raised while it traces.
@pytest.mark.skipif(sys.version_info < (3, 10), reason="exceptions while tracing")
@pytest.mark.posix("a process that dies of a signal")
def test_whatever_instruction_a_signal_hits() -> None:
    done = subprocess.run([sys.executable, "-c", EVERYWHERE], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("True {2}\n", "")
