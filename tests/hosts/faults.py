"""What can go wrong with a request: the kinds of faults, and the run that meets them.

The simulator injects them, not a proxy such as microburst: whoever serves the request can also time
a fault by what it did, have somebody act just before or after it, and needs no further dependency.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from tests.hosts.command import COMMAND, entries
from tests.hosts.shell import Aws, Result
from tests.simulator.client import Simulator

SOAK = bool(os.environ.get("SOAK"))
soak_only = pytest.mark.skipif(not SOAK, reason="takes long: make soak")

#: Requests that the SDK sends before it gives up: the fewest with which it retries at all.
ATTEMPTS = 2
RETRIED = {"AWS_MAX_ATTEMPTS": str(ATTEMPTS)}
FAST = ("--poll-interval", "0.2", "--no-progress")
WEATHER = "A request did not go through, looking again: "


class Fault(NamedTuple):
    effect: Mapping[str, Any]
    is_retried: bool = True
    """Whether the SDK itself sends the request once more."""
    outcome: str = "weather"
    """From step 5 on: "weather" is survived, "denied" fails a model, "credentials" ends the run."""


def _garbage(body: Any) -> Fault:
    return Fault({"Garbage": body}, is_retried=False)


def _listed(entry: object) -> str:
    return json.dumps({"ProjectVersionDescriptions": entry, "ProjectDescriptions": entry})


FAULTS = {
    "throttled": Fault({"Error": "ThrottlingException"}),
    "throughput exceeded": Fault({"Error": "ProvisionedThroughputExceededException"}),
    "internal error": Fault({"Error": "InternalServerError"}),
    "page 503": Fault({"Page": 503}),
    "dropped before": Fault({"Drop": "before"}),
    "dropped after": Fault({"Drop": "after"}),
    "no answer": Fault({"Hang": 2}),
    "half an answer": _garbage(True),
    "not UTF-8": _garbage('{"Status": "\xff"}'),
    "empty body": _garbage(""),
    "list": _garbage("[]"),
    "string": _garbage('"gone"'),
    "null": _garbage("null"),
    "null list": _garbage(_listed(None)),
    "no list": _garbage(_listed("gone")),
    "empty object for a list": _garbage(_listed({})),
    "empty string for a list": _garbage(_listed("")),
    "null entry": _garbage(_listed([None])),
    "empty entry": _garbage(_listed([{}])),
    "entry of text": _garbage(_listed(["gone"])),
    "access denied": Fault({"Error": "AccessDeniedException"}, False, "denied"),
    "expired token": Fault({"Error": "ExpiredTokenException"}, False, "credentials"),
}


def delete(aws: Aws, *args: str, **kwargs: Any) -> Result:
    """Run the command without a question."""
    return aws.run(*COMMAND, *args, "--yes", *FAST, **kwargs)


def statuses(result: Result) -> dict[str, str]:
    """Status by ARN, in the document."""
    return {entry["ProjectVersionArn"]: entry["Status"] for entry in entries(result)}


def messages(result: Result) -> list[str]:
    """Why models are not deleted, in the document."""
    return [entry["StatusMessage"] for entry in entries(result) if "StatusMessage" in entry]


def assert_true(result: Result, simulator: Simulator, project_arn: str) -> None:
    """DELETED is what the document says of those that are gone, and of no other."""
    alive = simulator.versions(project_arn)
    for arn, status in statuses(result).items():
        assert (status == "DELETED") == (arn not in alive), (arn, status, alive, result.stderr)
