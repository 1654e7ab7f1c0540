"""The messages of the AWS CLI that the page on troubleshooting quotes are what it prints.

Ours are compared by `tests/unit/test_pages.py`.
"""

from __future__ import annotations

import pytest

from tests.hosts.command import COMMAND, delete, seed_model
from tests.hosts.shell import Aws, Result
from tests.hosts.texts import TROUBLESHOOTING
from tests.simulator.client import Simulator

V1, V2 = pytest.mark.hosts("v1"), pytest.mark.hosts("v2")

PLUGIN = "[plugins]\nrekcl = awscli_rekcl\n"
PATH = "cli_legacy_plugin_path = "


def assert_fails(result: Result, message: str) -> None:
    """The message is on the page, where `...` stands for what differs, and is printed."""
    assert f"`{message}" in TROUBLESHOOTING.read_text()
    assert result.returncode != 0
    for part in message.split("..."):
        assert part in result.stderr


@pytest.mark.parametrize(
    ("config", "is_found", "message"),
    [
        pytest.param(PLUGIN, True, "when calling the DescribeProjects operation", marks=V1),
        pytest.param(f"output = yaml\n{PLUGIN}", True, "Unknown output type: yaml", marks=V1),
        pytest.param(PLUGIN, False, "No module named 'awscli_rekcl'", marks=V1),
        pytest.param(
            f"[plugins]\n{PATH}/home/me/.zip\n", False, "No module named '/home/me/'", marks=V1
        ),
        pytest.param("", False, "Invalid choice, valid choices are", marks=V1),
        pytest.param(f"{PLUGIN}{PATH}~/x\n", False, "No module named 'awscli_rekcl'", marks=V2),
        pytest.param(PLUGIN, False, "Found invalid choice 'delete-model-and-wait'", marks=V2),
    ],
)
def test_a_message(
    config: str, is_found: bool, message: str, aws: Aws, simulator: Simulator
) -> None:
    """It depends on the configuration and on whether the plugin is found without it."""
    aws.config.write_text(f"[default]\nregion = us-east-1\n{config}")
    if not is_found:
        aws.environment.pop("PYTHONPATH", None)
    simulator.rule("DescribeProjects", {"Error": "AccessDeniedException"})
    assert_fails(delete(aws, arns=[seed_model(simulator).arn]), message)


@V2
def test_a_build_without_help_texts(aws: Aws) -> None:
    message = "No such file or directory: '.../awscli/examples/global_synopsis.rst'"
    assert_fails(aws.run(*COMMAND, "help"), message)
