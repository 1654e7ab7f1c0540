"""CONTRIBUTING walks through the code: what it names is there. And docs/reference.md is current."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.reference import PAGE, with_current_options

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text()
WALK = TEXT.split("## The way of one ARN")[1].split("\n## ")[0]
STEPS = re.findall(r"^\d+\. (.*?)(?=^\d+\. |\Z)", WALK, re.MULTILINE | re.DOTALL)


def names_of(file: Path) -> set[str]:
    """Return the functions and classes of a module, those of a class with its name as well."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{n.name}" for n in node.body if isinstance(n, ast.FunctionDef)}
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            names.add(node.name)
    return names


ALL = {name for file in (ROOT / "awscli_rekcl").rglob("*.py") for name in names_of(file)}


def test_files_and_functions_of_the_steps() -> None:
    assert len(STEPS) == 10
    for step in STEPS:
        words = re.findall(r"`([^`]+)`", step)
        files = {word for word in words if word.endswith(".py")}
        names = {word for word in words if re.fullmatch(r"[A-Za-z_]+(\.\w+)?", word)} - files
        assert files
        assert all((ROOT / "awscli_rekcl" / file).exists() for file in files)
        assert names
        assert names <= ALL


def test_every_module_is_in_the_table() -> None:
    table = TEXT.split("| `awscli_rekcl/`")[1].split("\n\n")[0]
    for file in (ROOT / "awscli_rekcl").glob("*.py"):
        assert file.name in table or file.name == "__main__.py"
    for file in (ROOT / "awscli_rekcl").glob("*/*.py"):
        assert f"`{file.parent.name}/`" in table


def test_the_options_are_current() -> None:
    page = PAGE.read_text()
    assert page == with_current_options(page)  # else: make reference
