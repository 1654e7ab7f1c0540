"""The messages: what happened, to which model, the state now, and what to type next.

Nothing is printed from here, and nothing is decided: what happened comes as data. Texts from the
service were made visible where they came in. Sentences about one answer or one option stand where
that is checked: in `options.py`, `picking.py` and `selection.py`.
"""

from __future__ import annotations

import collections
import enum
import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from awscli_rekcl.lifecycle import Action, Consent, Request, is_being_deleted, is_stopping, rule
from awscli_rekcl.model import Cause, Model, Outcome

PERMANENT = "Deletion is permanent. Training output in your own S3 buckets is not touched."
NOTHING_PICKED = "Nothing was picked. Nothing was changed."
NOTHING_TO_DELETE = "There is no model to delete."
UNKNOWN = "May still exist"
NAMED = 10
"""Up to so many models are named in a sentence; of more, it has the number."""

_SIGNALS = {"SIGINT": "Ctrl-C", "SIGHUP": "a lost terminal"}
_RESOURCE = re.compile(r"arn:[a-z0-9-]+:rekognition:[^\s\"',;)]*[^\s\"',;).]")


class EndedBy(enum.Enum):
    """What ended a run before every model had an outcome."""

    TIMEOUT = enum.auto()
    SIGNAL = enum.auto()
    CREDENTIALS = enum.auto()
    UNSENDABLE = enum.auto()
    DEFECT = enum.auto()


class Ending(NamedTuple):
    """How a run ended: the name of the signal, or the limit in seconds, belongs to it."""

    by: EndedBy
    signal: str = ""
    timeout: float = 0.0


class Summary(NamedTuple):
    """The messages at the end of a run, in the order in which they are printed."""

    done: list[str]
    pending: list[str]
    """Models that AWS continues to delete."""
    problems: list[str]
    """Models that are not deleted, and why."""
    next: str
    """What the command line that follows is for; empty if there is nothing to do."""


# Before the confirmation.


def question(models: Sequence[Model], *, names_yes: bool = False) -> str:
    """Return the question; `names_yes` is for where no terminal is there to answer it."""
    number = sum(model.is_open for model in models)
    what = "this model" if number == 1 else f"these {number} models"
    how = ", or use --yes" if names_yes else ""
    return f'Type "delete" to delete {what}{how}: '


def not_confirmed(*, answered: bool) -> str:
    """Return what to print if the answer was not the word, or if nobody gave one."""
    if answered:
        return 'Nothing was changed: the answer was not "delete".'
    return "Nothing was changed: no terminal to confirm on; add --yes."


def keeping(statuses: Sequence[str]) -> str:
    """Return what --keep-newest is going to keep: models of these statuses."""
    others = [status for status in statuses if not rule(status).usable]
    kind = "failed" if all(status.endswith("_FAILED") for status in others) else "other"
    ones = "one" if len(others) == 1 else "ones"
    also = f" and {len(others)} {kind} {ones} among them" if others else ""
    usable = len(statuses) - len(others)
    return f"Keeping {len(statuses)}: the {usable} newest usable{also}."


def no_such_version(project_name: str, names: Sequence[str]) -> str:
    """Return the message for version names that a project doesn't have."""
    versions = "version" if len(names) == 1 else "versions"
    return f"project {project_name} has no {versions} {_first(names)}."


def no_such_model(arns: Sequence[str]) -> str:
    """Return the message for models that their projects don't have: there may be new ones."""
    return f"there is no model {_first(arns)}."


def not_there(message: str, line: str) -> str:
    """Return such a message for a run that ends with it."""
    return f"{message} Nothing was changed. If already deleted: {line}"


def refusal(models: Iterable[Model]) -> list[str]:
    """Return why the run is refused."""
    refused = [model for model in models if model.plan is Action.REFUSE]
    return ["Nothing was changed.", *_grouped("Can't be deleted now", refused, why_refused)]


def to_leave_alone(models: Sequence[Model]) -> str:
    """Return what the line is for that skips refused models."""
    return f"To leave {_it(models)} alone"


def to_delete_as_well(models: Sequence[Model], consents: Iterable[Consent]) -> str:
    """Return what the line is for that consents to what refused models need."""
    verbs = " or ".join(consent.verb for consent in consents)
    return f"To {verbs} and delete {_it(models)} as well"


# While the deletion runs.


def failed(model: Model) -> str:
    """Return what to print of a model that has failed, while others are still open."""
    [text] = _grouped(UNKNOWN if _may_continue(model) else "Not deleted", [model], why_failed)
    return text


def in_use(model: Model, error: Exception) -> str:
    """Return what to print of a model that the service does nothing for yet."""
    return _sentence(f"{upper_first(_names([model]))} is busy, retrying: {error}")


def transient_error(error: Exception) -> str:
    """Return what to print of a request that is going to be sent again."""
    return f"Request failed, retrying: {error}"


# The summary.


def summary(models: Sequence[Model], ending: Ending, kept: int = 0) -> Summary:
    """Return what was done, what was not and why; `kept` is the number of models kept."""
    groups: dict[Outcome | None, list[Model]] = collections.defaultdict(list)
    for model in models:
        groups[model.outcome].append(model)

    def why(model: Model) -> str:
        return why_not_deleted(model, ending)

    deleted = f"Deleted: {_names(groups[Outcome.DELETED])}." if groups[Outcome.DELETED] else ""
    if not models:
        deleted = NOTHING_TO_DELETE
    done = " ".join(filter(None, [deleted, f"Kept: {kept}." if kept else ""]))
    gone = groups[Outcome.NOT_FOUND]
    continuing = [model for model in groups[None] if _continues(model)]
    left = groups[Outcome.FAILED] + [model for model in groups[None] if not _continues(model)]
    unknown = [model for model in left if _may_continue(model)]
    return Summary(
        [
            *([done] if done else []),
            *([f"Already gone: {_names(gone)}."] if gone else []),
            *_grouped("Skipped", groups[Outcome.SKIPPED], why),
        ],
        [f"Still being deleted: {_names(continuing)}. {_ended(ending)}; AWS continues."]
        if continuing
        else [],
        _grouped("Not deleted", [model for model in left if model not in unknown], why)
        + _grouped(UNKNOWN, unknown, why),
        _next(continuing, left),
    )


