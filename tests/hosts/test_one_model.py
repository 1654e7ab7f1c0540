"""The shortest way through the command, on every host: one model, typed or with --yes."""

from __future__ import annotations

import json

from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

COMMAND = ("rekognition", "delete-model-and-wait")


def test_yes_deletes_and_returns_when_the_model_is_gone(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=1)
    project = simulator.seed({"cats": ["v1", "v2"]})["cats"]
    result = aws.run(*COMMAND, "--project-version-arn", project.versions[0], "--yes")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == {
        "ProjectVersions": [{"ProjectVersionArn": project.versions[0], "Status": "DELETED"}]
    }
    assert list(simulator.versions(project.arn)) == [project.versions[1]]
    assert "Deleted: version v1 of project cats." in result.stderr


def test_typed_confirmation_at_a_terminal(aws: Aws, simulator: Simulator) -> None:
    project = simulator.seed({"cats": ["v1"]})["cats"]
    result = aws.terminal(
        *COMMAND,
        "--project-version-arn",
        project.versions[0],
        answers=[("Type .delete. to delete this model: ", "delete\n")],
    )
    assert result.returncode == 0, result.screen
    assert json.loads(result.stdout)["ProjectVersions"][0]["Status"] == "DELETED"
    assert simulator.versions(project.arn) == {}
