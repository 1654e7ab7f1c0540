"""What fails for every command of the host ends the run as the host ends it."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from tests.hosts.command import (
    changes,
    command,
    credential_process,
    delete,
    keys,
    messages,
    seed_model,
    statuses,
)
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
def test_before_the_confirmation(
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


def test_no_credentials_from_the_wait_on(aws: Aws, simulator: Simulator) -> None:
    """From a program that is asked once for each request. It is said what was requested so far."""
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)
    broken = aws.home / "broken"
    credential_process(
        aws,
        f"echo >> {aws.home}/fetches",
        f"[ ! -e {broken} ] || {{ echo the sun has set >&2; exit 1; }}",
        f"echo {keys()}",
    )
    running = aws.start(*command(arns=[model.arn]), "--yes", "--timeout", "77")
    running.wait_for("v1: DELETING")
    broken.touch()
    result = running.finish()
    assert result.returncode == 255
    assert re.search("custom-process: .*the sun has set", result.stderr), result.stderr
    (message,) = messages(result)
    assert "the credentials failed" in message
    assert statuses(result) == {model.arn: "DELETING"}
    line = f"{model.arn} --ignore-not-found --poll-interval 0.05 --timeout 77 "
    assert re.search(f"To wait for it: .*{line}", result.stderr)
    # One more is fetched to find out that they end soon, and one fails.
    fetches = (aws.home / "fetches").read_text().count("\n")
    assert fetches == len(simulator.requests()) + 2
