"""What the command says to type next works when it is pasted, however it was typed before."""

from __future__ import annotations

import re

import pytest

from tests.hosts.command import IN_A_SCRIPT, changes, command, entries, seed_model
from tests.hosts.shell import Aws, Result
from tests.simulator.client import Simulator

pytestmark = pytest.mark.hosts("v1", "v2")


def pasted(result: Result) -> str:
    """Return the last line to type, as it stands there."""
    line = re.findall(r"(?:To [a-z ]+|deleted): (aws .*)", result.stderr)[-1]
    assert isinstance(line, str)
    return line


def paste(aws: Aws, result: Result, more: str = "", input: str | None = None) -> Result:
    """Type it in; the wrapper `aws` of the scripts brings the endpoint along once more."""
    return aws.bash(f"{pasted(result)} {more}", input=input)


@pytest.mark.parametrize("how", ["file:///dev/stdin", "file://<(cat)"])
def test_a_list_that_can_not_be_read_again(how: str, aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)
    value = how if how.endswith("stdin") else 'file://"$1"'
    run = f"{IN_A_SCRIPT} --yes --timeout 0.2 --project-version-arn {value}"
    script = run if value == how else f"f() {{ {run}; }}; f <(cat)"
    result = aws.bash(script, input=model.arn)
    assert result.returncode == 124, result.stderr
    assert model.arn in pasted(result)
    assert "--timeout" not in pasted(result)  # that has just passed
    again = paste(aws, result, "--timeout 0.2")
    assert again.returncode == 124, again.stderr  # it is still being deleted, and not "nothing"
    simulator.transition("DELETING")
    again = paste(aws, result)
    assert (again.returncode, entries(again)[0]["ProjectVersionArn"]) == (0, model.arn)


@pytest.mark.parametrize(
    "options",
    [
        "--query 'ProjectVersions[0].[Status,\n ProjectVersionArn]'",
        "--output text --query 'ProjectVersions[0].[Status, `it'\"'\"'s`]'",
        "--profile other --region us-east-1 --cli-read-timeout 30 --color off",
    ],
)
def test_global_options_come_along(options: str, aws: Aws, simulator: Simulator) -> None:
    with aws.config.open("a") as config:
        config.write("[profile other]\nregion = us-west-2\n")
        config.write("aws_access_key_id = a\naws_secret_access_key = b\n")
    model = seed_model(simulator, "RUNNING")
    result = aws.bash(f"{IN_A_SCRIPT} --yes {options} --project-version-arn {model.arn}")
    assert result.returncode == 255
    line = pasted(result)
    assert line.isprintable()
    again = aws.bash(line, input="delete\n")
    assert again.returncode == 0, again.stderr
    plain = aws.bash(f"printf '%s\\n' {options}")
    meant = aws.bash(f"printf '%s\\n' {line}")
    assert set(plain.stdout.split()) <= set(meant.stdout.split())


@pytest.mark.parametrize("number", [1, 11])
def test_a_file_may_hold_other_models_by_then(number: int, aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    project = simulator.seed({"cats": [f"v{n}" for n in range(number)]})["cats"]
    path = aws.home / "list"
    path.write_text("\n".join(project.versions))
    words = ["--project-version-arn", f"file://{path}", "--yes", "--timeout", "0.5"]
    line = pasted(aws.run(*command(*words)))
    assert ("--yes" in line) == (project.versions[0] in line) == (number == 1)
    assert (str(path) in line) == (number > 1)


def test_more_than_ten_by_name_are_asked_for_again(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    project = simulator.seed({"cats": [f"v{n}" for n in range(12)]})["cats"]
    choice = f"--project-arn {project.arn} --all-v"
    result = aws.bash(f"{IN_A_SCRIPT} --y --timeout 0.5 {choice}")
    assert result.returncode == 124, result.stderr
    assert "--y" not in pasted(result)
    simulator.seed({"cats": ["new"]})
    before = changes(simulator)
    again = paste(aws, result, input="")
    assert (again.returncode, again.stdout) == (1, "")
    assert changes(simulator) == before  # it asked, and nobody has confirmed


@pytest.mark.hosts("v2")  # version 1 has no aliases for the commands of a service
def test_under_an_alias(aws: Aws, simulator: Simulator) -> None:
    model = seed_model(simulator, "RUNNING")
    alias = aws.home / ".aws" / "cli" / "alias"
    alias.parent.mkdir(parents=True)
    alias.write_text(
        "[command rekognition]\n"
        "gone = delete-model-and-wait --yes --poll-interval 0.05"
        f" --project-version-arn {model.arn}\n"
    )
    result = aws.bash("aws rekognition gone")
    assert result.returncode == 255, result.stderr
    assert pasted(result).count(model.arn) == 1
    assert "--yes" not in pasted(result)
    assert paste(aws, result, input="delete\n").returncode == 0
