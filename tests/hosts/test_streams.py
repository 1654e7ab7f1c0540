"""Streams that are closed, full, gone or of another encoding, and what may be written to them."""

from __future__ import annotations

import json
import re
from collections.abc import Container
from typing import Any

import pytest

from tests.hosts.command import (
    IN_A_SCRIPT,
    assert_ended_by_host,
    bad_value,
    changes,
    command,
    delete,
    deleted,
    entries,
    seed_model,
    service_error,
)
from tests.hosts.shell import Aws, Result
from tests.simulator.client import Simulator

STATUS = "; echo ${PIPESTATUS[0]} >status"
BOTH, V1, V2 = (pytest.mark.hosts(*names) for names in (("v1", "v2"), ("v1",), ("v2",)))


def run(aws: Aws, arn: str, redirection: str) -> tuple[int, Result]:
    """Return the exit status of the command, not of the pipe that it is part of."""
    words = f"{IN_A_SCRIPT} --project-version-arn {arn} --yes"
    result = aws.bash(f"exec 3>&1; {{ {words} 3>&-; }} {redirection}{STATUS}")
    return int((aws.home / "status").read_text()), result


# How the shell connects the streams, and which of them still reach somebody.
@BOTH
@pytest.mark.parametrize(
    ("redirection", "heard"),
    [
        (">&-", "stderr"),
        ("2>&-", "stdout"),
        (">&- 2>&-", ""),
        ("</dev/null >/dev/full", "stderr"),
        ("2>/dev/full", "stdout"),
        (">/dev/full 2>&1", ""),
        ("| head -0", "stderr"),
        ("2>&1 >&3 | head -0", "stdout"),
        ("2>&1 | head -0", ""),
    ],
)
def test_a_stream_that_is_gone_stops_nothing(
    aws: Aws, simulator: Simulator, redirection: str, heard: str
) -> None:
    simulator.transition("DELETING", looks=3)
    model = seed_model(simulator)
    status, result = run(aws, model.arn, redirection)
    assert status == 0, result
    assert simulator.versions(model.project.arn) == {}
    if heard == "stdout":
        assert entries(result) == deleted(model.arn)  # and nothing else
    else:
        assert result.stdout == ""
    assert ("Deleted: version v1" in result.stderr) == (heard == "stderr")
    assert "Traceback" not in result.stderr
    assert "Exception ignored" not in result.stderr


@BOTH
@pytest.mark.parametrize(
    "redirection",
    [">&-", "2>&-", "| head -0", ">/dev/full 2>&1"],
)
def test_a_stream_that_is_gone_hides_no_failed_deletion(
    aws: Aws, simulator: Simulator, redirection: str
) -> None:
    simulator.transition("DELETING", looks=3)
    failure = {"To": "TRAINING_COMPLETED", "StatusMessage": "no"}
    model = seed_model(simulator, FailDeletion=failure)
    returncode, result = run(aws, model.arn, redirection)
    assert returncode == 255, result
    if redirection == "2>&-":
        assert entries(result)[0]["Status"] == "TRAINING_COMPLETED"
    else:
        assert result.stdout == ""
    assert len(changes(simulator)) == 1


@BOTH
@pytest.mark.parametrize(
    ("redirection", "returncodes"),
    [
        ("| head -0", [255]),
        # The host itself fails to show the error: 1 or 120, by host.
        ("2>&-", range(1, 256)),
        (">/dev/full 2>&1", range(1, 256)),
    ],
)
def test_a_stream_that_is_gone_hides_no_refusal(
    aws: Aws, simulator: Simulator, redirection: str, returncodes: Container[int]
) -> None:
    model = seed_model(simulator, "RUNNING")
    returncode, result = run(aws, model.arn, redirection)
    assert returncode in returncodes, result
    assert result.stdout == ""
    assert changes(simulator) == []


NASTY = "größer 你好 \x1b[31m\x1b]0;title\x07\x9b2J\u202e\r\b"
SHOWN = ["\\x1b[31m", "\\x07", "\\x9b2J", "\\u202e", "\\r", "\\x08"]


def assert_harmless(text: str) -> None:
    """Nothing that a terminal would execute, but for the ends of lines."""
    assert re.findall(r"[^\n\t\x20-\x7e\xa0-\u2029\u202f-\U0010ffff]", text) == []


