"""The line to type works when it is pasted, and deletes nothing that was not confirmed."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.hosts import installs
from tests.hosts.command import (
    IN_A_SCRIPT,
    changes,
    delete,
    seed_model,
    statuses,
)
from tests.hosts.shell import Aws, Result
from tests.simulator.client import Simulator

pytestmark = pytest.mark.hosts("v1", "v2")
ARNS = "--project-version-arn"


@pytest.fixture(autouse=True)
def _slow(simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)


def line(result: Result) -> str:
    """Return the line to type, which is the last one."""
    found = re.fullmatch(r"To [a-z ]+: (aws .*)", result.stderr.splitlines()[-1])
    assert found, result.stderr
    return found[1]


def arguments(aws: Aws, result: Result) -> str:
    """Return what the line has between the command and the endpoint."""
    found = re.fullmatch(
        f"aws rekognition delete-model-and-wait (.*) {shlex.join(aws.endpoint)}", line(result)
    )
    assert found, result.stderr
    return found[1]


@pytest.mark.hosts(*installs.NAMES)
def test_only_the_models_left_and_a_question(aws: Aws, simulator: Simulator) -> None:
    prod, old = simulator.seed({"cats": [{"VersionName": "prod", "Status": "RUNNING"}, "old"]})[
        "cats"
    ].versions
    result = delete(aws, "--skip-if-busy", "--timeout", "2", arns=[prod, old])
    assert result.returncode == 124
    assert arguments(aws, result) == f"{ARNS} {old} --ignore-not-found --poll-interval 0.05"
    # It waits without a question for what is being deleted, and asks about anything else.
    simulator.transition("DELETING")
    again = aws.bash(line(result))
    assert (again.returncode, list(statuses(again))) == (0, [old])
    before = changes(simulator)
    again = aws.bash(line(result).replace(old, prod) + " --stop-if-running")
    assert (again.returncode, again.stdout) == (1, "")
    assert changes(simulator) == before


def test_however_the_models_were_chosen(aws: Aws, simulator: Simulator) -> None:
    names = [f"v{n}" for n in range(11)]
    project = simulator.seed({"cats": names})["cats"]
    (aws.home / "models.txt").write_text("\n".join(project.versions))
    typed, newest = " ".join(project.versions), " ".join(project.versions[::-1])
    owner = f" --project-arn {project.arn}"
    for chosen, ours in {
        f"{ARNS} file:///dev/stdin < models.txt": f"{typed} --ignore-not-found",
        f"--project-name cats --version-names {' '.join(names)}": f"{typed} --ignore-not-found",
        f"{owner} --all-v": f"{newest} --ignore-not-found{owner}",
    }.items():
        result = aws.bash(f"{IN_A_SCRIPT} --y --output text --no-progress --timeout 1 {chosen}")
        assert result.returncode == 124
        assert arguments(aws, result) == f"{ARNS} {ours} --poll-interval 0.05"


@pytest.mark.parametrize(
    ("env", "option", "words"),
    [
        ({"AWS_PROFILE": "x"}, ["--profile", "prod"], " --profile prod"),
        ({"AWS_DEFAULT_PROFILE": "prod", "AWS_ACCESS_KEY_ID": None}, [], " --profile prod"),
    ],
)
def test_it_signs_as_the_run_did(
    env: dict[str, str | None],
    option: list[str],
    words: str,
    aws: Aws,
    simulator: Simulator,
) -> None:
    with aws.config.open("a") as config:
        config.write("[profile x]\n[profile prod]\nregion = us-west-2\n")
        config.write("aws_access_key_id = PROD\naws_secret_access_key = b\n")
    model = seed_model(simulator)
    result = delete(aws, *option, "--timeout", "1", arns=[model.arn], env=env)
    assert result.returncode == 124, result.stderr
    assert arguments(aws, result).endswith(f" --poll-interval 0.05{words}")


def test_the_options_of_the_host(aws: Aws, simulator: Simulator) -> None:
    model = seed_model(simulator)
    certificates = aws.home / "it's a file.pem"
    certificates.touch()
    url = simulator.url
    given = ["--no-verify-ssl", "--ca-bundle", str(certificates), "--region", "fips-us-east-1"]
    given += ["--endpoint-url", url.replace("://", '://me:hun"ter2@')]
    more = ["--query", "x", "--output", "text", "--cli-read-timeout", "30", "--color", "off"]
    result = delete(aws, *given, *more, "--timeout", "1", arns=[model.arn])
    assert result.returncode == 124, result.stderr
    assert "hun" not in result.stderr
    words = shlex.split(line(result))
    kept = ["--region", "fips-us-east-1", "--endpoint-url", url, "--ca-bundle", str(certificates)]
    assert words[words.index("--region") :] == [*kept, "--no-verify-ssl"]
    simulator.transition("DELETING")
    again = aws.bash(line(result))
    assert (again.returncode, list(statuses(again))) == (0, [model.arn])
    simulator.transition("DELETING", seconds=600)
    aws.environment.pop("AWS_ACCESS_KEY_ID")
    result = delete(aws, "--no-sign-request", "--timeout", "1", arns=[seed_model(simulator).arn])
    assert line(result).endswith(" --no-sign-request")


@pytest.mark.hosts("v2")  # version 1 has no aliases for the commands of a service
def test_under_an_alias(aws: Aws, simulator: Simulator) -> None:
    model = seed_model(simulator)
    alias = aws.home / ".aws" / "cli" / "alias"
    alias.parent.mkdir(parents=True)
    alias.write_text(
        "[command rekognition]\n"
        f"gone = delete-model-and-wait --yes --timeout 0.5 {ARNS} {model.arn}\n"
    )
    result = aws.bash("aws rekognition gone")
    assert result.returncode == 124
    assert arguments(aws, result) == f"{ARNS} {model.arn} --ignore-not-found"
