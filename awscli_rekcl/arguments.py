"""The arguments of the command with their help, as the AWS CLI's `BasicCommand` takes them.

`options.py` checks the values. Completion is made of this table as well, without an AWS CLI.
"""

from __future__ import annotations

from typing import Any

from awscli_rekcl.lifecycle import Consent

NAME = "delete-model-and-wait"

ARG_TABLE: list[dict[str, Any]] = [
    {
        "name": "project-name",
        "synopsis": "--project-name <name>",
        "help_text": (
            "The name of the project whose models are deleted, in the region of the AWS CLI. Use "
            "it with ``--version-names`` or ``--all-versions``. It takes the permission "
            "``rekognition:DescribeProjects``."
        ),
    },
    {
        "name": "project-arn",
        "synopsis": "--project-arn <arn>",
        "help_text": (
            "The Amazon Resource Name (ARN) of the project. With ``--version-names`` or "
            "``--all-versions``, the project whose models are deleted. With "
            "``--project-version-arn``, the project that all of the models belong to; this saves "
            "a look-up and the permission ``rekognition:DescribeProjects``."
        ),
    },
    {
        "name": "version-names",
        "synopsis": "--version-names <name> [<name> ...]",
        "nargs": "+",
        "action": "extend",
        "help_text": (
            "The names of the versions of the project to delete. A name that the project "
            "does not have is an error, unless you use ``--ignore-not-found``. Requires "
            "``--project-name`` or ``--project-arn``. The names can be given as several words, as "
            "a JSON list, as one word with white space, or in a file with ``file://`` and its path."
        ),
    },
    {
        "name": "all-versions",
        "action": "store_true",
        "help_text": (
            "Deletes all models of the project. If the project has none, nothing is "
            "deleted, and the command succeeds. The project itself stays. Requires "
            "``--project-name`` or ``--project-arn``."
        ),
    },
    {
        "name": "keep-newest",
        "synopsis": "--keep-newest <number>",
        "help_text": (
            "With ``--all-versions``: how many of the newest usable models to keep, from 1 on. A "
            "model is usable if it runs or could run; one whose training failed does not count, "
            "and never takes the place of one that does. All models older than the kept ones are "
            "deleted. If there are not that many usable models, nothing is deleted, and the "
            "command succeeds."
        ),
    },
    {
        "name": "project-version-arn",
        "synopsis": "--project-version-arn <arn> [<arn> ...]",
        "nargs": "+",
        "action": "extend",
        "help_text": (
            "The ARNs of the models to delete. You can name "
            "several, and you can use the option more than once; a model that is named "
            "twice counts once. All of them must belong to one AWS account. The ARNs can be given "
            "as several words, as a JSON list, as one word with white space, or in a file with "
            "``file://`` and its path as the only value: the file "
            "holds ARNs separated by white space, or a JSON list of strings. An empty file "
            "is an empty list: nothing is deleted, and the command succeeds."
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
            "Leaves a model alone that would be refused, and deletes the others: for jobs that run "
            "every night and must not stop at the model in production."
        ),
    },
    {
        "name": "ignore-not-found",
        "action": "store_true",
        "help_text": (
            "Counts a model that its project does not have as deleted. A project that can't "
            "be found is an error all the same."
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
            "Shows what would happen to each model. Nothing is changed, and nothing is "
            "asked. The exit status is 0 if every model could be deleted."
        ),
    },
    {
        "name": "timeout",
        "synopsis": "--timeout <seconds>",
        "help_text": (
            "The longest time to wait, in seconds, from the confirmation on. The default is "
            "3600, or 86400 with ``--wait-if-training``; 0 waits without a limit. When the "
            "time has passed, the command ends with the exit status 124, and what was "
            "requested goes on at the service."
        ),
    },
    {
        "name": "poll-interval",
        "synopsis": "--poll-interval <seconds>",
        "help_text": (
            "The longest pause between two looks at the models, in seconds. It must be more "
            "than 0; fractions are allowed. The default is 5, or 30 while all models that are "
            "left are being trained or copied. The first looks come sooner, so that a quick "
            "deletion is seen quickly."
        ),
    },
    {
        "name": "no-progress",
        "action": "store_true",
        "help_text": (
            "Shows no progress while the command waits. The list of the models, the "
            "question, the outcome and errors are still shown."
        ),
    },
    {
        "name": "only-show-errors",
        "action": "store_true",
        "help_text": (
            "Shows only errors and warnings, so that a run in which everything goes well writes "
            "nothing to standard error. Requires ``--yes`` or ``--dry-run``."
        ),
    },
]
"""The options as the AWS CLI's `BasicCommand` takes them, with their help."""

OPTIONS = [f"--{argument['name']}" for argument in ARG_TABLE]
