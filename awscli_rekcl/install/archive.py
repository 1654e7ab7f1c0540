"""The plugin as one file: Python imports from a zip.

The comment of the zip has the version, and the `.pth` files by which version 1 finds the zip, for
the day on which they are removed.
"""

from __future__ import annotations

import functools
import importlib.resources
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import awscli_rekcl


def content(pth_files: Sequence[str] = ()) -> bytes:
    """Return a zip of this package, from wherever it was imported, always the same bytes.

    Raise OSError.
    """
    written = io.BytesIO(_package())
    with zipfile.ZipFile(written, "a") as zipped:
        comment = "\n".join([awscli_rekcl.__version__, *pth_files])
        zipped.comment = comment.encode(errors="surrogateescape")
    return written.getvalue()


def comment(path: Path) -> tuple[str | None, list[str]]:
    """Return the version of the plugin in a zip, None where there is none, and its `.pth` files."""
    try:
        with zipfile.ZipFile(path) as zipped:
            version, *pth_files = zipped.comment.decode(errors="surrogateescape").split("\n")
    except (OSError, zipfile.BadZipFile):
        return None, []
    return version or "unknown version", pth_files


@functools.cache
def _package() -> bytes:
    package = importlib.resources.files(awscli_rekcl)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as zipped:
        for name, text in sorted(_files(package, awscli_rekcl.__name__)):
            entry = zipfile.ZipInfo(name)  # of 1980
            entry.external_attr = 0o644 << 16
            zipped.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _files(folder: Any, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _files(entry, f"{prefix}/{entry.name}")
        elif entry.name.endswith((".py", ".rst")):
            yield f"{prefix}/{entry.name}", entry.read_bytes()
