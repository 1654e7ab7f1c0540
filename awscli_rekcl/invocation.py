"""What was typed, and how to type it again: same models, profile, region, endpoint, output.

`sys.argv` is not what was meant: an alias or version 2's auto-prompt may have made the command. So
the line is built from the words that the command got and the global options that were given.
"""

from __future__ import annotations

import argparse
import copy
import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from awscli_rekcl.arn import ModelArn, ProjectArn
from awscli_rekcl.options import OPTIONS
from awscli_rekcl.visible import quoted

COMMAND = "rekognition", "delete-model-and-wait"

# The global options that decide what the command does or says: destination and option, and for a
# flag the value that stands for its being given. See the AWS CLI's `data/cli.json`.
_VALUES = {
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
_FLAGS = {
    "verify_ssl": ("--no-verify-ssl", False),
    "sign_request": ("--no-sign-request", False),
    "debug": ("--debug", True),
    "no_cli_auto_prompt": ("--no-cli-auto-prompt", True),
}
# What stands there if the option was not given. The AWS CLI keeps a time-out of 0 as None.
_DEFAULTS = {"color": "auto", "read_timeout": 60, "connect_timeout": 60}

# The command's options that say which models are meant.
CHOICE = {
    "--project-name",
    "--project-arn",
    "--project-version-arn",
    "--version-names",
    "--all-versions",
    "--keep-newest",
}

WRITTEN_OUT = 10
"""As many values of a list that can't be read again stand in the line; more are given anew."""

LIST_TO_GIVE_AGAIN = "file://THE-SAME-LIST"


class Invocation:
    """The command line of a run."""

    def __init__(
        self,
        words: Sequence[str],
        global_words: Sequence[str] = (),
        lists: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Take the command's own words as they were typed, and the global ones.

        `lists` has the values of the options that take a list, as they were read.
        """
        self._global_words = list(global_words)
        self._chunks = []
        self._note = ""
        for option, chunk in _chunks(words):
            values = (lists or {}).get(option)
            if values is not None and _is_read_once(chunk):
                chunk = [option, *(values or ["[]"])]
                if len(values) > WRITTEN_OUT:
                    # Not there, so that the line does nothing before somebody has made it.
                    chunk = [option, LIST_TO_GIVE_AGAIN]
                    self._note = f"  # {LIST_TO_GIVE_AGAIN}: the same list once more"
            self._chunks.append((option, chunk))

    def naming(self, arns: Sequence[ModelArn] | None, project: ProjectArn | None) -> Invocation:
        """Return it as if these models had been named, or a long list of them picked again."""
        named = copy.copy(self)
        words = [] if project is None else ["--project-arn", project.text]
        if arns is not None and len(arns) <= WRITTEN_OUT:
            words += ["--project-version-arn", *(arn.text for arn in arns)]
        kept = (chunk for chunk in self._chunks if chunk[0] not in CHOICE)
        named._chunks = [*kept, *_chunks(words)]
        return named

    def line(self, add: Iterable[str] = (), drop: Collection[str] = ()) -> str:
        """Return the line to type: `drop` without these options, `add` with these words.

        An option of `add` that the line has already is not added again.
        """
        kept = [(option, words) for option, words in self._chunks if option not in drop]
        given = {option for option, _ in kept}
        line = ["aws", *self._global_words, *COMMAND]
        line += (word for _, words in kept for word in words)
        line += (word for word in add if word not in given)
        return " ".join(map(quoted, line)) + self._note


def global_words(parsed_globals: argparse.Namespace) -> list[str]:
    """Return the global options of the AWS CLI that were given, as words to type."""
    words = []
    for destination, option in _VALUES.items():
        default = _DEFAULTS.get(destination)
        value = getattr(parsed_globals, destination, default)
        if value != default:
            words += [option, _text(value)]
    for destination, (option, given) in _FLAGS.items():
        if getattr(parsed_globals, destination, None) is given:
            words.append(option)
    return words


def _text(value: Any) -> str:
    if value is None:
        return "0"
    return str(getattr(value, "expression", value))  # --query is compiled by then


def _chunks(words: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each option under its whole name, with the words that belong to it, itself included."""
    option = ""
    chunk: list[str] = []
    for word in words:
        if word.startswith("--"):
            if chunk:
                yield option, chunk
            option, chunk = _whole_name(word), []
        chunk.append(word)
    if chunk:
        yield option, chunk


def _is_read_once(chunk: Sequence[str]) -> bool:
    """Return whether the values came from a pipe or standard input: `file:///dev/stdin`, `<( )`."""
    _, prefix, path = " ".join(chunk).partition("file://")
    if not prefix:
        return False
    try:
        # As the AWS CLI finds it: `awscli.paramfile`.
        return not stat.S_ISREG(os.stat(os.path.expandvars(os.path.expanduser(path))).st_mode)
    except (OSError, ValueError):
        return True


def _whole_name(word: str) -> str:
    # argparse takes an abbreviation for the one option that begins with it.
    name = word.partition("=")[0]
    if name in OPTIONS:
        return name
    meant = [option for option in OPTIONS if option.startswith(name)]
    return meant[0] if len(meant) == 1 else name
