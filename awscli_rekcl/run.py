"""The command from checked options to exit status: select, refuse or confirm, delete, report.

`Run.run` is where to start. The service, the person and the time come in from outside.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Sequence

from awscli_rekcl import resume, signals
from awscli_rekcl.arn import ModelArn
from awscli_rekcl.confirmation import Confirmed, confirm
from awscli_rekcl.deadline import Deadline
from awscli_rekcl.deletion import Deletion
from awscli_rekcl.document import (
    NOT_CONFIRMED,
    SUCCESS,
    Document,
    document,
    dry_run_document,
    exit_status,
)
from awscli_rekcl.errors import BadValue, Cancelled, Interrupted, NotFound, Refused
from awscli_rekcl.lifecycle import Action
from awscli_rekcl.model import Model
from awscli_rekcl.options import Options
from awscli_rekcl.picking import pick
from awscli_rekcl.selection import Selection, Service, select
from awscli_rekcl.service.describe import Describer
from awscli_rekcl.service.errors import not_found
from awscli_rekcl.terminal import messages
from awscli_rekcl.terminal.console import Console, folded
from awscli_rekcl.terminal.messages import Summary
from awscli_rekcl.terminal.progress import Progress
from awscli_rekcl.terminal.table import table
from awscli_rekcl.text import visible


@dataclasses.dataclass
class Run:
    """One run of the command."""

    options: Options
    service: Service
    console: Console
    deadline: Deadline
    render: Callable[[Document], str]
    """Makes the text of a document, by --output and --query."""
    line: Callable[[Sequence[ModelArn], Options], str]
    """Makes the line to type that continues with models."""
    now: datetime.datetime
    """The time at which the run begins, from which the ages of models count."""

    def __post_init__(self) -> None:
        self._describer = Describer(self.service)

    def run(self) -> int:
        """Do what the options request, and return the exit status.

        Raise ServiceError, BadValue or Refused before anything is changed. After that, raise only
        the error that ended the loop, when everything is reported. A signal raises nothing here.
        """
        try:
            confirmed = signals.interruptible(self._confirmed)
        except Interrupted as interrupted:
            self.console.never_wait()
            self.console.show("")
            ended = messages.upper_first(messages.ended(interrupted))
            self.console.warn(f"{ended}. Nothing was changed.")
            return NOT_CONFIRMED  # in whose place the command ends by the signal
        if confirmed is None:
            return SUCCESS if self.options.dry_run else NOT_CONFIRMED
        return self._delete(*confirmed)

    # Before the confirmation.

    def _confirmed(self) -> tuple[Confirmed, Sequence[Model]] | None:
        """Return what is to be done, and the models that are kept."""
        if self.options.must_pick:
            try:
                self.options = pick(
                    self.options, self.service, self._describer, self.console, self.now
                )
            except Cancelled:
                self.console.warn(messages.NOTHING_PICKED)
                return None
        selection = select(self.options, self.service, self._describer, self.now)
        if self.options.dry_run:
            text = self._rendered(dry_run_document(selection.models, messages.why_refused))
            self._print(text, lambda: self._show_list(selection))
        self._refuse(selection)
        if self.options.dry_run:
            return None
        if selection.models:
            # A --query that fails on the result would otherwise fail when the models are gone.
            self._rendered(document(selection.models, messages.why_refused, succeeds=True))
        self._show_list(selection)
        confirmed = confirm(selection.models, lambda: self._is_confirmed(selection.models))
        return None if confirmed is None else (confirmed, selection.kept)

    def _refuse(self, selection: Selection) -> None:
        """Raise NotFound or Refused if a model can't be deleted."""
        missing = _missing(selection)
        if missing and not self.options.ignore_not_found:
            text = messages.not_there(missing)
            raise NotFound(not_found("DescribeProjectVersions", text))
        refused = [model for model in selection.models if model.plan is Action.REFUSE]
        if refused:
            lines = messages.refusal(refused, selection.models)
            raise Refused("\n".join(folded(lines, self.console.width)))

    def _show_list(self, selection: Selection) -> None:
        """Print the list to confirm, and notes about missing and kept models."""
        if self.options.only_show_errors:
            return
        console = self.console
        console.show(*table(selection.models, selection.now, console.width))
        if selection.unknown_names:
            console.report(messages.upper_first(_missing(selection)))
        if selection.kept:
            console.report(messages.keeping(selection.kept))

    def _is_confirmed(self, models: Sequence[Model]) -> bool:
        """Ask, unless --yes has answered."""
        if self.options.yes:
            return True
        self.console.report(messages.PERMANENT)
        question = messages.question(models, names_yes=not self.console.interactive)
        answer = self.console.confirm(question)
        if not answer:
            self.console.warn(messages.NO_ANSWER if answer is None else messages.OTHER_ANSWER)
        return bool(answer)

    def _rendered(self, result: Document) -> str:
        try:
            return self.render(result)
        except Exception as error:
            raise BadValue("--query", f"it can't be applied to the result: {error}") from error

    # From the confirmation on.

    def _delete(self, confirmed: Confirmed, kept: Sequence[Model]) -> int:
        """Run the loop and report; return the exit status, or raise the error that ended it."""
        models, options = confirmed.models, self.options
        self.console.never_wait()
        self.deadline.start()
        progress = Progress(
            self.console,
            models,
            self.deadline,
            show=not (options.no_progress or options.only_show_errors),
            show_busy=not options.only_show_errors,
            show_limit=options.timeout is not None,
        )
        deletion = Deletion(
            confirmed,
            self._describer.follow,
            self.service.send,
            progress,
            self.deadline,
            poll_interval=options.poll_interval,
            consents=options.consents,
        )
        ended_by: BaseException | None = None
        try:
            signals.interruptible(deletion.run, self.deadline.left + self.deadline.grace)
        except (Exception, Interrupted) as error:
            # The limit, as for a loop that heeds it, is None.
            ended_by = None if signals.is_alarm(error) else error
        ended = messages.ended(ended_by, options.limit)
        try:
            text = self.render(document(models, lambda m: messages.why_not_deleted(m, ended)))
        except Exception as error:  # a --query that only a document without failures satisfies
            text = ""
            self.console.warn(visible(f"The result can't be printed: {error}"))
        summary = messages.summary(models, ended, kept)
        self._print(text, lambda: self._show_summary(summary, models, ended_by))
        if isinstance(ended_by, Exception):
            raise ended_by
        return exit_status(models)

    def _show_summary(
        self, summary: Summary, models: Sequence[Model], ended_by: BaseException | None
    ) -> None:
        console = self.console
        if not self.options.only_show_errors:
            console.report(*summary.done)
        console.report(*summary.pending)
        console.warn(*summary.problems)
        if summary.next:
            self._show_next(summary.next, models, ended_by)

    def _show_next(
        self, purpose: str, models: Sequence[Model], ended_by: BaseException | None
    ) -> None:
        """Print how to continue with the models that are not deleted."""
        options = self.options
        if ended_by is None and any(model.is_open for model in models):
            options = options._replace(timeout=None)  # which has just passed
        left = [model.arn for model in models if model.is_open or model.failure]
        if len(left) > resume.MOST:
            silent = options.only_show_errors
            self.console.report(messages.same_command(purpose, only_show_errors=silent))
        else:
            self.console.show(f"{purpose}: {self.line(left, options)}")

    # Used by both.

    def _print(self, text: str, report: Callable[[], None]) -> None:
        # On a terminal the report comes last, where the document can't push it off the screen;
        # elsewhere first, so that a reader that has stalled can't hold it back.
        if self.console.prints_to_terminal:
            self.console.print_result(text)
            report()
        else:
            report()
            self.console.print_result(text)


def _missing(selection: Selection) -> str:
    """Return which models don't exist, or an empty text."""
    if selection.unknown_names and selection.project is not None:
        name = selection.project.scope.project_name
        return messages.no_such_version(name, selection.unknown_names)
    arns = [model.arn.text for model in selection.models if model.status is None]
    return messages.no_such_model(arns) if arns else ""
