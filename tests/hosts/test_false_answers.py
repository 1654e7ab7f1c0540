"""Answers that are not true, or not of the account that was meant: nothing false is believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hosts.command import (
    command,
    credential_process,
    delete,
    entries,
    keys,
    seed_model,
    statuses,
    until,
)
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

pytestmark = pytest.mark.hosts("v1", "v2")
DESCRIBE = "DescribeProjectVersions"


def test_an_answer_that_drips(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)
    simulator.rule(DESCRIBE, {"Drip": 1}, Skip=1, Times=None)  # it takes minutes
    limits = ("--timeout", "2", "--cli-read-timeout", "2")
    result = delete(aws, *limits, arns=[model.arn])
    assert result.returncode == 124, result.stderr
    assert [entry["Status"] for entry in entries(result)] == ["TRAINING_COMPLETED"]
    assert "Still being deleted: version v1 in project cats." in result.stderr


OTHER = "AKIAOTHERACCOUNT0000"


@pytest.fixture
def other_account(aws: Aws, simulator: Simulator) -> Path:
    """A file: while it is there, the credentials are another account's."""
    simulator.credentials(**{OTHER: "210987654321"})
    flag = aws.home / "other-account"
    credential_process(aws, f"if [ -e {flag} ]; then echo {keys(OTHER)}; else echo {keys()}; fi")
    return flag


def test_credentials_of_another_account(
    aws: Aws, simulator: Simulator, other_account: Path
) -> None:
    simulator.transition("DELETING", seconds=600)
    simulator.seed({"cats": ["v1"]}, account="210987654321")
    model = seed_model(simulator)
    running = aws.start(*command(arns=[model.arn]), "--yes")
    running.wait_for("DELETING")
    other_account.touch()
    until(lambda: sum(r["Account"] == "210987654321" for r in simulator.requests()) > 6)
    other_account.unlink()
    assert running.process.poll() is None  # all of them were no proof that it is gone
    simulator.transition("DELETING")
    result = running.finish()
    assert (result.returncode, statuses(result)) == (0, {model.arn: "DELETED"}), result.stderr
    assert "Request failed, retrying" in result.stderr
