"""A system's clock that is set back while the command runs, as by NTP or a resumed machine."""

from __future__ import annotations

import pytest

from tests.hosts.command import command, entries, seed_model, until, with_plugin
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

DESCRIBE = "DescribeProjectVersions"


@pytest.mark.hosts("v2")
def test_the_time_limit_holds_when_the_clock_is_set_back(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)
    # The first look is the one before the confirmation.
    simulator.rule(DESCRIBE, {"Error": "ThrottlingException"}, Skip=1, Times=1)
    with_plugin(aws, "limited")
    set_back = aws.home / "set-back"
    words = command("--yes", "--timeout", "5", arns=[model.arn])
    running = aws.start(*words, env={"REKCL_SET_BACK": str(set_back)})
    until(lambda: any(request["Error"] for request in simulator.requests(DESCRIBE)))
    set_back.touch()
    result = running.finish()
    assert result.returncode == 124, result.stderr
    assert [entry["Status"] for entry in entries(result)] == ["DELETING"]
    assert len(simulator.requests(DESCRIBE)) > 5  # it went on looking
