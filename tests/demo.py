"""The command at work in front of the reader: `make demo`.

A real AWS CLI deletes the models of a simulated project. Nothing is sent to AWS, nothing of the
user's own configuration is read or written, and nothing is left running. It needs only the packages
that the Makefile installs into `.demo`, so it imports nothing of the tests.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.simulator.client import Simulator

ROOT = Path(__file__).resolve().parents[1]
COMMAND = "aws rekognition delete-model-and-wait"
MODELS: list[Mapping[str, Any]] = [
    {"VersionName": "v1", "Status": "TRAINING_COMPLETED", "CreationTimestamp": 1783036800},
    {"VersionName": "v2", "Status": "TRAINING_FAILED", "CreationTimestamp": 1785715200},
    {"VersionName": "v3", "Status": "STOPPED", "CreationTimestamp": 1788393600},
    {"VersionName": "in-production", "Status": "RUNNING", "CreationTimestamp": 1790985600},
    {"VersionName": "in-training", "Status": "TRAINING_IN_PROGRESS"},
]


def main() -> int:
    """Run the demonstration; return 0 if it went as announced, or as the person chose."""
    by_hand = sys.stdin.isatty() and sys.stderr.isatty()
    _show("A real AWS CLI and a simulated service, both only for this demonstration.")
    with tempfile.TemporaryDirectory() as home, Simulator() as simulator:
        simulator.transition("STOPPING", seconds=2)
        simulator.transition("DELETING", seconds=3)
        simulator.transition("TRAINING_IN_PROGRESS", seconds=6)
        project = simulator.seed({"animals": MODELS})["animals"]
        environment = _environment(Path(home), simulator.url)
        choose = f"{COMMAND} --project-name animals --all-versions"

        _show("A project with five models. The first attempt is refused, with the options to add:")
        _run(choose, environment)
        _show("What would happen to them:")
        options = "--stop-if-running --wait-if-training"
        query = "--query 'ProjectVersions[].[Action,Status]' --output text"
        _run(f"{choose} {options} --dry-run {query}", environment)
        if by_hand:
            _show('Now delete them. No model is named, so pick them: type "all", then "delete".')
            status = _run(f"{COMMAND} {options}", environment)
        else:
            _show("Now delete them.")
            status = _run(f"{choose} {options} --yes", environment)
        left = simulator.versions(project.arn)
        _show(f"Exit status {status}. Models left in the project: {len(left)}.")
    if by_hand:  # a person may decline, pick some of the models, or press Ctrl-C
        return int(status not in (0, 1, 128 + signal.SIGINT))
    return int(status != 0 or bool(left))


def _environment(home: Path, url: str) -> dict[str, str]:
    """Return variables for an `aws` with a home of its own, the plugin, and the simulator."""
    config = home / "config"
    config.write_text("[plugins]\nrekcl = awscli_rekcl\n")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        **kept,
        "HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "NO_PROXY": "127.0.0.1",
        "AWS_CONFIG_FILE": str(config),
        "AWS_ENDPOINT_URL": url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }


def _show(text: str) -> None:
    print(f"\n# {text}", flush=True)


def _run(command: str, environment: Mapping[str, str]) -> int:
    """Run a command and return its exit status, as a shell would show it."""
    print(f"\n$ {command}", flush=True)
    aws = [sys.executable, "-m", "awscli", *shlex.split(command)[1:]]
    # Ctrl-C is for the command. A handler, unlike SIG_IGN, is not inherited.
    previous = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        status = subprocess.run(aws, env=environment, cwd=environment["HOME"]).returncode
    finally:
        signal.signal(signal.SIGINT, previous)
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())
