"""What the pages say is true: their commands, links, names of the code, messages and options."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

import pytest

from tests.hosts.installs import ROOT
from tests.hosts.texts import BLOCK, PAGES, README, TROUBLESHOOTING
from tests.reference import PAGE, with_current_options

# The languages of commands. Those of README and docs/ are run by `tests/hosts/test_recipes.py`, and
# those of CONTRIBUTING by `tests/from_nothing.py`.
RUN = {"bash", "sh"}
COMPARED = {"json", "yaml"}
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
EVERY_PAGE = sorted({*ROOT.glob("*.md"), *PAGES})
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
PACKAGE = ROOT / "awscli_rekcl"
of_every_page = pytest.mark.parametrize(
    "page", EVERY_PAGE, ids=[str(page.relative_to(ROOT)) for page in EVERY_PAGE]
)


@functools.cache
def nodes() -> list[ast.AST]:
    """The whole code of the package."""
    files = PACKAGE.rglob("*.py")
    return [node for file in files for node in ast.walk(ast.parse(file.read_text()))]


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


def test_the_walk_through_the_code_names_what_is_there() -> None:
    classes = [node for node in nodes() if isinstance(node, ast.ClassDef)]
    functions = [node.name for node in nodes() if isinstance(node, ast.FunctionDef)]
    known = {f"{c.name}.{n.name}" for c in classes for n in c.body if hasattr(n, "name")}
    known |= {*functions, *(node.name for node in classes)}
    walk = CONTRIBUTING.read_text().split("## The way of one ARN")[1].split("\n## ")[0]
    steps = re.findall(r"^\d+\. (.*?)(?=^\d+\. |\Z)", walk, re.MULTILINE | re.DOTALL)
    assert len(steps) == 10
    for step in steps:
        words = re.findall(r"`([^`]+)`", step)
        files = {word for word in words if word.endswith(".py")}
        names = {word for word in words if re.fullmatch(r"[A-Za-z_]+(\.\w+)?", word)} - files
        assert files
        assert all((PACKAGE / file).exists() for file in files)
        assert names
        assert names <= known


def test_every_module_is_in_the_table_of_contributing() -> None:
    table = CONTRIBUTING.read_text().split("| `awscli_rekcl/`")[1].split("\n\n")[0]
    for file in PACKAGE.glob("*.py"):
        assert file.name in table or file.name == "__main__.py"
    for file in PACKAGE.glob("*/*.py"):
        assert f"`{file.parent.name}/`" in table


def test_the_options_of_the_reference_are_current() -> None:
    page = PAGE.read_text()
    assert page == with_current_options(page)  # else: make reference


# What differs from run to run in a message, or stands in a column of its own.
VALUES = (
    r"awscli_rekcl|my-project|us-east-1|\d{12}|models\.txt|(?<=line )\d+|\bme\b|\broot\b|\.\.\."
    r"|  +|^fails "
)
# Those of the AWS CLI, which `tests/hosts/test_troubleshooting.py` compares, and of the system.
NOT_OURS = {
    "No module named 'awscli_rekcl'",
    "No module named '/home/me/'",
    "Found invalid choice 'delete-model-and-wait'",
    "Invalid choice, valid choices are",
    "No such file or directory: '.../awscli/examples/global_synopsis.rst'",
    "when calling the DescribeProjects operation",
    "Unknown output type: yaml",
    "Device or resource busy",
    "Read-only file system",
    "Permission denied",
}


def test_the_messages_that_troubleshooting_quotes() -> None:
    text = TROUBLESHOOTING.read_text()
    headings = re.findall(r"^.*?\*\*(`[^*]+)\*\*", text, re.MULTILINE)
    quoted = {message for heading in headings for message in re.findall(r"`([^`]+)`", heading)}
    # Every text of the package, and what stands between the values of one.
    texts = [str(node.value) for node in nodes() if isinstance(node, ast.Constant)]
    for message in quoted - NOT_OURS:
        for part in re.split(VALUES, message):
            assert any(part.strip(" :") in text for text in texts), message
