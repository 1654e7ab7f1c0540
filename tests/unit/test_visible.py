"""What a terminal would execute or hide is written out."""

from __future__ import annotations

import pytest

from awscli_rekcl.visible import visible


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
        ("at https://me:secret@proxy:80/ and me@home", "at https://***@proxy:80/ and me@home"),
        ("lone \ud800 surrogate", r"lone \ud800 surrogate"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown
