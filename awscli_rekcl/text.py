"""Makes text from outside safe for a terminal or a log, and removes the secrets in use."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Iterator
from urllib.parse import quote, unquote

LONG = 8
"""Characters. A shorter secret (a try with "test" for a key) is left out only as a whole word."""

hidden: dict[str, set[str]] = {}
"""The forms of the secrets in use, by where each comes from."""


def hide(origin: str, *secrets: str | None) -> None:
    """Remove these from every text from now on, instead of the earlier ones of this origin."""
    hidden[origin] = {form for secret in secrets if secret for form in _forms(secret)}


def hide_password(url: str) -> None:
    """Leave the password of a URL out, and the beginning that a parser may take for a port."""
    user_info = url.partition("://")[2].rpartition("@")[0] or url.rpartition("@")[0]
    password = user_info.partition(":")[2]
    hide(url, password, re.split(r"[/?#\\]", password)[0])


def visible(text: str) -> str:
    r"""Write what a terminal would execute or hide (control characters, bidi marks) as ``\x1b``.

    Secrets are left out, and a user's name and password in a URL.
    """
    return _printable(_without_secrets(text, words=True))


def quoted(argument: str) -> str:
    r"""Quote an argument for a shell, so that it is visible and means the same when it is pasted.

    What can't be shown is written as ``$'\033'``, which bash, zsh and ksh understand.
    """
    argument = _without_secrets(argument, words=False)
    if sys.platform == "win32":
        return quoted_on_windows(_printable(argument), in_cmd="PROMPT" in os.environ)
    if argument.isprintable():
        return shlex.quote(argument)
    return "$'" + "".join(map(_escaped, argument)) + "'"


def quoted_on_windows(word: str, in_cmd: bool) -> str:
    """Quote an argument for PowerShell, and for cmd except ``$``, backticks and quotation marks.

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


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _escaped(c: str) -> str:
    if c in "\\'":
        return f"\\{c}"
    if c.isprintable():
        return c
    # Bytes in octal: every version of these shells reads them, in every locale, up to three digits.
    # An argument that is no UTF-8 has its own bytes, as Python's escapes for them.
    errors = "surrogateescape" if "\udc80" <= c <= "\udcff" else "surrogatepass"
    return "".join(f"\\{byte:03o}" for byte in c.encode(errors=errors))


def _without_secrets(text: str, *, words: bool) -> str:
    for form in sorted(set().union(*hidden.values()), key=len, reverse=True):
        if len(form) >= LONG:
            text = text.replace(form, "***")
        elif words and form in text:
            text = re.sub(rf"(?<![\w-]){re.escape(form)}(?![\w-])", "***", text)
    # A file has no password, and goes by this name in a line to type.
    return re.sub(r"(?<!\bfile)://\S*(?=@)", "://***", text)


def _forms(secret: str) -> Iterator[str]:
    """Yield the forms of a secret that error messages may have."""
    for text in {secret, unquote(secret)}:
        encoded = text.encode(errors="surrogateescape")
        yield text
        yield from (repr(text)[1:-1], repr(encoded)[2:-1], json.dumps(text)[1:-1])
        yield from (quote(encoded), quote(encoded, safe=""))
