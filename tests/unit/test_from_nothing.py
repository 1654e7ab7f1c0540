"""A newcomer has this repository and nothing else: no package of this name, and no pytest."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [
    *ROOT.glob("*.md"),
    *ROOT.glob("docs/*.md"),
    *ROOT.glob(".github/workflows/*.yml"),
    *ROOT.glob("awscli_rekcl/**/*.py"),
    *ROOT.glob("awscli_rekcl/**/*.rst"),
    ROOT / "setup.cfg",
]
# Whoever registers the name would run code on the machine of who types such a command.
FETCHES = re.compile(
    r"\b(pip3?|pipx|uv|uv tool) (run|install|download)\b.*awscli[-_]rekcl(?![-\w/])|\buvx .*rekcl"
)
ADDRESS = re.compile(r"\b(github|gitlab|readthedocs|pypi)\.\S*rekcl")
EXAMPLES = """\
pipx run awscli-rekcl install
python3 -m pip download --no-deps awscli-rekcl`, or
uvx awscli-rekcl
https://github.com/awscli-rekcl/awscli-rekcl
"""


def test_no_page_fetches_the_package_from_an_index_or_has_an_address_for_it() -> None:
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    for pattern, number in ((FETCHES, 3), (ADDRESS, 1)):
        assert len(list(pattern.finditer(EXAMPLES))) == number
        assert [match[0] for match in pattern.finditer(text)] == []


def test_the_demo_needs_no_package() -> None:
    # Without site-packages. The simulator, which it starts, reads what comes with an AWS CLI.
    code = "import tests.demo, tests.simulator.server"
    subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, check=True)
