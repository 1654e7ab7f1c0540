"""The shortest way through the command, on every host: one model, typed, until it is gone."""

from __future__ import annotations

from tests.hosts.command import PROMPT, command, deleted, entries
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator


def test_typed_confirmation_at_a_terminal(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", looks=3)
    project = simulator.seed({"cats": ["v1", "v2"]})["cats"]
    words = command(arns=project.versions[:1])
    result = aws.terminal(*words, answers=[(PROMPT, "delete\n")])
    assert result.returncode == 0, result.screen
    assert entries(result) == deleted(project.versions[0])
    assert list(simulator.versions(project.arn)) == [project.versions[1]]
    assert "Deleted: version v1 in project cats." in result.screen
