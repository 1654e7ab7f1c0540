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
from awscli_rekcl.model import Cause, Model, Outcome

FOR_EVER = (
    "A deleted model can't be brought back. Training output in your own S3 buckets is not touched."
)
NOTHING_PICKED = "Nothing was picked, and nothing was changed."
UNKNOWN = "Not known to be deleted"
NAMED = 10
"""As many models are named in a sentence; of more, it gives the number."""

_HELP = {STOP_IF_RUNNING: "stop", WAIT_IF_TRAINING: "wait for"}
_SIGNALS = {"SIGINT": "Ctrl-C", "SIGHUP": "the lost terminal"}


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


Why = Callable[[Model, bool], str]
"""Says why a model isn't deleted; True is for a sentence on several like it."""


class Told(NamedTuple):
    """The last words of a run."""

    done: list[str]
    going_on: str
    """What the service goes on with by itself; empty if there is nothing."""
    alarms: list[str]
    """What isn't deleted, in sentences to be folded."""
    next: str
    """What to type next, to be followed by the line; empty if there is nothing."""


def prompt(models: Sequence[Model], *, names_yes: bool = False) -> str:
    """Return the question; without a terminal it says how nothing is asked."""
    number = sum(model.is_open for model in models)
    what = "this model" if number == 1 else f"these {number} models"
    instead = ", or use --yes" if names_yes else ""
    return f'Type "delete" to delete {what}{instead}: '


def outcome(models: Sequence[Model], ending: Ending) -> Told:
    """Return what was done, what was not and why, and how the line begins that goes on."""
    if not models:
        return Told(["There is no model to delete."], "", [], "")
    groups: dict[Outcome | None, list[Model]] = collections.defaultdict(list)
    for model in models:
        groups[model.outcome].append(model)

    def why(model: Model, many: bool) -> str:
        return why_not_deleted(model, ending, many)

    done = [f"Deleted: {_names(groups[Outcome.DELETED])}."] if groups[Outcome.DELETED] else []
    if groups[Outcome.NOT_FOUND]:
        done.append(f"Not there: {_names(groups[Outcome.NOT_FOUND])}.")
    done += _grouped("Skipped", groups[Outcome.SKIPPED], why)
    going_on = [model for model in groups[None] if _goes_on(model)]
    left = groups[Outcome.FAILED] + [model for model in groups[None] if not _goes_on(model)]
    still = ""
    if going_on:
        ended = _ended_only_the_wait(ending)
        still = f"Still being deleted: {_names(going_on)}. {ended}; the service goes on."
    unknown = [model for model in left if _may_go_on(model)]
    alarms = _grouped("Not deleted", [model for model in left if model not in unknown], why)
    alarms += _grouped(UNKNOWN, unknown, why)
    return Told(done, still, alarms, _next(going_on, left))


def _next(going_on: Sequence[Model], left: Sequence[Model]) -> str:
    if left and going_on:
        return "To go on"
    if left:
        return "To try again"
    return f"To wait for {'it' if len(going_on) == 1 else 'them'}" if going_on else ""


def failed(model: Model) -> str:
    """Return what to say of a model that has failed, while the others go on."""
    title = UNKNOWN if _may_go_on(model) else "Not deleted"
    [text] = _grouped(title, [model], _why_failed)
    return text


def in_use(model: Model, error: Exception) -> str:
    """Return what to say of a model that the service does nothing for yet."""
    return _sentence(f"{_upper_first(_names([model]))} is busy, trying again: {error}")


def kept(names: Sequence[str], usable: int) -> str:
    """Return what --keep-newest keeps: the names newest first, and how many of them are usable."""
    others = len(names) - usable
    also = f", and {others} newer one{'s' if others > 1 else ''}" if others else ""
    models = "model" if usable == 1 else "models"
    return f"Kept: {usable} newest usable {models}, from {names[-1]} on{also}."


def why_refused(model: Model, many: bool = False) -> str:
    """Return why a model is refused or skipped before anything is changed; or an empty text."""
    if model.plan not in (Action.REFUSE, Action.SKIP):
        return ""
    option = str(rule(model.status).option)
    return f"{option} would {_HELP[option]} {'them' if many else 'it'} first"


def why_not_deleted(model: Model, ending: Ending, many: bool = False) -> str:
    """Return why a model that was worked on isn't deleted, and what goes on; or an empty text."""
    if model.failure is not None:
        return _why_failed(model, many)
    if model.outcome is Outcome.SKIPPED:
        return why_refused(model, many)
    if not model.is_open:
        return ""
    busy = f"; the service said last: {model.in_use}" if model.in_use else ""
    return f"{_ended(ending)}; {_what_goes_on(model, many)}{busy}"


