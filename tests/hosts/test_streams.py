"""Streams that are closed, full, gone or of another encoding, and what may be written to them."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.hosts.command import (
    IN_A_SCRIPT,
    asked_to_delete,
    bad_usage,
    changes,
    command,
    delete,
    deleted,
    entries,
    seed_model,
    service_error,
    until,
    with_plugin,
)
from tests.hosts.installs import Host
from tests.hosts.shell import Aws, Result
from tests.simulator.client import Simulator

STATUS = "; echo ${PIPESTATUS[0]} >status"
pytestmark = pytest.mark.hosts("v1", "v2")


def run(aws: Aws, arn: str, redirection: str) -> tuple[int, Result]:
    """Return the exit status of the command, not of the pipe that it is part of."""
    words = f"{IN_A_SCRIPT} --project-version-arn {arn} --yes"
    result = aws.bash(f"exec 3>&1; {{ {words} 3>&-; }} {redirection}{STATUS}")
    return int((aws.home / "status").read_text()), result


# How the shell connects the streams, which of them still reach somebody, and whether the deletion
# fails.
@pytest.mark.parametrize(
    ("redirection", "heard", "fails"),
    [
        (">&-", "stderr", False),
        ("2>&-", "stdout", True),
        (">/dev/full 2>&1", "", False),
        ("| head -0", "stderr", True),
    ],
)
def test_a_stream_that_is_gone_stops_nothing_and_hides_nothing(
    aws: Aws, simulator: Simulator, redirection: str, heard: str, fails: bool
) -> None:
    simulator.transition("DELETING", looks=3)
    failure = {"To": "TRAINING_COMPLETED", "StatusMessage": "no"}
    fate = {"FailDeletion": failure} if fails else {}
    with_plugin(aws, "lag")
    model = seed_model(simulator, status="TRAINING_COMPLETED", **fate)
    status, result = run(aws, model.arn, redirection)
    assert status == (255 if fails else 0), result
    assert list(simulator.versions(model.project.arn)) == ([model.arn] if fails else [])
    if heard == "stdout":
        (entry,) = entries(result)  # and nothing else
        assert entry["Outcome"] == ("FAILED" if fails else "DELETED")
    else:
        assert result.stdout == ""
    outcome = "Not deleted" if fails else "Deleted"
    assert (f"{outcome}: version v1" in result.stderr) == (heard == "stderr")
    assert "Traceback" not in result.stderr
    assert "Exception ignored" not in result.stderr
    assert len(changes(simulator)) == 1


def refused(host: Host) -> int:
    return 255


# How it fails and which stream is gone have nothing to do with each other: each is met once.
@pytest.mark.parametrize(
    ("words", "returncode", "redirection"),
    [
        ("", refused, "| head -0"),
        ("--version-names v1", bad_usage, ">/dev/full 2>&1"),
        ("--project-version-arn missing", service_error, "2>&-"),
    ],
)
def test_a_stream_that_is_gone_hides_no_error(
    aws: Aws,
    simulator: Simulator,
    words: str,
    returncode: Callable[[Host], int],
    redirection: str,
) -> None:
    model = seed_model(simulator, "RUNNING")
    words = words.replace("missing", model.arn.replace("/v1/", "/v2/"))
    status, result = run(aws, f"{model.arn} {words}", redirection)
    assert (status, result.stdout) == (returncode(aws.host), ""), result
    assert changes(simulator) == []


class Stalled:
    """A pipe, or a terminal, that takes no more, because nobody reads it."""

    def __init__(self, kind: str) -> None:
        self.reader, self.writer = os.pipe() if kind == "pipe" else pty.openpty()
        os.set_blocking(self.writer, False)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(self.writer, b"." * 1000)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(self.writer, b".")
        os.set_blocking(self.writer, True)

    def close_writer(self) -> None:
        if self.writer >= 0:
            os.close(self.writer)
            self.writer = -1


@pytest.fixture
def stalled(request: pytest.FixtureRequest) -> Iterator[Stalled]:
    stalled = Stalled(getattr(request, "param", "pipe"))
    yield stalled
    stalled.close_writer()
    with contextlib.suppress(OSError):
        os.close(stalled.reader)


@pytest.mark.parametrize(
    ("stalled", "signum"), [("pipe", 0), ("pty", signal.SIGINT)], indirect=["stalled"]
)
def test_who_does_not_read_standard_error_holds_up_nothing(
    aws: Aws, simulator: Simulator, stalled: Stalled, signum: int
) -> None:
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)
    words = command("--yes", "--timeout", "0" if signum else "1", arns=[model.arn])
    running = aws.start(*words, stderr=stalled.writer)
    if signum:
        until(lambda: len(simulator.requests("DescribeProjectVersions")) >= 3)
        running.process.send_signal(signum)
    result = running.finish()
    assert result.returncode == (-signum or 124)
    assert [entry["Status"] for entry in entries(result)] == ["DELETING"]


# The thread for standard error, and the one for standard output.
@pytest.mark.parametrize("left", [0, 1])
def test_where_no_thread_can_be_had_everything_is_written(
    aws: Aws, simulator: Simulator, left: int
) -> None:
    model = seed_model(simulator)
    with_plugin(aws, "limited")
    result = delete(aws, arns=[model.arn], env={"REKCL_THREADS": str(left)})
    assert (result.returncode, entries(result)) == (0, deleted(model.arn)), result.stderr
    assert result.stderr.endswith("Deleted: version v1 in project cats.\n")


@pytest.mark.parametrize(("then", "is_drawn"), [("wait", False), ("fg", True)])
def test_only_who_owns_the_terminal_draws(
    aws: Aws, simulator: Simulator, then: str, is_drawn: bool
) -> None:
    simulator.transition("DELETING", looks=3)
    words = f"{IN_A_SCRIPT} --yes --project-version-arn {seed_model(simulator).arn}"
    result = aws.bash(f"set -m; {words} & {then}", terminal=True)
    assert "Deleted: version v1" in result.screen
    assert ("\x1b[K" in result.screen) is is_drawn


def test_a_signal_ends_a_question_that_nobody_sees(
    aws: Aws, simulator: Simulator, stalled: Stalled
) -> None:
    model = seed_model(simulator)
    running = aws.start(*command(arns=[model.arn]), stderr=stalled.writer)
    until(lambda: simulator.requests("DescribeProjectVersions"))
    with pytest.raises(subprocess.TimeoutExpired):
        running.process.wait(1)  # for whoever is to confirm it
    running.process.send_signal(signal.SIGTERM)
    result = running.finish()
    assert (result.returncode, result.stdout) == (-signal.SIGTERM, "")
    assert changes(simulator) == []


NASTY = "größer 你好 \x1b[31m\x1b]0;title\x07\x9b2J\u202e\r\b"
SHOWN = ["\\x1b[31m", "\\x07", "\\x9b2J", "\\u202e", "\\r", "\\x08"]


def assert_harmless(text: str) -> None:
    """Nothing that a terminal would execute, but for the ends of lines."""
    assert re.findall(r"[^\n\t\x20-\x7e\xa0-\u2029\u202f-\U0010ffff]", text) == []


def test_what_the_service_says_is_printed_but_not_executed(aws: Aws, simulator: Simulator) -> None:
    with_plugin(aws, "lag")
    simulator.transition("DELETING", looks=3)
    failure = {"To": "TRAINING_FAILED", "StatusMessage": NASTY}
    denied = {"Error": "AccessDeniedException", "Message": NASTY}
    versions: list[Any] = [{"VersionName": "a", "FailDeletion": failure}, "b"]
    arns = simulator.seed({"cats": versions})["cats"].versions
    simulator.rule("DeleteProjectVersion", denied, ProjectVersionArn=arns[1])
    result = delete(aws, arns=arns, env={"LC_ALL": "C"})
    assert result.returncode == 255, result.stderr
    found = entries(result)
    assert [(e["ProjectVersionArn"], e["Outcome"]) for e in found] == [(a, "FAILED") for a in arns]
    assert changes(simulator) == asked_to_delete(*arns)
    stdout = "".join(entry["StatusMessage"] for entry in found)
    assert "größer 你好" in stdout
    for text in (stdout, result.stderr):
        assert_harmless(text)
        for word in SHOWN:
            assert text.count(word) >= 2
    assert "Traceback" not in result.stderr


def test_no_secret_is_printed(aws: Aws, simulator: Simulator) -> None:
    with_plugin(aws, "lag")
    simulator.transition("DELETING", looks=3)
    failure = {"To": "FAILED", "StatusMessage": "no"}
    model = seed_model(simulator, FailDeletion=failure)
    env = {"AWS_SECRET_ACCESS_KEY": "SeCrEtKeY", "AWS_SESSION_TOKEN": "SeSsIoNtOkEn"}
    result = delete(aws, "--debug", arns=[model.arn], env=env)
    assert result.returncode == 255
    text = result.stdout + result.stderr
    assert "SeCrEtKeY" not in text
    # With --debug the host itself prints the headers of its requests, the token included.
    lines = [line for line in text.splitlines() if "SeSsIoNtOkEn" in line]
    assert all("oken:SeSsIoNtOkEn" in line or "headers" in line for line in lines)
    assert not any("rekcl" in line and "headers" not in line for line in lines)
    assert json.loads(result.stdout)
