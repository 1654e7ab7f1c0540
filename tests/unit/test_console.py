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
import time
from collections.abc import Callable, Iterator
from typing import Any, TextIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from awscli_rekcl.terminal import console
from awscli_rekcl.terminal.console import LONGEST_ANSWER, Console, HostStream
from awscli_rekcl.terminal.writer import ATOMIC, MOST_PROGRESS

from .fakes import Terminal

if sys.platform != "win32":
    import fcntl
    import pty
    import termios

# In a console of Windows there are none by themselves, and a drawn line is not replaced.
drawn = pytest.mark.posix("control sequences of a terminal")
at_a_terminal = pytest.mark.posix("a pseudo-terminal")

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
    talk.console.show("fine")
    talk.console.warn("one", "two")
    red = f"{RED}one{OFF}\n{RED}two{OFF}\n"
    assert talk.text == "fine\n" + (red if colored else "one\ntwo\n")
    talk.console.confirm("sure? ")
    assert talk.text == (f"{BOLD}sure? {OFF}\n" if colored else "sure? \n")


@drawn
@pytest.mark.parametrize(("environ", "redraws"), [({}, True), ({"CI": "true"}, False)])
def test_a_log_gets_a_line_for_what_would_be_drawn(environ: dict[str, str], redraws: bool) -> None:
    talk = Talk(Terminal(), None, "auto", None, **environ)
    talk.console.draw("v1: DELETING")
    assert talk.console.redraws is redraws
    assert talk.text == (f"{WIPE}v1: DELETING" if redraws else "v1: DELETING\n")
    talk.console.warn("storm")
    assert RED in talk.text


@drawn
def test_a_drawn_line_is_replaced_and_taken_away() -> None:
    talk = Talk(Terminal(), color="off")
    talk.console.draw("v1: DELETING")
    talk.console.draw("v1: DELETING")
    assert talk.text == f"{WIPE}v1: DELETING"
    talk.console.draw("v1: gone")
    assert talk.text == f"{WIPE}v1: gone"
    talk.console.show("done")
    talk.console.show("bye")
    assert talk.text == f"{WIPE}done\nbye\n"


@drawn
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
    talk = Talk(stderr, answer, color="on")
    assert talk.console.width is None
    talk.console.draw("0:00")
    talk.console.warn("storm")
    assert not talk.console.confirm("sure? ")
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


class Keyboard:
    """A terminal to type at, and a screen beside it that calls back when it shows something."""

    def __init__(self) -> None:
        self.parent, self.child = pty.openpty()
        self.stdin = open(self.child)  # noqa: SIM115
        self.screen = Screen()
        self.talk = Talk(self.screen, self.stdin, color="off")

    def type(self, keys: bytes) -> None:
        os.write(self.parent, keys)

    def confirm(self, keys: bytes) -> bool | None:
        """Return what comes of keys that are typed when the question is seen."""
        self.screen.seen = lambda: self.type(keys)
        return self.talk.console.confirm("sure? ")


class Screen(Terminal):
    seen: Callable[..., object] = lambda *_: None

    def write(self, text: str) -> int:
        super().write(text)
        if "sure?" in text:
            self.seen()
        return len(text)


def keyboards() -> Iterator[Keyboard]:
    keyboard = Keyboard()
    yield keyboard
    os.close(keyboard.parent)
    keyboard.stdin.close()


keyboard = pytest.fixture(keyboards, name="keyboard")


@at_a_terminal
def test_a_terminal_answers(keyboard: Keyboard) -> None:
    assert keyboard.talk.console.interactive
    assert keyboard.confirm(b"delete\n")
    assert keyboard.talk.text == "sure? "  # the terminal has ended the line


@at_a_terminal
def test_a_long_line_is_read_to_its_end(keyboard: Keyboard) -> None:
    assert keyboard.confirm(b"x" * 3000 + b"\n") is False
    assert not select.select([keyboard.child], [], [], 0)[0]  # nothing is left for the shell


@at_a_terminal
@pytest.mark.parametrize("typed", [b"delete\n", b"delete", b"1\ndelete\n"])
def test_what_was_typed_before_the_question_answers_nothing(
    typed: bytes, keyboard: Keyboard
) -> None:
    keyboard.type(typed)
    assert not typed.endswith(b"\n") or select.select([keyboard.child], [], [], 5)[0]
    assert keyboard.confirm(b"\n") is False
    keyboard.type(b"all\n")
    keyboard.screen.seen = lambda: keyboard.type(b"1\n")
    assert keyboard.talk.console.ask("sure? ") == "1\n"


