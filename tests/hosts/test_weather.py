"""Faults between a real ``aws`` and the service, at every operation and moment.

By default each kind of fault is met once. ``SOAK=1`` runs the whole matrix. What happened is in
``build/weather.txt``: fault, operation, moment, host, exit status, and what was said.
"""

from __future__ import annotations

import fcntl
import json
import time
from typing import NamedTuple

import pytest

from tests.hosts.command import COMMAND
from tests.hosts.faults import (
    ATTEMPTS,
    FAULTS,
    RETRIED,
    SOAK,
    WEATHER,
    assert_true,
    delete,
    messages,
    soak_only,
    statuses,
)
from tests.hosts.installs import ROOT
from tests.hosts.shell import Aws, Result, Step
from tests.simulator.client import SeededProject, Simulator

pytestmark = pytest.mark.hosts("v1", "v2")
TABLE = ROOT / "build" / "weather.txt"
LONG = ATTEMPTS + 1  # the SDK gives up once


class Moment(NamedTuple):
    operation: str
    name: str
    skip: int
    times: int

    @property
    def is_before_step_5(self) -> bool:
        """Whether nothing has been confirmed yet."""
        return self.operation == "DescribeProjects" or (
            self.operation == "DescribeProjectVersions" and self.skip == 0
        )


# With two models, the second request to delete or to stop is for the second one.
MOMENTS = [
    Moment("DescribeProjects", "first", 0, 1),
    Moment("DescribeProjects", "first, for long", 0, LONG),
    Moment("DescribeProjectVersions", "first", 0, 1),
    Moment("DescribeProjectVersions", "first, for long", 0, LONG),
    Moment("DescribeProjectVersions", "in the wait", 2, 1),
    Moment("DescribeProjectVersions", "in the wait, for long", 1, LONG),
    Moment("DeleteProjectVersion", "first", 0, 1),
    Moment("DeleteProjectVersion", "second", 1, 1),
    Moment("DeleteProjectVersion", "first, for long", 0, LONG),
    Moment("StopProjectVersion", "first", 0, 1),
    Moment("StopProjectVersion", "second", 1, 1),
    Moment("StopProjectVersion", "first, for long", 0, LONG),
]
MATRIX = [(fault, moment) for fault in FAULTS for moment in MOMENTS]
# One cell of each fault, the moments by turns; an answer of the wrong shape is one of a listing.
FEW = [
    ("throttled", MOMENTS[5]),
    ("throughput exceeded", MOMENTS[0]),
    ("internal error", MOMENTS[3]),
    ("page 503", MOMENTS[11]),
    ("dropped before", MOMENTS[2]),
    ("dropped after", MOMENTS[8]),
    ("no answer", MOMENTS[5]),
    ("half an answer", MOMENTS[4]),
    ("not UTF-8", MOMENTS[7]),
    ("empty body", MOMENTS[10]),
    ("list", MOMENTS[6]),
    ("string", MOMENTS[9]),
    ("null", MOMENTS[4]),
    ("null list", MOMENTS[5]),
    ("no list", MOMENTS[4]),
    ("empty object for a list", MOMENTS[4]),
    ("empty string for a list", MOMENTS[5]),
    ("null entry", MOMENTS[4]),
    ("empty entry", MOMENTS[0]),
    ("entry of text", MOMENTS[4]),
    ("access denied", MOMENTS[7]),
    ("expired token", MOMENTS[4]),
]


def _id(value: object) -> str:
    return f"{value.operation}, {value.name}" if isinstance(value, Moment) else str(value)


@pytest.mark.parametrize(("kind", "moment"), MATRIX if SOAK else FEW, ids=_id)
def test_weather(aws: Aws, simulator: Simulator, kind: str, moment: Moment) -> None:
    fault = FAULTS[kind]
    simulator.transition("DELETING", looks=2)
    is_stopped = moment.operation == "StopProjectVersion"
    status = "RUNNING" if is_stopped else "TRAINING_COMPLETED"
    project = simulator.seed({"cats": [{"VersionName": v, "Status": status} for v in "ab"]})["cats"]
    rule = {"Skip": moment.skip, "Times": moment.times}
    simulator.rule(moment.operation, fault.effect, **rule)
    options = ["--stop-if-running"] if is_stopped else []
    if kind == "no answer":
        options += ["--cli-read-timeout", "1"]
    result = delete(aws, "--project-version-arn", *project.versions, *options, env=RETRIED)
    _note(kind, moment.operation, moment.name, aws.host.name, result)

    if fault.is_retried and moment.times < ATTEMPTS:
        _assert_deleted(result, simulator, project)
        assert WEATHER not in result.stderr  # the SDK's own retry was enough
    elif moment.is_before_step_5:
        assert result.stdout == ""
        _assert_nothing_changed(simulator, project)
        simulator.clear_rules()
        simulator.rule(moment.operation, fault.effect, **rule)
        timeouts = [option for option in options if option != "--stop-if-running"]
        _assert_ended_as_the_host_ends_it(
            result, aws, moment.operation, project, timeouts, "Garbage" in fault.effect
        )
    elif fault.outcome == "weather":
        _assert_deleted(result, simulator, project)
        assert result.stderr.count(WEATHER) == 1  # the same is said once a minute
    elif fault.outcome == "denied":
        assert result.returncode == 255
        assert_true(result, simulator, project.arn)
        for message in messages(result):
            assert "AccessDeniedException" in message
        failed = [arn for arn, status in statuses(result).items() if status != "DELETED"]
        is_of_one = moment.times == 1 and moment.operation != "DescribeProjectVersions"
        assert failed == (project.versions[moment.skip :][:1] if is_of_one else project.versions)
    else:
        assert "ExpiredTokenException" in result.stderr
        assert result.returncode == (255 if aws.host.major == 1 else 254)
        assert "DELETED" not in statuses(result).values()
        assert all("the credentials failed" in message for message in messages(result))
        assert_true(result, simulator, project.arn)


def _assert_deleted(result: Result, simulator: Simulator, project: SeededProject) -> None:
    assert result.returncode == 0, result.stderr
    assert statuses(result) == dict.fromkeys(project.versions, "DELETED")
    assert simulator.versions(project.arn) == {}


def _assert_nothing_changed(simulator: Simulator, project: SeededProject) -> None:
    assert len(simulator.versions(project.arn)) == len(project.versions)
    changes = ("DeleteProjectVersion", "StopProjectVersion")
    assert not [r for r in simulator.requests() if r["Operation"] in changes]


def _assert_ended_as_the_host_ends_it(
    result: Result,
    aws: Aws,
    operation: str,
    project: SeededProject,
    options: list[str],
    is_garbage: bool,
) -> None:
    own = {
        "DescribeProjects": ["describe-projects", "--project-names", "cats"],
        "DescribeProjectVersions": ["describe-project-versions", "--project-arn", project.arn],
    }[operation]
    expected = aws.run("rekognition", *own, *options, env=RETRIED)
    if is_garbage:
        # The host fails on some, and takes others for an empty answer. Here each is an error.
        assert expected.returncode in (0, 255)
        assert result.returncode == 255
        assert "can't be read" in result.stderr
    else:
        assert (result.returncode, result.stderr) == (expected.returncode, expected.stderr)


@pytest.mark.parametrize("moment", ["before", "at the prompt", "in the wait"])
@pytest.mark.parametrize("status", ["TRAINING_COMPLETED", pytest.param("RUNNING", marks=soak_only)])
def test_credentials_that_can_not_be_renewed(
    aws: Aws, simulator: Simulator, moment: str, status: str
) -> None:
    """A ``credential_process`` whose credentials are over soon is asked before every request."""
    simulator.transition("DELETING", looks=10**6)
    simulator.transition("STOPPING", looks=10**6)
    project = simulator.seed({"cats": [{"VersionName": "a", "Status": status}]})["cats"]
    broken = aws.home / "broken"
    aws.config.write_text(
        aws.config.read_text().replace(
            "[plugins]", f"credential_process = {_credential_process(aws, str(broken))}\n[plugins]"
        )
    )
    env = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None, **RETRIED}
    if moment == "before":
        broken.touch()
    args = [
        "--project-version-arn",
        *project.versions,
        "--stop-if-running",
        "--poll-interval",
        "0.2",
    ]
    if moment == "at the prompt":
        answers: list[Step] = [("Type .delete.", lambda _: broken.touch()), ("", "delete\n")]
        result = aws.terminal(*COMMAND, *args, answers=answers, env=env)
        said = result.screen
    else:
        running = aws.start(*COMMAND, *args, "--yes", env=env)
        if moment == "in the wait":
            running.wait_for("a: (DELETING|STOPPING)")
            broken.touch()
        result = running.finish()
        said = result.stderr
    operation = "any" if moment != "at the prompt" else "DeleteProjectVersion"
    _note(f"credentials not renewed ({status})", operation, moment, aws.host.name, result)

    own = aws.run("rekognition", "describe-project-versions", "--project-arn", project.arn, env=env)
    assert own.returncode != 0
    assert result.returncode == own.returncode
    assert own.stderr.strip() in said.replace("\r\n", "\n")
    truth = simulator.versions(project.arn)
    if moment == "before":
        assert result.stdout == ""
        assert truth == dict.fromkeys(project.versions, status)
        return
    (message,) = messages(result)
    assert "the credentials failed" in message
    assert statuses(result) == truth
    if moment == "at the prompt":
        assert truth == dict.fromkeys(project.versions, status)
        assert not [r for r in simulator.requests() if r["Operation"].endswith("teProjectVersion")]


def _credential_process(aws: Aws, broken: str) -> str:
    keys = {
        "Version": 1,
        "AccessKeyId": "testing",
        "SecretAccessKey": "testing",
        "SessionToken": "testing",
        "Expiration": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 300)),
    }
    script = aws.home / "credentials.sh"
    script.write_text(
        "#!/bin/sh\n"
        f"[ ! -e {broken} ] || {{ echo the sun has set >&2; exit 1; }}\n"
        f"echo '{json.dumps(keys)}'\n"
    )
    script.chmod(0o755)
    return str(script)


def _note(fault: str, operation: str, moment: str, host: str, result: Result) -> None:
    """Put a cell into the table, in the place of what an earlier run has put there."""
    lines = (result.stderr or result.screen).strip().splitlines() or [""]
    said = next((line for line in lines if line.startswith(WEATHER)), lines[-1])
    TABLE.parent.mkdir(exist_ok=True)
    with TABLE.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # pytest-xdist runs the tests in several processes
        file.seek(0)
        key = f"{fault:28} {operation:24} {moment:22} {host:4}"
        rows = [row for row in file.read().splitlines() if not row.startswith(key)]
        rows.append(f"{key} {result.returncode:4}  {said}")
        file.truncate(0)
        file.write("".join(f"{row}\n" for row in sorted(rows)))
