"""The options: what the command takes, and from a parsed command line to checked values.

Nothing is sent to the service from here.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from typing import Any, NamedTuple, TypeVar

from awscli_rekcl.arn import NAME, ModelArn, ProjectArn
from awscli_rekcl.errors import BadValue, UsageError
from awscli_rekcl.lifecycle import Consent

DEFAULT_TIMEOUT = 3600.0
DEFAULT_TIMEOUT_WITH_TRAINING = 86400.0

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
            "question and error messages are still shown."
        ),
    },
]
"""The options as the AWS CLI's `BasicCommand` takes them, with their help."""

OPTIONS = [f"--{argument['name']}" for argument in ARG_TABLE]

_Arn = TypeVar("_Arn", ModelArn, ProjectArn)
_EXAMPLES = {
    ModelArn: "the ARN of a model, like"
    " arn:aws:rekognition:<region>:<account>:project/<project>/version/<version>/<number>",
    ProjectArn: "the ARN of a project, like"
    " arn:aws:rekognition:<region>:<account>:project/<project>/<number>",
}
LONGEST = 10 * 365 * 86400.0
"""Seconds; whoever wants to wait longer wants --timeout 0."""


class Options(NamedTuple):
    """What the user asked for.

    Of `arns`, `version_names` and `all_versions` exactly one is set, or none if the models have to
    be picked; of `project` and `project_name` one at most.
    """

    arns: list[ModelArn] | None
    project: ProjectArn | None
    project_name: str | None
    region: str | None
    """That of --region; None is for the region of the AWS CLI."""
    version_names: list[str] | None
    all_versions: bool
    keep_newest: int | None
    skip_if_busy: bool
    consents: frozenset[Consent]
    ignore_not_found: bool
    yes: bool
    dry_run: bool
    progress: bool
    timeout: float
    """Seconds; infinite for no limit."""
    timeout_is_given: bool
    poll_interval: float | None
    """Seconds; None if it was not given."""

    @property
    def must_pick(self) -> bool:
        """Whether the person has to be asked for the models."""
        return self.arns is None and self.version_names is None and not self.all_versions

    @property
    def lists(self) -> dict[str, list[str]]:
        """The values of the options that take a list, as words to type."""
        return {
            "--project-version-arn": [arn.text for arn in self.arns or []],
            "--version-names": self.version_names or [],
        }

    @classmethod
    def parse(
        cls, args: argparse.Namespace, region: str | None, *, can_ask: bool = False
    ) -> Options:
        """Check the parsed command line; `region` is the value of --region, if it was given.

        With `can_ask` the models need not be named. Raise UsageError or BadValue.
        """
        _check_choice(args, can_pick=can_ask and not args.yes)
        arns = names = project = None
        if args.project_arn is not None:
            project = _parse_arn(ProjectArn, "--project-arn", args.project_arn)
        if args.project_version_arn is not None:
            texts = _words("--project-version-arn", args.project_version_arn)
            parsed = [_parse_arn(ModelArn, "--project-version-arn", text) for text in texts]
            arns = list(dict.fromkeys(parsed))
        if args.version_names is not None:
            names = list(dict.fromkeys(_words("--version-names", args.version_names)))
            for name in names:
                if not re.fullmatch(NAME, name):
                    raise BadValue("--version-names", _no_version_name(name))
        if args.project_name is not None and not _is_name(args.project_name):
            raise BadValue("--project-name", f"{args.project_name!r} is not the name of a project.")
        keep_newest = None
        if args.keep_newest is not None:
            keep_newest = _number("--keep-newest", args.keep_newest)
        _check_scopes(arns or [], project, region)
        consents = frozenset(consent for consent in Consent if getattr(args, consent.attribute))
        timeout = DEFAULT_TIMEOUT
        if Consent.WAIT_IF_TRAINING in consents:
            timeout = DEFAULT_TIMEOUT_WITH_TRAINING
        if args.timeout is not None:
            timeout = _seconds("--timeout", args.timeout) or math.inf
        poll_interval = None
        if args.poll_interval is not None:
            poll_interval = _seconds("--poll-interval", args.poll_interval)
            if not poll_interval:
                raise BadValue("--poll-interval", "it must be more than 0 seconds.")
        return cls(
            arns=arns,
            project=project,
            project_name=args.project_name,
            region=region,
            version_names=names,
            all_versions=args.all_versions,
            keep_newest=keep_newest,
            skip_if_busy=args.skip_if_busy,
            consents=consents,
            ignore_not_found=args.ignore_not_found,
            yes=args.yes,
            dry_run=args.dry_run,
            progress=not args.no_progress,
            timeout=timeout,
            timeout_is_given=args.timeout is not None,
            poll_interval=poll_interval,
        )


WAYS = (
    "name the models: --project-name with --version-names or --all-versions, --project-arn with"
    " the same, or --project-version-arn"
)


