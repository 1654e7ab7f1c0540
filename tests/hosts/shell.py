"""Runs ``aws`` the way a user does: in a script, with pipes, or at a terminal.

On Windows there are only pipes; a test that needs a terminal or bash is skipped there.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Union

import pexpect
import pytest
from pexpect.fdpexpect import fdspawn

from tests.hosts.installs import ROOT, Host

if sys.platform != "win32":
    import fcntl
    import pty
    import termios

# What to wait for (a regular expression), and then what to type or whatever else to do.
Step = tuple[str, Union[str, Callable[["Running"], object]]]


@dataclass(frozen=True)
class Result:
    returncode: int  # as in subprocess: minus the number of the signal that ended the process
    stdout: str
    stderr: str  # empty at a terminal, where it is part of the screen
    screen: str = ""  # everything that the terminal received, what was typed included


@dataclass
class Running:
    """A process that was started; its output goes to files, so it never waits for a reader.

    ``process.send_signal`` sends it a signal, alone, as ``kill`` does.
    """

    process: subprocess.Popen[bytes]
    stdout: Path
    stderr: Path
    deadline: float
    terminal: fdspawn[str] | None = None
    screen: io.StringIO = field(default_factory=io.StringIO)
    is_closed: bool = False

    def wait_for(self, pattern: str) -> None:
        """Wait until the process has said something on standard error, or on its terminal.

        At a terminal the next wait begins behind what was found.
        """
        if self.terminal:
            try:
                self.terminal.expect(pattern, timeout=self._left())
            except (pexpect.EOF, pexpect.TIMEOUT):
                raise self._failure(f"did not say {pattern!r}") from None
            return
        while True:
            is_over = self.process.poll() is not None  # asked first: a last word counts
            if re.search(pattern, _text(self.stderr)):
                return
            if is_over or time.monotonic() > self.deadline:
                raise self._failure(f"did not say {pattern!r}")
            time.sleep(0.01)

    def hang_up(self) -> None:
        """Close the terminal, as its window's close button does."""
        assert self.terminal
        self.terminal.close()
        self.terminal = None

    def finish(self) -> Result:
        """Wait for the end of the process."""
        try:
            if self.terminal:
                self.terminal.expect(pexpect.EOF, timeout=self._left())
            self.process.wait(self._left())
        except (pexpect.TIMEOUT, subprocess.TimeoutExpired):
            raise self._failure("did not end in time") from None
        self.close()
        return Result(self.process.returncode, *self._said())

    def close(self) -> None:
        """Kill whatever is left of the process and of those that it started."""
        if self.is_closed:
            return
        self.is_closed = True
        if sys.platform == "win32":
            self.process.kill()
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.terminal:
            self.terminal.close()

    def _left(self) -> float:
        return max(0.0, self.deadline - time.monotonic())

    def _said(self) -> tuple[str, str, str]:
        return _text(self.stdout), _text(self.stderr), self.screen.getvalue()

    def _failure(self, what: str) -> AssertionError:
        code = self.process.poll()
        self.close()
        names = ("standard output", "standard error", "terminal")
        said = "".join(f"\n--- {name}\n{text}" for name, text in zip(names, self._said()) if text)
        state = "still running" if code is None else f"ended with {code}"
        return AssertionError(f"{self.process.args!r} {what} ({state}){said}")


