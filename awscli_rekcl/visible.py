"""Text from outside, made safe for a terminal and for a log."""

from __future__ import annotations

import re


def visible(text: str) -> str:
    r"""Write what a terminal would execute or hide (control characters, bidi marks) as ``\x1b``.

    A user's name and password in a URL are left out.
    """
    text = re.sub(r"(?<=://)[^\s?#]*(?=@)", "***", text)  # a password in a URL
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
