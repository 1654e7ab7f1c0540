"""From options to the line to type: same models, profile, region, endpoint, output and time-outs.

The line is a function of the checked options, so it doesn't matter whether they were typed,
abbreviated, came from an alias or from version 2's auto-prompt, or were picked.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import stat
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.endpoint import DEFAULT_TIMEOUT

from awscli_rekcl.arguments import ARG_TABLE, NAME
from awscli_rekcl.arn import ModelArn, ProjectArn
from awscli_rekcl.options import Options
from awscli_rekcl.text import quoted

WRITTEN_OUT = 10
"""Up to so many values of a list that can't be read again are written into the line."""

LIST_TO_GIVE_AGAIN = "file://THE-SAME-LIST"
_NOTE = f"  # replace {LIST_TO_GIVE_AGAIN} with a file that holds the same list"


def line(options: Options, global_words: Sequence[str] = ()) -> str:
    """Return the line to type for these options, quoted for a shell."""
    if not (options.yes or options.dry_run):  # nobody can confirm a list that is not shown
        options = options._replace(only_show_errors=False)
    words = ["aws", *global_words, "rekognition", NAME]
    for argument in ARG_TABLE:
        value = options.value(argument["name"])
        words += _words(f"--{argument['name']}", value, options.list_source)
    # The file is not there, so that the line does nothing before somebody has made it.
    note = _NOTE if options.list_source == LIST_TO_GIVE_AGAIN else ""
    return " ".join(map(quoted, words)) + note


def list_source(options: Options, raw: argparse.Namespace) -> str | None:
    """Return what names the list in a line; `raw` has the values before the AWS CLI read files."""
    values = raw.project_version_arn or raw.version_names or []
    if len(values) != 1 or not values[0].startswith("file://"):
        return None
    if not _is_read_once(values[0][len("file://") :]):
        return str(values[0])
    count = len(options.arns or options.version_names or [])
    return LIST_TO_GIVE_AGAIN if count > WRITTEN_OUT else None


def global_words(
    parsed_globals: argparse.Namespace, table: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """Return the global options of the AWS CLI that were given, as arguments to type.

    `table` has what the AWS CLI knows of each: "options" in its `data/cli.json`.
    """
    words = []
    for name, option in table.items():
        value = getattr(parsed_globals, option.get("dest", name.replace("-", "_")), None)
        if "action" in option:
            # Whoever was prompted has given the arguments that are there now.
            if value is (option["action"] == "store_true") and name != "cli-auto-prompt":
                words.append(f"--{name}")
            continue
        if option.get("type") == "int":  # a time-out, of which the AWS CLI keeps 0 as None
            value = None if value == DEFAULT_TIMEOUT else value or 0
        if value not in (None, option.get("default")):
            # --query is compiled by then.
            words += _single(f"--{name}", str(getattr(value, "expression", value)))
    return words


def _words(option: str, value: Any, list_source: str | None) -> list[str]:
    if value is None or value is False:
        return []
    if value is True:
        return [option]
    if not isinstance(value, list):
        return _single(option, _text(value))
    if list_source is not None:
        return [option, list_source] if list_source else []
    texts = [_text(each) for each in value]
    # argparse takes a value that begins with a hyphen for an option, and drops `--`; a file of no
    # list is `[]`; and `None` is only taken from a JSON list.
    if texts and not any(text.startswith("-") or text == "None" for text in texts):
        return [option, *texts]
    # Each PowerShell passes the quotation marks of JSON on in its own way.
    if sys.platform == "win32" and not {"--", "None"} & set(texts):
        return [f"{option}={text}" for text in texts] or [option, "[]"]
    return [option, json.dumps(texts)]


def _single(option: str, text: str) -> list[str]:
    return [f"{option}={text}"] if text.startswith("-") else [option, text]


def _text(value: Any) -> str:
    if isinstance(value, (ModelArn, ProjectArn)):
        return value.text
    if isinstance(value, float):
        return "0" if math.isinf(value) else repr(value).removesuffix(".0")
    return str(value)


def _is_read_once(path: str) -> bool:
    """Return whether this is a pipe or standard input: `file:///dev/stdin`, `<( )`."""
    try:
        # As the AWS CLI finds it: `awscli.paramfile`.
        return not stat.S_ISREG(os.stat(os.path.expandvars(os.path.expanduser(path))).st_mode)
    except (OSError, ValueError):
        return True
