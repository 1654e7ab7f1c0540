"""A system's clock that is set back while the command runs, as by NTP or a resumed machine."""

from __future__ import annotations

import pytest

from tests.hosts.command import command, entries, seed_model, until, with_plugin
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

pytestmark = pytest.mark.hosts("v1", "v2")
DESCRIBE = "DescribeProjectVersions"


@pytest.mark.parametrize(
    "variables",
    [
        pytest.param({}, id="default"),
        pytest.param({"AWS_MAX_ATTEMPTS": "2"}, marks=pytest.mark.slow, id="attempts"),
    ],
)
def test_the_time_limit_holds_when_the_clock_is_set_back(
    aws: Aws, simulator: Simulator, variables: dict[str, str]
) -> None:
    simulator.transition("DELETING", looks=10**6)
    model = seed_model(simulator)
    # The first look is the one before the confirmation.
    simulator.rule(DESCRIBE, {"Error": "ThrottlingException"}, Skip=1, Times=1)
    with_plugin(aws, "clock")
    set_back = aws.home / "set-back"
    running = aws.start(
        *command("--timeout", "5", arns=[model.arn]),
        "--yes",
        env={**variables, "REKCL_CLOCK": str(set_back)},
        timeout=60,
    )
    until(lambda: any(request["Error"] for request in simulator.requests(DESCRIBE)))
    set_back.touch()
    result = running.finish()
    assert result.returncode == 124, result.stderr
    assert [entry["Status"] for entry in entries(result)] == ["DELETING"]
    assert len(simulator.requests(DESCRIBE)) > 5  # it went on looking