@BOTH
@pytest.mark.parametrize(
    ("env", "output"),
    [
        ({"LC_ALL": "C"}, "json"),
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "text"),
        ({"PYTHONIOENCODING": "latin-1"}, "json"),
        ({"PYTHONIOENCODING": "ascii"}, "text"),
    ],
)
def test_what_the_service_says_is_printed_but_not_executed(
    aws: Aws, simulator: Simulator, env: dict[str, str], output: str
) -> None:
    simulator.transition("DELETING", looks=3)
    failure = {"To": "TRAINING_FAILED", "StatusMessage": NASTY}
    denied = {"Error": "AccessDeniedException", "Message": NASTY}
    versions: list[Any] = [{"VersionName": "a", "FailDeletion": failure}, "b"]
    arns = simulator.seed({"cats": versions})["cats"].versions
    simulator.rule("DeleteProjectVersion", denied, ProjectVersionArn=arns[1])
    result = delete(aws, "--output", output, arns=arns, env=env)
    assert result.returncode == 255, result.stderr
    stdout = result.stdout
    if output == "json":
        stdout = "".join(entry["StatusMessage"] for entry in entries(result))
    if "PYTHONIOENCODING" not in env and "PYTHONUTF8" not in env:
        assert "größer 你好" in stdout
    for text in (stdout, result.stderr):
        assert_harmless(text)
        for word in SHOWN:
            assert text.count(word) >= 2
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param("DescribeProjects", marks=V1),
        pytest.param("DescribeProjectVersions", marks=V2),
    ],
)
def test_an_error_of_the_service_is_not_executed(
    aws: Aws, simulator: Simulator, operation: str
) -> None:
    model = seed_model(simulator)
    simulator.rule(operation, {"Error": "AccessDeniedException", "Message": NASTY})
    result = delete(aws, arns=[model.arn])
    assert_ended_by_host(result, service_error(aws.host), operation, *SHOWN)
    assert_harmless(result.stderr)


ESC = "\x1b[31m"
ARN = "arn:aws:rekognition:us-east-1:123456789012:project/cats/version/v1/1600000000001"


@V1
@pytest.mark.parametrize(
    "args",
    [
        ["--project-version-arn", ARN + ESC],
        ["--project-version-arn", ARN, "--region", f"eu{ESC}"],
    ],
)
def test_what_was_typed_is_not_executed(aws: Aws, simulator: Simulator, args: list[str]) -> None:
    result = delete(aws, *args)
    assert result.returncode in (bad_value(aws.host), 255)
    assert_harmless(result.stderr)
    assert simulator.requests() == []


@BOTH
def test_a_query_is_not_executed(aws: Aws, simulator: Simulator) -> None:
    model = seed_model(simulator)
    query = f"ProjectVersions[].['{ESC}', nothing(@)]"
    result = aws.run(*command("--query", query, arns=[model.arn]), input="")
    assert_harmless(result.stderr)
    missing = model.arn + "0"  # the message repeats the command
    result = aws.run(*command("--query", f"'{ESC}'", arns=[missing]), input="")
    assert result.returncode != 0
    assert_harmless(result.stderr)
    assert r"$'\'\033[31m\''" in result.stderr


@BOTH
@pytest.mark.parametrize("debug", [True, pytest.param(False, marks=V2)])
def test_no_secret_is_printed(aws: Aws, simulator: Simulator, debug: bool) -> None:
    simulator.transition("DELETING", looks=3)
    failure = {"To": "FAILED", "StatusMessage": "no"}
    model = seed_model(simulator, FailDeletion=failure)
    env = {"AWS_SECRET_ACCESS_KEY": "SeCrEtKeY", "AWS_SESSION_TOKEN": "SeSsIoNtOkEn"}
    result = delete(aws, *(["--debug"] if debug else []), arns=[model.arn], env=env)
    assert result.returncode == 255
    text = result.stdout + result.stderr
    assert "SeCrEtKeY" not in text
    # With --debug the host itself prints the headers of its requests, the token included.
    lines = [line for line in text.splitlines() if "SeSsIoNtOkEn" in line]
    assert all("oken:SeSsIoNtOkEn" in line or "headers" in line for line in lines)
    assert not any("rekcl" in line and "headers" not in line for line in lines)
    assert debug or not lines
    assert json.loads(result.stdout)
