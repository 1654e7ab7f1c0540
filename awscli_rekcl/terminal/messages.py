"""The messages: what happened, to which model, the state now, and what to type next.

Nothing is printed from here, and nothing is decided: what happened comes as data. Texts from the
service were made visible where they came in. `among` are the models of the run: where they are of
several regions, a sentence names that of a project. Sentences about one answer or one option stand
where that is checked: in `options.py`, `picking.py` and `selection.py`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from awscli_rekcl.errors import CredentialsFailed, Interrupted, Unsendable
from awscli_rekcl.lifecycle import Action, Consent, Request, is_being_deleted, is_stopping, rule
from awscli_rekcl.model import Cause, Model, Outcome

PERMANENT = "Deletion is permanent. Training output in your own S3 buckets is not touched."
NOTHING_PICKED = "Nothing was picked. Nothing was changed."
NOTHING_TO_DELETE = "There is no model to delete."
OTHER_ANSWER = 'Nothing was changed: the answer was not "delete".'
NO_ANSWER = "Nothing was changed: no terminal to confirm on; add --yes."
NAMED = 10
"""Up to so many models are named in a sentence; of more, it has the number."""

_SIGNALS = {"SIGINT": "Ctrl-C", "SIGHUP": "a lost terminal"}
_RESOURCE = re.compile(r"arn:[a-z0-9-]+:rekognition:[^\s\"',;)]*[^\s\"',;).]")


class Summary(NamedTuple):
    """The messages at the end of a run, in the order in which they are printed."""

    done: list[str]
    pending: list[str]
    """Models that AWS continues to delete."""
    problems: list[str]
    """Models that are not deleted, and why."""
    next: str
    """What it takes another run for; empty if there is nothing to do."""


# Before the confirmation.


def question(models: Sequence[Model], *, names_yes: bool = False) -> str:
    """Return the question; `names_yes` is for where no terminal is there to answer it."""
    number = sum(model.is_open for model in models)
    what = "this model" if number == 1 else f"these {number} models"
    how = ", or use --yes" if names_yes else ""
    return f'Type "delete" to delete {what}{how}: '


def keeping(kept: Sequence[Model]) -> str:
    """Return which models a rule of choosing keeps, with the status of those that can't run."""
    names = [
        model.arn.version_name + ("" if rule(model.status).usable else f" ({model.status})")
        for model in kept
    ]
    number = "1 model" if len(kept) == 1 else f"{len(kept)} models"
    return f"Keeping {number}: {_first(names)}."


def no_such_version(project_name: str, names: Sequence[str]) -> str:
    """Return the message for version names that a project doesn't have."""
    versions = "version" if len(names) == 1 else "versions"
    return f"project {project_name} has no {versions} {_first(names)}."


def no_such_model(arns: Sequence[str]) -> str:
    """Return the message for models that their projects don't have: there may be new ones."""
    return f"there is no model {_first(arns)}."


def not_there(message: str) -> str:
    """Return such a message for a run that ends with it."""
    return f"{message} Nothing was changed. If already deleted, add --ignore-not-found."


def refusal(refused: Sequence[Model], among: Sequence[Model]) -> list[str]:
    """Return why a run is refused, and the options that help."""
    which = f"{len(refused)} of {len(among)} models" if len(among) > 1 else "The model"
    needed = {rule(model.status).consent for model in refused}
    options = " and ".join(consent.option for consent in Consent if consent in needed)
    return [
        f"{which} can't be deleted now. Nothing was changed.",
        *_grouped(refused, why_refused, among),
        f"To delete {_it(refused)}, add {options}."
        f" To leave {_it(refused)} alone, add --skip-if-busy.",
    ]


# While the deletion runs.


def failed(model: Model, among: Sequence[Model] = ()) -> str:
    """Return what to print of a model that has failed, while others are still open."""
    [text] = _grouped([model], why_failed, among)
    return text


