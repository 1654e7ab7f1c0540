"""TAB and auto-prompt on version 2 of the AWS CLI, which completes only what an index lists.

The index is an SQLite file of the AWS CLI (`awscli/autocomplete/db.py`): the shipped one, unless
`~/.aws/cli/cache/<version>.index` exists. Completion is such a file: a copy of the shipped one with
rows for our command, and with our numbers in its header, by which it is recognized. The tables are
not documented: where they have other columns, there is no completion. After an upgrade of the AWS
CLI its name is another one, and the shipped one counts again. Version 1 needs none of it.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from awscli_rekcl.arguments import ARG_TABLE, NAME
from awscli_rekcl.errors import CompletionError, InstallError
from awscli_rekcl.install import files
from awscli_rekcl.install.aws import Answer

_PARENT = "aws.rekognition"
_PROJECTS = {
    "parameters": {},
    "service": "rekognition",
    "operation": "describe_projects",
    "jp_expr": "ProjectDescriptions[].ProjectArn",
}
# Name, type and nargs of each option, as the AWS CLI's own indexer finds them.
_OPTIONS = [
    (
        option["name"],
        "boolean" if option.get("action") == "store_true" else "string",
        option.get("nargs"),
    )
    for option in ARG_TABLE
]
# Two numbers that SQLite keeps for an application at fixed places of a file, and does not use.
_APPLICATION = int.from_bytes(b"rekc", "big")
_VERSION = zlib.crc32(repr(_OPTIONS).encode()) >> 1  # of the options, in 31 bits


def install(answers: Sequence[Answer], is_wanted: bool) -> Iterator[str]:
    """Make the index of every version 2 if it is wanted or there is one, and yield what to say."""
    indexes = {Path(each.index_file): each.shipped_index for each in answers if each.index_file}
    if is_wanted and not answers:
        yield "No completion: no aws has said which index it reads. The plugin works without it."
    elif is_wanted and not indexes:
        yield "Completion: version 1 has it by itself, where its aws_completer is set up."
    try:
        if is_wanted and indexes and not os.path.lexists(_folder()):
            with files.explained():
                _folder().mkdir(parents=True, exist_ok=True)  # to be locked
        with files.locked(_folder()), files.explained():
            earlier = _ours()
            for index, shipped in indexes.items() if is_wanted or earlier else ():
                _make(index, Path(shipped or ""))
                yield f"Completion is on, for TAB and for the auto-prompt, by {index}."
            for index in earlier.keys() - indexes.keys():
                index.unlink()
    except InstallError as error:
        yield f"No completion: {error.problem}. The plugin works without it."


def remove() -> Iterator[str]:
    """Delete every index of ours, and yield a line for each."""
    try:
        with files.locked(_folder()), files.explained():
            for index in _ours():
                index.unlink()
                yield f"Removed {index}."
    except InstallError as error:
        yield f"Completion can't be removed: {error.problem}."
    with contextlib.suppress(OSError):  # the AWS CLI keeps other things there, if it is used
        _folder().rmdir()
        _folder().parent.rmdir()


def state(answer: Answer) -> str:
    """Return how things stand for an AWS CLI: "on", "off" ... Raise InstallError."""
    if not answer.index_file:
        return "by itself, where aws_completer is set up"
    index = Path(answer.index_file)
    with files.explained():
        ours = _ours()
    if index not in ours:
        return "out of date" if ours and not index.exists() else "off"
    return "on" if ours[index] == _VERSION else "out of date"


def _ours() -> dict[Path, int]:
    """Return every index with our command in it, and the version of its options. Raise OSError."""
    try:
        names = sorted(os.listdir(_folder()))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    indexes = [_folder() / name for name in names if name.endswith(".index")]
    versions = {index: _version(index) for index in indexes if index.is_file()}
    return {index: version for index, version in versions.items() if version is not None}


def _version(index: Path) -> int | None:
    """Return the version of the options in an index, None where it is not ours. Raise OSError."""
    with open(index, "rb") as file:
        header = file.read(72)
    version, application = (int.from_bytes(header[at : at + 4], "big") for at in (60, 68))
    return version if application == _APPLICATION else None


def _make(index: Path, shipped: Path) -> None:
    """Make an index. Killed at any moment, it leaves a whole one or none.

    Raise InstallError or OSError.
    """
    index.parent.mkdir(parents=True, exist_ok=True)
    if index.exists() and _version(index) is None:
        raise CompletionError(f"{index} is there already, made by something else")
    with files.aside(index.parent) as folder:
        copy = folder / index.name
        shutil.copyfile(shipped, copy)
        _add_rows(copy)
        os.replace(copy, index)


def _add_rows(index: Path) -> None:
    """Write our command and its options into an index. Raise CompletionError."""
    try:
        import sqlite3
    except ImportError:
        problem = "this Python has no sqlite3; run the installer by another one"
        raise CompletionError(problem) from None
    ours = {"command": NAME, "parent": _PARENT}
    options = [dict(zip(("name", "type", "nargs"), option), **ours) for option in _OPTIONS]
    api_call = {**ours, "call": json.dumps({"completions": [_PROJECTS]})}
    try:
        with contextlib.closing(sqlite3.connect(index)) as opened, opened as rows:
            rows.execute(f"PRAGMA application_id = {_APPLICATION}")
            rows.execute(f"PRAGMA user_version = {_VERSION}")
            rows.execute(
                "INSERT INTO command_table (command, parent) VALUES (:command, :parent)", ours
            )
            rows.executemany(
                "INSERT INTO param_table"
                " (argname, type_name, command, parent, nargs, positional_arg, required)"
                " VALUES (:name, :type, :command, :parent, :nargs, 0, 0)",
                options,
            )
            rows.execute(
                "INSERT INTO apicall_table (apicall_data, param_id)"
                " SELECT :call, param_id FROM param_table WHERE argname = 'project-arn'"
                " AND command = :command AND parent = :parent",
                api_call,
            )
    except sqlite3.Error as error:
        raise CompletionError(f"the index of this AWS CLI is not as expected: {error}") from None


def _folder() -> Path:
    return Path(os.path.expanduser("~"), ".aws", "cli", "cache")
