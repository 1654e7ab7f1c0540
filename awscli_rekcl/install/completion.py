"""TAB and auto-prompt on version 2 of the AWS CLI, which completes only what an index lists.

The index is an SQLite file of the AWS CLI (`awscli/autocomplete/db.py`): the shipped one, unless
`~/.aws/cli/cache/<version>.index` exists. Completion is such a file: a copy of the shipped one with
rows for our command, by which it is recognized. Nothing of that is documented, so nothing is
written where the form is another one. After an upgrade of the AWS CLI its name is another one, and
the shipped one counts again. Version 1 needs none of it.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from awscli_rekcl.arguments import ARG_TABLE, NAME
from awscli_rekcl.errors import CompletionError, InstallError
from awscli_rekcl.install import files
from awscli_rekcl.install.aws import Answer

_PARENT = "aws.rekognition"
_TABLES = {
    "command_table": "command full_name parent",
    "param_table": "param_id argname type_name command parent nargs positional_arg required",
    "apicall_table": "apicall_data param_id",
}
_ROWS = "SELECT argname, type_name, nargs FROM param_table WHERE command = ? AND parent = ?"
_PROJECTS = {
    "parameters": {},
    "service": "rekognition",
    "operation": "describe_projects",
    "jp_expr": "ProjectDescriptions[].ProjectArn",
}


def install(answers: Sequence[Answer], is_wanted: bool) -> Iterator[str]:
    """Make the index of every version 2 if it is wanted or there is one, and yield what to say."""
    indexes = {Path(each.index_file): each.shipped_index for each in answers if each.index_file}
    if is_wanted and not answers:
        yield "No completion: no aws has said which index it reads. The plugin works without it."
    elif is_wanted and not indexes:
        yield "Completion: version 1 has it by itself, where its aws_completer is set up."
    try:
        if is_wanted and indexes and not os.path.lexists(_folder()):
            _folder().mkdir(parents=True)  # to be locked
        with _locked():
            earlier = _ours()
            for index, shipped in indexes.items() if is_wanted or earlier else ():
                _make(index, Path(shipped or ""))
                yield f"Completion is on, for TAB and for the auto-prompt, by {index}."
            for index in earlier:
                if index not in indexes:
                    index.unlink()
    except (CompletionError, InstallError, OSError) as error:
        yield f"No completion: {getattr(error, 'problem', error)}. The plugin works without it."


def remove() -> Iterator[str]:
    """Delete every index of ours, and yield a line for each."""
    try:
        with _locked():
            for index in _ours():
                index.unlink()
                yield f"Removed {index}."
    except (CompletionError, InstallError, OSError) as error:
        yield f"Completion can't be removed: {getattr(error, 'problem', error)}."
    with contextlib.suppress(OSError):  # the AWS CLI keeps other things there, if it is used
        _folder().rmdir()
        _folder().parent.rmdir()


def state(answer: Answer) -> str:
    """Return how things stand for an AWS CLI: "on", "off" ... Raise CompletionError."""
    if not answer.index_file:
        return "by itself, where aws_completer is set up"
    index, ours = Path(answer.index_file), _ours()
    if index not in ours:
        return "out of date" if ours and not index.exists() else "off"
    with _opened(index) as rows:
        current = set(rows.execute(_ROWS, (NAME, _PARENT))) == {row[:3] for row in _options()}
    return "on" if current else "out of date"


def _ours() -> list[Path]:
    """Return every index with our command in it. Raise CompletionError."""
    try:
        names = os.listdir(_folder())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise CompletionError(f"{_folder()}: {error.strerror}") from None
    indexes = [_folder() / name for name in sorted(names) if name.endswith(".index")]
    return [index for index in indexes if _is_ours(index)]


def _is_ours(index: Path) -> bool:
    try:
        with _opened(index) as rows:
            query = "SELECT 1 FROM command_table WHERE command = ? AND parent = ?"
            return bool(rows.execute(query, (NAME, _PARENT)).fetchall())
    except CompletionError:
        if index.is_file() and not os.access(index, os.R_OK):
            raise
        return False  # somebody's, or broken


def _make(index: Path, shipped: Path) -> None:
    """Make an index. Killed at any moment, it leaves a whole one or none.

    Raise CompletionError, InstallError or OSError.
    """
    index.parent.mkdir(parents=True, exist_ok=True)
    with files.aside(index.parent) as folder:
        if index.exists() and not _is_ours(index):
            raise CompletionError(f"{index} is there already, made by something else")
        copy = folder / index.name
        shutil.copyfile(shipped, copy)
        with _opened(copy, "rw") as rows:
            for table, columns in _TABLES.items():
                found = [row[1] for row in rows.execute(f"PRAGMA table_info({table})")]
                if found != columns.split():
                    raise CompletionError("the index of this AWS CLI has a form that is not known")
            _add_rows(rows)
        with open(copy, "rb") as written:
            os.fsync(written.fileno())
        os.replace(copy, index)


def _add_rows(rows: Any) -> None:
    rows.execute("PRAGMA synchronous = OFF")
    insert = "INSERT INTO command_table (command, parent) VALUES (?, ?)"
    rows.execute(insert, (NAME, _PARENT))
    for name, kind, nargs in _options():
        row = rows.execute(
            "INSERT INTO param_table"
            " (argname, type_name, command, parent, nargs, positional_arg, required)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (name, kind, NAME, _PARENT, nargs, False, 0),
        ).lastrowid
        if name == "project-arn":
            insert = "INSERT INTO apicall_table (apicall_data, param_id) VALUES (?, ?)"
            rows.execute(insert, (json.dumps({"completions": [_PROJECTS]}), row))
    rows.commit()


def _options() -> Iterator[tuple[str, str, str | None]]:
    """Yield name, type and nargs of each option, as the AWS CLI's own indexer finds them."""
    for option in ARG_TABLE:
        kind = "boolean" if option.get("action") == "store_true" else "string"
        yield option["name"], kind, option.get("nargs")


@contextlib.contextmanager
def _opened(index: Path, mode: str = "ro") -> Iterator[Any]:
    """Lend an index. Raise CompletionError."""
    try:
        import sqlite3
    except ImportError:
        raise CompletionError(
            "this Python has no sqlite3; run the installer by another one"
        ) from None
    try:
        connection = sqlite3.connect(f"{index.absolute().as_uri()}?mode={mode}", uri=True)
        with contextlib.closing(connection):
            yield connection
    except sqlite3.Error as error:
        raise CompletionError(f"{index}: {error}") from None


def _locked() -> contextlib.AbstractContextManager[None]:
    """Keep other installers out, and clear away what killed ones have left."""
    return files.locked(*[folder for folder in [_folder()] if folder.is_dir()])


def _folder() -> Path:
    return Path(os.path.expanduser("~"), ".aws", "cli", "cache")
