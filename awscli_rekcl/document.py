"""The document on standard output, and the exit status: what programs read."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from awscli_rekcl.model import Model, Outcome

SUCCESS = 0
NOT_CONFIRMED = 1
TIMED_OUT = 124  # as timeout(1) has it
FAILED = 255

Document = dict[str, list[dict[str, str]]]


def document(
    models: Iterable[Model], why: Callable[[Model], str], *, succeeds: bool = False
) -> Document:
    """Return the outcome of each model; `why` gives the reason if it isn't deleted.

    With `succeeds`, the outcome is that of a run that deletes every open model.
    """
    entries = []
    for model in models:
        outcome = Outcome.DELETED if succeeds and model.is_open else model.outcome
        entries.append({**_status(model, outcome, why), "Outcome": outcome.value})
    return {"ProjectVersions": entries}


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
