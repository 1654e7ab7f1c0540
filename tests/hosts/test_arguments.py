"""What is typed: bad input ends as the host ends it, before anything is sent.

Which input is bad is tested in ``tests/unit/test_options.py``. Here is what depends on the host:
how it parses the words, reads files and fails. More of it is in ``test_troubleshooting.py``.
"""

from __future__ import annotations

import pytest

from tests.hosts.command import (
    COMMAND,
    assert_ended_by_host,
    bad_usage,
    bad_value,
    delete,
    deleted,
    entries,
)
from tests.hosts.installs import NAMES
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

ARNS = "--project-version-arn"
A = "arn:aws:rekognition:us-east-1:123456789012:project/cats/version/a/1600000000001"
CATS = "arn:aws:rekognition:us-east-1:123456789012:project/cats/1600000000000"

pytestmark = pytest.mark.hosts(*NAMES)
V1_AND_V2 = pytest.mark.hosts("v1", "v2")


@pytest.mark.parametrize(
    ("word", "args"),
    [
        pytest.param("nowhere", [ARNS, "file://nowhere"], id="a file that is not there"),
        pytest.param("it has no value", [f"{ARNS}=--"], id="a lone --"),
        pytest.param("it has no value", [ARNS, A, f"{ARNS}=--"], id="a lone -- beside a value"),
    ],
)
def test_a_bad_value_sends_nothing(
    aws: Aws, simulator: Simulator, word: str, args: list[str]
) -> None:
    (aws.home / "arns").write_text(A)
    result = aws.run(*COMMAND, *args, "--yes")
    assert_ended_by_host(result, bad_value(aws.host), word)
    assert simulator.requests() == []


@pytest.mark.parametrize(
    ("word", "args"),
    [
        pytest.param(ARNS, [], id="nothing"),
        # Version 2.9 has help of its own, of the global options.
        pytest.param(
            "delete-model-and-wait help", ["--project-arn", CATS, "-h"], id="-h", marks=V1_AND_V2
        ),
    ],
)
def test_bad_usage_sends_nothing(
    aws: Aws, simulator: Simulator, word: str, args: list[str]
) -> None:
    result = aws.run(*COMMAND, *args, "--yes")
    assert_ended_by_host(result, bad_usage(aws.host), word)
    assert simulator.requests() == []


def test_an_unknown_output_format_is_refused_first(aws: Aws, simulator: Simulator) -> None:
    # Version 1 does not know "yaml", which the setting may have for version 2.
    word = "yaml" if aws.host.major == 1 else "nonsense"
    config = aws.config.read_text()
    aws.config.write_text(config.replace("[default]", f"[default]\noutput = {word}"))
    result = delete(aws, arns=[A])
    assert_ended_by_host(result, bad_value(aws.host), word)
    assert simulator.requests() == []


@V1_AND_V2
def test_a_query_that_can_not_be_read(aws: Aws, simulator: Simulator) -> None:
    result = delete(aws, "--query", "[", arns=[A])
    assert_ended_by_host(result, bad_value(aws.host), "--query")
    assert simulator.requests() == []


def test_every_naming_counts_and_each_model_once(aws: Aws, simulator: Simulator) -> None:
    a, b, c = simulator.seed({"cats": ["a", "b", "c"]})["cats"].versions
    # The second option is abbreviated, as the hosts allow it.
    result = delete(aws, ARNS, c, a, c, "--project-v", b, a)
    assert result.returncode == 0, result.stderr
    assert entries(result) == deleted(c, a, b)
    sent = [entry["Operation"] for entry in simulator.requests()]
    assert sent.count("DeleteProjectVersion") == 3
