"""What a terminal would execute or hide is written out."""

from __future__ import annotations

import json
import re
import sys
from urllib.parse import quote, quote_plus

import pytest

from awscli_rekcl.text import LONG, hide, hide_password, quoted, quoted_on_windows, visible


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
        ("file:///home/me@work/list", "file:///home/me@work/list"),
        ("lone \ud800 surrogate", r"lone \ud800 surrogate"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


TOKEN = "tok\nen/+=é'0123456789"


FORMS = [TOKEN, repr(TOKEN), repr(TOKEN.encode()), json.dumps(TOKEN)]
FORMS += [quote(TOKEN), quote(TOKEN, safe=""), quote_plus(TOKEN)]


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_left_out_in_any_form(form: str) -> None:
    hide("credentials", "another", TOKEN, None, "")
    for text in (visible(f"value {form}, again {form}."), quoted(f"x{form}")):
        assert "***" in text
        assert "tok" not in text
        assert "0123" not in text
    hide("credentials", "another one")
    assert "tok" in visible(form)
    hide("credentials", quote(TOKEN))  # which stands for the same
    assert visible(f"<{TOKEN}>") == "<***>"


def test_a_short_secret_is_left_out_as_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    for length, shown in ((LONG, "a***b"), (LONG - 1, f"a{'x' * (LONG - 1)}b")):
        hide("credentials", "x" * length)
        assert visible(f"a{'x' * length}b") == shown
    hide("credentials", "test")
    text = "{0}: '{0}' of test-cats, my-test, contest and tests"
    assert visible(text.format("test")) == text.format("***")
    for platform in (sys.platform, "win32"):
        monkeypatch.setattr("sys.platform", platform)
        assert quoted("test") == "test"  # a line to paste still means the same


PASSWORDS = ["hunter22", "p#w", "hunt/er2", "hun?ter2", "hunt er2", "hun@ter2", "hun%23ter", "a:b"]


@pytest.mark.parametrize("password", PASSWORDS)
@pytest.mark.parametrize("scheme", ["http://", "https://", ""])
def test_a_password_is_left_out_whatever_is_made_of_the_url(scheme: str, password: str) -> None:
    url = f"{scheme}user:{password}@127.0.0.1:80/"
    hide_password(url)
    beginning = re.split("[/?#]", password)[0]
    for text in (url, f"Failed to parse: 'user:{beginning}' is no port", f"as '{beginning}'"):
        left = re.sub(r"\W+", " ", visible(text)).split()
        assert not {"p", "w", "a", "b", *re.split(r"\W+", password)} & set(left), visible(text)
    assert visible("127.0.0.1:80") == "127.0.0.1:80"


@pytest.mark.parametrize("url", ["", "None", "http://127.0.0.1:80/a", "http://me@127.0.0.1:80"])
def test_a_url_without_a_password_hides_nothing(url: str) -> None:
    hide_password(url)
    text = "None of 127.0.0.1:80/a is me"
    assert visible(text) == text


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
