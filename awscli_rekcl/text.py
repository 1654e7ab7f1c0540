"""Makes text from outside safe for a terminal or a log, and quotes arguments for a shell."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys

_USER_INFO = re.compile(r"""(?<=://)[^/"'\r\n]*@""")


def visible(text: str) -> str:
    r"""Write what a terminal would execute or hide (control characters, bidi marks) as ``\x1b``.

    The user info of a URL, which may be a password, is left out.
    """
    text = _USER_INFO.sub("", text)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def quoted(*words: str) -> str:
    """Join arguments to a line for the shell, or on Windows for the rule that programs follow."""
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)
