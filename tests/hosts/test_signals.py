"""Signals: the command says how things stand and then ends by the signal itself."""

from __future__ import annotations

import shlex
import signal
from collections.abc import Mapping

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


# The request in which the signal meets the command, or a pause; the number of requests by then, and
# the status seen last. Every other moment is in `tests/unit/test_signals.py`.
@pytest.mark.parametrize(
    ("hanging", "requests", "status", "signum"),
    [("DeleteProjectVersion", 3, "TRAINING_COMPLETED", INT), ("", 5, "DELETING", TERM)],
)
def test_a_signal_alone(
    aws: Aws, simulator: Simulator, hanging: str, requests: int, status: str, signum: int
) -> None:
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)
    if hanging:
        simulator.rule(hanging, {"Hang": 100})
    running = aws.start(*command("--yes", "--poll-interval", "5", arns=[model.arn]))
    until(lambda: len(simulator.requests()) >= requests)
    running.process.send_signal(signum)
    result = running.finish()  # which doesn't wait as long as the request hangs
    assert result.returncode == -signum, result.stderr
    assert "Traceback" not in result.stderr
    assert SAID[signum] in result.stderr
    (entry,) = entries(result)
    assert (entry["ProjectVersionArn"], entry["Status"]) == (model.arn, status)
    assert SAID[signum] in entry["StatusMessage"]
    assert "AWS continues" in entry["StatusMessage"]
    assert "--ignore-not-found" in result.stderr
    assert changes(simulator) == asked_to_delete(model.arn)


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


def test_ctrl_c_at_the_prompt(aws: Aws, simulator: Simulator) -> None:
    answers = [(PROMPT, CTRL_C)]
    result = aws.terminal(*command(arns=[seed_model(simulator).arn]), answers=answers)
    assert (result.returncode, result.stdout) == (-INT, "")
    assert "Traceback" not in result.screen
    assert "Nothing was changed" in result.screen
    assert changes(simulator) == []


def test_a_loop_in_a_script_ends_too(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    a, b = simulator.seed({"cats": ["a", "b"]})["cats"].versions
    run = f"{IN_A_SCRIPT} --yes --project-version-arn $arn"
    script = f"for arn in {a} {b}; do {run}; echo after; done; echo end"
    result = aws.bash(script, terminal=True, answers=[("DELETING", CTRL_C)])
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


def test_an_ignored_signal_stays_ignored(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)

    def signal_and_let_it_end(running: Running) -> None:
        running.hang_up()
        simulator.transition("DELETING")

    run = f"{IN_A_SCRIPT} --yes --project-version-arn {model.arn}"
    script = f"trap '' HUP; exec {run}"  # as nohup does
    steps = [("DELETING", signal_and_let_it_end)]
    result = aws.bash(script, terminal=True, answers=steps)
    assert result.returncode == 0
    assert entries(result) == deleted(model.arn)
