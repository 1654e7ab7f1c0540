"""The questions: which models, and whether to delete them; and what is left of standard input."""

from __future__ import annotations

import pytest

from tests.hosts.command import IN_A_SCRIPT, PROMPT, asked_to_delete, changes, command, entries
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

pytestmark = pytest.mark.hosts("v1", "v2")
PROJECT, MODELS = "Project .*: ", "Models to delete .*: "


def test_project_then_models(aws: Aws, simulator: Simulator) -> None:
    models = [
        {"VersionName": f"v{n}", "Status": status, "CreationTimestamp": 1767258000 + n}
        for n, status in enumerate(["STOPPED", "RUNNING", "TRAINING_FAILED", "STOPPED"], 1)
    ]
    projects = simulator.seed({"cats": models, "dogs": ["w1"]})
    v1, _, v3, v4 = projects["cats"].versions
    result = aws.terminal(
        *command(),
        answers=[
            (r"Projects in us-east-1 \(account 123456789012\):", ""),
            (PROJECT, "9\n"),
            ("9 is out of range: 1 to 2.", ""),
            (PROJECT, "cat\n"),
            ("'cat' is not the number or the name of a project", ""),
            (PROJECT, "0000000001\n"),
            (MODELS, "v2\n"),
            ("cancel and add --stop-if-running.", ""),
            (MODELS, "1-2 v1\n"),
            (PROMPT, "delete\n"),
        ],
    )
    assert result.returncode == 0, result.screen
    assert [entry["ProjectVersionArn"] for entry in entries(result)] == [v4, v3, v1]
    assert sorted(changes(simulator)) == sorted(asked_to_delete(v4, v3, v1))


def test_what_was_typed_before_the_question_answers_nothing(aws: Aws, simulator: Simulator) -> None:
    simulator.seed({"cats": ["a", "b"]})
    pasted = [("", "all\ndelete\n"), (MODELS, "1\ndelete\n"), (PROMPT, "no\n")]
    result = aws.terminal(*command(), answers=pasted)
    assert (result.returncode, result.stdout, changes(simulator)) == (1, "", [])


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
