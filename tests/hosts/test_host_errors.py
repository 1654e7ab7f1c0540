"""What fails before the confirmation fails as it does for the host's own operations."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.hosts.command import changes, delete
from tests.hosts.faults import both_versions
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

pytestmark = both_versions

ARN = "arn:aws:rekognition:us-east-1:123456789012:project/cats/version/v1/1600000000001"
ONE_ATTEMPT = {"AWS_MAX_ATTEMPTS": "1"}


@pytest.mark.parametrize(
    ("env", "args", "error"),
    [
        pytest.param(
            {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, [], "", id="no credentials"
        ),
        pytest.param(ONE_ATTEMPT, ["--endpoint-url", "http://127.0.0.1:1"], "", id="dead endpoint"),
        pytest.param(ONE_ATTEMPT, [], "ThrottlingException", id="throttled"),
        pytest.param({}, [], "ExpiredTokenException", id="expired token"),
    ],
)
def test_what_fails_for_every_command_fails_alike(
    aws: Aws, simulator: Simulator, env: Mapping[str, str | None], args: list[str], error: str
) -> None:
    if error:
        simulator.rule("DescribeProjects", {"Error": error}, Times=None)
    ours = delete(aws, *args, arns=[ARN], env=env)
    own = aws.run("rekognition", "describe-projects", *args, env=env)
    assert own.returncode != 0
    assert (ours.returncode, ours.stdout, ours.stderr) == (own.returncode, "", own.stderr)
    assert changes(simulator) == []


def test_a_region_that_is_none_is_told_by_the_host(aws: Aws) -> None:
    ours = delete(aws, "--project-name", "cats", "--all-versions", "--region", "us east")
    own = aws.run("rekognition", "describe-projects", "--region", "us east")
    assert "us east" in own.stderr
    assert (ours.returncode, ours.stdout, ours.stderr) == (own.returncode, "", own.stderr)
