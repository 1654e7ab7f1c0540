"""Text from outside, made safe for a terminal and for a log."""

from __future__ import annotations

import os
import re
import shlex
import sys


def visible(text: str) -> str:
    r"""Write what a terminal would execute or hide (control characters, bidi marks) as ``\x1b``.

    A user's name and password in a URL are left out.
    """
    text = _without_passwords(text)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def quoted(word: str) -> str:
    r"""Quote a word for a shell, so that it is visible and means the same when it is pasted.

    What can't be shown is written as ``$'\n'``, which bash, zsh and ksh understand.
    """
    word = _without_passwords(word)
    if sys.platform == "win32":
        return quoted_on_windows(visible(word), in_cmd="PROMPT" in os.environ)
    if word.isprintable():
        return shlex.quote(word)
    return "$'" + "".join(map(_escaped, word)) + "'"


def quoted_on_windows(word: str, in_cmd: bool) -> str:
    """Quote a word for PowerShell and, but for ``$``, backticks and quotation marks, for cmd alike.

    Those take a form of their own in each. cmd sets PROMPT, and PowerShell does not.
    """
    # PowerShell ends an option at its first dot or colon.
    if re.fullmatch(r"(?!-.*[.:])[\w+=:./\\-]+", word, re.ASCII):
        return word
    # Every program's own rule, below that of the shell: backslashes in front of a quotation mark,
    # the last one included, stand for half as many. To cmd \" would be the end of the word.
    mark = '""' if in_cmd else r"\""
    inner = re.sub(r'(\\*)("|$)', lambda found: found[1] * 2 + (found[2] and mark), word)
    if in_cmd or not set('$`"') & set(word):
        return f'"{inner}"'
    return "'" + inner.replace("'", "''") + "'"


def _escaped(c: str) -> str:
    if c in "\\'":
        return f"\\{c}"
    if c.isprintable():
        return c
    if ord(c) > 0xFFFF:
        return f"\\U{ord(c):08x}"
    # Three digits at most, and not one of \\x: a digit may follow.
    return f"\\{ord(c):03o}" if ord(c) < 0x80 else f"\\u{ord(c):04x}"


def _without_passwords(text: str) -> str:
    return re.sub(r"(?<=://)[^\s?#]*(?=@)", "***", text)
