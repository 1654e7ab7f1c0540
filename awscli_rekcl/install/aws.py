"""The `aws` programs of this machine: where they are, and what they answer when started."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from awscli_rekcl.install import archive, config_file, files
from awscli_rekcl.install.errors import InstallError, heeded
from awscli_rekcl.text import visible

# Programs that read the configuration file of the AWS CLI and load its plugins.
_NAMES = ("aws", "awslocal")
_TIMEOUT = 120  # seconds; a slow machine needs a few
_PROBE = "awscli_rekcl_probe"
_MARK = re.compile(r"^awscli_rekcl: (.+)\n", re.MULTILINE)


class Answer(NamedTuple):
    """What an AWS CLI says of itself, by `probe`."""

    version: str
    python: str | None = None  # None in a build that has its own
    sites: Sequence[str] = ()  # where that Python reads `.pth` files
    user_site: str | None = None  # where it does so as well, but for this user alone
    plugin: str | None = None  # the version of the plugin that it finds
    place: str | None = None  # the zip or folder with that, None for the new zip of a trial
    index_file: str | None = None  # for completion: what this version 2 reads if it exists
    shipped_index: str | None = None


class Program:
    """One `aws` or `awslocal`, and what it has said of itself so far."""

    def __init__(self, path: str) -> None:
        self.path = os.path.abspath(path)
        self.version: str | None = None
        self.answer: Answer | None = None
        self.failure: str | None = None  # why no command works

    def __str__(self) -> str:
        version = self.version or (self.answer.version if self.answer else "version unknown")
        return f"{self.path} ({version})"

    def has_command(self) -> bool:
        """Start our command; without arguments, it answers with its options."""
        done = _run([self.path, "rekognition", "delete-model-and-wait"], {})
        return "--project-version-arn" in done.stdout + done.stderr

    def start(self, config: Path | None = None) -> None:
        """Start it, with another configuration or as it is, and note why no command works.

        Another file may name the probe, which answers. Version 1 finds that beside the file.
        """
        more = {"AWS_CONFIG_FILE": str(config), "PYTHONPATH": str(config.parent)} if config else {}
        self.failure = self._said([self.path], more)
        # Where its first line says -E or -I, Python ignores PYTHONPATH.
        if config and self.failure and not self.answer:
            python = interpreter(self.path)
            again = self._said([python, self.path], more) if python else None
            self.failure = again if self.answer else self.failure

    def _said(self, command: Sequence[str], more: Mapping[str, str]) -> str | None:
        # Version 1 and 2 load their plugins before they say their version.
        done = _run([*command, "--version"], more)
        version = re.search(r"aws-cli/(\d+\.\S+)", done.stdout + done.stderr)
        answer = _MARK.search(done.stderr)
        self.version = version[1] if version else self.version
        self.answer = Answer(**json.loads(answer[1])) if answer else self.answer
        return _cause(done) if done.returncode else None


def find(name: str) -> Program:
    """Return the program of a name or path. Raise InstallError."""
    path = shutil.which(name)
    if path is None:
        advice = "Install the AWS CLI, or name it with --aws PATH."
        raise InstallError(f"There is no program {name}", advice)
    return Program(path)


def on_path() -> Iterator[Program]:
    """Yield every program on the PATH, in the order of the PATH."""
    seen = set()
    for folder in os.get_exec_path():
        for name in _NAMES:
            path = shutil.which(name, path=folder)
            if path is not None and (name, os.path.realpath(path)) not in seen:
                seen.add((name, os.path.realpath(path)))
                yield Program(path)


def try_out(programs: Sequence[Program], text: str, parent: Path | None = None) -> None:
    """Start programs with a configuration, in which they answer.

    Its copy lies in a folder of its own, in `parent` with a new zip, to be loaded. Without one it
    has the plugins alone, because it may stay if this is killed. Raise OSError or InstallError.
    """
    with tempfile.TemporaryDirectory(prefix=files.PREFIX, dir=parent) as name:
        new, config, places = Path(name, "new.zip"), Path(name, "config"), config_file.paths(text)
        Path(name, f"{_PROBE}.py").write_bytes(archive.package()["install/probe.py"])
        if parent:
            places = [str(new)]
            new.write_bytes(archive.content())
        else:
            options = config_file.plugins(text).items()
            rows = [f"{key} = {value}" for key, value in options if "\n" not in value]
            text = "\n".join(["[plugins]", *rows])
        text = config_file.with_plugin(text, [*places, name], _PROBE)
        config.write_bytes(config_file.encoded(text))
        for each in programs:
            each.start(config)
            if each.answer and each.answer.place == str(new):
                each.answer = each.answer._replace(place=None)


def _run(command: Sequence[str], more: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Start a program where it can't take the plugin from a clone, without a terminal."""
    try:
        process = subprocess.Popen(
            command,
            env=_environment(more),
            cwd=_folder(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        return subprocess.CompletedProcess(command, 126, "", f"can't be run: {error.strerror}")
    with process:
        try:
            with heeded():
                said = process.communicate(timeout=_TIMEOUT)
        except subprocess.TimeoutExpired:
            said, process.returncode = ("", f"no answer within {_TIMEOUT} s"), 124
        finally:
            if sys.platform == "win32":
                process.kill()
            else:  # what a wrapper has started, too
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)
    return subprocess.CompletedProcess(command, process.returncode, *said)


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    clone = Path(__file__).resolve().parents[2]
    paths = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    others = [os.path.abspath(path) for path in paths if Path(path).resolve() != clone]
    environment = {**os.environ, "AWS_CLI_AUTO_PROMPT": "off"}
    if os.environ.get("AWS_CONFIG_FILE"):
        environment["AWS_CONFIG_FILE"] = str(config_file.config_path())  # not relative
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):  # which may not be there
        environment.pop(name, None)
    modules = [*filter(None, [more.get("PYTHONPATH")]), *others]
    return {**environment, **more, "PYTHONPATH": os.pathsep.join(modules)}


def _folder() -> Path | None:
    """Return where to start programs: here, because pyenv and its like choose by the folder.

    But not in a clone, whose plugin a Python would find that looks for modules where it starts.
    """
    with contextlib.suppress(OSError):  # the folder is gone
        folders = (Path.cwd(), *Path.cwd().parents)
        return next((each for each in folders if not (each / "awscli_rekcl").exists()), None)
    return None


def _cause(done: subprocess.CompletedProcess[str]) -> str:
    """Return what a program said when it failed; of a traceback only what follows its frames."""
    said = _MARK.sub("", done.stderr) or done.stdout
    said = re.split(r"(?m)^Traceback .*\n(?: .*\n)*", said)[-1]
    if said.strip():
        return visible(" ".join(said.split()))[:300]
    if done.returncode < 0:
        return f"ended by signal {-done.returncode}"
    return f"exit status {done.returncode}, without a word"


def interpreter(path: str) -> str | None:
    """Return the Python in the first lines of a script that can be read."""
    with contextlib.suppress(OSError), open(path, "rb") as script:
        head = script.read(1000).decode(errors="replace").splitlines()[:3]
        if head and head[0].startswith("#!"):
            for words in re.findall(r""""([^"]+)"|'([^']+)'|([^\s"'#!]+)""", "\n".join(head)):
                name = "".join(words)
                if re.match(r"(python|pypy)[\d.]*$", os.path.basename(name)):
                    return shutil.which(name)
    return None
