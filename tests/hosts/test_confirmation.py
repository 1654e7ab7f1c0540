"""The question: what counts as consent, and what is left of standard input."""

from __future__ import annotations

import pytest

from tests.hosts.command import (
    IN_A_SCRIPT,
    PROMPT,
    asked_to_delete,
    changes,
    command,
    seed_model,
)
from tests.hosts.shell import Aws, Result
from tests.simulator.client import Simulator

pytestmark = pytest.mark.hosts("v1", "v2")


def assert_cancelled(result: Result, simulator: Simulator) -> None:
    assert result.returncode == 1, result
    assert result.stdout == ""
    assert "Traceback" not in result.stderr + result.screen
    assert changes(simulator) == []


def test_what_was_typed_before_the_question_answers_nothing(aws: Aws, simulator: Simulator) -> None:
    simulator.seed({"cats": ["a", "b"]})
    pasted = [("", "all\ndelete\n"), ("Models to delete .*: ", "1\ndelete\n"), (PROMPT, "no\n")]
    assert_cancelled(aws.terminal(*command(), answers=pasted), simulator)


def test_a_question_behind_a_pipe_is_asked(aws: Aws, simulator: Simulator) -> None:
    arn = seed_model(simulator).arn
    script = f"{IN_A_SCRIPT} --project-version-arn {arn} 2>&1 >/dev/null | tee log >&2"
    result = aws.bash(script, terminal=True, answers=[(PROMPT, "delete\n")])
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
