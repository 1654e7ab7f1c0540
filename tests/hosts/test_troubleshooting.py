"""The messages of the AWS CLI that the page on troubleshooting quotes are what it prints.

Ours are compared by `tests/unit/test_troubleshooting.py`.
"""

from __future__ import annotations

import pytest

from tests.hosts.command import COMMAND, delete, seed_model
from tests.hosts.shell import Aws, Result
from tests.hosts.texts import TROUBLESHOOTING
from tests.simulator.client import Simulator

V1, V2 = pytest.mark.hosts("v1"), pytest.mark.hosts("v2")

REGION = "[default]\nregion = us-east-1\n"
PLUGIN = "[plugins]\nrekcl = awscli_rekcl\n"
PATH = "cli_legacy_plugin_path = "


def assert_fails(result: Result, message: str) -> None:
    """The message is on the page, where `...` stands for what differs, and is printed."""
    assert f"`{message}" in TROUBLESHOOTING.read_text()
    assert result.returncode != 0
    for part in message.split("..."):
        assert part in result.stderr


@V1
def test_describe_projects_is_denied(aws: Aws, simulator: Simulator) -> None:
    simulator.rule("DescribeProjects", {"Error": "AccessDeniedException"})
    result = delete(aws, arns=[seed_model(simulator).arn])
    assert_fails(result, "when calling the DescribeProjects operation")
    assert "AccessDenied" in result.stderr


@V1
def test_output_of_the_other_version(aws: Aws, simulator: Simulator) -> None:
    aws.config.write_text(f"{REGION}output = yaml\n{PLUGIN}")
    result = delete(aws, arns=[seed_model(simulator).arn])
    assert_fails(result, "Unknown output type: yaml")


@pytest.mark.parametrize(
    ("config", "message"),
    [
        pytest.param(f"{PLUGIN}{PATH}~/plugins\n", "No module named 'awscli_rekcl'", marks=V2),
        pytest.param(PLUGIN, "No module named 'awscli_rekcl'", marks=V1),
        pytest.param(f"[plugins]\n{PATH}/home/me/.zip\n", "No module named '/home/me/'", marks=V1),
        pytest.param("", "Invalid choice, valid choices are", marks=V1),
        pytest.param(PLUGIN, "Found invalid choice 'delete-model-and-wait'", marks=V2),
    ],
)
def test_a_configuration(config: str, message: str, aws: Aws) -> None:
    aws.config.write_text(REGION + config)
    aws.environment.pop("PYTHONPATH", None)
    assert_fails(aws.run(*COMMAND), message)


@V2
def test_a_build_without_help_texts(aws: Aws) -> None:
    message = "No such file or directory: '.../awscli/examples/global_synopsis.rst'"
    assert_fails(aws.run(*COMMAND, "help"), message)
