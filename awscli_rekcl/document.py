"""The document on standard output, and the exit status: what programs read."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from awscli_rekcl.model import Model, Outcome

SUCCESS = 0
NOT_CONFIRMED = 1
TIMED_OUT = 124  # as timeout(1) has it
FAILED = 255

Document = dict[str, list[dict[str, str]]]


def document(models: Iterable[Model], why: Callable[[Model], str]) -> Document:
    """Return the outcome of each model; `why` gives the reason if it isn't deleted."""
    return {"ProjectVersions": [_entry(model, model.outcome, why) for model in models]}


def success_document(models: Iterable[Model], why: Callable[[Model], str]) -> Document:
    """Return the document of a run that deletes every model."""
    return {
        "ProjectVersions": [
            _entry(model, Outcome.DELETED if model.is_open else model.outcome, why)
            for model in models
        ]
    }


def dry_run_document(models: Iterable[Model], why: Callable[[Model], str]) -> Document:
    """Return the planned action for each model."""
    return {
        "ProjectVersions": [
            {**_status(model, model.outcome, why), "Action": model.plan.name} for model in models
        ]
    }


def exit_status(models: Iterable[Model]) -> int:
    """Return the exit status of a run that was not interrupted."""
    outcomes = {model.outcome for model in models}
    if Outcome.FAILED in outcomes:
        return FAILED
    return TIMED_OUT if Outcome.PENDING in outcomes else SUCCESS


def _entry(model: Model, outcome: Outcome, why: Callable[[Model], str]) -> dict[str, str]:
    return {**_status(model, outcome, why), "Outcome": outcome.value}


def _status(model: Model, outcome: Outcome, why: Callable[[Model], str]) -> dict[str, str]:
    arn = {"ProjectVersionArn": model.arn.text}
    if outcome in (Outcome.DELETED, Outcome.NOT_FOUND):
        return {**arn, "Status": outcome.value}
    # A model that is listed is there, whatever its status reads: DELETED means something else here.
    reads = str(model.status)
    is_ours = reads in (Outcome.DELETED.value, Outcome.NOT_FOUND.value)
    entry = {**arn, "Status": f"listed as {reads}" if is_ours else reads}
    message = why(model)
    return {**entry, "StatusMessage": message} if message else entry
