"""The `aws` programs of this machine: where they are, and what they answer when started."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from awscli_rekcl.errors import InstallError
from awscli_rekcl.install.probe import MARK
from awscli_rekcl.text import visible

# Programs that read the configuration file of the AWS CLI and load its plugins.
_NAMES = ("aws", "awslocal")
_TIMEOUT = 120  # seconds; a slow machine needs a few


class Answer(NamedTuple):
    """What an AWS CLI says of itself, by `probe`."""

    version: str
    python: str | None  # None in a build that has its own
    sites: list[str]  # where that Python reads `.pth` files
    others: list[str]  # folders with a package of ours in them, which come before the zip
    index_file: str | None  # for completion: what this version 2 reads if it exists
    shipped_index: str | None

    @property
    def is_version_1(self) -> bool:
        return self.version.startswith("1.")


class State(NamedTuple):
    """What a program does with the configuration as it is."""

    has_command: bool
    failure: str | None  # why no command works


class Program:
    """One `aws` or `awslocal`, and what it has said of itself so far."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.version: str | None = None
        self.answer: Answer | None = None

    def __str__(self) -> str:
        return f"{self.path} ({self.version or 'version unknown'})"

    def state(self) -> State:
        """Start our command; without arguments, it answers with its options."""
        done = _run([self.path, "rekognition", "delete-model-and-wait"], _environment())
        has_command = "--project-version-arn" in done.stdout + done.stderr
        return State(has_command, None if has_command else self.failure())

    def failure(self) -> str | None:
        """Return why no command works with the configuration as it is, or None."""
        return self._start([self.path], _environment())

    def trial(self, config: Path, zipped: Path) -> str | None:
        """Return why no command works with another configuration file, or None.

        The file may name the probe, which answers. Version 1 finds it in `zipped`.
        """
        paths = [str(zipped), os.environ.get("PYTHONPATH", "")]
        more = {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "AWS_CONFIG_FILE": str(config)}
        failure = self._start([self.path], _environment(more))
        # Where its first line says -E or -I, Python ignores PYTHONPATH.
        python = interpreter(self.path) if failure and not self.answer else None
        again = self._start([python, self.path], _environment(more)) if python else failure
        return again if self.answer else failure

    def _start(self, command: list[str], environment: dict[str, str]) -> str | None:
        # Version 1 and 2 load their plugins before they say their version.
        done = _run([*command, "--version"], environment)
        said = done.stdout + done.stderr
        version = re.search(r"aws-cli/(\d+\.\S+)", said)
        answer = re.search(rf"^{MARK}(.+)$", said, re.MULTILINE)
        if version:
            self.version = version[1]
        if answer:
            self.answer = Answer(**json.loads(answer[1]))
        return _cause(done) if done.returncode else None


def find(name: str) -> Program:
    """Return the program of a name or path. Raise InstallError."""
    path = shutil.which(name)
    if path is None:
        raise InstallError(
            f"There is no program {name}", "Install the AWS CLI, or name it with --aws PATH."
        )
    return Program(os.path.abspath(path))


def on_path() -> Iterator[Program]:
    """Yield every program on the PATH, in the order of the PATH."""
    seen = set()
    for folder in os.get_exec_path():
        for name in _NAMES:
            path = shutil.which(name, path=folder)
            if path is not None and (name, os.path.realpath(path)) not in seen:
                seen.add((name, os.path.realpath(path)))
                yield Program(os.path.abspath(path))


def _environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    environment = {**os.environ, "AWS_CLI_AUTO_PROMPT": "off", **(more or {})}
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):  # which may not be there
        environment.pop(name, None)
    return environment


def _run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_TIMEOUT,
        )
    except OSError as error:
        answer = subprocess.CompletedProcess(command, 126, "", f"can't be run: {error.strerror}")
    except subprocess.TimeoutExpired:
        answer = subprocess.CompletedProcess(command, 124, "", f"no answer within {_TIMEOUT} s")
    return answer


def _cause(done: subprocess.CompletedProcess[str]) -> str:
    """Return what a program said when it failed; of a traceback only what follows its frames."""
    frames = r"^Traceback .*\n(?: .*\n)*"
    said = re.split(frames, done.stderr or done.stdout, flags=re.MULTILINE)[-1]
    if said.strip():
        return visible(" ".join(said.split()))[:300]
    if done.returncode < 0:
        return f"ended by {signal.Signals(-done.returncode).name}"
    return f"exit status {done.returncode}, without a word"


def interpreter(path: str) -> str | None:
    """Return the Python in the first lines of a script."""
    try:
        with open(path, "rb") as script:
            head = script.read(1000).decode(errors="replace").splitlines()[:3]
    except OSError:
        return None
    if not head or not head[0].startswith("#!"):
        return None
    for words in re.findall(r""""([^"]+)"|'([^']+)'|([^\s"'#!]+)""", "\n".join(head)):
        name = "".join(words)
        if re.match(r"(python|pypy)[\d.]*$", os.path.basename(name)):
            return shutil.which(name)
    return None
