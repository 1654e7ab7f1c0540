"""How a run ends: document, exit status, and what was sent."""

from __future__ import annotations

import re

import pytest

from awscli_rekcl import __version__
from tests.hosts.command import (
    assert_ended_by_host,
    bad_value,
    command,
    delete,
    seed_model,
)
from tests.hosts.installs import NAMES
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

pytestmark = pytest.mark.hosts(*NAMES)
QUERY = "ProjectVersions[].[Status,ProjectVersionArn]"


@pytest.mark.hosts("v1", "v2")
def test_the_document_in_a_format_of_the_host(aws: Aws, simulator: Simulator) -> None:
    a, b = simulator.seed({"cats": ["a", "b"]})["cats"].versions
    result = delete(aws, "--output", "table", "--query", QUERY, "--color", "off", arns=[b, a])
    assert result.returncode == 0, result.stderr
    text = re.sub(r"-{3,}|[+|]", " ", result.stdout)  # without the lines of a table
    assert text.split() == ["delete-model-and-wait", "DELETED", b, "DELETED", a]


@pytest.mark.hosts("v2", "v2-debian", "v1", "v1-old")
def test_the_output_has_the_encoding_that_the_host_gives_its_own(
    aws: Aws, simulator: Simulator
) -> None:
    utf_16 = {"AWS_CLI_OUTPUT_ENCODING": "utf-16"}
    ours = command("--dry-run", "--query", "['\u00e4']", arns=[seed_model(simulator).arn])
    own = ["rekognition", "describe-projects", "--query", "['\u00e4']"]
    written = []
    for words in (ours, own):
        running = aws.start(*words, env=utf_16)
        assert running.finish().returncode == 0
        written.append(running.stdout.read_bytes())
    assert written[0] == written[1] != b""
    wrong = aws.run(*ours, "--timeout", "x", env=utf_16)
    assert_ended_by_host(wrong, bad_value(aws.host), "--timeout")


def test_every_request_says_who_sends_it(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("STOPPING", looks=1)
    model = seed_model(simulator, "RUNNING")
    result = delete(aws, "--stop-if-running", "--only-show-errors", arns=[model.arn])
    assert result.returncode == 0, result.stderr
    sent = simulator.requests()
    assert len({entry["Operation"] for entry in sent}) == 4
    for entry in sent:
        assert f"awscli-rekcl/{__version__}" in entry["UserAgent"]
        assert "aws-cli/" in entry["UserAgent"]
    assert result.stderr == ""  # cron mails what it finds
