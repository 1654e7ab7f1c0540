"""The streams: standard error, one line of standard input, and the result on standard output.

Standard error may be closed, go away, be a log or a terminal: nothing that happens to it stops
a deletion, and nothing meant for it lands on standard output.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO

LONGEST_ANSWER = 1024
"""Bytes. An input without an end of line is no answer."""

LONGEST_LINE = 65536
"""Bytes. Longer than a line that a terminal hands over: what is left would go to the shell."""

ATOMIC = 4096
"""Bytes. Linux' PIPE_BUF: as much lands in a pipe in one piece, whoever else writes to it."""

PATIENCE = 5.0
"""Seconds to wait for a reader of standard error that takes nothing: no deletion hangs on it."""


def folded(text: str, width: int | None) -> list[str]:
    """Return a sentence in lines that fit; None is for no limit."""
    if width is None:
        return [text]
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


class Console:
    """Where the command talks to the person, if there is one."""

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
        self._stdin = stdin
        self._stdout = stdout
        self._stderr = stderr
        # A console of Windows may print what would take a line away.
        can_redraw = environ.get("TERM") != "dumb" and sys.platform != "win32"
        self.redraws = _is_terminal(stderr) and can_redraw
        if color == "auto":
            color = "on" if self.redraws and not environ.get("NO_COLOR") else "off"
        self._color = color == "on"
        self._line = ""

    @property
    def interactive(self) -> bool:
        """Whether somebody can type an answer."""
        return _is_terminal(self._stdin)

    @property
    def width(self) -> int | None:
        """Columns of the terminal; None if there is no terminal."""
        if self._stderr is None or not self._stderr.isatty():
            return None
        try:
            return os.get_terminal_size(self._stderr.fileno()).columns or None
        except OSError:
            return None

    def say(self, *lines: str) -> None:
        """Write lines."""
        self._write(self._wiped() + "".join(f"{line}\n" for line in lines))

    def never_wait(self) -> None: ...
    def finish(self) -> None: ...

    def alarm(self, *lines: str) -> None:
        """Write lines that tell of something wrong."""
        self.say(*(f"\x1b[31m{line}\x1b[m" if self._color else line for line in lines))

    def tell(self, *sentences: str) -> None:
        """Write sentences, folded to the terminal."""
        self.say(*self._folded(sentences))

    def warn(self, *sentences: str) -> None:
        """Write sentences that tell of something wrong, folded to the terminal."""
        self.alarm(*self._folded(sentences))

    def draw(self, line: str) -> None:
        """Show a line in the place of the one drawn before; what is said next takes it away."""
        line = line[: (self.width or 80) - 1]
        if line != self._line:
            self._write((self._wiped() or "\r\x1b[K") + line)
            self._line = line

    @property
    def can_ask(self) -> bool:
        """Whether somebody sees what is asked and can type an answer."""
        return self.interactive and _is_terminal(self._stderr)

    def ask(self, question: str) -> str | None:
        """Ask for a line; None at end of file."""
        answer = self._answer(question, LONGEST_LINE)
        return answer.decode(errors="replace") if answer.endswith(b"\n") else None

    def confirm(self, question: str) -> bool | None:
        """Ask for the word `delete`: one line of standard input, no byte more.

        None is for nobody who could have answered.
        """
        answer = self._answer(question)
        return answer.strip() == b"delete" if answer or self.interactive else None

    show, report = say, tell

    @property
    def prints_to_terminal(self) -> bool:
        """Whether the result goes to a terminal, below what was said before it."""
        return _is_terminal(self._stdout)

    def print_result(self, text: str) -> None:
        """Write to standard output. A reader that went away is no failure of the deletion."""
        if self._stdout is None:
            return
        self._write(self._wiped())
        try:
            text.encode(self._stdout.encoding or "utf-8")
        except UnicodeEncodeError:  # what follows is valid JSON as well
            text = "".join(c if c.isascii() else json.dumps(c)[1:-1] for c in text)
        try:
            _write_whole(self._stdout, text)
        except OSError as error:
            _discard(self._stdout)
            if not isinstance(error, BrokenPipeError):
                self.alarm(f"The result can't be written: {error}")

    def _folded(self, sentences: Iterable[str]) -> Iterator[str]:
        return (line for text in sentences for line in folded(text, self.width))

    def _wiped(self) -> str:
        """Return what takes the drawn line away, if one is shown."""
        line, self._line = self._line, ""
        if not line:
            return ""
        # A terminal that was made narrower has folded it.
        rows = (len(line) - 1) // (self.width or 80)
        return f"\x1b[{rows}A\r\x1b[J" if rows else "\r\x1b[K"

    def _write(self, text: str) -> None:
        if self._stderr is None:
            return
        try:
            for block in _blocks(text):
                _write_whole(self._stderr, block, patience=PATIENCE)
        except (OSError, ValueError):
            _discard(self._stderr)
            self._stderr = None

    def _answer(self, question: str, longest: int = LONGEST_ANSWER) -> bytes:
        self._write(f"\x1b[1m{question}\x1b[m" if self._color else question)
        # No answer counts if the question was not seen.
        answer = self._read_line(longest) if self._stderr is not None else b""
        if not (self.interactive and answer.endswith(b"\n")):
            self._write("\n")  # which no terminal did
        return answer

    def _read_line(self, longest: int) -> bytes:
        # Unbuffered: what comes after the line is for whoever reads standard input next.
        answer = b""
        try:
            while self._stdin is not None and len(answer) < longest:
                byte = os.read(self._stdin.fileno(), 1)
                answer += byte
                if byte in (b"", b"\n"):
                    return answer
        except (OSError, ValueError):
            pass
        return b""


def _blocks(text: str) -> Iterator[str]:
    """Yield whole lines, as many as a pipe takes at once: `xargs -P` has several of us write."""
    block, size = "", 0
    for line in text.splitlines(keepends=True):
        length = len(line.encode(errors="replace"))
        if block and size + length > ATOMIC:
            yield block
            block, size = "", 0
        block += line
        size += length
    yield block


def _write_whole(stream: TextIO, text: str, patience: float | None = None) -> None:
    """Write a text, also to a descriptor that does not block. Raise OSError.

    Such a one takes what fits, and the buffers of Python lose the rest. TimeoutError is for a
    reader that takes nothing for `patience` seconds.
    """
    stream.flush()
    try:
        descriptor = stream.fileno()
        blocks = sys.platform == "win32" or os.get_blocking(descriptor)
    except (OSError, ValueError):  # no file
        blocks = True
    if blocks:
        stream.write(text)
        stream.flush()
        return
    rest = memoryview(text.encode(stream.encoding, stream.errors or "strict"))
    while rest:
        if not select.select([], [descriptor], [], patience)[1]:
            raise TimeoutError
        with contextlib.suppress(BlockingIOError):
            rest = rest[os.write(descriptor, rest) :]


def _discard(stream: TextIO) -> None:
    # What is still buffered would fail once more at exit, and Python would exit with 120.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()
