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
            "help_text": (
                "The Amazon Resource Names (ARNs) of the models to delete. You can name "
                "several, and you can use the option more than once; a model that is named "
                "twice counts once. All of them must belong to one AWS account. To take the "
                "ARNs from a file, give ``file://`` and its path as the only value: the file "
                "holds ARNs separated by white space, or a JSON list of strings. An empty file "
                "is an empty list: nothing is deleted, and the command succeeds."
            ),
        },
        {
            "name": "project-arn",
            "help_text": (
                "The ARN of the project. With ``--version-names`` or ``--all-versions``, the "
                "project whose models are deleted. With ``--project-version-arn``, the project "
                "that all of the models belong to; this saves a look-up and the permission "
                "``rekognition:DescribeProjects``."
            ),
        },
        {
            "name": "version-names",
            "nargs": "+",
            "action": "extend",
            "help_text": (
                "The names of the versions of the project to delete. A name that the project "
                "does not have is an error, unless you use ``--ignore-not-found``. Requires "
                "``--project-arn``."
            ),
        },
        {
            "name": "all-versions",
            "action": "store_true",
            "help_text": (
                "Deletes all models of the project. If the project has none, nothing is "
                "deleted, and the command succeeds. The project itself stays. Requires "
                "``--project-arn``."
            ),
        },
        {
            "name": "stop-if-running",
            "action": "store_true",
            "help_text": (
                "Stops a model that is running or starting, and then deletes it. Without this "
                "option such a model is refused."
            ),
        },
        {
            "name": "wait-if-training",
            "action": "store_true",
            "help_text": (
                "Waits until a model that is being trained or copied is ready, and then deletes "
                "it. Without this option such a model is refused."
            ),
        },
        {
            "name": "ignore-not-found",
            "action": "store_true",
            "help_text": (
                "Counts a model that its project does not have as deleted. A project that can't "
                "be found is an error all the same."
            ),
        },
        {
            "name": "yes",
            "action": "store_true",
            "help_text": "Deletes the models without asking. Standard input is not read.",
        },
        {
            "name": "dry-run",
            "action": "store_true",
            "help_text": (
                "Shows what would happen to each model. Nothing is changed, and nothing is "
                "asked. The exit status is 0 if every model could be deleted."
            ),
        },
        {
            "name": "timeout",
            "help_text": (
                "The longest time to wait, in seconds, from the confirmation on. The default is "
                "3600, or 86400 with ``--wait-if-training``; 0 waits without a limit. When the "
                "time has passed, the command ends with the exit status 124, and what was "
                "requested goes on at the service."
            ),
        },
        {
            "name": "poll-interval",
            "help_text": (
                "The longest pause between two looks at the models, in seconds. It must be more "
                "than 0; fractions are allowed. The default is 5. The first looks come sooner, "
                "so that a quick deletion is seen quickly."
            ),
        },
        {
            "name": "no-progress",
            "action": "store_true",
            "help_text": (
                "Shows no progress while the command waits. The list of the models, the "
                "question and error messages are still shown."
            ),
        },
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
            sys.stdout,
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
