"""The shortest way through the command, on every host: one model, typed or with --yes."""

from __future__ import annotations

from tests.hosts.command import PROMPT, command, delete, deleted, entries, seed_model
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator


def test_yes_deletes_and_returns_when_the_model_is_gone(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", looks=3)
    project = simulator.seed({"cats": ["v1", "v2"]})["cats"]
    result = delete(aws, arns=project.versions[:1])
    assert result.returncode == 0, result.stderr
    assert entries(result) == deleted(project.versions[0])
    assert list(simulator.versions(project.arn)) == [project.versions[1]]
    assert "Deleted: version v1 in project cats." in result.stderr


def test_typed_confirmation_at_a_terminal(aws: Aws, simulator: Simulator) -> None:
    model = seed_model(simulator)
    result = aws.terminal(*command(arns=[model.arn]), answers=[(PROMPT, "delete\n")])
    assert result.returncode == 0, result.screen
    assert entries(result) == deleted(model.arn)
    assert simulator.versions(model.project.arn) == {}
