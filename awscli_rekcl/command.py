"""The command as the AWS CLI sees it: its help, how its parts work together, and its errors.

`DeleteModelAndWaitCommand._run_main` is where to start, `_set_up` where the parts come together.
"""

from __future__ import annotations

import argparse
import datetime
import functools
import io
import os
import pkgutil
import sys
import warnings
from collections.abc import Sequence
from typing import Any, TextIO

from awscli.argparser import ArgTableArgParser
from awscli.argprocess import ParamError
from awscli.compat import get_stdout_text_writer
from awscli.customizations.commands import BasicCommand
from awscli.formatter import get_formatter
from botocore.endpoint import DEFAULT_TIMEOUT

from awscli_rekcl import resume, signals
from awscli_rekcl.arguments import ARG_TABLE, NAME
from awscli_rekcl.deadline import Deadline
from awscli_rekcl.document import Document
from awscli_rekcl.errors import BadValue, ServiceError, UsageError
from awscli_rekcl.options import Options
from awscli_rekcl.run import Run
from awscli_rekcl.service.client import Rekognition
from awscli_rekcl.service.sdk import Sdk
from awscli_rekcl.terminal.console import Console


class DeleteModelAndWaitCommand(BasicCommand):  # type: ignore[misc]
    """Delete models of Custom Labels and wait until they are gone."""

    NAME = NAME
    ARG_TABLE = ARG_TABLE

    @property
    def DESCRIPTION(self) -> str:
        """The description for `help`, read only when somebody asks for it."""
        return _help("description")

    @property
    def EXAMPLES(self) -> str:
        """The examples for `help`."""
        return _help("examples")

    def __call__(self, args: Sequence[str], parsed_globals: argparse.Namespace) -> Any:
        self._console = Console(
            sys.stdin, _stdout(), sys.stderr, os.environ, color=parsed_globals.color
        )
        sys.stderr = self._console
        try:
            if not {"--help", "-h"}.isdisjoint(args):  # the AWS CLI has neither
                self._usage_error(f"There is no --help. Type: aws rekognition {NAME} help")
            return super().__call__(args, parsed_globals)
        finally:
            self._console.finish()

    def _run_main(self, parsed_args: argparse.Namespace, parsed_globals: argparse.Namespace) -> int:
        console = self._console
        if parsed_args.yes or parsed_args.dry_run:
            console.never_wait()
        try:
            with signals.obeyed():
                try:
                    return self._set_up(parsed_args, parsed_globals).run()
                finally:
                    console.finish()
        except UsageError as error:
            self._usage_error(str(error))
            raise
        except BadValue as error:
            raise ParamError(error.option, str(error)) from None
        except ServiceError as error:
            raise error.cause from None

    def _set_up(self, parsed_args: argparse.Namespace, parsed_globals: argparse.Namespace) -> Run:
        """Check everything that was typed, and put the parts together."""
        console = self._console
        options = Options.parse(parsed_args, parsed_globals.region, can_ask=console.can_ask)
        output = parsed_globals.output or self._session.get_config_variable("output")
        _check_output(output, parsed_globals)
        # A server that sends an answer byte by byte never exceeds the time-out for a read.
        grace = getattr(parsed_globals, "read_timeout", None) or DEFAULT_TIMEOUT
        deadline = Deadline(options.limit, grace)
        if not sys.warnoptions:  # which are the user's own
            # --no-verify-ssl: not with each request. Others stay as hidden as they are.
            warnings.filterwarnings("once", "Unverified HTTPS request", module="urllib3")
        sdk = Sdk(
            self._session,
            deadline,
            parsed_globals.endpoint_url,
            parsed_globals.verify_ssl,
            parsed_globals.sign_request,
        )
        render = functools.partial(_render, output, parsed_globals)
        line = functools.partial(
            resume.line,
            session=self._session,
            parsed_globals=parsed_globals,
            environ=os.environ,
        )
        now = datetime.datetime.now(datetime.timezone.utc)
        return Run(options, Rekognition(sdk), console, deadline, render, line, now)

    def _usage_error(self, message: str) -> None:
        """End the run the way the AWS CLI's parser does: usage text and exit status are its own."""
        ArgTableArgParser(self.arg_table).error(message)


def _stdout() -> TextIO | None:
    # Version 2 has a setting for the encoding, which only this function of it knows.
    return get_stdout_text_writer() if sys.stdout is not None else None


def _check_output(output: str, parsed_globals: argparse.Namespace) -> None:
    # The AWS CLI checks --output but not the setting of that name, which may be meant for a newer
    # version. It would fail only when the models are gone.
    try:
        get_formatter(output, parsed_globals)
    except ValueError as error:
        raise BadValue("--output", str(error)) from None


def _render(output: str, parsed_globals: argparse.Namespace, document: Document) -> str:
    stream = _Text()
    get_formatter(output, parsed_globals)(DeleteModelAndWaitCommand.NAME, document, stream)
    return stream.getvalue()


class _Text(io.StringIO):
    """A document before it has an encoding."""

    def reconfigure(self, **kwargs: object) -> None:
        """Take the encoding that version 2 sets whatever it formats to; standard output has it."""


def _help(name: str) -> str:
    # Not by the AWS CLI's FROM_FILE, which can't read out of a wheel.
    text = pkgutil.get_data(__package__, f"help/{name}.rst")
    assert text is not None
    return text.decode()
