"""The streams: standard error, one line of standard input, and the result on standard output.

Standard error may be closed, go away, be read by nobody, be a log or a terminal: nothing that
happens to it stops a deletion, and nothing meant for it lands on standard output. Up to the answer
to the question all that is shown waits for who reads it; afterwards nothing waits.
"""

from __future__ import annotations

import errno
import functools
import io
import json
import math
import os
import stat
import sys
import textwrap
import time
from collections.abc import Iterable, Mapping
from typing import TextIO

from awscli_rekcl import signals
from awscli_rekcl.terminal.reader import discard_typed, read_line
from awscli_rekcl.terminal.writer import Writer

PATIENCE = 3.0
"""Seconds for which standard error may take nothing, at the end, before nobody waits for it."""

BLIND = 1.0
"""Seconds. Whoever types while a question takes longer to appear has not seen it."""

SILENT = 300.0
"""Seconds. A standard input that is no terminal and says nothing for so long has no answer."""


def folded(sentences: Iterable[str], width: int | None) -> list[str]:
    """Return sentences in lines that fit; None is for no limit."""
    if width is None:
        return list(sentences)
    wrapper = textwrap.TextWrapper(width, break_long_words=False, break_on_hyphens=False)
    return [line for sentence in sentences for line in wrapper.wrap(sentence)]


