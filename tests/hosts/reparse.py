"""A plugin for the AWS CLI that parses arguments of our command with the parser of this host.

REKCL_ARGUMENTS names a file with a JSON list of them; what comes of each goes beside it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path


def awscli_initialize(event_hooks: object) -> None:
    """Parse, before the AWS CLI does anything else."""
    import botocore.session
    from awscli.argparser import ArgTableArgParser

    from awscli_rekcl.command import DeleteModelAndWaitCommand

    path = Path(os.environ["REKCL_ARGUMENTS"])
    table = DeleteModelAndWaitCommand(botocore.session.Session()).arg_table
    parsed = [
        vars(ArgTableArgParser(table).parse_known_args(arguments)[0])
        for arguments in json.loads(path.read_text())
    ]
    path.with_suffix(".parsed").write_text(json.dumps(parsed))
