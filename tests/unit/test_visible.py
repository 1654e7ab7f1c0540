"""What a terminal would execute or hide is written out."""

from __future__ import annotations

import pytest

from awscli_rekcl.visible import quoted_on_windows, visible


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


ARN = "arn:aws:rekognition:us-east-1:123456789012:project/cats/version/v1/1"


@pytest.mark.parametrize(
    ("word", "in_cmd", "in_powershell"),
    [
        (ARN, ARN, ARN),
        (r"file://C:\me\arns.txt", None, r"file://C:\me\arns.txt"),
        ("--poll-interval=0.5", None, '"--poll-interval=0.5"'),
        ("", None, '""'),
        ("a,b", None, '"a,b"'),
        ("[0].Status & it's", None, '"[0].Status & it\'s"'),
        ("C:\\my files\\", None, '"C:\\my files\\\\"'),
        ("[?a==`it's`]", '"[?a==`it\'s`]"', "'[?a==`it''s`]'"),
        ("$HOME", '"$HOME"', "'$HOME'"),
        ('["v1"]', '"[""v1""]"', r"'[\"v1\"]'"),
        (r"a\"", r'"a\\"""', r"'a\\\"'"),
    ],
)
def test_quoted_on_windows(word: str, in_cmd: str | None, in_powershell: str) -> None:
    assert quoted_on_windows(word, in_cmd=False) == in_powershell
    assert quoted_on_windows(word, in_cmd=True) == (in_cmd or in_powershell)
