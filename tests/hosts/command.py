"""Runs of the command, and what a host makes of them."""

from __future__ import annotations

import json
import os
import shlex
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.hosts.installs import Host
from tests.hosts.shell import Aws, Result
from tests.simulator.client import SeededProject, Simulator

COMMAND = ("rekognition", "delete-model-and-wait")
# Of an option that is given twice the last value counts, so a test may choose another interval.
QUICK = ("--poll-interval", "0.05")
#: The beginning of the command in a script.
IN_A_SCRIPT = shlex.join(("aws", *COMMAND, *QUICK))
PROMPT = 'Type "delete"'


class Model(NamedTuple):
    arn: str
    project: SeededProject


def seed_model(simulator: Simulator, status: str = "TRAINING_COMPLETED", **version: Any) -> Model:
    """Have version v1 of the project cats."""
    version = {"VersionName": "v1", "Status": status, **version}
    project = simulator.seed({"cats": [version]})["cats"]
    return Model(project.versions[0], project)


def command(*args: str, arns: Sequence[str] = ()) -> list[str]:
    """Words to type after ``aws``."""
    named = ["--project-version-arn", *arns] if arns else []
    return [*COMMAND, *named, *QUICK, *args]


def delete(aws: Aws, *args: str, arns: Sequence[str] = (), **kwargs: Any) -> Result:
    """Run the command without a question."""
    return aws.run(*command(*args, arns=arns), "--yes", **kwargs)


def entries(result: Result) -> list[dict[str, str]]:
    """What the document on standard output says of each model."""
    document = json.loads(result.stdout)
    assert list(document) == ["ProjectVersions"]
    found: list[dict[str, str]] = document["ProjectVersions"]
    return found


def deleted(*arns: str) -> list[dict[str, str]]:
    outcome = {"Status": "DELETED", "Outcome": "DELETED"}
    return [{"ProjectVersionArn": arn, **outcome} for arn in arns]


def statuses(result: Result) -> dict[str, str]:
    """Status by ARN, in the document."""
    return {entry["ProjectVersionArn"]: entry["Status"] for entry in entries(result)}


def messages(result: Result) -> list[str]:
    """Why models are not deleted, in the document."""
    return [entry["StatusMessage"] for entry in entries(result) if "StatusMessage" in entry]


def changes(simulator: Simulator) -> list[tuple[str, str]]:
    """What was asked of the service, looks aside: the operation and the model's ARN."""
    return [
        (entry["Operation"], entry["Parameters"]["ProjectVersionArn"])
        for entry in simulator.requests()
        if not entry["Operation"].startswith("Describe")
    ]


def asked_to_delete(*arns: str) -> list[tuple[str, str]]:
    return [("DeleteProjectVersion", arn) for arn in arns]


def assert_ended_by_host(result: Result, returncode: int, *words: str) -> None:
    """The host gave its own exit status and showed the error as its own, without a document."""
    assert result.returncode == returncode, result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    for word in words:
        assert word in result.stderr


def keys(access_key: str = "testing", token: str = "testing") -> str:
    """Credentials for `credential_process`, which end so soon that each request gets new ones."""
    end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 300))
    names = {"AccessKeyId": access_key, "SecretAccessKey": "testing", "SessionToken": token}
    return shlex.quote(json.dumps({"Version": 1, **names, "Expiration": end}))


def credential_process(aws: Aws, *lines: str) -> None:
    """Have the credentials come from a shell script, which is asked before every request."""
    script = aws.home / "credential-process"
    script.write_text("\n".join(("#!/bin/sh", *lines)))
    script.chmod(0o755)
    config = aws.config.read_text()
    aws.config.write_text(config.replace("[plugins]", f"credential_process = {script}\n[plugins]"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del aws.environment[name]


def with_plugin(aws: Aws, name: str) -> None:
    """Have a module of this folder loaded as a plugin of the AWS CLI, before ours."""
    folder = aws.home / "plugins"  # version 2 looks in there already
    folder.mkdir(exist_ok=True)
    (folder / f"rekcl_{name}.py").symlink_to(Path(__file__).with_name(f"{name}.py"))
    config = aws.config.read_text()
    aws.config.write_text(config.replace("[plugins]\n", f"[plugins]\n{name} = rekcl_{name}\n"))
    paths = (aws.environment.get("PYTHONPATH"), str(folder))
    aws.environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)


def bad_value(host: Host) -> int:
    """The exit status of a host for the value of an option."""
    return 252 if host.major == 2 else 255


def bad_usage(host: Host) -> int:
    """The exit status of a host's parser."""
    return 252 if host.major == 2 else 2


def service_error(host: Host) -> int:
    """The exit status of a host for an error that the service answers."""
    return 254 if host.major == 2 else 255


def until(condition: Callable[[], object], seconds: float = 30) -> None:
    """Wait for something outside of the command."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)
