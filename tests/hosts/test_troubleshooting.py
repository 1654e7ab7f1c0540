"""The messages of the AWS CLI that the page on troubleshooting quotes are what it prints.

Ours are compared by `tests/unit/test_pages.py`.
"""

from __future__ import annotations

import shutil

import pytest

from tests.hosts.command import COMMAND, delete
from tests.hosts.installs import ROOT
from tests.hosts.shell import Aws, Result
from tests.hosts.texts import TROUBLESHOOTING
from tests.simulator.client import Simulator

pytestmark = pytest.mark.hosts("v1", "v2")

REGION = "[default]\nregion = us-east-1\n"
PLUGIN = "[plugins]\nrekcl = awscli_rekcl\n"
PATH = "cli_legacy_plugin_path = "


@pytest.fixture
def model(simulator: Simulator) -> str:
    return simulator.seed({"my-project": ["v1"]})["my-project"].versions[0]


def quoted(message: str) -> str:
    """Return a message that the page on troubleshooting quotes."""
    assert f"`{message}" in TROUBLESHOOTING.read_text(), message
    return message


def said(result: Result, message: str) -> None:
    assert result.returncode != 0
    assert quoted(message) in result.stderr


def test_describe_projects_is_denied(aws: Aws, simulator: Simulator, model: str) -> None:
    simulator.rule("DescribeProjects", {"Error": "AccessDeniedException"})
    result = delete(aws, arns=[model])
    said(result, "when calling the DescribeProjects operation")
    assert "AccessDenied" in result.stderr


@pytest.mark.hosts("v1")
def test_output_of_the_other_version(aws: Aws, model: str) -> None:
    aws.config.write_text(f"{REGION}output = yaml\n{PLUGIN}")
    said(delete(aws, arns=[model]), "Unknown output type: yaml")
    assert delete(aws, "--output", "json", arns=[model]).returncode == 0


V1, V2 = pytest.mark.hosts("v1"), pytest.mark.hosts("v2")


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (f"{PLUGIN}{PATH}gone/plugins\n", "No module named 'awscli_rekcl'"),
        pytest.param(f"{PLUGIN}{PATH}~/plugins\n", "No module named 'awscli_rekcl'", marks=V2),
        pytest.param("", "Invalid choice, valid choices are", marks=V1),
        pytest.param("", "Found invalid choice '", marks=V2),
        pytest.param(PLUGIN, "Found invalid choice 'delete-model-and-wait'", marks=V2),
    ],
)
def test_a_configuration(config: str, message: str, aws: Aws) -> None:
    aws.config.write_text(REGION + config)
    aws.environment.pop("PYTHONPATH", None)
    said(aws.run(*COMMAND), message)


@pytest.mark.hosts("v1")
def test_plugin_path_above_the_plugin_in_version_1(aws: Aws) -> None:
    aws.config.write_text(f"{REGION}{PLUGIN}{PATH}{ROOT}\n")
    assert aws.run("--version").returncode == 0
    aws.config.write_text(REGION + PLUGIN.replace("]\n", f"]\n{PATH}{ROOT}\n"))
    said(aws.run("--version"), "No module named '")
    quoted("AWS_CONFIG_FILE=/dev/null aws ...` works meanwhile")
    assert aws.run("--version", env={"AWS_CONFIG_FILE": "/dev/null"}).returncode == 0


def test_a_plugin_that_does_not_work_leaves_other_commands_alone(
    aws: Aws, simulator: Simulator
) -> None:
    package = aws.home / "broken" / "awscli_rekcl"
    package.mkdir(parents=True)
    shutil.copy(ROOT / "awscli_rekcl" / "__init__.py", package)
    path = f"cli_legacy_plugin_path = {package.parent}\n" if aws.host.major == 2 else ""
    aws.config.write_text(REGION + PLUGIN + path)
    aws.environment["PYTHONPATH"] = str(package.parent)
    said(aws.run(*COMMAND), "The plugin awscli_rekcl does not work in this AWS CLI: ")
    assert aws.run("rekognition", "describe-projects").returncode == 0


@pytest.mark.hosts("v2")
def test_a_build_without_help_texts(aws: Aws) -> None:
    message = "No such file or directory: '.../awscli/examples/global_synopsis.rst'"
    start, end = quoted(message).split("...")
    result = aws.run(*COMMAND, "help")
    assert start in result.stderr
    assert end in result.stderr
