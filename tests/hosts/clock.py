"""A plugin for the AWS CLI, loaded before ours, that sets the system's clock back by an hour.

It does so for Python's own `time.time` in this one process, once the file exists that the variable
REKCL_CLOCK names.
"""

from __future__ import annotations

import os
import time

_true = time.time


def _time() -> float:
    return _true() - 3600 * os.path.exists(os.environ["REKCL_CLOCK"])


def awscli_initialize(event_hooks: object) -> None:
    """Take the place of the clock."""
    time.time = _time