KILL, END = b"\x15", b"\x04"  # Ctrl-U and Ctrl-D
KEYS = st.lists(st.sampled_from([b"delete", b"\n", b" ", b"no", KILL, END]), max_size=6).map(
    b"".join
)


def first_line(keys: bytes) -> bytes:
    """The line that a terminal makes of some keys; without its end where Ctrl-D is all of one."""
    handed_over = line = b""
    for key in (bytes([key]) for key in keys):
        if key == KILL:
            line = b""
        elif key == b"\n" or (key == END and not line):
            return handed_over + line + key.strip(END)
        elif key == END:
            handed_over, line = handed_over + line, b""
        else:
            line += key
    return handed_over


@pytest.mark.posix("a pseudo-terminal")
@settings(max_examples=25, derandomize=True, database=None, deadline=None)
@example(b"", b"delete" + 2 * END)  # end of file cancels at a terminal
@given(KEYS, KEYS)
def test_only_a_line_typed_after_the_question_answers(before: bytes, after: bytes) -> None:
    with contextlib.contextmanager(keyboards)() as keyboard:
        keyboard.type(before)
        line = first_line(after + b"\n")
        assert keyboard.confirm(after + b"\n") is (line.strip() == b"delete" and b"\n" in line)


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
    discarded: list[TextIO] = []
    monkeypatch.setattr(console, "discard_typed", discarded.append)
    keyboard.confirm(b"\n")
    monkeypatch.setattr(console, "BLIND", -1)
    keyboard.confirm(b"\n")
    assert discarded == [keyboard.stdin] * 3


@pytest.mark.parametrize(
    "platform", [pytest.param("linux", marks=pytest.mark.posix("`select` for pipes")), "win32"]
)
def test_a_pipe_that_is_open_and_silent(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", platform)
    reader, writer = os.pipe()
    with open(reader) as stdin, open(writer, "w") as end:
        talk = Talk(io.StringIO(), stdin)
        assert talk.console.confirm("sure? ", 0.01) is None
        assert talk.text == "sure? \n"
        if platform == "linux":  # where no thread that is still reading takes it
            end.write("delete\nrest")
            end.flush()
            assert talk.console.confirm("sure? ", 60) is True
            assert os.read(reader, 9) == b"rest"
        end.write("\n")


def test_an_answer_in_time_where_there_is_no_select(
    answer: TextIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    assert Talk(io.StringIO(), answer).console.confirm("sure? ", 60) is True
    assert answer.read() == "rest"


@at_a_terminal
def test_a_terminal_tells_its_width(keyboard: Keyboard) -> None:
    with open(os.dup(keyboard.child), "w") as terminal:
        talk = Talk(terminal)
        assert talk.console.width is None  # nobody has set it
        os.environ.pop("COLUMNS", None)
        _set_width(keyboard.child, 40)
        assert talk.console.width == 40


def _set_width(descriptor: int, columns: int) -> None:
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 20, columns, 0, 0))


def test_a_terminal_that_does_not_tell_its_width() -> None:
    assert Talk(Terminal()).console.width is None
    assert Talk(io.StringIO()).console.width is None


@at_a_terminal
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
        talk.console.show("done")
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


def test_result_whose_reader_went_away() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as stdout:
        talk = Talk(io.StringIO(), stdout=stdout)
        talk.console.print_result("{}")
        talk.console.finish()
        stdout.flush()  # what the interpreter does at exit
    assert talk.text == ""


