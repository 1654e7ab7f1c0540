"""The sentences: what happened, to which model, what goes on, and what to type next.

Nothing is printed from here, and nothing is decided: what happened comes as data. Texts from the
service were made visible where they came in.
"""

from __future__ import annotations

import collections
import enum
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from awscli_rekcl.lifecycle import (
    STOP_IF_RUNNING,
    WAIT_IF_TRAINING,
    Action,
    Request,
    is_being_deleted,
    is_stopping,
    rule,
)
from awscli_rekcl.model import Cause, Failure, Model, Outcome

FOR_EVER = (
    "A deleted model can't be brought back. Training output in your own S3 buckets is not touched."
)
NOTHING_PICKED = "Nothing was picked, and nothing was changed."
NAMED = 10
"""As many models are named in a sentence; of more, it gives the number."""

_HELP = {STOP_IF_RUNNING: "stop it first", WAIT_IF_TRAINING: "wait for it first"}


class EndedBy(enum.Enum):
    """What ended a run before every model had an outcome."""

    TIMEOUT = enum.auto()
    SIGNAL = enum.auto()
    CREDENTIALS = enum.auto()
    DEFECT = enum.auto()


class Ending(NamedTuple):
    """How a run ended: the name of the signal, or the limit in seconds, belongs to it."""

    by: EndedBy
    signal: str = ""
    timeout: float = 0.0


Why = Callable[[Model], str]


def prompt(models: Sequence[Model]) -> str:
    """Return the question."""
    what = "this model" if len(models) == 1 else f"these {len(models)} models"
    return f'Type "delete" to delete {what}: '


def outcome(models: Sequence[Model], why: Why) -> tuple[list[str], list[str]]:
    """Return what was done, and what was not, with the reasons."""
    if not models:
        return ["There is no model to delete."], []
    groups: dict[Outcome | None, list[Model]] = collections.defaultdict(list)
    for model in models:
        groups[model.outcome].append(model)
    deleted, missing = groups[Outcome.DELETED], groups[Outcome.NOT_FOUND]
    done = [f"Deleted: {_names(deleted)}."] if deleted else []
    done += [f"Not there: {_names(missing)}."] if missing else []
    done += _grouped("Skipped", groups[Outcome.SKIPPED], why)
    return done, _grouped("Not deleted", groups[Outcome.FAILED] + groups[None], why)


def kept(names: Sequence[str], usable: int) -> str:
    """Return what --keep-newest keeps: the names newest first, and how many of them are usable."""
    others = len(names) - usable
    also = f", and {others} newer one{'s' if others > 1 else ''}" if others else ""
    models = "model" if usable == 1 else "models"
    return f"Kept: {usable} newest usable {models}, from {names[-1]} on{also}."


def why_refused(model: Model) -> str:
    """Return the reason for refusing a model before anything is changed; empty for any other."""
    if model.plan not in (Action.REFUSE, Action.SKIP):
        return ""
    option = str(rule(model.status).option)
    return f"{option} would {_HELP[option]}"


def why_not_deleted(model: Model, ending: Ending) -> str:
    """Return why a model that was worked on isn't deleted, and what goes on; or an empty text."""
    if model.failure is not None:
        return _why_failed(model, model.failure)
    if model.outcome is Outcome.SKIPPED:
        return why_refused(model)
    if model.is_open:
        return f"{_ended(ending)}; {_what_goes_on(model)}"
    return ""


def _why_failed(model: Model, failure: Failure) -> str:
    cause, request, error = failure
    if cause is Cause.UNSEEN:
        return f"its status can't be looked up any more: {error}; {_what_goes_on(model)}"
    if cause in (Cause.REFUSED, Cause.DENIED):
        assert request is not None
        also = f"; {_what_goes_on(model)}" if model.requested else ""
        return f"the service refused to {request.value} it: {error}{also}"
    if cause is Cause.DELETION_FAILED:
        return f"its deletion failed: {model.status_message or 'no reason was given'}"
    if rule(model.status).option == STOP_IF_RUNNING:
        return f"it was started after the list was confirmed and is {model.status}"
    return f"it is {model.status} since the list was confirmed"


def _ended(ending: Ending) -> str:
    if ending.by is EndedBy.SIGNAL:
        return f"the command was ended by {ending.signal}"
    if ending.by is EndedBy.CREDENTIALS:
        return "the credentials failed"
    if ending.by is EndedBy.DEFECT:
        return "an unforeseen error ended the command"
    return f"--timeout passed ({ending.timeout:g} s)"


def _what_goes_on(model: Model) -> str:
    if is_being_deleted(model.status) or (model.requested is Request.DELETE and model.answered):
        return "its deletion was requested and goes on at the service"
    if model.requested is Request.DELETE:
        return "its deletion was requested, and goes on at the service if the request arrived"
    if model.requested is Request.STOP or is_stopping(model.status):
        return "it was asked to stop, and its deletion was not requested yet"
    return "nothing was requested for it yet"


def not_confirmed(interactive: bool, line: str) -> list[str]:
    """Return what to say when the answer was not the word; `line` is the command with --yes."""
    said = 'Nothing was changed: the answer was not "delete".'
    return [said] if interactive else [said, to_go_on(line)]


def no_such_model(missing: Sequence[str]) -> str:
    """Return the message for models, by ARN or version name, that their project does not have."""
    more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
    return f"no such model: {', '.join(missing[:NAMED])}{more}."


def not_there(missing: Sequence[str], line: str) -> str:
    """Return that message for a run that ends with it."""
    return f"{no_such_model(missing)} Nothing was changed. If it may be gone already: {line}"


def refusal(models: Iterable[Model], line: str) -> str:
    """Return why the run is refused; `line` is the command that would not be."""
    refused = [model for model in models if model.plan is Action.REFUSE]
    return "\n".join(
        [
            "Nothing was changed.",
            *_grouped("Can't be deleted now", refused, why_refused),
            to_go_on(line),
        ]
    )


def to_go_on(line: str) -> str:
    """Return the line that says what to type next."""
    return f"To go on: {line}"


def count(models: Sequence[Model]) -> str:
    """Return the number of models in words."""
    return "1 model" if len(models) == 1 else f"{len(models)} models"


def _grouped(title: str, models: Iterable[Model], why: Why) -> list[str]:
    groups: dict[tuple[str | None, str], list[Model]] = {}
    for model in models:
        groups.setdefault((model.status, why(model)), []).append(model)
    return [
        f"{title}: {_names(some)} ({status}): {reason}."
        for (status, reason), some in groups.items()
    ]


def _names(models: Sequence[Model]) -> str:
    if len(models) > NAMED:
        return count(models)
    by_project: dict[str, list[str]] = {}
    for model in models:
        by_project.setdefault(model.arn.scope.project_name, []).append(model.arn.version_name)
    return "; ".join(
        f"version{'s' if len(names) > 1 else ''} {', '.join(names)} of project {project}"
        for project, names in by_project.items()
    )
