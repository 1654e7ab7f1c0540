"""Every error of the command, sorted by who handles it.

    UsageError                the options don't go together
    BadValue                  the value of one option is wrong
    Refused                   a model can't be deleted, or two projects have the name given
    Cancelled                 nothing was picked
    WrongAnswer               an answer to a question is wrong, so the question is asked again
    TimeUp                    --timeout has passed
    ServiceError              a request failed
      ├── NotFound              the project or the model does not exist
      ├── InUse                 the model is busy; a later request may succeed
      ├── TransientError        the same request may succeed later
      ├── Rejected              the service refuses the request permanently
      │     └── AccessDenied      because a permission is missing
      ├── CredentialsFailed     no further request makes sense
      └── Unsendable            no request can be sent from this machine
    Interrupted               a signal asked the command to end (a BaseException)

Those of the installer are in `install/errors.py`.
"""

from __future__ import annotations

import signal

from awscli_rekcl.text import visible


class UsageError(Exception):
    """The options don't go together."""


class BadValue(Exception):
    """The value of `option` is wrong."""

    def __init__(self, option: str, message: str) -> None:
        super().__init__(visible(message))
        self.option = option


class Refused(Exception):
    """Nothing is deleted, because one model can't be, or because two projects have the same name.

    The AWS CLI shows the text and exits with 255.
    """


class Cancelled(Exception):
    """An empty line or end of file: nothing was picked."""


class WrongAnswer(Exception):
    """What is wrong with an answer, to be shown before the question is asked again."""


class TimeUp(Exception):
    """The limit has passed, and no further request may be made."""

    retried = False
    """Whether an earlier try of the same request was sent, so that the service may have acted."""


class ServiceError(Exception):
    """A request failed for `cause`, which the AWS CLI itself would show, made safe to print."""

    retried = False
    """Whether an earlier try of the same request was sent, so that the service may have acted."""

    def __init__(self, cause: Exception) -> None:
        cause.args = tuple(visible(arg) if isinstance(arg, str) else arg for arg in cause.args)
        response = getattr(cause, "response", None)
        response = response if isinstance(response, dict) else {}
        # The AWS CLI prints more of it than the message, with --cli-error-format.
        error = response.setdefault("Error", {})
        error.update({name: visible(str(value)) for name, value in error.items()})
        super().__init__(str(cause))
        self.cause = cause


class NotFound(ServiceError):
    """The service answers that the project or the model does not exist."""


class InUse(ServiceError):
    """The model is busy; a later request may succeed."""


class TransientError(ServiceError):
    """The request may succeed later: throttling, 5xx, lost connection, unreadable answer."""


class Rejected(ServiceError):
    """The service refuses the request permanently."""


class AccessDenied(Rejected):
    """The credentials lack a permission, which the service's message names."""


class CredentialsFailed(ServiceError):
    """The credentials can't be fetched, expired, or are wrong: no further request makes sense."""


class Unsendable(ServiceError):
    """The request can't be sent from this machine, now or later, because of its header or URL."""


class Interrupted(BaseException):
    """A signal asked the command to end. `except Exception` does not catch it."""

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.signal = signal.Signals(signum)
