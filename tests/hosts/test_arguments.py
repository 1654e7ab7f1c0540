"""What is typed: bad input ends as the host ends it, before anything is sent.

Which input is bad is tested in ``tests/unit/test_options.py``. Here is what depends on the host:
how it parses the words, reads files and fails. More of it is in ``test_troubleshooting.py``.
"""

from __future__ import annotations

from collections.abc import Callable

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
from tests.hosts.faults import both_versions
from tests.hosts.installs import Host
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

ARNS = "--project-version-arn"
A = "arn:aws:rekognition:us-east-1:123456789012:project/cats/version/a/1600000000001"

pytestmark = both_versions


@pytest.mark.parametrize(
    ("status", "word", "args"),
    [
        pytest.param(bad_value, "nowhere", [ARNS, "file://nowhere"], id="no such file"),
        # argparse differs between Python 3.11 of version 1 and 3.14 of version 2.
        pytest.param(bad_value, "it has no value", [ARNS, A, f"{ARNS}=--"], id="a lone --"),
        pytest.param(bad_value, "--query", [ARNS, A, "--query", "["], id="a query"),
        pytest.param(bad_value, "contradicts", [ARNS, A, "--region", "eu-west-1"], id="a region"),
        pytest.param(bad_usage, ARNS, [], id="nothing"),
        pytest.param(bad_usage, "delete-model-and-wait help", [ARNS, A, "-h"], id="-h"),
    ],
)
def test_bad_input_sends_nothing(
    aws: Aws, simulator: Simulator, status: Callable[[Host], int], word: str, args: list[str]
) -> None:
    result = aws.run(*COMMAND, *args, "--yes")
    assert_ended_by_host(result, status(aws.host), word)
    assert simulator.requests() == []


def test_an_unknown_output_format_is_refused_first(aws: Aws, simulator: Simulator) -> None:
    result = delete(aws, arns=[A], env={"AWS_DEFAULT_OUTPUT": "nonsense"})
    assert_ended_by_host(result, bad_value(aws.host), "nonsense")
    assert simulator.requests() == []


def test_every_naming_counts_and_each_model_once(aws: Aws, simulator: Simulator) -> None:
    a, b, c = simulator.seed({"cats": ["a", "b", "c"]})["cats"].versions
    # The second option is abbreviated, as the hosts allow it.
    result = delete(aws, ARNS, c, a, c, "--project-v", b, a)
    assert result.returncode == 0, result.stderr
    assert entries(result) == deleted(c, a, b)
    sent = [entry["Operation"] for entry in simulator.requests()]
    assert sent.count("DeleteProjectVersion") == 3
