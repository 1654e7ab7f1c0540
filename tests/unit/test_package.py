"""What is published: the same wheel for the same commit, with all that belongs in it."""

from __future__ import annotations

import email
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def build(folder: Path, mtime: int) -> Path:
    # In a copy, because setuptools writes into the tree that it builds.
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "awscli_rekcl", folder / "awscli_rekcl", ignore=ignored)
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    for path in folder.rglob("*"):
        os.utime(path, (mtime, mtime))
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--wheel", str(folder)],
        env={**os.environ, "SOURCE_DATE_EPOCH": "1767225600"},
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("dist/*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("first"), 1_000_000_000)


def test_the_same_commit_makes_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    assert build(tmp_path, 1_500_000_000).read_bytes() == wheel.read_bytes()


def test_every_module_and_help_text_is_in_it(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    package = ROOT / "awscli_rekcl"
    files = [*package.rglob("*.py"), *package.rglob("*.rst")]
    assert names == {file.relative_to(ROOT).as_posix() for file in files}


def test_the_metadata_claims_no_address_and_requires_nothing(wheel: Path) -> None:
    zipped = zipfile.ZipFile(wheel)
    (name,) = (name for name in zipped.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = email.message_from_bytes(zipped.read(name))
    assert not metadata.get_all("Project-URL")
    assert all("extra ==" in required for required in metadata.get_all("Requires-Dist", []))


def test_the_workflow_names_every_action_by_its_commit() -> None:
    for workflow in (ROOT / ".github" / "workflows").iterdir():
        for action in re.findall(r"uses: (.+)", workflow.read_text()):
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v[\d.]+", action), action
