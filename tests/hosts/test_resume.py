"""The line to type works when it is pasted, and deletes nothing that was not confirmed.

What it has of the options, however the models were chosen, is tested in
``tests/unit/test_resume.py``. Here is what depends on the host: the names of its options.
"""

from __future__ import annotations

import re
import shlex

import pytest

from tests.hosts import installs
from tests.hosts.command import delete, seed_model, statuses
from tests.hosts.shell import Aws, Result
from tests.simulator.client import Simulator

ARNS = "--project-version-arn"
V1_AND_V2 = pytest.mark.hosts("v1", "v2")


@pytest.fixture(autouse=True)
def _slow(simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)


def line(result: Result) -> str:
    """Return the line to type, which is the last one."""
    assert result.returncode == 124, result.stderr
    found = re.fullmatch(r"To [a-z ]+: (aws .*)", result.stderr.splitlines()[-1])
    assert found, result.stderr
    return found[1]


def assert_works(line: str, aws: Aws, simulator: Simulator, arn: str) -> None:
    """Wait without a question for what is being deleted."""
    simulator.transition("DELETING")
    again = aws.bash(line)
    assert (again.returncode, list(statuses(again))) == (0, [arn]), again.stderr


@pytest.mark.hosts(*installs.NAMES)
def test_only_the_models_left(aws: Aws, simulator: Simulator) -> None:
    project = simulator.seed({"cats": [{"VersionName": "prod", "Status": "RUNNING"}, "old"]})[
        "cats"
    ]
    prod, old = project.versions
    typed = line(delete(aws, "--skip-if-busy", "--timeout", "1", arns=[prod, old]))
    rest = f"{ARNS} {old} --ignore-not-found --poll-interval 0.05 {shlex.join(aws.endpoint)}"
    assert typed == f"aws rekognition delete-model-and-wait {rest}"
    assert_works(typed, aws, simulator, old)


@V1_AND_V2
@pytest.mark.parametrize(
    ("env", "option"),
    [
        ({"AWS_PROFILE": "x"}, ["--profile", "prod"]),
        ({"AWS_DEFAULT_PROFILE": "prod", "AWS_ACCESS_KEY_ID": None}, []),
    ],
)
def test_it_signs_as_the_run_did(
    env: dict[str, str | None], option: list[str], aws: Aws, simulator: Simulator
) -> None:
    with aws.config.open("a") as config:
        config.write("[profile x]\n[profile prod]\nregion = us-west-2\n")
        config.write("aws_access_key_id = PROD\naws_secret_access_key = b\n")
    arns = [seed_model(simulator).arn]
    typed = line(delete(aws, *option, "--timeout", "0.1", arns=arns, env=env))
    assert f" --poll-interval 0.05 --profile prod {shlex.join(aws.endpoint)}" in typed


@V1_AND_V2
def test_the_options_of_the_host(aws: Aws, simulator: Simulator) -> None:
    model = seed_model(simulator)
    certificates = aws.home / "it's a file.pem"
    certificates.touch()
    url = simulator.url
    given = ["--no-verify-ssl", "--ca-bundle", str(certificates), "--region", "fips-us-east-1"]
    given += ["--endpoint-url", url.replace("://", '://me:hun"ter2@'), "--no-sign-request"]
    given += ["--query", "x", "--output", "text", "--cli-read-timeout", "30", "--color", "off"]
    result = delete(aws, *given, "--timeout", "1", arns=[model.arn])
    assert "hun" not in result.stderr
    words = shlex.split(line(result))
    kept = ["--region", "fips-us-east-1", "--endpoint-url", url, "--ca-bundle", str(certificates)]
    assert words[words.index("--region") :] == [*kept, "--no-verify-ssl", "--no-sign-request"]
    assert_works(line(result), aws, simulator, model.arn)
