"""The plugin as one file, for version 2 of the AWS CLI: Python imports from a zip."""

from __future__ import annotations

import importlib.resources
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import awscli_rekcl


def write(path: Path) -> None:
    """Zip this package, from wherever it was imported, always to the same bytes. Raise OSError."""
    package = importlib.resources.files(awscli_rekcl)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in sorted(_files(package, awscli_rekcl.__name__)):
            entry = zipfile.ZipInfo(name)  # of 1980
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            zipped.writestr(entry, content)


def version(path: Path) -> str | None:
    """Return the version of the plugin in a zip, or None where there is no such thing."""
    try:
        with zipfile.ZipFile(path) as zipped:
            text = zipped.read(f"{awscli_rekcl.__name__}/__init__.py").decode()
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return None
    match = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    return match[1] if match else None


def _files(folder: Any, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _files(entry, f"{prefix}/{entry.name}")
        elif entry.name.endswith((".py", ".rst")):
            yield f"{prefix}/{entry.name}", entry.read_bytes()
