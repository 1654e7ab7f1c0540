"""The command from checked options to exit status: select, refuse or confirm, delete, tell.

`run` is where to start. The service and the person come in from outside.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Sequence
from typing import Any

from awscli_rekcl import signals, words
from awscli_rekcl.console import Console
from awscli_rekcl.deletion import Deletion
from awscli_rekcl.document import (
    NOT_CONFIRMED,
    SUCCESS,
    document,
    dry_run_document,
    exit_status,
    success_document,
)
from awscli_rekcl.lifecycle import Action
from awscli_rekcl.model import Model
from awscli_rekcl.options import BadValue, Options
from awscli_rekcl.selection import Selection, select
from awscli_rekcl.service import CredentialsFailed, NotFound, Rekognition, not_found


class Refused(Exception):
    """A model can't be deleted, so none was. The AWS CLI shows the text and exits with 255."""


Render = Callable[[dict[str, Any]], str]


def run(
    options: Options, service: Rekognition, console: Console, render: Render, argv: Sequence[str]
) -> int:
    """Do what the options ask for and return the exit status.

    `render` makes the text of a document, by --output and --query; `argv` is what the user typed
    after `aws`. Raise ServiceError, BadValue or Refused while nothing was changed, and later only
    what ended the run at once, when everything is said.
    """
    selection = select(options, service)
    models = selection.models
    if options.dry_run:
        _show(selection, console)
        console.print_result(_rendered(dry_run_document(models), render))
    _refuse(selection, options, argv)
    if options.dry_run:
        return SUCCESS
    if models:
        # A --query that fails on the result would otherwise fail when the models are gone.
        _rendered(success_document(models), render)
    _show(selection, console)
    if any(model.plan not in (Action.WAIT, Action.NONE) for model in models):
        console.say(*words.folded(words.FOR_EVER, console.width))
        if not options.yes and not console.confirm(words.prompt(models)):
            console.alarm(*words.not_confirmed(argv, console.interactive))
            return NOT_CONFIRMED
    return _delete(models, options, service, console, render, argv)


def _show(selection: Selection, console: Console) -> None:
    now = datetime.datetime.now(datetime.timezone.utc)
    console.say(*words.listing(selection.models, now, console.width))
    if selection.unknown_names:
        console.alarm(words.no_such_model(selection.unknown_names))


def _refuse(selection: Selection, options: Options, argv: Sequence[str]) -> None:
    missing = [model.arn.text for model in selection.models if model.status is None]
    missing += selection.unknown_names
    if missing and not options.ignore_not_found:
        raise NotFound(not_found("DescribeProjectVersions", words.not_there(missing, argv)))
    if any(model.plan is Action.REFUSE for model in selection.models):
        raise Refused(words.refusal(selection.models, argv))


def _rendered(document: dict[str, Any], render: Render) -> str:
    try:
        return render(document)
    except Exception as error:
        raise BadValue("--query", f"it can't be applied to the result: {error}") from error


def _delete(
    models: Sequence[Model],
    options: Options,
    service: Rekognition,
    console: Console,
    render: Render,
    argv: Sequence[str],
) -> int:
    console.watch(models, options.timeout)
    ended_by: BaseException | None = None
    try:
        try:
            Deletion(
                models,
                service,
                console,
                time.monotonic,
                console.pause,
                timeout=options.timeout,
                poll_interval=options.poll_interval,
                consents=options.consents,
            ).run()
        finally:
            signals.ignore()
    except (Exception, signals.Interrupted) as error:
        ended_by = error
    _tell(models, ended_by, options, console, argv)
    try:
        console.print_result(render(document(models)))
    except Exception as error:  # a --query that only a document without failures satisfies
        console.alarm(f"The result can't be printed: {error}")
    if isinstance(ended_by, signals.Interrupted):
        signals.end_by(ended_by.signal)
    elif isinstance(ended_by, CredentialsFailed):
        raise ended_by.cause
    elif ended_by is not None:
        raise ended_by
    return exit_status(models)


def _tell(
    models: Sequence[Model],
    ended_by: BaseException | None,
    options: Options,
    console: Console,
    argv: Sequence[str],
) -> None:
    ending = _ending(ended_by, options.timeout)
    for model in models:
        if model.outcome is None:
            model.reason = words.why_open(model, ending)
    done, not_done = words.outcome(models)
    console.say(*done)
    if not_done:
        console.alarm(*not_done)
        console.say(words.to_resume(argv, models, options.arns is not None))


def _ending(ended_by: BaseException | None, timeout: float) -> str:
    if isinstance(ended_by, signals.Interrupted):
        return f"the command was ended by {ended_by.signal.name}"
    if isinstance(ended_by, CredentialsFailed):
        return "the credentials failed"
    if ended_by is not None:
        return "an unforeseen error ended the command"
    return f"--timeout passed ({timeout:g} s)"
