"""``aws rekognition delete-model-and-wait``: a plugin for the AWS CLI.

The AWS CLI imports this module at the start of every ``aws`` command, so it imports nothing itself.
"""

MYPY = False  # what mypy takes for typing.TYPE_CHECKING, without the import
if MYPY:
    from typing import Any

    from botocore.hooks import HierarchicalEmitter
    from botocore.session import Session

__version__ = "1.0.0"


def awscli_initialize(event_hooks: "HierarchicalEmitter") -> None:
    """Register the command. The AWS CLI calls this when it loads its plugins."""
    event_hooks.register("building-command-table.rekognition", _add_command)


def _add_command(command_table: "dict[str, Any]", session: "Session", **kwargs: "Any") -> None:
    try:
        from awscli_rekcl.command import DeleteModelAndWaitCommand

        command_table[DeleteModelAndWaitCommand.NAME] = DeleteModelAndWaitCommand(session)
    except Exception:
        # The user may have typed another command of `aws rekognition`: that one must go on.
        import logging

        logging.getLogger("awscli.rekcl").error(
            "The plugin awscli_rekcl does not work in this AWS CLI.", exc_info=True
        )
