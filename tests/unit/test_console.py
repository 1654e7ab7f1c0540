"""Talking to the person, who may be there or not."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import select
import struct
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TextIO

import pytest

from awscli_rekcl.terminal import console
from awscli_rekcl.terminal.console import Console
from awscli_rekcl.terminal.reader import LONGEST
from awscli_rekcl.terminal.writer import ATOMIC, MOST_PROGRESS

from .fakes import Terminal

if sys.platform != "win32":
    import fcntl
    import pty
    import termios

# In a console of Windows there are none by themselves, and a drawn line is not replaced.
drawn = pytest.mark.posix("control sequences of a terminal")
at_a_terminal = pytest.mark.posix("a pseudo-terminal")
full_pipe = pytest.mark.posix("a full pipe, filled by a descriptor that does not block")

RED, BOLD, OFF, WIPE = "\x1b[31m", "\x1b[1m", "\x1b[m", "\r\x1b[K"


class Talk(Console):
    """A console whose standard error can be read."""

    def __init__(
        self,
        stderr: TextIO | None,
        stdin: TextIO | None = None,
        stdout: TextIO | None = None,
        color: str = "auto",
        **environ: str,
    ) -> None:
        super().__init__(stdin, stdout, stderr, environ, color=color)
        self.stderr = stderr

    @property
    def text(self) -> str:
        """What was written since the last time."""
        assert isinstance(self.stderr, io.StringIO)
        text = self.stderr.getvalue()
        self.stderr.seek(0)
        self.stderr.truncate()
        return text


# What is shown.


@pytest.mark.parametrize(
    ("stderr", "color", "environ", "colored"),
    [
        pytest.param(Terminal, "auto", {"NO_COLOR": "", "CI": "true"}, True, marks=drawn),
        (Terminal, "auto", {"NO_COLOR": "1"}, False),
        (Terminal, "auto", {"TERM": "dumb"}, False),
        (Terminal, "off", {}, False),
        (Terminal, "on", {"NO_COLOR": "1", "TERM": "dumb"}, True),
        (io.StringIO, "auto", {}, False),
        (io.StringIO, "on", {}, True),
    ],
)
def test_colors(stderr: Any, color: str, environ: dict[str, str], colored: bool) -> None:
    talk = Talk(stderr(), None, None, color, **environ)
    talk.show("fine")
    talk.warn("one", "two")
    red = f"{RED}one{OFF}\n{RED}two{OFF}\n"
    assert talk.text == "fine\n" + (red if colored else "one\ntwo\n")
    talk.confirm("sure? ")
    assert talk.text == (f"{BOLD}sure? {OFF}\n" if colored else "sure? \n")


@drawn
def test_a_drawn_line_is_replaced_and_taken_away() -> None:
    stdout = io.StringIO()
    talk = Talk(Terminal(), stdout=stdout)
    talk.draw("v1: DELETING")
    talk.draw("v1: DELETING")
    assert talk.text == f"{WIPE}v1: DELETING"
    talk.draw("x" * 200)
    assert talk.text == WIPE + "x" * 79  # it fits
    talk.show("done")
    talk.show("bye")
    assert talk.text == f"{WIPE}done\nbye\n"
    talk.draw("v1: failed")
    print("An error occurred", file=talk)  # as the host does
    assert talk.text == f"{WIPE}v1: failed{WIPE}An error occurred\n"
    talk.draw("v1: gone")
    talk.print_result("{}\n")
    assert talk.text == f"{WIPE}v1: gone{WIPE}"
    assert stdout.getvalue() == "{}\n"


@pytest.mark.parametrize(
    ("platform", "environ"),
    [(sys.platform, {"CI": "1"}), (sys.platform, {"TERM": "dumb"}), ("win32", {})],
)
def test_a_log_gets_a_line_for_what_would_be_drawn(
    platform: str, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    talk = Talk(Terminal(), None, None, **environ)
    talk.draw("v1: DELETING")
    assert not talk.redraws
    assert talk.text == "v1: DELETING\n"


# What is asked.


class Keyboard(Terminal):
    """Somebody who types at a terminal, and the screen at which they see what to answer."""

    def __init__(self) -> None:
        super().__init__()
        self.parent, self.child = pty.openpty()
        self.stdin = open(self.child)  # noqa: SIM115
        self.talk = Talk(self, self.stdin, color="off")
        self.answer = b""

    def fileno(self) -> int:
        return self.child

    def write(self, text: str) -> int:
        if "sure?" in text:
            self.type(self.answer)
        return super().write(text)

    def type(self, keys: bytes) -> None:
        os.write(self.parent, keys)

    def confirm(self, keys: bytes) -> bool | None:
        """Return what comes of keys that are typed when the question is seen."""
        self.answer = keys
        return self.talk.confirm("sure? ")


@pytest.fixture
def keyboard() -> Iterator[Keyboard]:
    keyboard = Keyboard()
    yield keyboard
    os.close(keyboard.parent)
    keyboard.stdin.close()


@at_a_terminal
def test_a_terminal_tells_its_width_and_may_be_made_narrower(keyboard: Keyboard) -> None:
    def set_width(columns: int) -> None:
        fcntl.ioctl(keyboard.child, termios.TIOCSWINSZ, struct.pack("HHHH", 20, columns, 0, 0))

    talk, line = keyboard.talk, "0:00 of 1:00:00  a-version-with-a-long-name: STOPPED"
    assert talk.width is Talk(Terminal()).width is None  # nobody has set it
    set_width(100)
    assert talk.width == 100
    talk.draw(line)
    assert talk.text == f"{WIPE}{line}"
    set_width(20)
    talk.show("done")
    assert talk.text == "\x1b[2A\r\x1b[Jdone\n"


@pytest.fixture
def answer(tmp_path: Path) -> Iterator[TextIO]:
    """Standard input with the answer, and with a line for whoever comes next."""
    (tmp_path / "answer").write_text("delete\nrest")
    with (tmp_path / "answer").open() as stream:
        yield stream


@pytest.mark.parametrize(
    ("content", "confirmed", "rest"),
    [
        (b"delete\nrest", True, "rest"),
        (b" \tdelete \r\nrest\n", True, "rest\n"),
        (b"\ndelete\n", False, "delete\n"),
        (b"Delete\n", False, ""),
        (b"delete it\n", False, ""),
        (b"\xffdelete\n", False, ""),
        (b"", None, ""),
        (b"delet", False, ""),
        (b"delete" + b" " * 9000, None, " " * (9006 - LONGEST)),
    ],
)
def test_one_line_of_standard_input_is_read(
    content: bytes, confirmed: bool | None, rest: str, tmp_path: Path
) -> None:
    (tmp_path / "answer").write_bytes(content)
    with (tmp_path / "answer").open() as stdin:
        talk = Talk(io.StringIO(), stdin)
        assert not talk.interactive
        assert talk.confirm("sure? ") is confirmed
        assert stdin.read() == rest
    assert talk.text == "sure? \n"


@at_a_terminal
def test_a_terminal_answers(keyboard: Keyboard) -> None:
    assert keyboard.talk.interactive
    assert keyboard.confirm(b"delete\n")
    assert keyboard.talk.text == "sure? "  # the terminal has ended the line
    assert keyboard.confirm(b"x" * 3000 + b"\n") is False
    assert not select.select([keyboard.child], [], [], 0)[0]  # nothing is left for the shell


KILL, END = b"\x15", b"\x04"  # Ctrl-U and Ctrl-D


@at_a_terminal
@pytest.mark.parametrize(
    ("before", "after", "confirmed"),
    [
        (b"", b"no" + KILL + b" delete\n", True),
        (b"", b"dele" + END + b"te\n", True),
        (b"no", b"delete\n", True),
        # Only a line that is typed after the question and ended by Enter answers.
        (b"delete\n", b"\n", False),
        (b"delete", b"\n", False),
        (b"1\ndelete\n", b"\n", False),
        (b"", b"\ndelete\n", False),
        (b"", END, False),
        (b"", b"delete" + 2 * END, False),
    ],
)
def test_keys(before: bytes, after: bytes, confirmed: bool, keyboard: Keyboard) -> None:
    keyboard.type(before)
    assert not before.endswith(b"\n") or select.select([keyboard.child], [], [], 5)[0]
    assert keyboard.confirm(after) is confirmed
    keyboard.type(b"all\n")
    keyboard.answer = b"1\n"
    assert keyboard.talk.ask("sure? ") == "1\n"


@at_a_terminal
def test_no_end_of_a_long_paste_answers(keyboard: Keyboard) -> None:
    paste = threading.Thread(target=keyboard.type, args=(b"delete\n" * 3000,))
    paste.start()
    assert keyboard.confirm(b"no\n") is False
    paste.join()


@at_a_terminal
def test_what_was_typed_while_the_question_could_not_be_seen(
    keyboard: Keyboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "BLIND", -1)
    answers = threading.Timer(0.3, keyboard.type, [b"no\n"])
    answers.start()
    assert keyboard.confirm(b"delete\n") is False
    answers.join()


@at_a_terminal
def test_who_can_not_see_the_question_is_not_asked(keyboard: Keyboard) -> None:
    reader, writer = os.pipe()
    with open(os.devnull, "w") as null, open(reader) as seen, open(writer, "w") as pipe:
        for stderr in (None, io.StringIO(), null):
            talk = Talk(stderr, keyboard.stdin)
            assert (talk.interactive, talk.can_ask) == (True, False)
            assert talk.confirm("sure? ") is None
        typing = threading.Timer(0.1, keyboard.type, [b"delete\n"])
        typing.start()
        os.set_blocking(keyboard.child, False)  # as another program may leave it
        assert Talk(pipe, keyboard.stdin).confirm("sure? ") is True
        assert seen.read(6) == "sure? "
        typing.join()


@at_a_terminal
def test_on_windows_nul_says_that_it_is_a_terminal(
    keyboard: Keyboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    assert keyboard.confirm(b"delete\n") is None
    assert keyboard.talk.text == ""  # nobody has seen a question
    monkeypatch.setattr(Console, "width", 80)
    assert keyboard.confirm(b"delete\n") is True


@pytest.mark.parametrize(
    "platform", [pytest.param("linux", marks=pytest.mark.posix("`select` for pipes")), "win32"]
)
def test_a_file_that_answers_and_a_pipe_that_is_open_and_silent(
    platform: str, answer: TextIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    assert Talk(io.StringIO(), answer).confirm("sure? ") is True
    assert answer.read() == "rest"
    assert console.SILENT == 300
    monkeypatch.setattr(console, "SILENT", 0.01)
    reader, writer = os.pipe()
    with open(reader) as stdin, open(writer, "w"):
        talk = Talk(io.StringIO(), stdin)
        assert talk.confirm("sure? ") is None
        assert talk.text == "sure? \n"


# Streams that are gone.


class Broken(Terminal):
    """A terminal that was closed."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def write(self, text: str) -> int:
        raise self.error


