"""The command at work in front of the reader: `make demo`.

A real AWS CLI deletes the models of a simulated project. Nothing is sent to AWS, nothing of the
user's own configuration is read or written, and nothing is left running.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.hosts.installs import install
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

COMMAND = "aws rekognition delete-model-and-wait"
MODELS: list[Mapping[str, Any]] = [
    {"VersionName": "v1", "Status": "TRAINING_COMPLETED", "CreationTimestamp": 1783036800},
    {"VersionName": "v2", "Status": "TRAINING_FAILED", "CreationTimestamp": 1785715200},
    {"VersionName": "v3", "Status": "STOPPED", "CreationTimestamp": 1788393600},
    {"VersionName": "in-production", "Status": "RUNNING", "CreationTimestamp": 1790985600},
    {"VersionName": "in-training", "Status": "TRAINING_IN_PROGRESS"},
]


def main() -> int:
    """Run the demonstration; return 0 if the models are really gone at its end."""
    by_hand = sys.stdin.isatty() and sys.stderr.isatty()
    _say(
        "Setting up an AWS CLI and the simulated service, both only for this demonstration (20 s)."
    )
    with tempfile.TemporaryDirectory() as home, Simulator() as simulator:
        aws = Aws(install("v1"), Path(home), simulator.url)
        simulator.transition("STOPPING", seconds=3)
        simulator.transition("DELETING", seconds=6)
        simulator.transition("TRAINING_IN_PROGRESS", seconds=12)
        project = simulator.seed({"animals": MODELS})["animals"]
        choose = f"{COMMAND} --project-name animals --all-versions"

        _say("A project with five models. The first attempt is refused, with the options to add:")
        _run(aws, choose)
        _say("What would happen with them:")
        options = "--stop-if-running --wait-if-training"
        query = "--query 'ProjectVersions[].[Action,Status]' --output text"
        _run(aws, f"{choose} {options} --dry-run {query}")
        if by_hand:
            _say('Now for good. Nothing is named, so you are asked: type "all", then "delete".')
            status = _run(aws, f"{COMMAND} {options}")
        else:
            _say("Now for good.")
            status = _run(aws, f"{choose} {options} --yes")
        left = simulator.versions(project.arn)
        _say(f"Exit status {status}. Models left in the project: {len(left)}.")
    return int(bool(left))


def _say(text: str) -> None:
    print(f"\n# {text}", flush=True)


def _run(aws: Aws, command: str) -> int:
    print(f"\n$ {command}", flush=True)
    environment = {**aws.environment, "TERM": os.environ.get("TERM", "dumb")}
    return subprocess.run(
        ["bash", "-c", f"exec {command}"], env=environment, cwd=aws.home
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
