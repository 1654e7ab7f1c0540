"""The `aws` programs of this machine, and how they take a configuration file."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from awscli_rekcl.errors import InstallError
from awscli_rekcl.install.completion import SUPPRESSED

# A shim that waits for something, say; a slow machine needs a few seconds.
_TIMEOUT = 120


class Cli(NamedTuple):
    """One `aws`."""

    path: str
    version: str | None
    """Such as "2.38.5"; None if it doesn't say."""

    @property
    def major(self) -> int | None:
        return int(self.version.split(".")[0]) if self.version else None

    def __str__(self) -> str:
        return f"{self.path} (version {self.version or 'unknown'})"

    def failure(self, config: Path | str) -> str | None:
        """Return why no command works with a configuration file, or None if they do."""
        answer = run(self.path, "--version", config=config)
        return last_line(answer) if answer.returncode else None

    def loads_plugin(self, config: Path | str) -> bool:
        """Return whether our command is there with a configuration file."""
        # Without arguments: the answer to that names the options.
        answer = run(self.path, "rekognition", "delete-model-and-wait", config=config)
        return "--project-version-arn" in answer.stderr


def find(name: str) -> Cli:
    """Return the `aws` of a name or path. Raise InstallError."""
    path = shutil.which(name)
    if path is None:
        raise InstallError(
            f"there is no AWS CLI called {name}",
            "Install the AWS CLI first, or name it with --aws PATH.",
        )
    return _cli(path)


def on_path() -> Iterator[Cli]:
    """Yield every `aws` on the PATH, the one that a shell starts first."""
    seen = set()
    for folder in os.get_exec_path():
        path = shutil.which("aws", path=folder)
        if path is not None and os.path.realpath(path) not in seen:
            seen.add(os.path.realpath(path))
            yield _cli(path)


def _cli(path: str) -> Cli:
    # Without the configuration, which may be what has to be mended.
    answer = run(path, "--version", config=os.devnull)
    match = re.match(r"aws-cli/(\d+\.\S+)", answer.stdout + answer.stderr)
    return Cli(path, match[1] if match else None)


def run(*command: str, config: Path | str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command with a configuration file, without prompts. Raise InstallError."""
    environment = {**os.environ, "AWS_CLI_AUTO_PROMPT": "off", SUPPRESSED: "1"}
    if config is not None:
        environment["AWS_CONFIG_FILE"] = str(config)
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        environment.pop(name, None)
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
        answer = subprocess.CompletedProcess(command, 126, "", f"it can't be run: {error.strerror}")
    except subprocess.TimeoutExpired:
        answer = subprocess.CompletedProcess(command, 124, "", f"no answer within {_TIMEOUT} s")
    return answer


def last_line(answer: subprocess.CompletedProcess[str]) -> str:
    """Return what a program that failed said last."""
    lines = (answer.stderr.strip() or answer.stdout.strip()).splitlines()
    return lines[-1].strip() if lines else f"exit status {answer.returncode}"
