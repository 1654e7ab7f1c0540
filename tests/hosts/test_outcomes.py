"""How a run ends: document, exit status, and what was sent."""

from __future__ import annotations

import re

import pytest

from awscli_rekcl import __version__
from tests.hosts.command import (
    asked_to_delete,
    assert_ended_by_host,
    bad_value,
    changes,
    command,
    delete,
    deleted,
    entries,
    seed_model,
    with_plugin,
)
from tests.hosts.installs import NAMES
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator, Version

pytestmark = pytest.mark.hosts(*NAMES)
QUERY = "ProjectVersions[].[Status,ProjectVersionArn]"


@pytest.mark.hosts("v1", "v2")
@pytest.mark.parametrize(
    ("options", "written"),
    [
        (
            ["--output", "table", "--query", QUERY, "--color", "off"],
            "delete-model-and-wait DELETED B DELETED A",
        ),
        pytest.param(
            ["--output", "text"],
            "PROJECTVERSIONS DELETED B DELETED PROJECTVERSIONS DELETED A DELETED",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            ["--output", "yaml"],
            "ProjectVersions: - Outcome: DELETED ProjectVersionArn: B Status: DELETED"
            " - Outcome: DELETED ProjectVersionArn: A Status: DELETED",
            marks=[pytest.mark.slow, pytest.mark.hosts("v2")],
        ),
    ],
)
def test_the_document_in_the_host_s_formats(
    aws: Aws, simulator: Simulator, options: list[str], written: str
) -> None:
    a, b = simulator.seed({"cats": ["a", "b"]})["cats"].versions
    result = delete(aws, *options, arns=[b, a])
    assert result.returncode == 0, result.stderr
    text = re.sub(r"-{3,}|[+|]", " ", result.stdout)  # without the lines of a table
    assert " ".join(text.replace(a, "A").replace(b, "B").split()) == written


@pytest.mark.hosts("v2", "v2-debian", "v1", "v1-old")
@pytest.mark.parametrize("encoding", ["utf-16", pytest.param("latin-1", marks=pytest.mark.slow)])
def test_the_output_has_the_encoding_that_the_host_gives_its_own(
    encoding: str, aws: Aws, simulator: Simulator
) -> None:
    ours = command("--dry-run", "--query", "['\u00e4']", arns=[seed_model(simulator).arn])
    own = ["rekognition", "describe-projects", "--query", "['\u00e4']"]
    written = []
    for words in (ours, own):
        running = aws.start(*words, env={"AWS_CLI_OUTPUT_ENCODING": encoding})
        assert running.finish().returncode == 0
        written.append(running.stdout.read_bytes())
    assert written[0] == written[1] != b""
    wrong = aws.run(*ours, "--timeout", "x", env={"AWS_CLI_OUTPUT_ENCODING": encoding})
    assert_ended_by_host(wrong, bad_value(aws.host), "--timeout")


@pytest.mark.hosts("v1", "v2")
def test_a_timeout_and_the_way_to_resume(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)
    result = delete(aws, "--timeout", "1.5", arns=[model.arn])
    assert result.returncode == 124, result.stderr
    (entry,) = entries(result)
    assert (entry["ProjectVersionArn"], entry["Status"]) == (model.arn, "DELETING")
    assert "--timeout" in entry["StatusMessage"]
    assert "AWS continues" in entry["StatusMessage"]
    assert "--ignore-not-found" in result.stderr
    assert changes(simulator) == asked_to_delete(model.arn)

    looks = len(simulator.requests("DescribeProjectVersions"))
    simulator.transition("DELETING", looks=looks + 2)
    result = aws.run(*command("--ignore-not-found", arns=[model.arn]))  # nothing to confirm
    assert result.returncode == 0, result.stderr
    assert entries(result) == deleted(model.arn)
    assert changes(simulator) == asked_to_delete(model.arn)
    result = aws.run(*command("--ignore-not-found", arns=[model.arn]))
    assert (result.returncode, entries(result)[0]["Status"]) == (0, "NOT_FOUND")


@pytest.mark.hosts("v1", "v2")
def test_one_failure_among_others(aws: Aws, simulator: Simulator) -> None:
    with_plugin(aws, "lag")
    simulator.transition("DELETING", looks=2)
    failure = {"To": "TRAINING_COMPLETED", "StatusMessage": "the moon was full"}
    versions: list[Version] = ["a", {"VersionName": "b", "FailDeletion": failure}, "c", "d"]
    project = simulator.seed({"cats": versions})["cats"]
    a, b, c, d = project.versions
    denied = {"Error": "AccessDeniedException", "Message": "not with these permissions"}
    simulator.rule("DeleteProjectVersion", denied, ProjectVersionArn=c)
    result = delete(aws, arns=[a, b, c, d])
    assert result.returncode == 255, result.stderr
    found = entries(result)
    assert [entry["Status"] for entry in found] == [
        "DELETED",
        "TRAINING_COMPLETED",
        "TRAINING_COMPLETED",
        "DELETED",
    ]
    assert [entry["ProjectVersionArn"] for entry in found] == [a, b, c, d]
    assert [entry.get("StatusMessage") is None for entry in found] == [True, False, False, True]
    for text in (result.stdout, result.stderr):
        assert failure["StatusMessage"] in text
        assert denied["Message"] in text
    assert list(simulator.versions(project.arn)) == [c, b]
    assert changes(simulator) == asked_to_delete(a, b, c, d)  # and not once more


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