def _next(continuing: Sequence[Model], left: Sequence[Model]) -> str:
    if left and continuing:
        return "To continue"
    if left:
        return "To try again"
    return f"To wait for {_it(continuing)}" if continuing else ""


def ended_unchanged(signal: str) -> str:
    """Return what to print if a signal ended the command before the confirmation."""
    return f"Ended by {_SIGNALS.get(signal, signal)}. Nothing was changed."


# Reasons: parts of a sentence, without a pronoun, for one model or several alike.


def why_refused(model: Model) -> str:
    """Return why a model is refused or skipped before anything is changed; or an empty text."""
    consent = rule(model.status).consent
    is_refused = model.plan in (Action.REFUSE, Action.SKIP)
    return f"needs {consent.option}" if is_refused and consent else ""


def why_not_deleted(model: Model, ending: Ending) -> str:
    """Return why a confirmed model isn't deleted, and what AWS continues; or an empty text."""
    if model.failure is not None:
        return why_failed(model)
    if model.outcome is Outcome.SKIPPED:
        return why_refused(model)
    if not model.is_open:
        return ""
    busy = f"; last answer: {model.in_use}" if model.in_use else ""
    return f"{_lower_first(_ended(ending))}; {_what_continues(model)}{busy}"


def why_failed(model: Model) -> str:
    """Return why a model has failed."""
    assert model.failure is not None
    cause, request, error = model.failure
    if cause is Cause.DELETION_FAILED:
        # The message is no reason by itself: healthy models have one, too.
        now = model.status_message
        message = f'. Current status message: "{now}"' if now else ""
        return f"deletion failed, and the status went back to {model.status}{message}"
    if cause is Cause.CHANGED:
        return f"the status changed to {model.status} after you confirmed"
    reason = _RESOURCE.sub("the model", str(error))
    if model.requested or cause is Cause.UNSEEN:
        reason = f"{reason.rstrip('.')}; {_what_continues(model)}"
    if cause is Cause.UNSEEN:
        return f"the status can no longer be checked: {reason}"
    assert request is not None
    if cause is Cause.DENIED:
        return f"the permission rekognition:{request.operation} is missing: {reason}"
    return f"the service refused to {request.verb}: {reason}"


def _ended(ending: Ending) -> str:
    if ending.by is EndedBy.SIGNAL:
        return f"Ended by {_SIGNALS.get(ending.signal, ending.signal)}"
    if ending.by is EndedBy.CREDENTIALS:
        return "The credentials failed"
    if ending.by is EndedBy.UNSENDABLE:
        return "A request can't be sent"
    if ending.by is EndedBy.DEFECT:
        return "An unexpected error ended the command"
    return f"--timeout passed ({ending.timeout:.10g} s)"


def _continues(model: Model) -> bool:
    """Return whether it is known that AWS continues a deletion."""
    is_accepted = model.requested is Request.DELETE and model.answered
    return is_being_deleted(model.status) or is_accepted


def _may_continue(model: Model) -> bool:
    """Return whether AWS may be deleting a model, although no poll shows it."""
    if model.failure and model.failure.cause in (Cause.DELETION_FAILED, Cause.CHANGED):
        return False
    return _continues(model) or model.requested is Request.DELETE


def _what_continues(model: Model) -> str:
    if _continues(model):
        return "deletion requested; AWS continues"
    if model.requested is Request.DELETE:
        return "deletion requested; AWS continues if the request arrived"
    if model.requested is not None:
        return f"{model.requested.verb} requested, deletion not requested yet"
    if is_stopping(model.status):
        return "stopping, deletion not requested yet"
    return "nothing requested yet"


# Names and numbers.


def count(number: int) -> str:
    """Return the number of models, with the noun."""
    return "1 model" if number == 1 else f"{number} models"


def _grouped(title: str, models: Iterable[Model], why: Callable[[Model], str]) -> list[str]:
    groups: dict[tuple[str | None, str], list[Model]] = {}
    for model in models:
        # What has failed goes by what happened, whatever the status; else the status is a reason.
        status = None if model.failure else model.status
        groups.setdefault((status, why(model)), []).append(model)
    sentences = []
    for (_, reason), some in groups.items():
        statuses = ", ".join(dict.fromkeys(str(model.status) for model in some))
        sentences.append(_sentence(f"{title}: {_names(some)} ({statuses}): {reason}"))
    return sentences


def _first(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{more}"


def _names(models: Sequence[Model]) -> str:
    by_project: dict[str, list[str]] = {}
    for model in models:
        by_project.setdefault(model.place, []).append(model.arn.version_name)
    if len(models) > NAMED:
        where = next(iter(by_project)) if len(by_project) == 1 else f"{len(by_project)} projects"
        return f"{count(len(models))} in {where}"
    return "; ".join(
        f"version{'s' if len(names) > 1 else ''} {', '.join(names)} in {place}"
        for place, names in by_project.items()
    )


def _it(models: Sequence[Model]) -> str:
    return "it" if len(models) == 1 else "them"


def upper_first(text: str) -> str:
    """Return a text with a capital first letter; capitalize() would change the names in it."""
    return text[0].upper() + text[1:]


def _lower_first(text: str) -> str:
    return text[0].lower() + text[1:]


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", '."')) else f"{text}."
