"""The face: what `aws rekognition delete-model-and-wait` takes, and how its parts work together.

`DeleteModelAndWaitCommand._run_main` is where to start.
"""

from __future__ import annotations

import argparse
import functools
import io
import os
import pkgutil
import sys
import time
from typing import Any, ClassVar

from awscli.argparser import ArgTableArgParser
from awscli.argprocess import ParamError
from awscli.customizations.commands import BasicCommand
from awscli.formatter import get_formatter

from awscli_rekcl import signals
from awscli_rekcl.console import Console
from awscli_rekcl.options import BadValue, Options, UsageError
from awscli_rekcl.run import run
from awscli_rekcl.service import Rekognition, ServiceError


class DeleteModelAndWaitCommand(BasicCommand):  # type: ignore[misc]
    """Delete models of Custom Labels and wait until they are gone."""

    NAME = "delete-model-and-wait"
    ARG_TABLE: ClassVar = [
        {
            "name": "project-version-arn",
            "nargs": "+",
            "action": "extend",
            "cli_type_name": "list",
            "help_text": "x",
        },
        {"name": "project-arn", "help_text": "x"},
        {
            "name": "version-names",
            "nargs": "+",
            "action": "extend",
            "cli_type_name": "list",
            "help_text": "x",
        },
        {"name": "all-versions", "action": "store_true", "help_text": "x"},
        {"name": "stop-if-running", "action": "store_true", "help_text": "x"},
        {"name": "wait-if-training", "action": "store_true", "help_text": "x"},
        {"name": "ignore-not-found", "action": "store_true", "help_text": "x"},
        {"name": "yes", "action": "store_true", "help_text": "x"},
        {"name": "dry-run", "action": "store_true", "help_text": "x"},
        {"name": "timeout", "cli_type_name": "float", "help_text": "x"},
        {"name": "poll-interval", "cli_type_name": "float", "help_text": "x"},
        {"name": "no-progress", "action": "store_true", "help_text": "x"},
    ]

    @property
    def DESCRIPTION(self) -> str:
        """The description for `help`, read only when somebody asks for it."""
        return _help("description")

    @property
    def EXAMPLES(self) -> str:
        """The examples for `help`."""
        return _help("examples")

    def _run_main(self, parsed_args: argparse.Namespace, parsed_globals: argparse.Namespace) -> int:
        console = Console(
            sys.stdin,
            sys.stderr,
            time.monotonic,
            time.sleep,
            os.environ,
            color=parsed_globals.color,
            show_progress=not parsed_args.no_progress,
        )
        with signals.interruptible():
            try:
                options = Options.parse(parsed_args, parsed_globals.region)
                output = parsed_globals.output or self._session.get_config_variable("output")
                render = functools.partial(_render, output, parsed_globals)
                _check_output(output, parsed_globals)
                service = Rekognition(
                    self._session,
                    parsed_globals.endpoint_url,
                    parsed_globals.verify_ssl,
                    parsed_globals.sign_request,
                )
                return run(options, service, console, render, sys.argv[1:])
            except UsageError as error:
                # The parser's own way to fail: its usage text and exit status differ between CLIs.
                ArgTableArgParser(self.arg_table).error(str(error))
                raise
            except BadValue as error:
                raise ParamError(error.option, str(error)) from None
            except ServiceError as error:
                raise error.cause from None
            except signals.Interrupted as interrupted:
                console.alarm(f"\nEnded by {interrupted.signal.name}. Nothing was changed.")
                signals.end_by(interrupted.signal)
                return 128 + interrupted.signal


def _check_output(output: str, parsed_globals: argparse.Namespace) -> None:
    # The AWS CLI checks --output but not the setting of that name, which may be meant for a newer
    # version. It would fail only when the models are gone.
    try:
        get_formatter(output, parsed_globals)
    except ValueError as error:
        raise BadValue("--output", str(error)) from None


def _render(output: str, parsed_globals: argparse.Namespace, document: dict[str, Any]) -> str:
    stream = io.StringIO()
    get_formatter(output, parsed_globals)(DeleteModelAndWaitCommand.NAME, document, stream)
    return stream.getvalue()


def _help(name: str) -> str:
    # Not by the AWS CLI's FROM_FILE, which can't read out of a wheel.
    text = pkgutil.get_data(__package__, f"help/{name}.rst")
    assert text is not None
    return text.decode()