NO_READER, NO_SPACE, INVALID = (
    OSError(number, os.strerror(number)) for number in (errno.EPIPE, errno.ENOSPC, errno.EINVAL)
)


@pytest.mark.parametrize("stderr", [None, Broken(NO_READER), Broken(ValueError())])
def test_standard_error_that_is_gone_stops_nothing(
    stderr: TextIO | None, answer: TextIO, capfd: pytest.CaptureFixture[str]
) -> None:
    talk = Talk(stderr, answer, color="on")
    assert talk.width is None
    assert talk.isatty() is (stderr is not None)
    talk.draw("0:00")
    talk.warn("storm")
    assert not talk.confirm("sure? ")
    assert answer.read() == "delete\nrest"  # the question was not seen
    print("What the host writes", file=talk, flush=True)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("encoding", "written"),
    [("utf-8", '{"a": "käse 🐈"}'), ("ascii", '{"a": "k\\u00e4se \\ud83d\\udc08"}')],
)
def test_result(encoding: str, written: str) -> None:
    stdout = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    Talk(None, stdout=stdout).print_result('{"a": "käse 🐈"}')
    assert stdout.buffer.getvalue().decode() == written
    Talk(None, stdout=None).print_result("{}")  # which is no error


@pytest.mark.parametrize(
    ("error", "platform", "warns"),
    [
        (NO_READER, sys.platform, False),
        (INVALID, "win32", False),  # which a pipe without a reader has there
        pytest.param(INVALID, "linux", True, marks=pytest.mark.posix("pthread_sigmask")),
        (NO_SPACE, sys.platform, True),
    ],
)
def test_result_that_can_not_be_written(
    error: OSError, platform: str, warns: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    talk = Talk(io.StringIO(), stdout=Broken(error))
    talk.print_result("{}")
    talk.finish()
    assert ("The result can't be written" in talk.text) is warns


@pytest.mark.parametrize("threads", [0, 1])
def test_where_no_thread_can_be_had_everything_is_written(
    threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [threading.Thread.start] * threads

    def start(thread: threading.Thread) -> None:
        if not left:
            raise RuntimeError("can't start new thread")
        left.pop()(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    stdout = io.StringIO()
    talk = Talk(io.StringIO(), stdout=stdout)
    talk.never_wait()
    talk.show("list")
    talk.print_result("{}")
    talk.warn("last words")
    talk.finish()
    assert (talk.text, stdout.getvalue()) == ("list\nlast words\n", "{}")


# Streams that take no more, or only some.


@pytest.mark.posix("a descriptor that does not block")
def test_a_descriptor_that_does_not_block_gets_all_of_it() -> None:
    size = 1_000_000
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with ThreadPoolExecutor() as pool, open(reader, encoding="utf-8") as pipe:
        received = pool.submit(pipe.read)
        with open(writer, "w", encoding="utf-8") as stream:
            Talk(None, stdout=stream).print_result("ä" * size)
            Talk(stream).show("ö" * size)
        assert received.result() == "ä" * size + "ö" * size + "\n"


def test_lines_are_written_in_blocks_that_a_pipe_takes_at_once() -> None:
    blocks: list[str] = []
    stderr = io.StringIO()
    stderr.write = blocks.append  # type: ignore[method-assign,assignment]
    lines = ["ä" * 40, *("x" * 100 for _ in range(200)), "y" * 10_000, "z"]
    Talk(stderr).show(*lines)
    assert "".join(blocks) == "".join(f"{line}\n" for line in lines)
    assert len(blocks) < 10
    for block in blocks:
        assert block.endswith("\n")
        assert len(block.encode()) <= ATOMIC or block.count("\n") == 1


class FullPipe:
    """Standard error whose reader is away."""

    def __init__(self, blocking: bool = True) -> None:
        self.reader, writer = os.pipe()
        os.set_blocking(writer, False)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(writer, b"." * 4096)
        os.set_blocking(writer, blocking)
        self.stderr = open(writer, "w")  # noqa: SIM115

    def read(self) -> str:
        """Return what has been written, up to the end that the next text brings."""
        os.set_blocking(self.reader, True)
        text = ""
        while not text.endswith("end\n"):
            text += os.read(self.reader, 65536).decode()
        return text.lstrip(".")

    def close(self) -> None:
        self.stderr.close()
        os.close(self.reader)


@full_pipe
@pytest.mark.parametrize("blocking", [True, False])
def test_a_reader_who_is_away_holds_up_nothing_after_the_question(
    blocking: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "PATIENCE", 0.01)
    stdout = io.StringIO()
    with contextlib.closing(FullPipe(blocking)) as pipe:
        talk = Talk(pipe.stderr, stdout=stdout)
        talk.never_wait()
        lines = [f"{number} {'x' * 1000}" for number in range(1000)]
        talk.show(*lines)
        for number in range(2 * MOST_PROGRESS):
            talk.draw(f"progress {number}")
        talk.print_result("{}")
        talk.warn("last words", "end")
        talk.finish()
        assert stdout.getvalue() == "{}"
        written = pipe.read().splitlines()
        drawn = len(written) - len(lines) - 2
        assert MOST_PROGRESS - 3 <= drawn <= MOST_PROGRESS
        progress = [f"progress {number}" for number in range(drawn)]
        assert written == [*lines, *progress, "last words", "end"]
        assert talk.confirm("sure? ") is None


@full_pipe
def test_up_to_the_question_the_reader_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "PATIENCE", 0.01)
    with contextlib.closing(FullPipe()) as pipe:
        showing = threading.Thread(target=lambda: Talk(pipe.stderr).show("list", "end"))
        showing.start()
        showing.join(0.1)
        assert showing.is_alive()
        assert pipe.read() == "list\nend\n"
        showing.join()


@full_pipe
def test_what_the_host_writes_holds_up_nothing_until_the_command_is_left() -> None:
    with contextlib.closing(FullPipe()) as pipe:
        talk = Talk(pipe.stderr)
        talk.never_wait()
        print("warning", file=talk)  # which returns
        reading = threading.Timer(0.05, os.read, [pipe.reader, 65536])
        reading.start()
        talk.finish()
        os.set_blocking(pipe.reader, False)
        assert os.read(pipe.reader, 65536) == b"warning\n"
