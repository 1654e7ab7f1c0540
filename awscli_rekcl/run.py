"""The command from checked options to exit status: select, refuse or confirm, delete, tell.

`run` is where to start. The service, the person and the time come in from outside.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Sequence

from awscli_rekcl import signals
from awscli_rekcl.deadline import Deadline
from awscli_rekcl.deletion import Deletion
from awscli_rekcl.document import (
    NOT_CONFIRMED,
    SUCCESS,
    Document,
    document,
    dry_run_document,
    exit_status,
    success_document,
)
from awscli_rekcl.errors import (
    BadValue,
    Cancelled,
    CredentialsFailed,
    Interrupted,
    NotFound,
    Refused,
)
from awscli_rekcl.invocation import CHOICE, Invocation
from awscli_rekcl.lifecycle import Action, rule
from awscli_rekcl.model import Model
from awscli_rekcl.options import Options
from awscli_rekcl.picking import pick
from awscli_rekcl.selection import Selection, Service, select
from awscli_rekcl.service.describe import Describer
from awscli_rekcl.service.errors import not_found
from awscli_rekcl.terminal import messages
from awscli_rekcl.terminal.console import Console, folded
from awscli_rekcl.terminal.messages import EndedBy, Ending
from awscli_rekcl.terminal.progress import Progress
from awscli_rekcl.terminal.table import table

Render = Callable[[Document], str]

CHANGING = {Action.DELETE, Action.STOP_THEN_DELETE, Action.WAIT_THEN_DELETE}
"""The actions that somebody has to confirm."""


def run(
    options: Options,
    service: Service,
    console: Console,
    deadline: Deadline,
    render: Render,
    invocation: Invocation,
) -> int:
    """Do what the options ask for and return the exit status.

    `render` makes the text of a document, by --output and --query. Raise ServiceError, BadValue or
    Refused while nothing was changed, and later only what ended the run at once, when everything is
    said.
    """
    describer = Describer(service)
    if options.must_pick:
        try:
            options = pick(options, service, describer, console)
        except Cancelled:
            console.warn(messages.NOTHING_PICKED)
            return NOT_CONFIRMED
        invocation = invocation.naming(options.arns, options.project)
    selection = select(options, service, describer)
    models = selection.models
    if options.dry_run:
        text = _rendered(dry_run_document(models, messages.why_refused), render)
        print_text = functools.partial(console.print_result, text)
        _in_order(functools.partial(_show, selection, options, console), print_text, console)
    _refuse(selection, options, invocation, console.width)
    if options.dry_run:
        return SUCCESS
    if models:
        # A --query that fails on the result would otherwise fail when the models are gone.
        _rendered(success_document(models, messages.why_refused), render)
    _show(selection, options, console)
    if not _is_confirmed(models, options, console, invocation):
        return NOT_CONFIRMED
    ended_by = _delete(models, options, service, describer, console, deadline)
    ending = _ending(ended_by, options.timeout)
    print_document = functools.partial(_print_document, models, ending, render, console)
    tell = functools.partial(_tell, models, ending, options, console, invocation)
    _in_order(tell, print_document, console)
    console.finish()
    return _end(ended_by, models)


def _is_confirmed(
    models: Sequence[Model], options: Options, console: Console, invocation: Invocation
) -> bool:
    """Ask, if there is something to confirm and somebody has to."""
    if options.yes or not any(model.plan in CHANGING for model in models):
        return True
    console.report(messages.FOR_EVER)
    question = messages.prompt(models, names_yes=not console.interactive)
    confirmed = console.confirm(question, options.timeout)
    if not confirmed:
        console.warn(messages.not_confirmed(confirmed is not None))
        if not console.interactive:
            console.show(messages.to_go_on(invocation.line(add=["--yes"])))
    return bool(confirmed)


def _delete(
    models: Sequence[Model],
    options: Options,
    service: Service,
    describer: Describer,
    console: Console,
    deadline: Deadline,
) -> BaseException | None:
    """Start the clock and run the loop; return what ended it early."""
    console.never_wait()
    deadline.start()
    progress = Progress(
        console, models, deadline, show=options.progress, show_limit=options.timeout_is_given
    )
    deletion = Deletion(
        models,
        describer.follow,
        service.send,
        progress,
        deadline,
        poll_interval=options.poll_interval,
        consents=options.consents,
    )
    return _ended_by(deletion, deadline.left + deadline.grace)


def _in_order(
    tell: Callable[[], object], print_document: Callable[[], object], console: Console
) -> None:
    # On a terminal the words come last, where the document can't push them off the screen;
    # elsewhere first, so that a reader that has stalled can't keep them back.
    first, last = (print_document, tell) if console.prints_to_terminal else (tell, print_document)
    first()
    last()


def _show(selection: Selection, options: Options, console: Console) -> None:
    if _is_quiet(options):
        return
    now = datetime.datetime.now(datetime.timezone.utc)
    console.show(*table(selection.models, now, console.width))
    if selection.unknown_names:
        console.warn(messages.no_such_model(selection.unknown_names))
    if selection.kept:
        names = [version.arn.version_name for version in selection.kept]
        usable = sum(rule(version.status).usable for version in selection.kept)
        console.report(messages.kept(names, usable))


def _is_quiet(options: Options) -> bool:
    """Return whether nobody wants to read what goes well: cron mails whatever is written."""
    return options.yes and not options.progress and not options.dry_run


def _refuse(
    selection: Selection, options: Options, invocation: Invocation, width: int | None
) -> None:
    missing = [model.arn.text for model in selection.models if model.status is None]
    missing += selection.unknown_names
    if missing and not options.ignore_not_found:
        line = invocation.line(add=["--ignore-not-found"])
        raise NotFound(not_found("DescribeProjectVersions", messages.not_there(missing, line)))
    refused = [model for model in selection.models if model.plan is Action.REFUSE]
    if refused:
        helping = dict.fromkeys(str(rule(model.status).option) for model in refused)
        said = [line for text in messages.refusal(selection.models) for line in folded(text, width)]
        raise Refused("\n".join([*said, messages.to_go_on(invocation.line(add=helping))]))


def _rendered(document: Document, render: Render) -> str:
    try:
        return render(document)
    except Exception as error:
        raise BadValue("--query", f"it can't be applied to the result: {error}") from error


def _ended_by(deletion: Deletion, seconds: float) -> BaseException | None:
    """Run the loop, that long at most, and return what ended it early.

    No signal ends the last words after it.
    """
    try:
        # The outer one is for a signal that arrives while the inner one ends.
        try:
            with signals.alarm(seconds):
                deletion.run()
        finally:
            signals.hold()
    except (Exception, Interrupted) as error:
        return None if signals.is_alarm(error) else error  # the limit, as for a loop that heeds it
    return None


def _ending(ended_by: BaseException | None, timeout: float) -> Ending:
    if isinstance(ended_by, Interrupted):
        return Ending(EndedBy.SIGNAL, signal=ended_by.signal.name)
    if isinstance(ended_by, CredentialsFailed):
        return Ending(EndedBy.CREDENTIALS)
    if ended_by is not None:
        return Ending(EndedBy.DEFECT)
    return Ending(EndedBy.TIMEOUT, timeout=timeout)


def _print_document(
    models: Sequence[Model], ending: Ending, render: Render, console: Console
) -> None:
    why = functools.partial(messages.why_not_deleted, ending=ending)
    try:
        console.print_result(render(document(models, why)))
    except Exception as error:  # a --query that only a document without failures satisfies
        console.warn(f"The result can't be printed: {error}")


def _tell(
    models: Sequence[Model],
    ending: Ending,
    options: Options,
    console: Console,
    invocation: Invocation,
) -> None:
    told = messages.outcome(models, ending)
    if not _is_quiet(options):
        console.report(*told.done)
    if told.going_on:
        console.report(told.going_on)
    console.warn(*told.alarms)
    if told.next:
        console.show(f"{told.next}: {_resuming(models, options, invocation)}")


def _resuming(models: Sequence[Model], options: Options, invocation: Invocation) -> str:
    """Return the line that waits on for what is not deleted."""
    if options.arns is not None:
        return invocation.line(add=["--ignore-not-found"])
    # Under the same names there may be new models by then, which nobody confirmed.
    left = [model.arn.text for model in models if model.is_open or model.failure]
    if len(left) > messages.NAMED:
        return invocation.line(add=["--ignore-not-found"], drop=["--yes"])
    return invocation.line(
        add=["--project-version-arn", *left, "--ignore-not-found"],
        drop=CHOICE - {"--project-arn"},
    )


def _end(ended_by: BaseException | None, models: Sequence[Model]) -> int:
    """End as the run did, or return the exit status."""
    if isinstance(ended_by, Interrupted):
        signals.end_by(ended_by.signal)
    signals.end_if_held()
    if isinstance(ended_by, CredentialsFailed):
        raise ended_by.cause
    if ended_by is not None:
        raise ended_by
    return exit_status(models)