def in_use(model: Model, error: Exception, among: Sequence[Model] = ()) -> str:
    """Return what to print of a model that the service does nothing for yet."""
    return _sentence(f"{upper_first(_names([model], among))} is busy, retrying: {error}")


def transient_error(error: Exception) -> str:
    """Return what to print of a request that is going to be sent again."""
    return f"Request failed, retrying: {error}"


# The summary.


def summary(models: Sequence[Model], ended: str, kept: Sequence[Model] = ()) -> Summary:
    """Return what was done, what was not and why.

    `ended` is what ended the run before every model had an outcome, and `kept` are the models that
    a rule of choosing kept.
    """

    def having(outcome: Outcome) -> list[Model]:
        return [model for model in models if model.outcome is outcome]

    def why(model: Model) -> str:
        return why_not_deleted(model, ended)

    done, pending = [], []
    if not models:
        done.append(NOTHING_TO_DELETE)
    if deleted := having(Outcome.DELETED):
        done.append(f"Deleted: {_names(deleted, models)}.")
    if kept:
        done.append(f"Kept: {_first([model.arn.version_name for model in kept])}.")
    if gone := having(Outcome.NOT_FOUND):
        done.append(f"Already gone: {_names(gone, models)}.")
    done += _grouped(having(Outcome.SKIPPED), why, models)
    open_ = having(Outcome.PENDING)
    if continuing := [model for model in open_ if _continues(model)]:
        names = _names(continuing, models)
        pending.append(f"Still being deleted: {names}. {upper_first(ended)}; AWS continues.")
    left = having(Outcome.FAILED) + [model for model in open_ if not _continues(model)]
    problems = _grouped(sorted(left, key=_may_continue), why, models)
    return Summary(done, pending, problems, _next(continuing, left))


def _next(continuing: Sequence[Model], left: Sequence[Model]) -> str:
    if left and continuing:
        return "To continue"
    if left:
        return "To try again"
    return f"To wait for {_it(continuing)}" if continuing else ""


def same_command(purpose: str, *, only_show_errors: bool) -> str:
    """Return how to continue with more models than a line to type can name.

    --only-show-errors is an error without --yes, which would delete what is new by then.
    """
    without = "--yes and --only-show-errors," if only_show_errors else "--yes"
    return f"{purpose}: run the same command again without {without} and with --ignore-not-found."


# Reasons: parts of a sentence, without a pronoun, for one model or several alike.


def ended(by: BaseException | None, limit: float = math.inf) -> str:
    """Return what ended a run before every model had an outcome: None is for the limit."""
    if by is None:
        return f"--timeout passed ({limit:.10g} s)"
    if isinstance(by, Interrupted):
        return f"ended by {_SIGNALS.get(by.signal.name, by.signal.name)}"
    if isinstance(by, CredentialsFailed):
        return "the credentials failed"
    if isinstance(by, Unsendable):
        return "a request can't be sent"
    return "an unexpected error ended the command"


def why_refused(model: Model) -> str:
    """Return why a model is refused or skipped before anything is changed; or an empty text."""
    consent = rule(model.status).consent
    is_refused = model.plan in (Action.REFUSE, Action.SKIP)
    return f"needs {consent.option}" if is_refused and consent else ""


def why_not_deleted(model: Model, ended: str) -> str:
    """Return why a confirmed model isn't deleted, and what AWS continues; or an empty text."""
    if model.failure is not None:
        return why_failed(model)
    if not model.is_open:
        return why_refused(model)
    busy = f"; last answer: {model.in_use}" if model.in_use else ""
    return f"{ended}; {_what_continues(model)}{busy}"


