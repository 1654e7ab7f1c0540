"""Text from outside, made safe for a terminal."""

from __future__ import annotations


def visible(text: str) -> str:
    r"""Write what a terminal would execute or hide (control characters, bidi marks) as ``\x1b``."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
