"""Builds the wheel, as it is published."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


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