@pytest.mark.parametrize(
    ("platform", "warns"),
    [("win32", False), pytest.param("linux", True, marks=pytest.mark.posix("pthread_sigmask"))],
)
def test_on_windows_a_reader_who_went_away_is_einval(
    platform: str, warns: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    talk = Talk(io.StringIO(), stdout=Broken(OSError(errno.EINVAL, "Invalid argument")))
    talk.console.print_result("{}")
    talk.console.finish()
    assert ("The result can't be written" in talk.text) is warns


@pytest.mark.posix("/dev/full")
def test_result_that_does_not_fit() -> None:
    with open("/dev/full", "w") as stdout:
        talk = Talk(io.StringIO(), stdout=stdout)
        talk.console.print_result("{}")
        talk.console.finish()
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
        Talk(stream).console.show("ö" * size)
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
    Talk(stderr).console.show(*lines)
    assert "".join(stderr.blocks) == "".join(f"{line}\n" for line in lines)
    assert len(stderr.blocks) < 10
    for block in stderr.blocks:
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


@pytest.mark.posix("a full pipe, filled by a descriptor that does not block")
@pytest.mark.parametrize("blocking", [True, False])
def test_a_reader_who_is_away_holds_up_nothing_after_the_question(
    blocking: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "PATIENCE", 0.01)
    pipe, stdout = FullPipe(blocking), io.StringIO()
    talk = Talk(pipe.stderr, stdout=stdout)
    talk.console.never_wait()
    lines = [f"{number} {'x' * 1000}" for number in range(1000)]
    talk.console.show(*lines)
    for number in range(2 * MOST_PROGRESS):
        talk.console.draw(f"progress {number}")
    talk.console.print_result("{}")
    talk.console.warn("last words", "end")
    talk.console.finish()
    assert stdout.getvalue() == "{}"
    written = pipe.read().splitlines()
    drawn = len(written) - len(lines) - 2
    assert MOST_PROGRESS - 3 <= drawn <= MOST_PROGRESS
    progress = [f"progress {number}" for number in range(drawn)]
    assert written == [*lines, *progress, "last words", "end"]
    assert talk.console.confirm("sure? ") is None
    pipe.stderr.close()
    os.close(pipe.reader)


@pytest.mark.posix("a full pipe, filled by a descriptor that does not block")
def test_up_to_the_question_the_reader_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "PATIENCE", 0.01)
    pipe = FullPipe()
    shown: list[str] = []

    def show() -> None:
        Talk(pipe.stderr).console.show("list", "end")
        shown.append("list")

    thread = threading.Thread(target=show)
    thread.start()
    thread.join(0.1)
    assert shown == []
    assert pipe.read() == "list\nend\n"
    thread.join()
    pipe.stderr.close()
    os.close(pipe.reader)


@drawn
def test_what_the_host_writes_takes_its_turn() -> None:
    talk = Talk(Terminal())
    talk.console.never_wait()
    talk.console.draw("0:01  v1: DELETING")
    host = HostStream(talk.console, talk.stderr)
    print("An error occurred", file=host)
    talk.console.leave()
    assert talk.text == f"{WIPE}0:01  v1: DELETING{WIPE}An error occurred\n"
    assert host.isatty()


@pytest.mark.posix("a full pipe, filled by a descriptor that does not block")
def test_what_the_host_writes_holds_up_nothing_until_the_command_is_left() -> None:
    pipe = FullPipe()
    talk = Talk(pipe.stderr)
    talk.console.never_wait()
    began = time.monotonic()
    print("warning", file=HostStream(talk.console, pipe.stderr))
    assert time.monotonic() - began < console.PATIENCE / 2
    reads = threading.Event()

    def read() -> None:
        reads.set()
        os.read(pipe.reader, 65536)

    reading = threading.Timer(0.05, read)
    reading.start()
    talk.console.leave()
    assert reads.is_set()
    reading.join()
    print("end", file=HostStream(talk.console, pipe.stderr))
    assert pipe.read() == "warning\nend\n"
    pipe.stderr.close()
    os.close(pipe.reader)


@pytest.mark.posix("/dev/full")
def test_what_the_host_can_not_write_is_no_error(capfd: pytest.CaptureFixture[str]) -> None:
    with open("/dev/full", "w") as full:
        for stderr in (full, None):
            host = HostStream(Talk(stderr).console, stderr)
            print("An error occurred", file=host)
            host.flush()
            assert not host.isatty()
            assert (stderr is None) or host.fileno() == full.fileno()
    assert capfd.readouterr() == ("", "")


@drawn
def test_the_drawn_line_is_taken_away_before_the_result() -> None:
    stdout = io.StringIO()
    talk = Talk(Terminal(), stdout=stdout)
    talk.console.draw("0:01  v1: DELETING")
    talk.console.print_result("{}\n")
    assert talk.text == f"{WIPE}0:01  v1: DELETING{WIPE}"
    assert stdout.getvalue() == "{}\n"
