"""Talking to the person, who may be there or not."""

from __future__ import annotations

import io
import os
import struct
import sys
import threading
from collections.abc import Iterator
from typing import Any, TextIO

import pytest

if sys.platform != "win32":
    import fcntl
    import pty
    import termios

from awscli_rekcl.terminal.console import ATOMIC, LONGEST_ANSWER, Console

from .fakes import Terminal

# In a console of Windows there are none by themselves, and a drawn line is not replaced.
drawn = pytest.mark.posix("control sequences of a terminal")

RED, BOLD, OFF, WIPE = "\x1b[31m", "\x1b[1m", "\x1b[m", "\r\x1b[K"


class Talk:
    """A console and what stands on standard error."""

    def __init__(
        self,
        stderr: TextIO | None,
        stdin: TextIO | None = None,
        color: str = "auto",
        stdout: TextIO | None = None,
        **environ: str,
    ) -> None:
        self.stderr = stderr
        self.console = Console(
            stdin,
            stdout,
            stderr,
            environ,
            color=color,
        )

    @property
    def text(self) -> str:
        assert isinstance(self.stderr, io.StringIO)
        text = self.stderr.getvalue()
        self.stderr.seek(0)
        self.stderr.truncate()
        return text


@pytest.mark.parametrize(
    ("stderr", "color", "environ", "colored"),
    [
        pytest.param(Terminal, "auto", {}, True, marks=drawn),
        pytest.param(Terminal, "auto", {"NO_COLOR": ""}, True, marks=drawn),
        (Terminal, "auto", {"NO_COLOR": "1"}, False),
        (Terminal, "auto", {"TERM": "dumb"}, False),
        (Terminal, "off", {}, False),
        (Terminal, "on", {"NO_COLOR": "1", "TERM": "dumb"}, True),
        (io.StringIO, "auto", {}, False),
        (io.StringIO, "on", {}, True),
    ],
)
def test_colors(stderr: Any, color: str, environ: dict[str, str], colored: bool) -> None:
    talk = Talk(stderr(), None, color, None, **environ)
    talk.console.say("fine")
    talk.console.alarm("one", "two")
    red = f"{RED}one{OFF}\n{RED}two{OFF}\n"
    assert talk.text == "fine\n" + (red if colored else "one\ntwo\n")
    talk.console.confirm("sure? ")
    assert talk.text == (f"{BOLD}sure? {OFF}\n" if colored else "sure? \n")


def test_a_drawn_line_is_replaced_and_taken_away() -> None:
    talk = Talk(Terminal(), color="off")
    talk.console.draw("v1: DELETING")
    talk.console.draw("v1: DELETING")
    assert talk.text == f"{WIPE}v1: DELETING"
    talk.console.draw("v1: gone")
    assert talk.text == f"{WIPE}v1: gone"
    talk.console.say("done")
    talk.console.say("bye")
    assert talk.text == f"{WIPE}done\nbye\n"


def test_a_drawn_line_fits() -> None:
    talk = Talk(Terminal())
    talk.console.draw("x" * 200)
    assert len(talk.text.replace(WIPE, "")) == 79


