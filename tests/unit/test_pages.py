"""Every command of a page is run by a test, or marked with the reason why it can't be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.hosts.installs import ROOT
from tests.hosts.texts import BLOCK, PAGES, README

# The languages of commands. Those of README and docs/ are run by `tests/hosts/test_recipes.py`, and
# those of CONTRIBUTING by `tests/from_nothing.py`.
RUN = {"bash", "sh"}
COMPARED = {"json", "yaml"}
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
EVERY_PAGE = sorted({*ROOT.glob("*.md"), *PAGES})
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

of_every_page = pytest.mark.parametrize(
    "page", EVERY_PAGE, ids=[str(page.relative_to(ROOT)) for page in EVERY_PAGE]
)


@of_every_page
def test_every_block_is_run_or_marked(page: Path) -> None:
    text = page.read_text("utf-8")
    blocks = BLOCK.findall(text)
    assert len(blocks) == text.count("```") / 2
    for reason, language, block in blocks:
        is_run = language in RUN and (page in PAGES or page == CONTRIBUTING)
        assert is_run or language in COMPARED or reason, block


@of_every_page
def test_every_target_is_in_the_makefile(page: Path) -> None:
    text = page.read_text("utf-8")
    named = re.findall(r"`make ([a-z ]+)", text) + re.findall(r"^make ([a-z]+)", text, re.MULTILINE)
    assert {target for targets in named for target in targets.split()} <= TARGETS


@of_every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (page.parent / link).exists(), link


def test_the_readme_is_short() -> None:
    text = README.read_text("utf-8")
    assert len(text.splitlines()) <= 170
    assert len(text.split()) <= 1200
