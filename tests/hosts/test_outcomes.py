"""What a run prints in the format and the encoding of the host, and who it says that it is."""

from __future__ import annotations

import re

import pytest

from awscli_rekcl import __version__
from tests.hosts.command import (
    assert_ended_by_host,
    bad_value,
    command,
    delete,
    deleted,
    entries,
    seed_model,
)
from tests.hosts.installs import NAMES
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

QUERY = "ProjectVersions[].[Status,ProjectVersionArn]"


@pytest.mark.hosts("v1", "v2")
def test_the_document_in_a_format_of_the_host(aws: Aws, simulator: Simulator) -> None:
    a, b = simulator.seed({"cats": ["a", "b"]})["cats"].versions
    result = delete(aws, "--output", "table", "--query", QUERY, "--color", "off", arns=[b, a])
    assert result.returncode == 0, result.stderr
    text = re.sub(r"-{3,}|[+|]", " ", result.stdout)  # without the lines of a table
    assert text.split() == ["delete-model-and-wait", "DELETED", b, "DELETED", a]


@pytest.mark.hosts("v2", "v2-debian")
def test_the_output_has_the_encoding_that_the_host_gives_its_own(
    aws: Aws, simulator: Simulator
) -> None:
    utf_16 = {"AWS_CLI_OUTPUT_ENCODING": "utf-16"}
    query = ("--query", "['\u00e4']")
    ours = command("--dry-run", *query, arns=[seed_model(simulator).arn])
    written = []
    for arguments in (ours, ["rekognition", "describe-projects", *query]):
        running = aws.start(*arguments, env=utf_16)
        assert running.finish().returncode == 0
        written.append(running.stdout.read_bytes())
    assert written[0] == written[1] != b""
    wrong = aws.run(*ours, "--timeout", "x", env=utf_16)
    assert_ended_by_host(wrong, bad_value(aws.host), "--timeout")


# Whether DescribeProjects knows `Features`, without which it lists no adapters, differs by host.
@pytest.mark.hosts(*NAMES)
def test_every_request_says_who_sends_it_for_an_adapter_too(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("STOPPING", looks=1)
    running = {"VersionName": "a", "Status": "RUNNING"}
    project = simulator.seed({"spam": [running]}, feature="CONTENT_MODERATION")["spam"]
    options = ("--project-name", "spam", "--all-versions", "--stop-if-running")
    result = delete(aws, *options, "--only-show-errors")
    assert (result.returncode, result.stderr) == (0, "")  # cron mails what it finds
    assert entries(result) == deleted(*project.versions)
    assert simulator.versions(project.arn) == {}
    sent = simulator.requests()
    assert len({entry["Operation"] for entry in sent}) == 4
    for entry in sent:
        assert f"awscli-rekcl/{__version__}" in entry["UserAgent"]
        assert "aws-cli/" in entry["UserAgent"]