class Broken(Terminal):
    """A terminal that was closed."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def write(self, text: str) -> int:
        raise self.error


@pytest.mark.parametrize(
    "stderr", [None, Broken(BrokenPipeError()), Broken(OSError(5, "EIO")), Broken(ValueError())]
)
def test_standard_error_that_is_gone_stops_nothing(
    stderr: TextIO | None, answer: TextIO, capfd: pytest.CaptureFixture[str]
) -> None:
    console = Talk(stderr, answer, color="on").console
    assert console.width is None
    console.draw("0:00")
    console.alarm("storm")
    assert not console.confirm("sure? ")
    assert answer.read() == "delete\nrest"  # the question was not seen
    assert capfd.readouterr() == ("", "")


def feed(content: bytes) -> TextIO:
    """The reading end of a pipe with this content."""
    reader, writer = os.pipe()
    os.write(writer, content)
    os.close(writer)
    return open(reader, encoding="utf-8", errors="replace")


@pytest.fixture
def answer() -> Iterator[TextIO]:
    with feed(b"delete\nrest") as stream:
        yield stream


@pytest.mark.parametrize(
    ("content", "confirmed", "rest"),
    [
        (b"delete\nrest", True, "rest"),
        (b"delete\n\xff\xfe", True, "\ufffd\ufffd"),
        (b" \tdelete \r\nrest\n", True, "rest\n"),
        (b"\ndelete\n", False, "delete\n"),
        (b"Delete\n", False, ""),
        (b"delete it\n", False, ""),
        (b"deletedelete\n", False, ""),
        (b"y\nrest", False, "rest"),
        (b"\xffdelete\n", False, ""),
        (b"", False, ""),
        (b"delet", False, ""),
        (b"x" * 2000 + b"\ndelete\n", False, "x" * (2000 - LONGEST_ANSWER) + "\ndelete\n"),
        (b"delete" + b" " * 2000, False, " " * (2006 - LONGEST_ANSWER)),
    ],
)
def test_one_line_of_standard_input_is_read(content: bytes, confirmed: bool, rest: str) -> None:
    with feed(content) as stdin:
        talk = Talk(io.StringIO(), stdin)
        assert not talk.console.interactive
        assert bool(talk.console.confirm("sure? ")) is confirmed
        assert content or talk.console.confirm("sure? ") is None
        assert stdin.read() == rest
    assert talk.text == "sure? \n" * (1 if content else 2)


@pytest.mark.parametrize("stdin", [None, io.StringIO("delete\n")])
def test_no_standard_input(stdin: TextIO | None) -> None:
    assert not Talk(io.StringIO(), stdin).console.confirm("sure? ")


@pytest.mark.posix("a pseudo-terminal")
def test_a_terminal_answers_and_tells_its_width() -> None:
    parent, child = pty.openpty()
    try:
        with open(child, "r+b", buffering=0) as raw, io.TextIOWrapper(raw) as terminal:
            talk = Talk(Terminal(), terminal, color="off")
            os.write(parent, b"delete\n")
            assert talk.console.interactive
            assert talk.console.confirm("sure? ")
            assert talk.text == "sure? "  # the terminal has ended the line
            console = Talk(terminal).console
            assert console.width is None  # nobody has set it
            os.environ.pop("COLUMNS", None)
            _set_width(child, 40)
            assert console.width == 40
    finally:
        os.close(parent)


def _set_width(descriptor: int, columns: int) -> None:
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 20, columns, 0, 0))


def test_a_terminal_that_does_not_tell_its_width() -> None:
    assert Talk(Terminal()).console.width is None
    assert Talk(io.StringIO()).console.width is None


@pytest.mark.posix("a pseudo-terminal")
def test_a_terminal_that_was_made_narrower() -> None:
    master, slave = pty.openpty()

    def up_to(end: str) -> str:
        said = b""
        while not said.endswith(end.encode()):  # it may come in pieces
            said += screen.read(1000)
        return said.decode()

    line = "0:00 of 1:00:00  a-version-with-a-long-name: STOPPED"
    with open(master, "rb", 0) as screen, open(slave, "w") as stderr:
        _set_width(slave, 100)
        talk = Talk(stderr)
        talk.console.draw(line)
        assert up_to("STOPPED") == f"{WIPE}{line}"
        _set_width(slave, 20)
        talk.console.say("done")
        rows = (len(line) - 1) // 20
        assert rows > 1
        assert up_to("done\r\n") == f"\x1b[{rows}A\r\x1b[Jdone\r\n"


@pytest.mark.parametrize(
    ("encoding", "written"),
    [("utf-8", '{"a": "käse 🐈"}'), ("ascii", '{"a": "k\\u00e4se \\ud83d\\udc08"}')],
)
def test_result(encoding: str, written: str) -> None:
    stdout = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    Talk(None, stdout=stdout).console.print_result('{"a": "käse 🐈"}')
    assert stdout.buffer.getvalue().decode() == written


def test_result_without_standard_output() -> None:
    Talk(None).console.print_result("{}")


@pytest.mark.posix("EPIPE, which is EINVAL there")
def test_result_whose_reader_went_away() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as stdout:
        talk = Talk(io.StringIO(), stdout=stdout)
        talk.console.print_result("{}")
        stdout.flush()  # what the interpreter does at exit
    assert talk.text == ""


@pytest.mark.posix("/dev/full")
def test_result_that_does_not_fit() -> None:
    with open("/dev/full", "w") as stdout:
        talk = Talk(io.StringIO(), stdout=stdout)
        talk.console.print_result("{}")
        stdout.flush()
    assert "The result can't be written" in talk.text


@pytest.mark.posix("a descriptor that does not block")
@pytest.mark.parametrize("size", [100, 1_000_000])
def test_a_descriptor_that_does_not_block_gets_all_of_it(size: int) -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    received: list[bytes] = []

    def read() -> None:
        with open(reader, "rb") as pipe:
            received.append(pipe.read())

    thread = threading.Thread(target=read)
    thread.start()
    with open(writer, "w", encoding="utf-8") as stream:
        Talk(None, stdout=stream).console.print_result("ä" * size)
        Talk(stream).console.say("ö" * size)
    thread.join()
    assert received[0].decode() == "ä" * size + "ö" * size + "\n"


class Writes(io.StringIO):
    """A stream that notes what is written at once."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []

    def write(self, text: str) -> int:
        self.blocks.append(text)
        return len(text)


def test_lines_are_written_in_blocks_that_a_pipe_takes_at_once() -> None:
    stderr = Writes()
    lines = ["ä" * 40, *("x" * 100 for _ in range(200)), "y" * 10_000, "z"]
    Talk(stderr).console.say(*lines)
    assert "".join(stderr.blocks) == "".join(f"{line}\n" for line in lines)
    assert len(stderr.blocks) < 10
    for block in stderr.blocks:
        assert block.endswith("\n")
        assert len(block.encode()) <= ATOMIC or block.count("\n") == 1


@pytest.mark.posix("a descriptor that does not block")
def test_a_reader_of_standard_error_that_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("awscli_rekcl.terminal.console.PATIENCE", 0.01)
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with open(reader, "rb"), open(writer, "w") as stream:
        console = Talk(stream).console
        console.say("x" * 1_000_000)
        console.say("not written")


def test_the_drawn_line_is_taken_away_before_the_result() -> None:
    stdout = io.StringIO()
    talk = Talk(Terminal(), stdout=stdout)
    talk.console.draw("0:01  v1: DELETING")
    talk.console.print_result("{}\n")
    assert talk.text == f"{WIPE}0:01  v1: DELETING{WIPE}"
    assert stdout.getvalue() == "{}\n"
