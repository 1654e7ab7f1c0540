"""Signals: the command says how things stand and then ends by the signal itself."""

from __future__ import annotations

import os
import shlex
import signal
import time
from collections.abc import Mapping
from typing import Any

import pytest

from tests.hosts.command import (
    IN_A_SCRIPT,
    PROMPT,
    asked_to_delete,
    changes,
    command,
    deleted,
    entries,
    seed_model,
    until,
)
from tests.hosts.shell import Aws, Running
from tests.simulator.client import Simulator

pytestmark = pytest.mark.hosts("v1", "v2")

INT, TERM, HUP = signal.SIGINT, signal.SIGTERM, signal.SIGHUP
SAID: Mapping[int, str] = {INT: "Ctrl-C", TERM: "SIGTERM", HUP: "lost terminal"}
CTRL_C = "\x03"

# Where the signal meets the command: the request that hangs and how many such go before it, the
# number of requests by then, and the status seen last.
MOMENTS = {
    "the look-up": ("DescribeProjectVersions", 0, 2, ""),
    "the delete request": ("DeleteProjectVersion", 0, 3, "TRAINING_COMPLETED"),
    "a look": ("DescribeProjectVersions", 1, 4, "TRAINING_COMPLETED"),
    "a pause": ("", 0, 5, "DELETING"),
}


@pytest.mark.parametrize(
    ("moment", "signum"),
    [
        ("the look-up", TERM),
        ("the delete request", INT),
        pytest.param("a look", HUP, marks=pytest.mark.slow),
        ("a pause", TERM),
    ],
)
def test_a_signal_alone(aws: Aws, simulator: Simulator, moment: str, signum: int) -> None:
    hanging, skip, requests, status = MOMENTS[moment]
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)
    if hanging:
        simulator.rule(hanging, {"Hang": 100}, Skip=skip)
    running = aws.start(*command("--yes", "--poll-interval", "5", arns=[model.arn]))
    until(lambda: len(simulator.requests()) >= requests)
    running.process.send_signal(signum)
    result = running.finish()  # which doesn't wait as long as the request hangs
    assert result.returncode == -signum, result.stderr
    assert "Traceback" not in result.stderr
    assert SAID[signum] in result.stderr
    if not status:
        assert result.stdout == ""
        assert "Nothing was changed" in result.stderr
        assert changes(simulator) == []
        return
    (entry,) = entries(result)
    assert (entry["ProjectVersionArn"], entry["Status"]) == (model.arn, status)
    assert SAID[signum] in entry["StatusMessage"]
    assert "AWS continues" in entry["StatusMessage"]
    assert "--ignore-not-found" in result.stderr
    assert changes(simulator) == asked_to_delete(model.arn)


def test_a_signal_that_is_sent_twice(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    arns = simulator.seed({"cats": [f"v{n}" for n in range(100)]})["cats"].versions
    running = aws.start(*command("--yes", "--no-progress", arns=arns))
    until(lambda: len(changes(simulator)) == len(arns))
    for _ in range(5):
        running.process.send_signal(TERM)
        time.sleep(0.001)  # or the system makes one of them
    result = running.finish()
    assert result.returncode == -TERM
    assert len(entries(result)) == len(arns)
    assert "--ignore-not-found" in result.stderr.splitlines()[-1]


IN_A_THREAD = """
import sys, threading
from awscli.clidriver import main
statuses = []
thread = threading.Thread(target=lambda: statuses.append(main()))
thread.start()
thread.join()
sys.exit(statuses[0])
"""


@pytest.mark.hosts("v1")  # which is a library as well
def test_a_thread_that_python_lets_handle_no_signal(aws: Aws, simulator: Simulator) -> None:
    arn = seed_model(simulator).arn
    script = aws.home / "program"
    script.write_text(f"#!{aws.host.aws.with_name('python')}\n{IN_A_THREAD}")
    script.chmod(0o755)
    words = shlex.join([*aws.endpoint, *command("--yes", "--timeout", "60", arns=[arn])])
    result = aws.bash(f"./program {words}")
    assert (result.returncode, entries(result)) == (0, deleted(arn)), result.stderr


def kill_twice(running: Running) -> None:
    for _ in range(2):
        os.killpg(running.process.pid, INT)


def test_ctrl_c_at_the_prompt(aws: Aws, simulator: Simulator) -> None:
    answers = [(PROMPT, CTRL_C)]
    result = aws.terminal(*command(arns=[seed_model(simulator).arn]), answers=answers)
    assert (result.returncode, result.stdout) == (-INT, "")
    assert "Traceback" not in result.screen
    assert "Nothing was changed" in result.screen
    assert changes(simulator) == []


@pytest.mark.parametrize("how", [pytest.param(CTRL_C, marks=pytest.mark.slow), kill_twice])
def test_a_loop_in_a_script_ends_too(aws: Aws, simulator: Simulator, how: Any) -> None:
    simulator.transition("DELETING", seconds=600)
    a, b = simulator.seed({"cats": ["a", "b"]})["cats"].versions
    run = f"{IN_A_SCRIPT} --yes --project-version-arn $arn"
    script = f"for arn in {a} {b}; do {run}; echo after; done; echo end"
    result = aws.bash(script, terminal=True, answers=[("DELETING", how)])
    assert result.returncode == -INT
    assert [entry["ProjectVersionArn"] for entry in entries(result)] == [a]  # no "after", no "end"
    assert "Traceback" not in result.screen
    assert changes(simulator) == asked_to_delete(a)


def test_a_closed_terminal(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)
    args = command("--yes", arns=[model.arn])
    result = aws.terminal(*args, answers=[("DELETING", Running.hang_up)])
    assert result.returncode == -HUP
    (entry,) = entries(result)
    assert entry["Status"] == "DELETING"
    assert SAID[HUP] in entry["StatusMessage"]


@pytest.mark.parametrize(("name", "how"), [("INT", CTRL_C), ("HUP", Running.hang_up)])
def test_an_ignored_signal_stays_ignored(
    aws: Aws, simulator: Simulator, name: str, how: Any
) -> None:
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)

    def signal_and_let_it_end(running: Running) -> None:
        if isinstance(how, str):
            assert running.terminal
            running.terminal.send(how)
            running.wait_for(r"\^C")  # the terminal's echo: the signal was sent
        else:
            how(running)
        simulator.transition("DELETING")

    run = f"{IN_A_SCRIPT} --yes --project-version-arn {model.arn}"
    script = f"trap '' {name}; exec {run}"  # as nohup does
    steps = [("DELETING", signal_and_let_it_end)]
    result = aws.bash(script, terminal=True, answers=steps)
    assert result.returncode == 0
    assert entries(result) == deleted(model.arn)
