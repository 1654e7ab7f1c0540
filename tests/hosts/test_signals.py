"""Signals: the command says how things stand and then ends by the signal itself."""

from __future__ import annotations

import signal

import pytest

from tests.hosts.command import (
    IN_A_SCRIPT,
    PROMPT,
    asked_to_delete,
    changes,
    command,
    entries,
    seed_model,
    until,
)
from tests.hosts.shell import Aws, Running
from tests.simulator.client import Simulator

pytestmark = pytest.mark.hosts("v1", "v2")

CTRL_C = "\x03"


# Every other moment is in `tests/unit/test_signals.py`.
def test_a_signal_ends_a_request_that_hangs(aws: Aws, simulator: Simulator) -> None:
    model = seed_model(simulator)
    simulator.rule("DeleteProjectVersion", {"Hang": 100})
    running = aws.start(*command("--yes", arns=[model.arn]))
    until(lambda: changes(simulator) == asked_to_delete(model.arn))
    running.process.send_signal(signal.SIGINT)
    result = running.finish()
    assert result.returncode == -signal.SIGINT, result.stderr
    assert "Traceback" not in result.stderr
    (entry,) = entries(result)
    assert (entry["ProjectVersionArn"], entry["Status"]) == (model.arn, "TRAINING_COMPLETED")
    for text in (entry["StatusMessage"], result.stderr):
        assert "Ctrl-C" in text
        assert "AWS continues" in text
    assert "--ignore-not-found" in result.stderr
    assert changes(simulator) == asked_to_delete(model.arn)


def test_ctrl_c_at_the_prompt(aws: Aws, simulator: Simulator) -> None:
    answers = [(PROMPT, CTRL_C)]
    result = aws.terminal(*command(arns=[seed_model(simulator).arn]), answers=answers)
    assert (result.returncode, result.stdout) == (-signal.SIGINT, "")
    assert "Traceback" not in result.screen
    assert "Nothing was changed" in result.screen
    assert changes(simulator) == []


def test_a_loop_in_a_script_ends_too(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    a, b = simulator.seed({"cats": ["a", "b"]})["cats"].versions
    run = f"{IN_A_SCRIPT} --yes --project-version-arn $arn"
    script = f"for arn in {a} {b}; do {run}; echo after; done; echo end"
    result = aws.bash(script, terminal=True, answers=[("DELETING", CTRL_C)])
    assert result.returncode == -signal.SIGINT
    assert [entry["ProjectVersionArn"] for entry in entries(result)] == [a]  # no "after", no "end"
    assert "Traceback" not in result.screen
    assert changes(simulator) == asked_to_delete(a)


def test_a_closed_terminal(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)
    args = command("--yes", arns=[model.arn])
    result = aws.terminal(*args, answers=[("DELETING", Running.hang_up)])
    assert result.returncode == -signal.SIGHUP
    (entry,) = entries(result)
    assert entry["Status"] == "DELETING"
    assert "lost terminal" in entry["StatusMessage"]
