"""The shortest way through the command, on every host: typed, until the models are gone."""

from __future__ import annotations

from tests.hosts.command import PROMPT, asked_to_delete, changes, command, deleted, entries
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator


def test_the_word_at_a_terminal(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", looks=3)
    project = simulator.seed({"cats": ["a", "b", "kept"]})["cats"]
    arns = project.versions[:2]
    typed = "  dele\x7f\x7f\x7f\x7fdelete \t\n"  # the terminal itself takes back what was deleted
    result = aws.terminal(*command(arns=arns), answers=[(PROMPT, typed)])
    assert result.returncode == 0, result.screen
    assert entries(result) == deleted(*arns)
    assert list(simulator.versions(project.arn)) == project.versions[2:]
    assert result.screen.count(PROMPT) == 1  # once for all
    before = result.screen[: result.screen.index(PROMPT)]
    for word in ("cats", "us-east-1", "123456789012", "TRAINING_COMPLETED"):
        assert word in before
    assert changes(simulator) == asked_to_delete(*arns)
    assert "Deleted: versions a, b in project cats." in result.screen
