"""TAB and auto-prompt on version 2 of the AWS CLI, which completes only what an index lists.

The index is an SQLite file of the AWS CLI (`awscli/autocomplete/db.py`): the shipped one, unless
`~/.aws/cli/cache/<version>.index` exists. Completion is such a file: a copy of the shipped one with
rows for our command. Nothing of that is documented, so nothing is written where the form is another
one, and what is written is tried with the AWS CLI's own reader first. Version 1 needs none of it.

The marker beside the index says that completion was asked for. Each of its lines names an index
that was made, the version of the plugin that made it, and the shipped index that it was made from.

The functions that need the AWS CLI run inside of it: for our own command
(`renew_if_asked_for`), or when the installer has it load this module as its plugin
(`awscli_initialize`).
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from awscli_rekcl import __version__
from awscli_rekcl.errors import CompletionError

ANSWER = "completion: "
# Set by the installer, which tries the command and means to look at things only.
SUPPRESSED = "_AWSCLI_REKCL_NO_RENEWAL"
_PATIENCE = 0.08  # seconds; most disks need less
_Options = Sequence[Mapping[str, Any]]
_PARENT = ["aws", "rekognition"]
_TABLES = {
    "command_table": "command full_name parent",
    "param_table": "param_id argname type_name command parent nargs positional_arg required",
    "apicall_table": "apicall_data param_id",
}
_PROJECTS = {
    "parameters": {},
    "service": "rekognition",
    "operation": "describe_projects",
    "jp_expr": "ProjectDescriptions[].ProjectArn",
}


class _Made(NamedTuple):
    name: str
    maker: str  # the version of the plugin
    shipped: str

    @property
    def source(self) -> str:
        """The place of the shipped index, which the official build has in a folder per version."""
        return self.shipped.replace(self.name[: -len(".index")], "")


def is_asked_for() -> bool:
    """Return whether the user wants completion."""
    return _marker().exists()


def is_there(version: str) -> bool:
    """Return whether the index of a version of the AWS CLI is ours, and current."""
    makers = [made.maker for made in _made() if made.name == _index(version)]
    return makers[-1:] == [__version__] and (_folder() / _index(version)).exists()


def remove() -> bool:
    """Take completion away; return whether there was any. Raise OSError."""
    was_there = is_asked_for()
    for made in _made():
        (_folder() / made.name).unlink(missing_ok=True)
    _aside().unlink(missing_ok=True)
    _marker().unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # the AWS CLI keeps other things there, if it is used
        _folder().rmdir()
        _folder().parent.rmdir()
    return was_there


def renew_if_asked_for(name: str, arg_table: _Options) -> None:
    """Make the index anew after an upgrade of the AWS CLI or of the plugin.

    `name` and `arg_table` are those of the command.

    Never fails, and holds up the run for 80 ms at the most: the work is done by a thread beside it,
    and if the run ends first, the next one does it.
    """
    with contextlib.suppress(Exception):
        if not is_asked_for() or SUPPRESSED in os.environ:
            return
        from awscli import __version__ as version

        if version.startswith("1.") or is_there(version):
            return
        thread = threading.Thread(target=_renew, args=(name, arg_table), daemon=True)
        thread.start()
        thread.join(_PATIENCE)


def _renew(name: str, arg_table: _Options) -> None:
    with contextlib.suppress(Exception):
        if sys.platform != "win32":
            # Signals are for the thread that handles them, which may be waiting for input.
            signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        make(name, arg_table)


def awscli_initialize(event_hooks: object) -> None:
    """Make the index, inside of the AWS CLI that the installer runs, and answer on stderr."""
    answer = "on"
    is_new = not is_asked_for()
    try:
        from awscli_rekcl.command import DeleteModelAndWaitCommand

        make(DeleteModelAndWaitCommand.NAME, DeleteModelAndWaitCommand.ARG_TABLE)
    except Exception as error:
        answer = str(error) or repr(error)
        if is_new:
            with contextlib.suppress(OSError):
                remove()
    print(f"{ANSWER}{answer}", file=sys.stderr)


def make(name: str, arg_table: _Options) -> None:
    """Make the index of the AWS CLI that runs this, and delete older ones.

    Killed at any moment, it leaves a whole index or none, and the marker names whatever is there.
    Raise CompletionError, OSError, sqlite3.Error or ImportError.
    """
    import sqlite3

    from awscli import __version__ as version
    from awscli.autocomplete import db
    from awscli.autocomplete.local.model import ModelIndex

    index = Path(db.INDEX_FILE)
    if index != _folder() / _index(version):
        raise CompletionError(f"this AWS CLI looks for its index elsewhere: {index}")
    _folder().mkdir(parents=True, exist_ok=True)
    with _locked(_marker()) as marker:
        earlier = _made()
        if index.exists() and index.name not in [made.name for made in earlier]:
            raise CompletionError(f"{index} is there already, made by something else")
        shipped = sqlite3.connect(f"{Path(db.BUILTIN_INDEX_FILE).as_uri()}?mode=ro", uri=True)
        with contextlib.closing(shipped):
            _check_form(shipped)
        try:
            shutil.copyfile(db.BUILTIN_INDEX_FILE, _aside())
            with contextlib.closing(sqlite3.connect(_aside(), isolation_level=None)) as copy:
                copy.execute("PRAGMA journal_mode = OFF")
                copy.execute("PRAGMA synchronous = OFF")
                copy.execute("BEGIN")
                _add_rows(copy, name, arg_table)
                copy.execute("COMMIT")
            model = ModelIndex(str(_aside()))
            found = set(model.arg_names(_PARENT, name))
            if name not in model.command_names(_PARENT) or found != {
                option["name"] for option in arg_table
            }:
                raise CompletionError("this AWS CLI does not read the index as it is known to")
            with open(_aside(), "rb") as written:
                os.fsync(written.fileno())
            new = _Made(index.name, __version__, db.BUILTIN_INDEX_FILE)
            marker.write(f"{' '.join(new)}\n")
            marker.flush()
            os.replace(_aside(), index)
        except BaseException:
            _aside().unlink(missing_ok=True)
            raise
        for made in earlier:
            # Not that of another version 2 on this machine.
            is_old = made.source == new.source or not os.path.exists(made.shipped)
            if made.name != new.name and is_old:
                (_folder() / made.name).unlink(missing_ok=True)


def _check_form(index: Any) -> None:
    for table, columns in _TABLES.items():
        found = [row[1] for row in index.execute(f"PRAGMA table_info({table})")]
        if found != columns.split():
            raise CompletionError("the index of this AWS CLI has a form that is not known")


def _add_rows(index: Any, name: str, arg_table: _Options) -> None:
    parent = ".".join(_PARENT)
    insert = "INSERT INTO command_table (command, parent) VALUES (?, ?)"
    index.execute(insert, (name, parent))
    for option in arg_table:
        # As the AWS CLI's own indexer finds them.
        kind = "boolean" if option.get("action") == "store_true" else "string"
        row = index.execute(
            "INSERT INTO param_table"
            " (argname, type_name, command, parent, nargs, positional_arg, required)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (option["name"], kind, name, parent, option.get("nargs"), False, 0),
        ).lastrowid
        if option["name"] == "project-arn":
            index.execute(
                "INSERT INTO apicall_table (apicall_data, param_id) VALUES (?, ?)",
                (json.dumps({"completions": [_PROJECTS]}), row),
            )


@contextlib.contextmanager
def _locked(marker: Path) -> Iterator[Any]:
    if sys.platform == "win32":
        raise CompletionError("not on Windows, for want of a lock on the index")
    import fcntl

    with marker.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CompletionError("another process is making it") from None
        yield file


def _folder() -> Path:
    return Path(os.path.expanduser("~"), ".aws", "cli", "cache")


def _marker() -> Path:
    return _folder() / "awscli_rekcl.completion"


def _aside() -> Path:
    return _folder() / "awscli_rekcl.new"


def _index(version: str) -> str:
    return f"{version}.index"


def _made() -> list[_Made]:
    """Return the lines of the marker. Only names of an index: it is by them that files go."""
    try:
        lines = _marker().read_text().splitlines()
    except FileNotFoundError:
        return []
    matches = (re.fullmatch(r"([0-9][\w.+-]*\.index) (\S+) (.+)", line) for line in lines)
    return [_Made(*match.groups()) for match in matches if match]
