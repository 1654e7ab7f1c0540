"""The document on standard output, and the exit status: what a program learns from a run."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from awscli_rekcl.model import Model, Outcome

SUCCESS = 0
NOT_CONFIRMED = 1
TIMED_OUT = 124  # as timeout(1) has it
FAILED = 255


def document(models: Iterable[Model]) -> dict[str, list[dict[str, str]]]:
    """Return what became of each model, in the order given."""
    return {"ProjectVersions": [_entry(model) for model in models]}


def dry_run_document(models: Iterable[Model]) -> dict[str, list[dict[str, str]]]:
    """Return what would become of each model."""
    return {"ProjectVersions": [{**_entry(model), "Action": model.plan.value} for model in models]}


def success_document(models: Iterable[Model]) -> dict[str, list[dict[str, str]]]:
    """Return the document of a run in which every model goes."""
    return document(
        dataclasses.replace(model, outcome=model.outcome or Outcome.DELETED) for model in models
    )


def exit_status(models: Iterable[Model]) -> int:
    """Return the exit status of a run that nothing interrupted."""
    outcomes = {model.outcome for model in models}
    if Outcome.FAILED in outcomes:
        return FAILED
    return TIMED_OUT if None in outcomes else SUCCESS


def _entry(model: Model) -> dict[str, str]:
    if model.outcome in (Outcome.DELETED, Outcome.NOT_FOUND):
        return {"ProjectVersionArn": model.arn.text, "Status": model.outcome.value}
    entry = {"ProjectVersionArn": model.arn.text, "Status": str(model.status)}
    return {**entry, "StatusMessage": model.reason} if model.reason else entry
