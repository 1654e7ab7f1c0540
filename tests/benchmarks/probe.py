"""A plugin for the AWS CLI, loaded before ours, that sees from inside what ours does to a command.

It writes JSON to the file that the variable REKCL_PROBE names: how long the import took, which
modules it brought in, and which modules of ours were there when the process ended.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
import time

before = set(sys.modules)
start = time.perf_counter()
import awscli_rekcl  # noqa: E402, F401

seconds = time.perf_counter() - start
imported = sorted(set(sys.modules) - before)


def awscli_initialize(event_hooks: object) -> None:
    """Do nothing to the AWS CLI."""


def _write() -> None:
    ours = sorted(name for name in sys.modules if name.startswith("awscli_rekcl"))
    with open(os.environ["REKCL_PROBE"], "w") as file:
        json.dump({"seconds": seconds, "imported": imported, "at_exit": ours}, file)


atexit.register(_write)
