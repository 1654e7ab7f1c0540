"""The plugin as the installer has an AWS CLI load it, so that it answers what nobody has to guess.

It runs in the process of the AWS CLI.
"""

from __future__ import annotations

import json
import os
import site
import sys
from typing import Any

import awscli_rekcl

MODULE = "awscli_rekcl.install.probe"
MARK = "awscli_rekcl: "


def awscli_initialize(event_hooks: Any) -> None:
    """Register the command, and answer on standard error, in one line.

    The AWS CLI calls this when it loads its plugins.
    """
    import awscli

    awscli_rekcl.awscli_initialize(event_hooks)
    is_frozen = bool(getattr(sys, "frozen", False))
    answer = {
        "version": awscli.__version__,
        "python": None if is_frozen else sys.executable,
        "sites": [] if is_frozen else _sites(),
        "others": [path for path in sys.path if os.path.isdir(os.path.join(path, "awscli_rekcl"))],
        "index_file": None,
        "shipped_index": None,
    }
    try:
        from awscli.autocomplete import db
    except ImportError:  # version 1
        pass
    else:
        answer["index_file"] = db.INDEX_FILE
        answer["shipped_index"] = db.BUILTIN_INDEX_FILE
    print(f"{MARK}{json.dumps(answer)}", file=sys.stderr, flush=True)


def _sites() -> list[str]:
    """Return the folders in which this Python reads `.pth` files, its own before the user's."""
    # The first of them is the prefix itself on Windows.
    own = [path for path in site.getsitepackages() if path.endswith("-packages")]
    found = [path for path in own if path in sys.path]
    return [*found, site.getusersitepackages()] if site.ENABLE_USER_SITE else found