def _why_failed(model: Model, many: bool) -> str:
    assert model.failure is not None
    cause, request, error = model.failure
    it, its, it_is = ("them", "their", "they are") if many else ("it", "its", "it is")
    if cause is Cause.UNSEEN:
        goes_on = _what_goes_on(model, many)
        return f"{its} status can't be looked up any more: {_before_more(error)}; {goes_on}"
    if cause in (Cause.REFUSED, Cause.DENIED):
        assert request is not None
        said = str(error)
        if model.requested:
            said = f"{_before_more(error)}; {_what_goes_on(model, many)}"
        if cause is Cause.DENIED:
            return f"the permission rekognition:{request.operation} is missing: {said}"
        return f"the service refused to {request.value} {it}: {said}"
    if cause is Cause.DELETION_FAILED:
        # The message is no reason by itself: healthy models have one, too.
        message = (
            f'. The service says now: "{model.status_message}"' if model.status_message else ""
        )
        deletion = "their deletions failed: they" if many else "its deletion failed: it"
        return f"{deletion} went back to {model.status}{message}"
    if rule(model.status).option == STOP_IF_RUNNING:
        was = "they were started after the list was confirmed and are"
        was = was if many else "it was started after the list was confirmed and is"
        return f"{was} {model.status}"
    return f"{it_is} {model.status} since the list was confirmed"


def _before_more(error: Exception | None) -> str:
    """Return what the service said, for our own words to follow in the same sentence."""
    return str(error).rstrip(".")


def signal_name(name: str) -> str:
    """Return what a person calls a signal."""
    return _SIGNALS.get(name, name)


def _ended(ending: Ending) -> str:
    if ending.by is EndedBy.SIGNAL:
        return f"the command was ended by {signal_name(ending.signal)}"
    if ending.by is EndedBy.CREDENTIALS:
        return "the credentials failed"
    if ending.by is EndedBy.DEFECT:
        return "an unforeseen error ended the command"
    return f"--timeout passed ({ending.timeout:.10g} s)"


def _ended_only_the_wait(ending: Ending) -> str:
    if ending.by is EndedBy.SIGNAL:
        return f"{_upper_first(signal_name(ending.signal))} ended only the wait"
    if ending.by is EndedBy.DEFECT:
        return "An unforeseen error ended only the wait"
    return f"{_upper_first(_ended(ending))}, which ended only the wait"


def _goes_on(model: Model) -> bool:
    """Return whether a deletion is known to go on without us."""
    return is_being_deleted(model.status) or (model.requested is Request.DELETE and model.answered)


def _may_go_on(model: Model) -> bool:
    """Return whether the service may be deleting a model without our seeing it."""
    if model.failure and model.failure.cause in (Cause.DELETION_FAILED, Cause.CHANGED):
        return False
    return _goes_on(model) or model.requested is Request.DELETE


def _what_goes_on(model: Model, many: bool) -> str:
    its, it, was = (
        ("their", "they were", "deletions were") if many else ("its", "it was", "deletion was")
    )
    goes = "go on" if many else "goes on"
    if _goes_on(model):
        return f"{its} {was} requested and {goes} at the service"
    if model.requested is Request.DELETE:
        return f"{its} {was} requested, and {goes} at the service if the request arrived"
    if model.requested is Request.STOP or is_stopping(model.status):
        return f"{it} asked to stop, and {its} {was} not requested yet"
    return f"nothing was requested for {'them' if many else 'it'} yet"


def not_confirmed(answered: bool) -> str:
    """Return what to say when the answer was not the word, or when nobody gave one."""
    if answered:
        return 'Nothing was changed: the answer was not "delete".'
    return "Nothing was changed: there was nobody to confirm it."


def no_such_model(missing: Sequence[str]) -> str:
    """Return the message for models, by ARN or version name, that their project does not have."""
    more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
    return f"no such model: {', '.join(missing[:NAMED])}{more}."


def not_there(missing: Sequence[str], line: str) -> str:
    """Return that message for a run that ends with it."""
    they = "they" if len(missing) > 1 else "it"
    return f"{no_such_model(missing)} Nothing was changed. If {they} may be gone already: {line}"


def refusal(models: Iterable[Model]) -> list[str]:
    """Return why the run is refused."""
    refused = [model for model in models if model.plan is Action.REFUSE]
    return ["Nothing was changed.", *_grouped("Can't be deleted now", refused, why_refused)]


def to_go_on(line: str) -> str:
    """Return the line that says what to type next."""
    return f"To go on: {line}"


def count(number: int) -> str:
    """Return the number of models in words."""
    return "1 model" if number == 1 else f"{number} models"


def _grouped(title: str, models: Iterable[Model], why: Why) -> list[str]:
    groups: dict[tuple[str | None, str], list[Model]] = {}
    for model in models:
        groups.setdefault((model.status, why(model, False)), []).append(model)
    return [
        _sentence(f"{title}: {_first_names(some)} ({status}): {why(some[0], len(some) > 1)}")
        for (status, _), some in groups.items()
    ]


def _upper_first(text: str) -> str:
    # capitalize() would write the names in it in small letters.
    return text[0].upper() + text[1:]


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", '."')) else f"{text}."


def _first_names(models: Sequence[Model]) -> str:
    """Return the names, or of many the first and the number of the others."""
    if len(models) > NAMED:
        return f"{_names(models[:1])} and {count(len(models) - 1)} more"
    return _names(models)


def _names(models: Sequence[Model]) -> str:
    if len(models) > NAMED:
        return count(len(models))
    by_project: dict[str, list[str]] = {}
    for model in models:
        by_project.setdefault(model.arn.scope.project_name, []).append(model.arn.version_name)
    return "; ".join(
        f"version{'s' if len(names) > 1 else ''} {', '.join(names)} of project {project}"
        for project, names in by_project.items()
    )
