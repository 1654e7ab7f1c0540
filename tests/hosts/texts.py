"""The examples of the help and the code blocks of the pages, as tests can run them."""

from __future__ import annotations

import re
import textwrap
from typing import NamedTuple

from tests.hosts.installs import ROOT

HELP = ROOT / "awscli_rekcl" / "help"
README = ROOT / "README.md"
REFERENCE = ROOT / "docs" / "reference.md"
TROUBLESHOOTING = ROOT / "docs" / "troubleshooting.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(
    r"^(?:<!-- not run: ([^\n]+) -->\n)?```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
"""A code block of a page: why no test can run it, its language, and its text."""


class Example(NamedTuple):
    """An example of the help: a heading in bold, a literal block, and one with the output."""

    title: str
    script: str
    output: str


def examples() -> list[Example]:
    """Return the examples of the help."""
    text = (HELP / "examples.rst").read_text()
    parts = re.split(r"^\*\*(.+)\*\*$", text, flags=re.MULTILINE)[1:]
    return [_example(title, body) for title, body in zip(parts[::2], parts[1::2])]


def blocks(language: str) -> list[str]:
    """Return the code blocks of README and docs/ in a language, but for those that can't be run."""
    found = [block for page in PAGES for block in BLOCK.findall(page.read_text("utf-8"))]
    return [text for reason, written_in, text in found if written_in == language and not reason]


def _example(title: str, body: str) -> Example:
    blocks = re.findall(r"::\n\n((?:    .*\n|\n)+)", body)
    script, output = (textwrap.dedent(block).strip("\n") + "\n" for block in blocks)
    return Example(title, script, output)
