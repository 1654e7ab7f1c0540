"""The plugin as one file: Python imports from a zip.

The comment of the zip has the `.pth` files by which version 1 finds it, for the day on which they
are removed.
"""

from __future__ import annotations

import importlib.resources
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import awscli_rekcl

_NAME = awscli_rekcl.__name__


def package(place: Any = None) -> dict[str, bytes]:
    """Return the files of the package in a zip or folder, by default of the one that runs now.

    Raise OSError.
    """

    def found(folder: Any, prefix: str) -> Iterator[tuple[str, bytes]]:
        for entry in folder.iterdir():
            if entry.is_dir() and entry.name != "__pycache__":
                yield from found(entry, f"{prefix}{entry.name}/")
            elif entry.name.endswith((".py", ".rst")):
                yield prefix + entry.name, entry.read_bytes()

    if place is not None:
        place = (zipfile.Path(place) if zipfile.is_zipfile(place) else Path(place)) / _NAME
    return dict(sorted(found(place or importlib.resources.files(_NAME), "")))


def is_this(place: str) -> bool:
    """Return whether the package there is the one that runs now; the version may be the same."""
    try:
        return package(place) == package()
    except (OSError, zipfile.BadZipFile):
        return False


def content(pth_files: Sequence[str] = ()) -> bytes:
    """Return a zip of the package that runs now, always the same bytes. Raise OSError."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as zipped:
        for name, text in package().items():
            entry = zipfile.ZipInfo(f"{_NAME}/{name}")  # of 1980
            entry.external_attr = 0o644 << 16
            zipped.writestr(entry, text, zipfile.ZIP_DEFLATED)
        zipped.comment = "\n".join(pth_files).encode(errors="surrogateescape")
    return written.getvalue()


def pth_files(path: Path) -> list[str]:
    """Return the `.pth` files that a zip names."""
    try:
        with zipfile.ZipFile(path) as zipped:
            return zipped.comment.decode(errors="surrogateescape").splitlines()
    except (OSError, zipfile.BadZipFile):
        return []
