"""What fails before the confirmation fails as it does for the host's own operations."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.hosts.command import changes, delete
from tests.hosts.faults import both_versions
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

pytestmark = both_versions

NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
NOBODY = ["--endpoint-url", "http://127.0.0.1:1"]


@pytest.mark.parametrize(
    ("env", "args", "error", "word"),
    [
        pytest.param(NO_KEYS, [], "", "credentials", id="no credentials"),
        pytest.param({"AWS_MAX_ATTEMPTS": "1"}, NOBODY, "", "127.0.0.1:1", id="dead endpoint"),
        pytest.param({}, [], "ExpiredTokenException", "ExpiredToken", id="expired token"),
        pytest.param({}, ["--region", "us east"], "", "us east", id="a region that is none"),
    ],
)
def test_what_fails_for_every_command_fails_alike(
    aws: Aws,
    simulator: Simulator,
    env: Mapping[str, str | None],
    args: list[str],
    error: str,
    word: str,
) -> None:
    if error:
        simulator.rule("DescribeProjects", {"Error": error}, Times=None)
    ours = delete(aws, "--project-name", "cats", "--all-versions", *args, env=env)
    own = aws.run("rekognition", "describe-projects", *args, env=env)
    assert own.returncode != 0
    assert word in own.stderr
    assert (ours.returncode, ours.stdout, ours.stderr) == (own.returncode, "", own.stderr)
    assert changes(simulator) == []
