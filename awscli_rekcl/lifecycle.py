"""What to do for each status of a model. A new status is a new line in `RULES`, and nothing else.

`Action`, `Request` and `Consent` carry everything that is known of each; what is forgotten for a
new one is an error at import. Source of the statuses: ``ProjectVersionDescription`` in the Amazon
Rekognition API reference.
"""

from __future__ import annotations

import enum
from collections.abc import Collection
from typing import NamedTuple


class Consent(enum.Enum):
    """An option that permits what the command doesn't do by default."""

    STOP_IF_RUNNING = (
        "Stops a model that is running or starting, and then deletes it. Without this option or"
        " ``--skip-if-busy``, one such model is a reason to delete nothing.",
    )
    WAIT_IF_TRAINING = (
        "Waits until the training or copying of a model has ended, and then deletes it. Without"
        " this option or ``--skip-if-busy``, one such model is a reason to delete nothing.",
    )

    def __init__(self, help_text: str) -> None:
        self.help_text = help_text
        self.attribute = self.name.lower()
        """The attribute of a parsed command line."""
        self.option = f"--{self.attribute.replace('_', '-')}"


class Request(enum.Enum):
    """What the command can request for a model."""

    STOP = "stop", "StopProjectVersion", ("STOPPING", "STOPPED")
    DELETE = "delete", "DeleteProjectVersion", ("DELETING",)

    def __init__(self, verb: str, operation: str, leads_to: tuple[str, ...]) -> None:
        self.verb = verb
        self.operation = operation
        """The operation of the API, which is the name of the permission as well."""
        self.leads_to = leads_to
        """The statuses that follow from it. A listing that lags shows others at first."""


class Action(enum.Enum):
    """What the command does with a model; the name is that in the printed document.

    `listed` stands in the list to confirm and `summed` in its sum. `requests` are those that a
    confirmation of the list permits: an action without any changes nothing, and needs none.
    """

    DELETE = "delete", "to delete", (Request.DELETE,)
    STOP_THEN_DELETE = "stop, then delete", "to stop and delete", (Request.STOP, Request.DELETE)
    WAIT_THEN_DELETE = "wait, then delete", "to wait for and delete", (Request.DELETE,)
    WAIT = "being deleted", "being deleted already", ()
    NONE = "already gone", "already gone", ()
    REFUSE = "refused", "refused", ()
    SKIP = "skip", "to skip", ()

    def __init__(self, listed: str, summed: str, requests: tuple[Request, ...]) -> None:
        self.listed = listed
        self.summed = summed
        self.requests = requests


class Rule(NamedTuple):
    """What a status leads to."""

    action: Action
    request: Request | None = None
    """The request to send now; None means wait."""
    consent: Consent | None = None
    """The consent without which the model is refused."""
    tentative: bool = False
    """Whether a refused request is no failure, but a reason to wait."""
    usable: bool = False
    """Whether the model runs or could run, so that --keep-newest counts it."""
    takes_hours: bool = False
    """Whether the model need not be polled often."""
    ends_as: str | None = None
    """The status that may still follow by itself when a request was accepted."""


RULES = {
    None: Rule(Action.NONE),  # not listed
    "TRAINING_IN_PROGRESS": Rule(
        Action.WAIT_THEN_DELETE, None, Consent.WAIT_IF_TRAINING, takes_hours=True
    ),
    "COPYING_IN_PROGRESS": Rule(
        Action.WAIT_THEN_DELETE, None, Consent.WAIT_IF_TRAINING, takes_hours=True
    ),
    # Not documented: whether a start, which takes up to 20 minutes and is paid for, can be stopped.
    "STARTING": Rule(
        Action.STOP_THEN_DELETE,
        Request.STOP,
        Consent.STOP_IF_RUNNING,
        tentative=True,
        usable=True,
        ends_as="RUNNING",
    ),
    "RUNNING": Rule(Action.STOP_THEN_DELETE, Request.STOP, Consent.STOP_IF_RUNNING, usable=True),
    "STOPPING": Rule(Action.WAIT_THEN_DELETE, usable=True),
    "TRAINING_COMPLETED": Rule(Action.DELETE, Request.DELETE, usable=True),
    "COPYING_COMPLETED": Rule(Action.DELETE, Request.DELETE, usable=True),
    "STOPPED": Rule(Action.DELETE, Request.DELETE, usable=True),
    "DELETING": Rule(Action.WAIT),
}
# Also for a status that is unknown today: the service decides.
OTHERWISE = Rule(Action.DELETE, Request.DELETE)


def rule(status: str | None) -> Rule:
    """Return the rule for a status; None stands for a model that is not listed."""
    return RULES.get(status, OTHERWISE)


def decide(status: str | None, consents: Collection[Consent]) -> Action:
    """Return what to do with a model of this status, given the options that consent."""
    action, consent = rule(status).action, rule(status).consent
    return action if consent is None or consent in consents else Action.REFUSE


def follows(status: str, request: Request, before: str | None) -> bool:
    """Return whether a status follows from a request that was accepted in the status `before`."""
    return status in request.leads_to or status == rule(before).ends_as


def is_being_deleted(status: str | None) -> bool:
    """Return whether the only thing left is to wait until the model is gone."""
    return rule(status).action is Action.WAIT


def is_stopping(status: str | None) -> bool:
    """Return whether the model is stopping already, so that the wait needs no consent."""
    return rule(status).action is Action.WAIT_THEN_DELETE and rule(status).consent is None
