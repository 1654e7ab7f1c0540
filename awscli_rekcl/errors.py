"""Every error of the command, sorted by who handles it.

    UsageError                the options don't go together
    BadValue                  the value of one option is wrong
    Refused                   a model can't be deleted, or two projects have the name given
    Cancelled                 nothing was picked
    WrongAnswer               an answer to a question is wrong, so the question is asked again
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
from typing import Any

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


class ServiceError(Exception):
    """A request failed. `cause` is what the AWS CLI shows: a copy of the error, safe to print."""

    may_be_done = False
    """Whether the service may have done what was requested: an earlier try had no answer."""

    def __init__(self, cause: Exception) -> None:
        self.cause = _safe(cause)
        super().__init__(str(self.cause))


def _safe(error: Exception) -> Exception:
    """Copy an error of any class, without its __init__, with every text in it made visible."""
    copy = type(error).__new__(type(error))
    vars(copy).update(vars(error))
    copy.args = (visible(str(error)),)
    if isinstance(getattr(error, "response", None), dict):
        # The AWS CLI prints more of it than the message, with --cli-error-format.
        vars(copy)["response"] = _visible_in(vars(error)["response"])
    return copy.with_traceback(error.__traceback__)


def _visible_in(value: Any) -> Any:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {name: _visible_in(each) for name, each in value.items()}
    return [*map(_visible_in, value)] if isinstance(value, list) else value


class NotFound(ServiceError):
    """The service answers that the project or the model does not exist."""


class InUse(ServiceError):
    """The model is busy; a later request may succeed."""


class TransientError(ServiceError):
    """The request may succeed later: throttling, 5xx, lost connection, unreadable answer."""

    may_be_done = True  # unless every try was throttled


class Rejected(ServiceError):
    """The service refuses the request permanently."""


class AccessDenied(Rejected):
    """The credentials lack a permission, which the service's message names."""


class CredentialsFailed(ServiceError):
    """The credentials can't be fetched, expired, or are wrong: no further request makes sense."""


class Unsendable(ServiceError):
    """No such request can be sent from this machine, now or later, because of its header or URL.

    The text quotes nothing of these, which may hold a credential.
    """

    def __init__(self) -> None:
        super().__init__(
            ValueError(
                "A request can't be sent: a URL, a token or another setting for it is not valid."
                " Check --endpoint-url, the proxy, the credentials, the configuration and the AWS_"
                " variables."
            )
        )


class Interrupted(BaseException):
    """A signal asked the command to end. `except Exception` does not catch it."""

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.signal = signal.Signals(signum)