class Console(io.TextIOBase):
    """The streams to and from the user.

    In the place of `sys.stderr` it takes what the AWS CLI itself writes there, which has its turn
    behind what was shown before. A closed or full standard error then changes no exit status, and
    `print` does not turn to standard output.
    """

    def __init__(
        self,
        stdin: TextIO | None,
        stdout: TextIO | None,
        stderr: TextIO | None,
        environ: Mapping[str, str],
        *,
        color: str,
    ) -> None:
        """Take None for a stream that is closed; `color` is the AWS CLI's on, off or auto."""
        self._stdin = stdin or io.StringIO()
        self._stdout = stdout
        self._stderr = stderr
        self.interactive = _is_terminal(stdin)
        """Whether somebody can type an answer."""
        self.can_ask = self.interactive and self.isatty()
        """Whether somebody sees what is asked and can type an answer."""
        self.prints_to_terminal = _is_terminal(stdout)
        """Whether the result goes to a terminal, below what was shown before it."""
        self._writer = Writer(stderr) if stderr is not None else None
        self._patience = math.inf
        """Seconds for which a text may wait for who reads it."""
        # A console of Windows may print what would take a line away.
        can_redraw = environ.get("TERM") != "dumb" and sys.platform != "win32"
        is_screen = self.isatty() and can_redraw
        # A CI job's terminal is a log that keeps each state of the line.
        self.redraws = is_screen and not environ.get("CI")
        if color == "auto":
            color = "on" if is_screen and not environ.get("NO_COLOR") else "off"
        self._color = color == "on"
        self._line = ""
        """What is drawn; only the thread that writes knows."""

    @property
    def width(self) -> int | None:
        """Columns of the terminal; None if there is no terminal."""
        if not self.isatty():
            return None
        try:
            return os.get_terminal_size(self.fileno()).columns or None
        except OSError:
            return None

    def show(self, *lines: str) -> None:
        """Write lines as they are: a table, or a line to paste."""
        self.write("".join(f"{line}\n" for line in lines))

    def report(self, *sentences: str) -> None:
        """Write sentences, folded to the terminal."""
        self.show(*folded(sentences, self.width))

    def warn(self, *sentences: str) -> None:
        """Write sentences about a problem, folded to the terminal."""
        lines = folded(sentences, self.width)
        self.show(*(f"\x1b[31m{line}\x1b[m" if self._color else line for line in lines))

    def draw(self, line: str) -> None:
        """Show a line in the place of the one drawn before; what is shown next takes it away.

        A log gets it as a line of its own. Where nobody reads, lines like it are dropped first.
        """
        if self.redraws:
            self.write("", line, droppable=True)
        else:
            self.write(f"{line}\n", droppable=True)

    def write(self, text: str, line: str = "", *, droppable: bool = False) -> int:
        """Write a text as it is, and then a line that what is shown next takes away."""
        writer, patience = self._writer, self._patience
        if writer is not None:
            writer.put(functools.partial(self._next, text, line), droppable=droppable)
            if patience:
                writer.wait(lambda: writer.stalled > patience)
        return len(text)

    def reconfigure(self, **kwargs: object) -> None:
        """Take the encoding that version 2 sets; what is written has that of the stream."""

    def fileno(self) -> int:
        """Return the descriptor of standard error, for whoever starts another program."""
        return super().fileno() if self._stderr is None else self._stderr.fileno()

    def isatty(self) -> bool:
        """Return whether standard error is a terminal."""
        return _is_terminal(self._stderr)

    def never_wait(self) -> None:
        """Wait for no reader of standard error from now on: the question is answered."""
        self._patience = 0

    def finish(self) -> None:
        """Take the drawn line away, and give all that is shown some seconds at most to be read."""
        self._patience = PATIENCE
        self.write("")

    def ask(self, question: str) -> str:
        """Ask for a line; an empty text is for end of file."""
        answer = self._answer(question)
        return answer.decode(errors="replace") if answer.endswith(b"\n") else ""

    def confirm(self, question: str) -> bool | None:
        """Ask for the word `delete`: one line of standard input, no byte more.

        None is for nobody who could have answered: whoever sits at a terminal and can't see the
        question is not asked. At a terminal, only Enter ends an answer.
        """
        if self.interactive and not self._is_visible():
            return None
        answer = self._answer(question, math.inf if self.interactive else SILENT)
        if self.interactive and not answer.endswith(b"\n"):
            return False
        return answer.strip() == b"delete" if answer else None

    def print_result(self, text: str) -> None:
        """Write to standard output. A reader that went away is no failure of the deletion.

        One that has stalled is waited for until a signal ends the wait, by `signals.is_overdue`.
        """
        if self._stdout is None:
            return
        self.finish()
        try:
            text.encode(self._stdout.encoding or "utf-8")
        except UnicodeEncodeError:  # what follows is valid JSON as well
            text = "".join(c if c.isascii() else json.dumps(c)[1:-1] for c in text)
        writer = Writer(self._stdout)
        writer.put(lambda: text)
        writer.wait(signals.is_overdue)
        if writer.error and not _is_without_reader(writer.error):
            self.warn(f"The result can't be written: {writer.error}")

    def _next(self, text: str, line: str = "") -> str:
        """Return the text, or the line to draw, behind what takes away the line drawn last."""
        if not self._owns_terminal():
            line = self._line = ""  # the shell has moved on
        width = self.width or 80
        line = line[: width - 1]
        before, self._line = self._line, line
        if line and line == before:
            return ""
        wipe = "\r\x1b[K" if before or line else ""
        # A terminal that was made narrower has folded it.
        rows = (len(before) - 1) // width if before else 0
        return (f"\x1b[{rows}A\r\x1b[J" if rows else wipe) + text + line

    def _owns_terminal(self) -> bool:
        """Return whether no other process does: we may have been put into the background."""
        try:
            return sys.platform == "win32" or os.tcgetpgrp(self.fileno()) == os.getpgrp()
        except OSError:
            return True

    def _is_visible(self) -> bool:
        """Return whether standard error may be seen: by a terminal, or by whoever reads a pipe."""
        if self.isatty():
            # On Windows NUL says that it is a terminal.
            return sys.platform != "win32" or self.width is not None
        try:
            mode = os.fstat(self.fileno()).st_mode
        except OSError:
            return False
        return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)

    def _answer(self, question: str, seconds: float = math.inf) -> bytes:
        discard_typed(self._stdin)
        asked_at = time.monotonic()
        self.write(f"\x1b[1m{question}\x1b[m" if self._color else question)
        if time.monotonic() - asked_at > BLIND:
            discard_typed(self._stdin)
        # No answer counts if the question was not seen.
        is_seen = self._writer is not None and self._writer.error is None
        answer = read_line(self._stdin, seconds) if is_seen else b""
        if not (self.interactive and answer.endswith(b"\n")):
            self.write("\n")  # which no terminal did
        return answer


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def _is_without_reader(error: Exception) -> bool:
    # On Windows a pipe has another error than EPIPE.
    is_pipe = sys.platform == "win32" and getattr(error, "errno", None) == errno.EINVAL
    return is_pipe or isinstance(error, BrokenPipeError)
