"""What fails before the confirmation fails as it does for the host's own operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from tests.hosts.command import changes, delete
from tests.hosts.faults import (
    LOOK_UP_LONG,
    PROJECT,
    RETRIED,
    Cell,
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


@pytest.mark.parametrize(
    ("env", "args"),
    [
        pytest.param(NO_KEYS, [], id="no credentials"),
        pytest.param({"AWS_SECRET_ACCESS_KEY": None}, [], id="half", marks=pytest.mark.slow),
        pytest.param({}, ["--profile", "nobody"], id="unknown profile", marks=pytest.mark.slow),
        pytest.param(
            {"AWS_MAX_ATTEMPTS": "1"},
            ["--endpoint-url", "http://127.0.0.1:1"],
            id="dead endpoint",
        ),
        pytest.param({}, ["--endpoint-url", "nonsense"], id="no URL", marks=pytest.mark.slow),
    ],
)
def test_what_fails_for_every_command_fails_alike(
    aws: Aws, simulator: Simulator, env: Mapping[str, str | None], args: list[str]
) -> None:
    ours = delete(aws, *args, arns=[ARN], env=env)
    own = aws.run("rekognition", "describe-projects", *args, env=env)
    assert own.returncode != 0
    assert (ours.returncode, ours.stdout, ours.stderr) == (own.returncode, "", own.stderr)


def test_a_region_that_is_none_is_told_by_the_host(aws: Aws) -> None:
    ours = delete(aws, "--project-name", "cats", "--all-versions", "--region", "us east")
    own = aws.run("rekognition", "describe-projects", "--region", "us east")
    assert "us east" in own.stderr
    assert (ours.returncode, ours.stdout, ours.stderr) == (own.returncode, "", own.stderr)


@meets("refused", [("throttled", LOOK_UP_LONG)], [("expired token", PROJECT)])
def test_an_error_before_the_confirmation_is_the_host_s(
    aws: Aws, simulator: Simulator, cells: Sequence[Cell]
) -> None:
    result, project = meet(aws, simulator, cells)
    assert_nothing_changed(result, simulator, project)
    # Have the host's own operation meet the fault.
    [(kind, moment)] = cells
    own = {
        "DescribeProjects": ["describe-projects", "--project-names", "cats"],
        "DescribeProjectVersions": ["describe-project-versions", "--project-arn", project.arn],
    }[moment.operation]
    simulator.clear_rules()
    disturb(simulator, kind, moment)
    host_s = aws.run("rekognition", *own, *time_out(*cells), env=RETRIED)
    # Beside the host's own words only what makes the permission unnecessary.
    hint = ". With --project-arn this permission is not needed."
    assert (hint in result.stderr) == (
        kind == "access denied" and moment.operation == "DescribeProjects"
    )
    said = result.stderr.replace(hint, "")
    assert (result.returncode, said) == (host_s.returncode, host_s.stderr)


@meets("unreadable", [("empty entry", PROJECT)])
def test_an_unreadable_answer_before_the_confirmation_is_an_error(
    aws: Aws, simulator: Simulator, cells: Sequence[Cell]
) -> None:
    result, project = meet(aws, simulator, cells)
    assert_nothing_changed(result, simulator, project)
    assert result.returncode == 255
    assert "can't be read" in result.stderr


def assert_nothing_changed(result: Result, simulator: Simulator, project: SeededProject) -> None:
    assert result.stdout == ""
    assert len(simulator.versions(project.arn)) == len(project.versions)
    assert changes(simulator) == []
