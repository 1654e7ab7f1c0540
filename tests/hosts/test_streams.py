"""Streams that are closed, full, gone or of another encoding, and what may be written to them."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence

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
)
from tests.hosts.installs import Host
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

pytestmark = pytest.mark.hosts("v1", "v2")


# How the shell connects the streams, and what somebody reads of them all the same.
@pytest.mark.parametrize(
    ("redirection", "words", "returncode", "read"),
    [
        (">&-", "$arn --yes", 0, "Deleted: version v1"),
        ("2>&-", "$arn --yes", 0, "document"),
        (">/dev/full 2>&1", "$arn --yes", 0, ""),
        ("| head -0", "$arn --yes", 0, "Deleted: version v1"),
        ("<&-", "$arn --color on", 1, ", or use --yes: \x1b[m"),
        ("2>&-", "$arn", 1, ""),
        (">/dev/full 2>&1", "$arn --version-names v1", bad_usage, ""),
        ("2>&-", "${arn/v1/v2} --yes", service_error, ""),
    ],
)
def test_a_stream_that_is_gone_stops_nothing_and_hides_nothing(
    aws: Aws,
    simulator: Simulator,
    redirection: str,
    words: str,
    returncode: int | Callable[[Host], int],
    read: str,
) -> None:
    arn = seed_model(simulator).arn
    run = f"{IN_A_SCRIPT} --project-version-arn {words} {redirection}"
    # The exit status of the command, not of the pipe that it is part of.
    script = f"{run}; echo ${{PIPESTATUS[0]}} >status"
    result = aws.bash(script, input="delete\n", env={"arn": arn})
    expected = returncode if isinstance(returncode, int) else returncode(aws.host)
    assert (aws.home / "status").read_text() == f"{expected}\n", result
    assert changes(simulator) == ([] if expected else asked_to_delete(arn))
    if read == "document":
        assert entries(result) == deleted(arn)  # and nothing else
    else:
        assert result.stdout == ""
        assert read in result.stderr
    assert bool(result.stderr) is (read not in ("", "document"))
    assert "Traceback" not in result.stderr
    assert "Exception ignored" not in result.stderr


@pytest.fixture
def stalled() -> Iterator[int]:
    """A pipe that takes no more, because nobody reads it."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writer, b"." * 4096)
    os.set_blocking(writer, True)
    yield writer
    os.close(writer)
    os.close(reader)


@pytest.mark.hosts("v1")  # another Python waits alike
@pytest.mark.parametrize(
    ("words", "polls", "signum"), [(["--yes"], 3, signal.SIGINT), ([], 1, signal.SIGTERM)]
)
def test_a_signal_ends_what_nobody_reads(
    aws: Aws, simulator: Simulator, stalled: int, words: Sequence[str], polls: int, signum: int
) -> None:
    simulator.transition("DELETING", seconds=600)
    model = seed_model(simulator)
    running = aws.start(*command(*words, arns=[model.arn]), stderr=stalled)
    until(lambda: len(simulator.requests("DescribeProjectVersions")) >= polls)
    with pytest.raises(subprocess.TimeoutExpired):  # by now it writes, and still waits
        running.process.wait(0.3)
    running.process.send_signal(signum)
    result = running.finish()
    assert result.returncode == -signum
    assert changes(simulator) == (asked_to_delete(model.arn) if words else [])
    if words:
        assert [entry["Status"] for entry in entries(result)] == ["DELETING"]
    else:
        assert result.stdout == ""


@pytest.mark.hosts("v1")
def test_only_who_owns_the_terminal_draws(aws: Aws, simulator: Simulator) -> None:
    simulator.transition("DELETING", looks=3)
    words = f"{IN_A_SCRIPT} --yes --project-version-arn {seed_model(simulator).arn}"
    result = aws.bash(f"set -m; {words} & wait", terminal=True)
    assert "Deleted: version v1" in result.screen
    assert "\x1b[K" not in result.screen


NASTY = "größer 你好 \x1b[31m\x1b]0;title\x07\x9b2J\u202e\r\b"
SHOWN = r"größer 你好 \x1b[31m\x1b]0;title\x07\x9b2J\u202e\r\x08"


def test_what_the_service_says_is_printed_but_not_executed(aws: Aws, simulator: Simulator) -> None:
    denied = {"Error": "AccessDeniedException", "Message": NASTY}
    simulator.rule("DeleteProjectVersion", denied)
    result = delete(aws, arns=[seed_model(simulator).arn], env={"LC_ALL": "C"})
    assert result.returncode == 255, result.stderr
    (entry,) = entries(result)
    assert SHOWN in entry["StatusMessage"]
    assert SHOWN.partition("你好")[2] in result.stderr  # which may have no such letters
    for text in (entry["StatusMessage"], result.stderr):
        assert re.findall(r"[^\n\t\x20-\x7e\xa0-\u2029\u202f-\U0010ffff]", text) == []
    assert "Traceback" not in result.stderr
