"""Credentials that fail: the run ends as the host ends it, and says what was requested so far."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.hosts.command import (
    assert_true,
    command,
    credential_process,
    keys,
    messages,
    service_error,
    statuses,
)
from tests.hosts.faults import FAULTS, FIRST_DELETE, WAIT, Cell, both_versions, meet, meets
from tests.hosts.shell import Aws
from tests.simulator.client import SeededProject, Simulator

pytestmark = both_versions


@meets("credentials", [("expired token", WAIT)], [("wrong clock", FIRST_DELETE)])
def test_an_expired_token_or_a_wrong_clock_ends_the_run(
    aws: Aws, simulator: Simulator, cells: Sequence[Cell]
) -> None:
    result, project = meet(aws, simulator, cells)
    code = FAULTS[cells[0][0]].effect["Error"]
    assert code in result.stderr
    assert [entry["Error"] for entry in simulator.requests()].count(code) == 1
    assert result.returncode == service_error(aws.host)
    assert "DELETED" not in statuses(result).values()
    assert all("the credentials failed" in message for message in messages(result))
    assert_true(result, simulator, project.arn)


class Source(NamedTuple):
    """A ``credential_process`` that is asked before every request."""

    project: SeededProject
    words: list[str]
    broken: Path
    """Once this file exists, there are no more credentials."""


@pytest.fixture
def source(aws: Aws, simulator: Simulator) -> Source:
    simulator.transition("DELETING", looks=10**6)
    project = simulator.seed({"cats": ["a"]})["cats"]
    broken = aws.home / "broken"
    credential_process(
        aws,
        f"echo >> {aws.home}/fetches",
        f"[ ! -e {broken} ] || {{ echo the sun has set >&2; exit 1; }}",
        f"echo {keys()}",
    )
    return Source(project, command(arns=project.versions), broken)


def test_no_credentials_before_the_first_request(
    aws: Aws, simulator: Simulator, source: Source
) -> None:
    source.broken.touch()
    result = aws.run(*source.words, "--yes")
    assert simulator.requests() == []
    own = aws.run("rekognition", "describe-projects")
    assert (result.returncode, result.stdout) == (own.returncode, "") == (255, "")
    assert own.stderr.strip() in result.stderr


def test_no_credentials_from_the_wait_on(aws: Aws, simulator: Simulator, source: Source) -> None:
    running = aws.start(*source.words, "--yes")
    running.wait_for("a: DELETING")
    source.broken.touch()
    result = running.finish()
    # As the host's own operations end without credentials.
    assert result.returncode == 255
    assert re.search("custom-process: .*the sun has set", result.stderr), result.stderr
    (message,) = messages(result)
    assert "the credentials failed" in message
    assert statuses(result) == {source.project.versions[0]: "DELETING"}


def test_each_request_fetches_once(aws: Aws, simulator: Simulator, source: Source) -> None:
    simulator.transition("DELETING", looks=2)
    assert aws.run(*source.words, "--yes").returncode == 0
    # One more is fetched to find out that they end soon.
    fetches = (aws.home / "fetches").read_text().count("\n")
    assert fetches == len(simulator.requests()) + 1