class Aws:
    """``aws`` of one host, in an environment and a home of its own, with the plugin configured.

    ``environment`` and the file ``config`` may be changed before a run. With an ``endpoint_url``
    every command gets it as ``--endpoint-url``, which every host understands.
    """

    def __init__(self, host: Host, home: Path, endpoint_url: str | None = None) -> None:
        self.host = host
        self.home = home
        self.config = home / "config"
        self.endpoint = () if endpoint_url is None else ("--endpoint-url", endpoint_url)
        self.environment = {
            "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "SYSTEMROOT": os.environ.get("SYSTEMROOT", ""),  # without it Windows has no network
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "HOME": str(home),
            "AWS_CONFIG_FILE": str(self.config),
            "AWS_SHARED_CREDENTIALS_FILE": str(home / "credentials"),
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_PAGER": "",
        }
        self.started: list[Running] = []

        config = "[default]\nregion = us-east-1\n[plugins]\nrekcl = awscli_rekcl\n"
        if host.major == 1:
            self.environment["PYTHONPATH"] = str(ROOT)
        else:
            # A folder with nothing else in it: no module of the repository but the plugin's.
            (home / "plugins").mkdir()
            (home / "plugins" / "awscli_rekcl").symlink_to(ROOT / "awscli_rekcl")
            config += f"cli_legacy_plugin_path = {home / 'plugins'}\n"
        self.config.write_text(config)

        # For scripts. The process becomes the real `aws`, so signals reach it.
        wrapper = home / "bin" / "aws"
        wrapper.parent.mkdir()
        words = " ".join(shlex.quote(word) for word in (*host.command, *self.endpoint))
        wrapper.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
        wrapper.chmod(0o755)

        # Coverage of the plugin inside a real process, where the host has coverage.py installed.
        if host.name == "v1" and "COVERAGE_PROCESS_START" in os.environ:
            data = os.environ.get("COVERAGE_FILE", ".coverage")
            self.environment["COVERAGE_FILE"] = os.path.abspath(data)
            settings = os.environ["COVERAGE_PROCESS_START"]
            self.environment["COVERAGE_PROCESS_START"] = os.path.abspath(settings)

    def run(self, *args: str, **options: Any) -> Result:
        """Run ``aws`` with these arguments and wait for its end. The options are those of start."""
        return self.start(*args, **options).finish()

    def start(self, *args: str, endpoint: bool = True, **options: Any) -> Running:
        """Start ``aws``, for tests that do something while it runs. For options see ``_spawn``."""
        return self._spawn(self._command(args, endpoint), **options)

    def terminal(self, *args: str, endpoint: bool = True, **options: Any) -> Result:
        """Run ``aws`` at a terminal. For options see ``_at_terminal``."""
        return self._at_terminal(self._command(args, endpoint), **options)

    def bash(self, script: str, *, terminal: bool = False, **options: Any) -> Result:
        """Run a script, at a terminal or not; ``aws`` in it is this host with its endpoint."""
        if sys.platform == "win32":
            pytest.skip("a script for bash")
        command = ["bash", "-c", script]
        if terminal:
            return self._at_terminal(command, **options)
        return self._spawn(command, **options).finish()

    def close(self) -> None:
        """Kill what was started and is still running."""
        for running in self.started:
            running.close()

    def _command(self, args: Sequence[str], endpoint: bool) -> list[str]:
        return [*self.host.command, *(self.endpoint if endpoint else ()), *args]

    def _at_terminal(
        self,
        command: Sequence[str],
        answers: Sequence[Step] = (),
        columns: int = 80,
        rows: int = 24,
        stdout: str = "file",
        **options: Any,
    ) -> Result:
        """Run a command at a terminal, like ``x=$(aws ...)`` does: standard output is kept apart.

        With ``stdout="terminal"`` it goes to the terminal as well. An answer is typed as it is:
        "delete\\n" for the word and Enter, "\\x03" for Ctrl-C, "\\x04" for end of file. One that is
        a function is called with the running process.
        """
        if sys.platform == "win32":
            pytest.skip("no pseudo-terminals on Windows")
        master, slave = pty.openpty()
        try:
            size = struct.pack("HHHH", rows, columns, 0, 0)
            fcntl.ioctl(slave, termios.TIOCSWINSZ, size)
            # The first process of a session gets the terminal that it opens as its controlling one.
            command = ["sh", "-c", 'exec "$@" <"$0"', os.ttyname(slave), *command]
            options["env"] = {"TERM": "xterm-256color", **(options.get("env") or {})}
            shown = slave if stdout == "terminal" else None
            running = self._spawn(command, stdin=slave, stdout=shown, stderr=slave, **options)
        finally:
            os.close(slave)
        running.terminal = fdspawn(master, encoding="utf-8", codec_errors="replace")
        running.terminal.delaybeforesend = None
        running.terminal.logfile_read = running.screen
        for pattern, answer in answers:
            running.wait_for(pattern)
            if callable(answer):
                answer(running)
            else:
                running.terminal.send(answer)
        return running.finish()

    def _spawn(
        self,
        command: Sequence[str],
        input: str | None = None,
        env: Mapping[str, str | None] | None = None,
        timeout: float = 60,
        stdin: int = subprocess.DEVNULL,
        stdout: int | None = None,
        stderr: int | None = None,
    ) -> Running:
        """Start a command.

        ``input`` arrives through a pipe and must fit into one (64 KiB); without it, standard input
        is empty. A variable that is None in ``env`` is taken out of the environment. A descriptor
        may take the place of the file for ``stdout`` or ``stderr``.
        """
        if input is not None:
            stdin, writer = os.pipe()
            with open(writer, "wb") as pipe:
                pipe.write(input.encode())
        number = len(self.started)
        out, err = self.home / f"stdout-{number}", self.home / f"stderr-{number}"
        variables = {**self.environment, **(env or {})}
        with out.open("wb") as out_file, err.open("wb") as err_file, no_signal_ignored():
            # A session of its own has no terminal but ours, and its processes can be killed as one.
            process = subprocess.Popen(
                command,
                stdin=stdin,
                stdout=out_file if stdout is None else stdout,
                stderr=err_file if stderr is None else stderr,
                env={name: value for name, value in variables.items() if value is not None},
                cwd=self.home,
                start_new_session=True,
            )
        if input is not None:
            os.close(stdin)
        running = Running(process, out, err, time.monotonic() + timeout)
        self.started.append(running)
        return running


@contextlib.contextmanager
def no_signal_ignored() -> Iterator[None]:
    """Let a new process begin with each signal in working order.

    A shell starts its background jobs with SIGINT ignored, nohup its command with SIGHUP, and every
    process below inherits that. A handler, on the other hand, ends with the program that has it.
    """
    ignored = [each for each in signal.valid_signals() if signal.getsignal(each) == signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, lambda *_: None)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


def _text(path: Path) -> str:
    text = path.read_bytes().decode(errors="replace")
    return text.replace("\r\n", "\n") if sys.platform == "win32" else text