def why_failed(model: Model) -> str:
    """Return why a model has failed."""
    assert model.failure is not None
    cause, request, error = model.failure
    if cause is Cause.DELETION_FAILED:
        # The message is no reason by itself: healthy models have one, too.
        now = model.status_message
        message = f'. Current status message: "{now}"' if now else ""
        return f"deletion failed, and the status went back to {model.status}{message}"
    reason = _RESOURCE.sub("the model", str(error))
    if cause is Cause.CHANGED:
        reason = f"the status changed to {model.status} after you confirmed"
    if model.requested or cause is Cause.UNSEEN:
        reason = f"{reason.rstrip('.')}; {_what_continues(model)}"
    if cause is Cause.CHANGED:
        return reason
    if cause is Cause.UNSEEN:
        return f"the status can no longer be checked: {reason}"
    assert request is not None
    if cause is Cause.DENIED:
        return f"the permission rekognition:{request.operation} is missing: {reason}"
    return f"the service refused to {request.verb}: {reason}"


def _continues(model: Model) -> bool:
    """Return whether it is known that AWS continues a deletion."""
    is_accepted = model.requested is Request.DELETE and model.answered
    return is_being_deleted(model.status) or (is_accepted and not model.is_contradicted)


def _may_continue(model: Model) -> bool:
    """Return whether AWS may be deleting a model, although no poll shows it."""
    if model.failure and model.failure.cause is Cause.DELETION_FAILED:
        return False
    return is_being_deleted(model.status) or model.requested is Request.DELETE


def _what_continues(model: Model) -> str:
    if _continues(model):
        return "deletion requested; AWS continues"
    if model.is_contradicted:
        what = "deletion requested" if model.requested is Request.DELETE else "was being deleted"
        now = "went back to" if model.went_back else "is still"
        return f"{what}, but the status {now} {model.status}"
    if model.requested is Request.DELETE:
        return "deletion requested; AWS continues if the request arrived"
    if model.requested is not None:
        return f"{model.requested.verb} requested, deletion not requested yet"
    if is_stopping(model.status):
        return "stopping, deletion not requested yet"
    return "nothing requested yet"


# Names and numbers.


def _grouped(
    models: Iterable[Model], why: Callable[[Model], str], among: Sequence[Model]
) -> list[str]:
    """Return a sentence for all models that it is true of."""
    groups: dict[tuple[str | None, ...], list[Model]] = {}
    for model in models:
        # What has failed goes by what happened, whatever the status; else the status is a reason.
        status = None if model.failure else model.status
        groups.setdefault((_title(model), why(model), status), []).append(model)
    sentences = []
    for (title, reason, _), some in groups.items():
        statuses = ", ".join(dict.fromkeys(str(model.status) for model in some))
        text = f"{title}{_names(some, among)} ({statuses}): {reason}"
        sentences.append(_sentence(upper_first(text)))
    return sentences


def _title(model: Model) -> str:
    if model.plan is Action.REFUSE:
        return ""
    if model.outcome is Outcome.SKIPPED:
        return "Skipped: "
    return "May still exist: " if _may_continue(model) else "Not deleted: "


def _first(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{more}"


def _names(models: Sequence[Model], among: Sequence[Model]) -> str:
    is_one_region = len({model.arn.scope.region for model in among}) <= 1
    by_place: dict[str, list[str]] = {}
    for model in models:
        scope = model.arn.scope
        region = "" if is_one_region else f" in {scope.region}"  # where names may be the same
        names = by_place.setdefault(f"project {scope.project_name}{region}", [])
        names.append(model.arn.version_name)
    if len(models) > NAMED:
        where = next(iter(by_place)) if len(by_place) == 1 else f"{len(by_place)} projects"
        return f"{len(models)} models in {where}"
    return "; ".join(
        f"version{'s' if names[1:] else ''} {', '.join(names)} in {place}"
        for place, names in by_place.items()
    )


def _it(models: Sequence[Model]) -> str:
    return "it" if len(models) == 1 else "them"


def upper_first(text: str) -> str:
    """Return a text with a capital first letter; capitalize() would change the names in it."""
    return text[0].upper() + text[1:]


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", '."')) else f"{text}."
