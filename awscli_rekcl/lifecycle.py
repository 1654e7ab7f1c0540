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


class Rule(NamedTuple):
    """The action for a status, and the option without which the model is refused."""

    action: Action
    option: str | None = None


RULES = {
    None: Rule(Action.NONE),  # not listed
    "DELETING": Rule(Action.WAIT),
    "STOPPING": Rule(Action.WAIT_THEN_DELETE),
    "STARTING": Rule(Action.STOP_THEN_DELETE, STOP_IF_RUNNING),
    "RUNNING": Rule(Action.STOP_THEN_DELETE, STOP_IF_RUNNING),
    "TRAINING_IN_PROGRESS": Rule(Action.WAIT_THEN_DELETE, WAIT_IF_TRAINING),
    "COPYING_IN_PROGRESS": Rule(Action.WAIT_THEN_DELETE, WAIT_IF_TRAINING),
}
OTHERWISE = Rule(Action.DELETE)  # a status unknown today included: the service has the last word


def rule(status: str | None) -> Rule:
    """Return the rule for a status; None stands for a model that is not listed."""
    return RULES.get(status, OTHERWISE)


def decide(status: str | None, consents: Collection[str]) -> Action:
    """Return what to do with a model of this status, given the options that consent."""
    action, option = rule(status)
    return action if option is None or option in consents else Action.REFUSE
