"""TAB and auto-prompt on version 2 of the AWS CLI, which completes only what an index lists.

The index is an SQLite file of the AWS CLI (`awscli/autocomplete/db.py`): the shipped one, unless
`~/.aws/cli/cache/<version>.index` exists. Completion is such a file: a copy of the shipped one with
rows for our command, and with our number in its header, by which it is recognized. The tables are
not documented: where they have other columns, there is no completion. After an upgrade of the AWS
CLI its name is another one, and the shipped one counts again. Version 1 needs none of it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from awscli_rekcl.arguments import ARG_TABLE, NAME
from awscli_rekcl.install import files
from awscli_rekcl.install.aws import Answer
from awscli_rekcl.install.errors import InstallError

# A number that SQLite keeps for an application at a fixed place of a file, and does not use.
_APPLICATION = int.from_bytes(b"rekc", "big")
_OURS = (NAME, "aws.rekognition")


def install(answers: Sequence[Answer], is_wanted: bool) -> Iterator[str]:
    """Make the index of every version 2 if it is wanted or there is one, and yield what to say."""
    indexes = {Path(each.index_file): each.shipped_index for each in answers if each.index_file}
    try:
        earlier = _ours()
        if is_wanted and not indexes:
            yield "No completion: no version 2 has said which index it reads. Version 1 needs none."
        for index, shipped in indexes.items() if is_wanted or earlier else ():
            _make(index, shipped or "")
            yield f"Completion is on, for TAB and for the auto-prompt, by {index}."
        for index in earlier:
            if index not in indexes:
                index.unlink()
    except Exception as error:  # whatever it is
        yield f"No completion: {getattr(error, 'problem', error)}. The plugin works without it."


def remove() -> Iterator[str]:
    """Delete every index of ours, and yield a line for each."""
    try:
        with files.locked(_folder()):  # which clears away what a killed run has left
            for index in _ours():
                index.unlink()
                yield f"Removed {index}."
        with contextlib.suppress(OSError):  # the AWS CLI keeps other things there, if it is used
            _folder().rmdir()
            _folder().parent.rmdir()
    except OSError as error:
        yield f"Completion can't be removed: {error}."


def _ours() -> list[Path]:
    """Return every index with our command in it. Raise OSError."""
    return [each for each in sorted(_folder().glob("*.index")) if each.is_file() and _is_ours(each)]


def _is_ours(index: Path) -> bool:
    with open(index, "rb") as file:
        return file.read(72)[68:] == _APPLICATION.to_bytes(4, "big")


def _make(index: Path, shipped: str) -> None:
    """Make an index. Killed at any moment, it leaves a whole one or none."""
    if not index.is_absolute():
        raise InstallError("it is not known where your home folder is: set HOME", "")
    if index.exists() and not _is_ours(index):
        raise InstallError(f"{index} is there already, made by something else", "")
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        copy = Path(folder, "copy")
        shutil.copyfile(shipped, copy)
        _add_rows(copy)
        files.make(index.parent, stack)
        stack.enter_context(files.locked(index.parent))
        files.replace(index, None, copy.read_bytes())


def _add_rows(index: Path) -> None:
    """Write our command and its options into an index, as the AWS CLI's own indexer does."""
    import sqlite3

    kinds = {"store_true": "boolean"}
    options = [
        (each["name"], kinds.get(each.get("action", ""), "string"), each.get("nargs"), *_OURS)
        for each in ARG_TABLE
    ]
    with contextlib.closing(sqlite3.connect(index)) as opened, opened as rows:
        rows.execute(f"PRAGMA application_id = {_APPLICATION}")
        rows.execute("INSERT INTO command_table (command, parent) VALUES (?, ?)", _OURS)
        rows.executemany(
            "INSERT INTO param_table (argname, type_name, nargs, command, parent, positional_arg,"
            " required) VALUES (?, ?, ?, ?, ?, 0, 0)",
            options,
        )


def _folder() -> Path:
    return Path(os.path.expanduser("~"), ".aws", "cli", "cache")
