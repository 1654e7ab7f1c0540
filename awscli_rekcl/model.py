"""A model (the API says: project version) as the command follows it from selection to outcome."""

from __future__ import annotations

import dataclasses
import datetime
import enum

from awscli_rekcl.arn import ModelArn, ProjectArn
from awscli_rekcl.lifecycle import Action


class Outcome(enum.Enum):
    """How the command's work on a model ended."""

    DELETED = "DELETED"
    NOT_FOUND = "NOT_FOUND"
    FAILED = "FAILED"


@dataclasses.dataclass(eq=False)
class Model:
    """What is known of one model. `status` is the last one seen, or None if it was never listed."""

    arn: ModelArn
    project: ProjectArn
    status: str | None
    status_message: str = ""
    created: datetime.datetime | None = None
    plan: Action = Action.NONE
    outcome: Outcome | None = None
    reason: str = ""
    """Why the model isn't deleted."""
    requested: str = ""
    """The last thing asked of the service, "stop" or "delete"."""
    answered: bool = False
    """Whether the service said yes to that. Without an answer it may have acted all the same."""
