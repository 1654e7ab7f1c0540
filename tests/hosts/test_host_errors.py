"""What fails before the confirmation fails as it does for the host's own operations."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.hosts.command import changes, delete
from tests.hosts.faults import (
    LOOK_UP,
    LOOK_UP_LONG,
    PROJECT,
    PROJECT_LONG,
    RETRIED,
    Moment,
    both_versions,
    disturb,
    meet,
    meets,
    time_out,
)
from tests.hosts.shell import Aws, Result
from tests.simulator.client import SeededProject, Simulator

pytestmark = both_versions

ARN = "arn:aws:rekognition:us-east-1:123456789012:project/cats/version/v1/1600000000001"
NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
FAILURES: Mapping[str, tuple[Mapping[str, str | None], list[str]]] = {
    "no credentials": (NO_KEYS, []),
    "half of the credentials": ({"AWS_SECRET_ACCESS_KEY": None}, []),
    "an unknown profile": ({}, ["--profile", "nobody"]),
    "a dead endpoint": ({"AWS_MAX_ATTEMPTS": "1"}, ["--endpoint-url", "http://127.0.0.1:1"]),
    "an endpoint that is none": ({}, ["--endpoint-url", "nonsense"]),
}


def assert_fails_alike(aws: Aws, args: list[str], env: Mapping[str, str | None]) -> None:
    ours = delete(aws, *args, arns=[ARN], env=env)
    own = aws.run("rekognition", "describe-projects", *args, env=env)
    assert own.returncode != 0
    assert (ours.returncode, ours.stdout) == (own.returncode, "")
    assert ours.stderr == own.stderr


@pytest.mark.parametrize("case", FAILURES)
def test_what_fails_for_every_command_fails_alike(
    aws: Aws, simulator: Simulator, case: str
) -> None:
    env, args = FAILURES[case]
    assert_fails_alike(aws, args, env)


def test_wrong_credentials_fail_alike(aws: Aws, simulator: Simulator) -> None:
    wrong = {"Error": "UnrecognizedClientException", "Message": "The token is invalid."}
    simulator.rule("*", wrong, Times=None)
    assert_fails_alike(aws, [], {})


@meets(
    "refused",
    ("throttled", PROJECT_LONG),
    ("internal error", LOOK_UP_LONG),
    ("access denied", LOOK_UP),
)
def test_an_error_before_the_confirmation_is_the_host_s(
    aws: Aws, simulator: Simulator, kind: str, moment: Moment
) -> None:
    result, project = meet(aws, simulator, kind, moment)
    assert_nothing_changed(result, simulator, project)
    own = run_host_s_own(aws, simulator, kind, moment, project)
    assert (result.returncode, result.stderr) == (own.returncode, own.stderr)


@meets("unreadable", ("empty entry", PROJECT))
def test_an_unreadable_answer_before_the_confirmation_is_an_error(
    aws: Aws, simulator: Simulator, kind: str, moment: Moment
) -> None:
    result, project = meet(aws, simulator, kind, moment)
    assert_nothing_changed(result, simulator, project)
    assert result.returncode == 255
    assert "can't be read" in result.stderr
    # The host fails on some, and takes others for an empty answer.
    own = run_host_s_own(aws, simulator, kind, moment, project)
    assert own.returncode in (0, 255)


def assert_nothing_changed(result: Result, simulator: Simulator, project: SeededProject) -> None:
    assert result.stdout == ""
    assert len(simulator.versions(project.arn)) == len(project.versions)
    assert changes(simulator) == []


def run_host_s_own(
    aws: Aws, simulator: Simulator, kind: str, moment: Moment, project: SeededProject
) -> Result:
    """Have the host's own operation meet the fault."""
    own = {
        "DescribeProjects": ["describe-projects", "--project-names", "cats"],
        "DescribeProjectVersions": ["describe-project-versions", "--project-arn", project.arn],
    }[moment.operation]
    simulator.clear_rules()
    disturb(simulator, kind, moment)
    return aws.run("rekognition", *own, *time_out(kind), env=RETRIED)
