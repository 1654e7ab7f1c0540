"""From options to the line to type: same models, profile, region, endpoint, output and time-outs.

The line is a function of the checked options, so it doesn't matter whether they were typed,
abbreviated, came from an alias or from version 2's auto-prompt, or were picked.
"""

from __future__ import annotations

import argparse
import functools
import json
import math
import os
import stat
import sys
from collections.abc import Callable, Sequence
from typing import Any, Union

from awscli_rekcl.arguments import ARG_TABLE, NAME
from awscli_rekcl.lifecycle import Consent
from awscli_rekcl.options import Options
from awscli_rekcl.visible import quoted

WRITTEN_OUT = 10
"""Up to so many values of a list that can't be read again are written into the line."""

LIST_TO_GIVE_AGAIN = "file://THE-SAME-LIST"
_NOTE = f"  # replace {LIST_TO_GIVE_AGAIN} with a file that holds the same list"

# The global options that change what the command does or prints: destination and option, and for
# a flag the value that it has if it is given. See the AWS CLI's `data/cli.json`.
_GLOBAL_VALUES = {
    "profile": "--profile",
    "region": "--region",
    "endpoint_url": "--endpoint-url",
    "ca_bundle": "--ca-bundle",
    "read_timeout": "--cli-read-timeout",
    "connect_timeout": "--cli-connect-timeout",
    "output": "--output",
    "query": "--query",
    "color": "--color",
    "cli_error_format": "--cli-error-format",
}
_GLOBAL_FLAGS = {
    "verify_ssl": ("--no-verify-ssl", False),
    "sign_request": ("--no-sign-request", False),
    "debug": ("--debug", True),
    "no_cli_auto_prompt": ("--no-cli-auto-prompt", True),
}
# What stands there if the option was not given. The AWS CLI keeps a time-out of 0 as None.
_DEFAULTS = {"color": "auto", "read_timeout": 60, "connect_timeout": 60}

_Value = Union[bool, str, Sequence[str], None]


def _is_given(consent: Consent, options: Options) -> bool:
    return consent in options.consents


def _arns(options: Options) -> list[str] | None:
    return None if options.arns is None else [arn.text for arn in options.arns]


def _number(number: float | None) -> str | None:
    if number is None:
        return None
    return "0" if math.isinf(number) else repr(number).removesuffix(".0")


_VALUES: dict[str, Callable[[Options], _Value]] = {
    "project-name": lambda options: options.project_name,
    "project-arn": lambda options: options.project and options.project.text,
    "version-names": lambda options: options.version_names,
    "all-versions": lambda options: options.all_versions,
    "keep-newest": lambda options: _number(options.keep_newest),
    "project-version-arn": lambda options: _arns(options),
    "skip-if-busy": lambda options: options.skip_if_busy,
    "ignore-not-found": lambda options: options.ignore_not_found,
    "yes": lambda options: options.yes,
    "dry-run": lambda options: options.dry_run,
    "timeout": lambda options: _number(options.timeout),
    "poll-interval": lambda options: _number(options.poll_interval),
    "no-progress": lambda options: not options.progress,
    # Nobody can confirm a list that is not shown.
    "only-show-errors": lambda options: (
        options.only_show_errors and (options.yes or options.dry_run)
    ),
}
for _consent in Consent:
    _VALUES[_consent.option[2:]] = functools.partial(_is_given, _consent)
if missing := {argument["name"] for argument in ARG_TABLE} ^ _VALUES.keys():
    raise TypeError(f"no line can be made of {missing}")


def line(options: Options, global_words: Sequence[str] = ()) -> str:
    """Return the line to type for these options, quoted for a shell."""
    words = ["aws", *global_words, "rekognition", NAME]
    for argument in ARG_TABLE:
        words += _words(f"--{argument['name']}", _VALUES[argument["name"]](options), options)
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


def global_words(parsed_globals: argparse.Namespace) -> list[str]:
    """Return the global options of the AWS CLI that were given, as arguments to type."""
    words = []
    for destination, option in _GLOBAL_VALUES.items():
        default = _DEFAULTS.get(destination)
        value = getattr(parsed_globals, destination, default)
        if value != default:
            words += _single(option, _text(value))
    for destination, (option, given) in _GLOBAL_FLAGS.items():
        if getattr(parsed_globals, destination, None) is given:
            words.append(option)
    return words


def _words(option: str, value: _Value, options: Options) -> list[str]:
    if value is None or value is False:
        return []
    if value is True:
        return [option]
    if isinstance(value, str):
        return _single(option, value)
    if options.list_source is not None:
        return [option, options.list_source] if options.list_source else []
    # argparse takes a value that begins with a hyphen for an option, and drops `--`; a file of no
    # list is `[]`; and `None` is only taken from a JSON list.
    is_plain = value and not any(text.startswith("-") or text == "None" for text in value)
    if is_plain:
        return [option, *value]
    # Each PowerShell passes the quotation marks of JSON on in its own way.
    if sys.platform == "win32" and not {"--", "None"} & set(value):
        return [f"{option}={text}" for text in value] or [option, "[]"]
    return [option, json.dumps(value)]


def _single(option: str, value: str) -> list[str]:
    return [f"{option}={value}"] if value.startswith("-") else [option, value]


def _text(value: Any) -> str:
    if value is None:
        return "0"
    return str(getattr(value, "expression", value))  # --query is compiled by then


def _is_read_once(path: str) -> bool:
    """Return whether this is a pipe or standard input: `file:///dev/stdin`, `<( )`."""
    try:
        # As the AWS CLI finds it: `awscli.paramfile`.
        return not stat.S_ISREG(os.stat(os.path.expandvars(os.path.expanduser(path))).st_mode)
    except (OSError, ValueError):
        return True
