"""What can go wrong with a request: the kinds of faults, the moments, and the run that meets them.

The simulator injects them, not a proxy such as microburst: whoever serves the request can also time
a fault by what it did, have somebody act just before or after it, and needs no further dependency.

By default each kind of fault is met once, many in one run. ``SOAK=1`` has a run for every kind at
every moment.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pytest

from tests.hosts.command import delete
from tests.hosts.shell import Aws, Result
from tests.simulator.client import SeededProject, Simulator

SOAK = bool(os.environ.get("SOAK"))
both_versions = pytest.mark.hosts("v1", "v2")

#: Requests that the SDK sends before it gives up: the fewest with which it retries at all.
ATTEMPTS = 2
RETRIED = {"AWS_MAX_ATTEMPTS": str(ATTEMPTS)}
LOOKING_AGAIN = "Request failed, retrying: "
DESCRIBE, DELETE, STOP = "DescribeProjectVersions", "DeleteProjectVersion", "StopProjectVersion"


class Fault(NamedTuple):
    effect: Mapping[str, Any]
    is_retried: bool = True
    """Whether the SDK itself sends the request once more."""
    outcome: str = "looked again"
    """After the confirmation: "looked again" is survived, "denied" fails a model, and
    "credentials" ends the run."""

    @property
    def is_unreadable(self) -> bool:
        return "Garbage" in self.effect


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
    "wrong clock": Fault({"Error": "RequestTimeTooSkewed"}, False, "credentials"),
}


class Moment(NamedTuple):
    """Which request meets a fault, and how many of the same kind go well before it."""

    operation: str
    name: str
    skip: int = 0
    times: int = 1

    @property
    def is_before_the_confirmation(self) -> bool:
        return self in (PROJECT, PROJECT_LONG, LOOK_UP, LOOK_UP_LONG)


LONG = ATTEMPTS + 1  # the SDK gives up once
PROJECT = Moment("DescribeProjects", "first")
PROJECT_LONG = Moment("DescribeProjects", "first, for long", times=LONG)
LOOK_UP = Moment(DESCRIBE, "first")
LOOK_UP_LONG = Moment(DESCRIBE, "first, for long", times=LONG)
WAIT = Moment(DESCRIBE, "in the wait", skip=2)
WAIT_LONG = Moment(DESCRIBE, "in the wait, for long", skip=1, times=LONG)
# With two models, the second request to delete or to stop is for the second one.
FIRST_DELETE = Moment(DELETE, "first")
SECOND_DELETE = Moment(DELETE, "second", skip=1)
DELETE_LONG = Moment(DELETE, "first, for long", times=LONG)
FIRST_STOP = Moment(STOP, "first")
SECOND_STOP = Moment(STOP, "second", skip=1)
STOP_LONG = Moment(STOP, "first, for long", times=LONG)
MOMENTS = (
    *(PROJECT, PROJECT_LONG, LOOK_UP, LOOK_UP_LONG, WAIT, WAIT_LONG),
    *(FIRST_DELETE, SECOND_DELETE, DELETE_LONG, FIRST_STOP, SECOND_STOP, STOP_LONG),
)


Cell = tuple[str, Moment]


def outcome(kind: str, moment: Moment) -> str:
    """What a fault leads to: "retried" by the SDK, "refused" or "unreadable" before the
    confirmation, else the outcome of the fault."""
    fault = FAULTS[kind]
    if fault.is_retried and moment.times < ATTEMPTS:
        return "retried"
    if moment.is_before_the_confirmation:
        return "unreadable" if fault.is_unreadable else "refused"
    return fault.outcome


def meets(expected: str, *runs: Sequence[Cell]) -> pytest.MarkDecorator:
    """Parametrize a test with runs that meet faults of this outcome; or with each that there is."""
    for cell in itertools.chain(*runs):
        assert outcome(*cell) == expected, cell
    every = ((kind, moment) for kind in FAULTS for moment in MOMENTS)
    cells = [[cell] for cell in every if outcome(*cell) == expected] if SOAK else runs
    return pytest.mark.parametrize("cells", cells, ids=_first_of)


def _first_of(cells: Sequence[Cell]) -> str:
    kind, moment = cells[0]
    others = f" and {len(cells) - 1} more" if len(cells) > 1 else ""
    return f"{kind}-{moment.operation}, {moment.name}{others}"


def meet(aws: Aws, simulator: Simulator, cells: Sequence[Cell]) -> tuple[Result, SeededProject]:
    """Delete two models, while faults wait for some of the requests."""
    simulator.transition("DELETING", looks=2)
    is_stopped = any(moment.operation == STOP for _, moment in cells)
    status = "RUNNING" if is_stopped else "TRAINING_COMPLETED"
    project = simulator.seed({"cats": [{"VersionName": v, "Status": status} for v in "ab"]})["cats"]
    for cell in cells:
        disturb(simulator, *cell)
    options = [*(["--stop-if-running"] if is_stopped else []), *time_out(*cells)]
    result = delete(aws, *options, arns=project.versions, env=RETRIED)
    return result, project


def disturb(simulator: Simulator, kind: str, moment: Moment) -> None:
    effect = FAULTS[kind].effect
    simulator.rule(moment.operation, effect, Skip=moment.skip, Times=moment.times)


def time_out(*cells: Cell) -> list[str]:
    """Options with which the SDK doesn't wait for an answer that never comes."""
    return ["--cli-read-timeout", "1"] if any(kind == "no answer" for kind, _ in cells) else []
