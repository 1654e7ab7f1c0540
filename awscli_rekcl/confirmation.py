"""The confirmed list: only `confirm` makes one, and the loop sends only requests that are in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from awscli_rekcl.lifecycle import Request
from awscli_rekcl.model import Model


class Confirmed:
    """Models, and the requests that a person (or --yes) has permitted for each."""

    def __init__(self, models: Iterable[Model]) -> None:
        self.models = tuple(models)
        self._permitted = {
            (model.arn, request) for model in self.models for request in model.plan.requests
        }

    @property
    def changes_nothing(self) -> bool:
        """Whether no request is permitted, so that there is nothing to confirm."""
        return not self._permitted

    def check(self, model: Model, request: Request) -> None:
        """Raise RuntimeError, a defect, if the list does not hold this request for this model."""
        if (model.arn, request) not in self._permitted:
            raise RuntimeError(f"not confirmed: {request.verb} {model.arn.text}")


def confirm(models: Iterable[Model], ask: Callable[[], bool]) -> Confirmed | None:
    """Return the confirmed list, or None if the answer is no.

    `ask` is called unless every model's action is one that changes nothing.
    """
    confirmed = Confirmed(models)
    return confirmed if confirmed.changes_nothing or ask() else None
