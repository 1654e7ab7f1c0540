"""What a terminal would execute or hide is written out, and arguments become one line."""

from __future__ import annotations

import shlex
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awscli_rekcl.text import quoted, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("plain text, käse, 猫 and 🐈", "plain text, käse, 猫 and 🐈"),
        ("\x1b[2Jgone\x07", r"\x1b[2Jgone\x07"),
        ("one\r\ntwo\tthree", r"one\r\ntwo\tthree"),
        ("\x9b31m\x7f", r"\x9b31m\x7f"),
        ("abc\u202edef\u2066", r"abc\u202edef\u2066"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("lone \ud800 surrogate", r"lone \ud800 surrogate"),
        # The user info of a URL is left out.
        ("at https://me:secret@proxy:80/ and me@home", "at https://proxy:80/ and me@home"),
        ("http://u:pass word@h: 'http://u:p@s@h', x@y", "http://h: 'http://h', x@y"),
        ('"https://u:p#w?d@h" or "me@h"', '"https://h" or "me@h"'),
        ("http://h/p\nx@y", r"http://h/p\nx@y"),
        ("http://h\nx@y", r"http://h\nx@y"),
        ("file:///home/me@work/list", "file:///home/me@work/list"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.lists(st.text(), min_size=1))
def test_quoted(words: list[str]) -> None:
    if sys.platform != "win32":
        assert shlex.split(quoted(*words)) == words


def test_quoted_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    words = ("aws", r"C:\my files\ca.pem", "a'b", 'a"b')
    assert quoted(*words) == r'aws "C:\my files\ca.pem" ' + "a'b " + r"a\"b"
