"""What a model's status leads to: the table at the top is all there is to change for a new status.

Source: the statuses of ``ProjectVersionDescription`` in the Amazon Rekognition API reference.
"""

from __future__ import annotations

import enum
from collections.abc import Collection
from typing import NamedTuple

STOP_IF_RUNNING = "--stop-if-running"
WAIT_IF_TRAINING = "--wait-if-training"


class Action(str, enum.Enum):
    """What the command does with a model, in the words of the printed document."""

    DELETE = "DELETE"
    STOP_THEN_DELETE = "STOP_THEN_DELETE"
    WAIT_THEN_DELETE = "WAIT_THEN_DELETE"
    WAIT = "WAIT"
    NONE = "NONE"
    REFUSE = "REFUSE"
    SKIP = "SKIP"


class Request(str, enum.Enum):
    """What the service can be asked to do to a model."""

    STOP = "stop", "StopProjectVersion", ("Status",)
    DELETE = "delete", "DeleteProjectVersion", ("Status",)

    operation: str
    """The operation of the API, which is the name of the permission as well."""
    answer: tuple[str, ...]
    """The texts that its answer has to hold."""

    def __new__(cls, verb: str, operation: str, answer: tuple[str, ...]) -> Request:
        """Take all that is known of a request: what is forgotten is an error at import."""
        request = str.__new__(cls, verb)
        request._value_, request.operation, request.answer = verb, operation, answer
        return request


class Rule(NamedTuple):
    """What a status leads to."""

    action: Action
    request: Request | None = None
    """What is asked of the service now; None is for waiting."""
    option: str | None = None
    """The option without which the model is refused."""
    tentative: bool = False
    """Whether the request is only worth a try: a refusal is no failure, but means to wait."""
    usable: bool = False
    """Whether the model runs or could run, so that --keep-newest counts it."""


RULES = {
    None: Rule(Action.NONE),  # not listed
    "TRAINING_IN_PROGRESS": Rule(Action.WAIT_THEN_DELETE, None, WAIT_IF_TRAINING),
    "COPYING_IN_PROGRESS": Rule(Action.WAIT_THEN_DELETE, None, WAIT_IF_TRAINING),
    # Not documented: whether a start, which takes up to 20 minutes and is paid for, can be stopped.
    "STARTING": Rule(
        Action.STOP_THEN_DELETE, Request.STOP, STOP_IF_RUNNING, tentative=True, usable=True
    ),
    "RUNNING": Rule(Action.STOP_THEN_DELETE, Request.STOP, STOP_IF_RUNNING, usable=True),
    "STOPPING": Rule(Action.WAIT_THEN_DELETE, usable=True),
    "TRAINING_COMPLETED": Rule(Action.DELETE, Request.DELETE, usable=True),
    "COPYING_COMPLETED": Rule(Action.DELETE, Request.DELETE, usable=True),
    "STOPPED": Rule(Action.DELETE, Request.DELETE, usable=True),
    "DELETING": Rule(Action.WAIT),
}
# A status unknown today included: the service has the last word.
OTHERWISE = Rule(Action.DELETE, Request.DELETE)


def rule(status: str | None) -> Rule:
    """Return the rule for a status; None stands for a model that is not listed."""
    return RULES.get(status, OTHERWISE)


def decide(status: str | None, consents: Collection[str]) -> Action:
    """Return what to do with a model of this status, given the options that consent."""
    action, option = rule(status).action, rule(status).option
    return action if option is None or option in consents else Action.REFUSE


def is_being_deleted(status: str | None) -> bool:
    """Return whether nothing is left to do but to wait until the model is gone."""
    return rule(status).action is Action.WAIT


def is_stopping(status: str | None) -> bool:
    """Return whether the model stops by itself, so that nobody has to consent to the wait."""
    return rule(status).action is Action.WAIT_THEN_DELETE and rule(status).option is None


def takes_hours(status: str | None) -> bool:
    """Return whether the model is trained or copied, so that it need not be looked at often."""
    return rule(status).option == WAIT_IF_TRAINING
