"""The arguments of the command with their help, as the AWS CLI's `BasicCommand` takes them.

`options.py` checks the values. Completion and the table in `docs/reference.md` (`make reference`)
are made from it as well, without an AWS CLI.
"""

from __future__ import annotations

import argparse
from typing import Any

from awscli_rekcl.lifecycle import Consent

NAME = "delete-model-and-wait"


class Extend(argparse.Action):
    """Adds the values of an option that may be repeated, as "extend" does.

    Before Python 3.13 no value comes for `--option=--`, and nothing would be left of it.
    """

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        """Add the values, or `--` if none came."""
        earlier = getattr(namespace, self.dest) or []
        setattr(namespace, self.dest, [*earlier, *(values or ["--"])])


ARG_TABLE: list[dict[str, Any]] = [
    {
        "name": "project-name",
        "synopsis": "--project-name <name>",
        "help_text": (
            "The name of the project whose models are deleted, in the region of the AWS CLI. Use "
            "it with ``--version-names`` or ``--all-versions``. Requires the permission "
            "``rekognition:DescribeProjects``."
        ),
    },
    {
        "name": "project-arn",
        "synopsis": "--project-arn <arn>",
        "help_text": (
            "The Amazon Resource Name (ARN) of the project. With ``--version-names`` or "
            "``--all-versions``, the project whose models are deleted. With "
            "``--project-version-arn``, the project that all of the models belong to; then the "
            "permission ``rekognition:DescribeProjects`` is not needed."
        ),
    },
    {
        "name": "version-names",
        "synopsis": "--version-names <name> [<name> ...]",
        "nargs": "+",
        "action": Extend,
        "help_text": (
            "The version names of the models to delete. A name that the project does not have is "
            "an error, unless you use ``--ignore-not-found``. Requires ``--project-name`` or "
            "``--project-arn``. The names can be several arguments, one argument with white space "
            "between the names, a JSON list, or ``file://`` and the path of a file that holds "
            "names or a JSON list."
        ),
    },
    {
        "name": "all-versions",
        "action": "store_true",
        "help_text": (
            "Deletes all models of the project, but not the project itself. If the project has no "
            "models, nothing is deleted, and the command succeeds. Requires ``--project-name`` or "
            "``--project-arn``."
        ),
    },
    {
        "name": "keep-newest",
        "synopsis": "--keep-newest <number>",
        "help_text": (
            "Keeps this number of the newest usable models, and deletes all models that are older. "
            "The number must be 1 or more. A model is usable if it runs or could run. A model "
            "whose training failed does not count, and is kept only if it is newer than the oldest "
            "of the usable ones kept. If the project has fewer usable models, nothing is deleted, "
            "and the command succeeds. Requires ``--all-versions``."
        ),
    },
    {
        "name": "project-version-arn",
        "synopsis": "--project-version-arn <arn> [<arn> ...]",
        "nargs": "+",
        "action": Extend,
        "help_text": (
            "The ARNs of the models to delete. All of them must belong to one AWS account; their "
            "projects and regions may differ. You can use the option more than once. The ARNs can "
            "be several arguments, one argument with white space between the ARNs, a JSON list, or "
            "``file://`` and the path of a file that holds ARNs or a JSON list. An empty file is "
            "an empty list: nothing is deleted, and the command succeeds."
        ),
    },
    *(
        {"name": consent.option[2:], "action": "store_true", "help_text": consent.help_text}
        for consent in Consent
    ),
    {
        "name": "skip-if-busy",
        "action": "store_true",
        "help_text": (
            "Skips models that are in use (running, starting, being trained or copied), and "
            "deletes the others. Without this option, one such model is a reason to delete "
            "nothing. With ``--stop-if-running`` or ``--wait-if-training``, those that the option "
            "permits to delete are not skipped."
        ),
    },
    {
        "name": "ignore-not-found",
        "action": "store_true",
        "help_text": (
            "Treats a model that does not exist as deleted. A project that can't be found is still "
            "an error."
        ),
    },
    {
        "name": "yes",
        "action": "store_true",
        "help_text": "Deletes the models without asking. Standard input is not read.",
    },
    {
        "name": "dry-run",
        "action": "store_true",
        "help_text": (
            "Shows what would happen to each model. Changes nothing, and does not ask. The exit "
            "status is 0 if every model could be deleted."
        ),
    },
    {
        "name": "timeout",
        "synopsis": "--timeout <seconds>",
        "help_text": (
            "The longest time to wait after the confirmation, in seconds. The default is 3600, or "
            "86400 with ``--wait-if-training``; 0 means no limit. When the time has passed, the "
            "command ends with the exit status 124, and AWS continues the deletions that were "
            "requested."
        ),
    },
    {
        "name": "poll-interval",
        "synopsis": "--poll-interval <seconds>",
        "help_text": (
            "The longest pause between two polls, in seconds. It must be more than 0; fractions "
            "are allowed. The default is 5, or 30 while all remaining models are being trained or "
            "copied. The first polls come sooner."
        ),
    },
    {
        "name": "no-progress",
        "action": "store_true",
        "help_text": (
            "Shows no progress while the command waits. The list of models, the question, the "
            "summary and errors are still shown."
        ),
    },
    {
        "name": "only-show-errors",
        "action": "store_true",
        "help_text": (
            "Shows only errors and warnings. If everything succeeds, nothing is written to "
            "standard error. The document on standard output is still printed. Requires ``--yes`` "
            "or ``--dry-run``."
        ),
    },
]
