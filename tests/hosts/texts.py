"""The examples of the help and the recipes of the README, as tests can run them."""

from __future__ import annotations

import re
import textwrap
from typing import NamedTuple

from tests.hosts.installs import ROOT

HELP = ROOT / "awscli_rekcl" / "help"
README = ROOT / "README.md"
RECIPES = ROOT / "docs" / "recipes.md"
REFERENCE = ROOT / "docs" / "reference.md"
TROUBLESHOOTING = ROOT / "docs" / "troubleshooting.md"


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
    """Return the code blocks of README and recipes in a language: `bash` is meant to be run."""
    pattern = re.compile(rf"^```{language}\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    return pattern.findall(README.read_text()) + pattern.findall(RECIPES.read_text())


def _example(title: str, body: str) -> Example:
    blocks = re.findall(r"::\n\n((?:    .*\n|\n)+)", body)
    script, output = (textwrap.dedent(block).strip("\n") + "\n" for block in blocks)
    return Example(title, script, output)
