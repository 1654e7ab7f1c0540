"""What can go wrong with a request, and the run that meets it.

The simulator injects faults, not a proxy such as microburst: whoever serves the request can also
time a fault by what it did, have somebody act just before or after it, and needs no further
dependency. Which answer is which error is decided in `tests/unit/test_errors.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from tests.hosts.command import delete
from tests.hosts.shell import Aws, Result
from tests.simulator.client import SeededProject, Simulator

both_versions = pytest.mark.hosts("v1", "v2")

#: The fewest requests with which the SDK retries at all.
RETRIED = {"AWS_MAX_ATTEMPTS": "2"}
LONG = 3  # the SDK gives up once
LOOKING_AGAIN = "Request failed, retrying: "
DESCRIBE, DELETE, STOP = "DescribeProjectVersions", "DeleteProjectVersion", "StopProjectVersion"


class Fault(NamedTuple):
    """How many requests of an operation go well, and what the next ones meet."""

    operation: str
    effect: Mapping[str, Any]
    skip: int = 0
    times: int = 1


def meet(aws: Aws, simulator: Simulator, *faults: Fault) -> tuple[Result, SeededProject]:
    """Stop and delete two models, while faults wait for some of the requests."""
    simulator.transition("DELETING", looks=2)
    versions = [{"VersionName": name, "Status": "RUNNING"} for name in "ab"]
    project = simulator.seed({"cats": versions})["cats"]
    for operation, effect, skip, times in faults:
        simulator.rule(operation, effect, Skip=skip, Times=times)
    options = ("--stop-if-running", "--cli-read-timeout", "1")
    return delete(aws, *options, arns=project.versions, env=RETRIED), project
