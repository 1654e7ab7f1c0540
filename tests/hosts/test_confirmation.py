"""The question: what counts as consent, and what is left of standard input."""

from __future__ import annotations

import os
import re
import sys
import time

import pytest

from tests.hosts.command import (
    IN_A_SCRIPT,
    PROMPT,
    asked_to_delete,
    changes,
    command,
    entries,
    seed_model,
    with_plugin,
)
from tests.hosts.shell import Aws, Result, Running
from tests.simulator.client import Simulator

pytestmark = pytest.mark.hosts("v1", "v2")

AFTER = 0.2  # the question was shown, the command waits for the answer


def assert_cancelled(result: Result, simulator: Simulator) -> None:
    assert result.returncode == 1, result
    assert result.stdout == ""
    assert "Traceback" not in result.stderr + result.screen
    assert changes(simulator) == []


# What counts as another word is tested in `tests/unit/test_console.py`.
def test_anything_else_at_a_terminal(aws: Aws, simulator: Simulator) -> None:
    arns = [seed_model(simulator).arn]
    result = aws.terminal(*command(arns=arns), answers=[(PROMPT, "delete\x04\x04")])
    assert_cancelled(result, simulator)
    assert "Nothing was changed" in result.screen


def test_what_was_typed_before_the_question_answers_nothing(aws: Aws, simulator: Simulator) -> None:
    simulator.seed({"cats": ["a", "b"]})
    pasted = [("", "all\ndelete\n"), ("Models to delete .*: ", "1\ndelete\n"), (PROMPT, "no\n")]
    assert_cancelled(aws.terminal(*command(), answers=pasted), simulator)


def test_a_pipe_that_is_open_and_silent(aws: Aws, simulator: Simulator) -> None:
    arn = seed_model(simulator).arn
    with_plugin(aws, "limited")
    words = f"{IN_A_SCRIPT} --project-version-arn {arn}"
    result = aws.bash(f"mkfifo keys; exec {words} <>keys", env={"REKCL_SILENT": "0.2"})
    assert_cancelled(result, simulator)
    assert re.search(f"^{PROMPT}.* --yes: $", result.stderr, re.M)


def test_no_time_limit_holds_for_the_answer(aws: Aws, simulator: Simulator) -> None:
    arn = seed_model(simulator).arn
    reader, writer = os.pipe()
    with open(reader), open(writer, "w") as keys:
        running = aws.start(*command("--timeout", "1e-9", arns=[arn]), stdin=reader)
        running.wait_for(f"{PROMPT}.* --yes: ")
        time.sleep(AFTER)
        keys.write("delete\n")
        keys.flush()
        result = running.finish()
    assert result.returncode == 124, result
    assert [entry["Outcome"] for entry in entries(result)] == ["PENDING"]


@pytest.mark.parametrize("stderr", ["/dev/null", "log"])
def test_a_question_that_nobody_can_see_is_not_asked(
    aws: Aws, simulator: Simulator, stderr: str
) -> None:
    words = f"{IN_A_SCRIPT} --project-version-arn {seed_model(simulator).arn}"
    result = aws.bash(f"exec {words} 2>{stderr}", terminal=True)
    assert_cancelled(result, simulator)
    assert stderr != "log" or "add --yes" in (aws.home / stderr).read_text()


def test_a_question_behind_a_pipe_is_asked(aws: Aws, simulator: Simulator) -> None:
    arn = seed_model(simulator).arn
    script = f"{IN_A_SCRIPT} --project-version-arn {arn} 2>&1 >/dev/null | tee log >&2"
    result = aws.bash(script, terminal=True, answers=[(PROMPT, "delete\n")])
    assert (result.returncode, changes(simulator)) == (0, asked_to_delete(arn))


def test_a_terminal_that_does_not_block_is_waited_for(aws: Aws, simulator: Simulator) -> None:
    arn = seed_model(simulator).arn
    words = f"{IN_A_SCRIPT} --project-version-arn {arn}"
    leave_it_so = "import os, sys; os.set_blocking(0, False); os.execvp(sys.argv[1], sys.argv[1:])"

    def answer(running: Running) -> None:
        time.sleep(AFTER)
        assert running.terminal
        running.terminal.send("delete\n")

    script = f"exec {sys.executable} -c '{leave_it_so}' {words}"
    result = aws.bash(script, terminal=True, answers=[(PROMPT, answer)])
    assert (result.returncode, changes(simulator)) == (0, asked_to_delete(arn))


@pytest.mark.parametrize("closed", ["<&-", "2>&-"])
def test_a_closed_stream_cancels(aws: Aws, simulator: Simulator, closed: str) -> None:
    arn = seed_model(simulator).arn
    result = aws.bash(f"{IN_A_SCRIPT} --project-version-arn {arn} {closed}", input="delete\n")
    assert_cancelled(result, simulator)
    assert ("--yes" in result.stderr) == ("2>" not in closed)


def test_the_rest_of_the_input_is_for_whoever_comes_next(aws: Aws, simulator: Simulator) -> None:
    a, b = simulator.seed({"cats": ["a", "b"]})["cats"].versions
    # The loop asks once for each, and reads its own lines in between.
    script = f"""
        printf '%s\\n' {a} delete {b} ' delete ' rest | {{
            for number in 1 2; do read arn; {IN_A_SCRIPT} --project-version-arn $arn >>all; done
            cat
        }}
    """
    result = aws.bash(script)
    assert result.stdout == "rest\n", result.stderr
    assert changes(simulator) == asked_to_delete(a, b)