def _check_choice(args: argparse.Namespace, *, can_pick: bool) -> None:
    ways = {
        "--project-version-arn": args.project_version_arn is not None,
        "--version-names": args.version_names is not None,
        "--all-versions": args.all_versions,
    }
    chosen = [option for option, given in ways.items() if given]
    if len(chosen) > 1:
        raise UsageError(
            f"{' and '.join(chosen)} can't be used together: each of them chooses models"
        )
    if args.project_name is not None:
        for option, value in (
            ("--project-arn", args.project_arn),
            ("--project-version-arn", args.project_version_arn),
        ):
            if value is not None:
                raise UsageError(f"--project-name and {option} can't be used together")
    is_named = args.project_arn is not None or args.project_name is not None
    if args.keep_newest is not None and not args.all_versions:
        raise UsageError("--keep-newest needs --all-versions")
    if not chosen and not can_pick:
        if not is_named:
            raise UsageError(WAYS)
        raise UsageError("choose models of the project with --version-names or --all-versions")
    if chosen and not is_named and chosen != ["--project-version-arn"]:
        raise UsageError(f"{chosen[0]} needs --project-arn or --project-name")


def _words(option: str, value: list[str] | str | bytes) -> list[str]:
    """Return the words of an option's value, which is a text if the AWS CLI read it from a file."""
    if isinstance(value, bytes):
        raise BadValue(option, "a list is read as text: write file:// instead of fileb://.")
    if isinstance(value, str):
        return _split(option, value, "the file")
    for word in value:
        if word.startswith(("file://", "fileb://")):
            raise BadValue(option, f"{word} must be the option's only value.")
        if not word.strip():
            raise BadValue(option, f"{word!r} is no value. Is it from a variable that is empty?")
    # As every list option of the AWS CLI takes it; and zsh hands over a variable as one word.
    return _split(option, value[0], repr(value[0])) if len(value) == 1 else value


def _split(option: str, text: str, what: str) -> list[str]:
    if not text.lstrip().startswith("["):
        return text.split()
    try:
        words = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadValue(option, f"{what} is not a JSON list: {error}.") from error
    if not all(isinstance(word, str) for word in words):
        raise BadValue(option, f"the JSON list in {what} may hold only strings.")
    return list(words)


def _parse_arn(kind: type[_Arn], option: str, text: str) -> _Arn:
    try:
        return kind.parse(text)
    except (ValueError, TypeError):  # TypeError: bytes, read by fileb://
        raise BadValue(option, f"{text!r} is not {_EXAMPLES[kind]}.{_instead(text)}") from None


def _instead(text: str | bytes) -> str:
    """Return what to write instead of what is not the ARN that belongs there, if that is clear."""
    if _is_arn(ProjectArn, text):
        return (
            " It is the ARN of a project: --project-arn takes it, with --all-versions for all of"
            " its models or --version-names for some."
        )
    if _is_arn(ModelArn, text):
        return " It is the ARN of a model: --project-version-arn takes it."
    if _is_name(text):
        return (
            " Models go by their names with --version-names, and a project by its own with"
            " --project-name."
        )
    return ""


def _no_version_name(text: str) -> str:
    return f"{text!r} is not the name of a version.{_instead(text)}"


def _is_arn(kind: type[_Arn], text: str | bytes) -> bool:
    try:
        kind.parse(text)  # type: ignore[arg-type]
    except (ValueError, TypeError):
        return False
    return True


def _is_name(text: str | bytes) -> bool:
    return isinstance(text, str) and re.fullmatch(NAME, text) is not None


def _number(option: str, text: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", text) or not int(text):
        raise BadValue(option, f"{text!r} is not a whole number from 1 on.")
    return int(text)


def _check_scopes(arns: list[ModelArn], project: ProjectArn | None, region: str | None) -> None:
    scopes = [arn.scope for arn in arns]
    for arn in arns:
        if (arn.scope.partition, arn.scope.account) != (scopes[0].partition, scopes[0].account):
            raise BadValue(
                "--project-version-arn",
                f"{arn.text} and {arns[0].text} belong to two accounts."
                " Delete the models of one account at a time.",
            )
        if project is not None and arn.scope != project.scope:
            raise BadValue(
                "--project-version-arn",
                f"{arn.text} is not a model of --project-arn {project.text}.",
            )
    if project is not None:
        scopes.append(project.scope)
    for scope in scopes:
        if region is not None and scope.region != region:
            raise BadValue(
                "--region",
                f"{region} contradicts the ARN of {scope.project_name}, which is in {scope.region}."
                " Leave --region out: the ARN's own region is used.",
            )


def _seconds(option: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    # A number too small for a float would be 0, which means something else.
    is_rounded = seconds == 0 and re.search("[1-9]", text.lower().partition("e")[0])
    if not 0 <= seconds < math.inf or is_rounded:
        raise BadValue(option, f"{text!r} is not a number of seconds.")
    if seconds > LONGEST:
        raise BadValue(option, f"{text!r} is more than {LONGEST:.0f} seconds, which is ten years.")
    return seconds
