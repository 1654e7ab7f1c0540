"""From a parsed command line to checked values. Nothing is sent to the service from here."""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import re
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from awscli_rekcl.arguments import ARG_TABLE
from awscli_rekcl.arn import NAME, ModelArn, ProjectArn, without_fips
from awscli_rekcl.errors import BadValue, UsageError
from awscli_rekcl.lifecycle import Consent

DEFAULT_TIMEOUT = 3600.0
DEFAULT_TIMEOUT_WITH_TRAINING = 86400.0
LONGEST = 10 * 365 * 86400.0
"""Seconds. To wait longer, use --timeout 0."""

ARNS, NAMES, ALL = "--project-version-arn", "--version-names", "--all-versions"

_Arn = TypeVar("_Arn", ModelArn, ProjectArn)
_EXAMPLES = {
    ModelArn: "the ARN of a model, like"
    " arn:aws:rekognition:<region>:<account>:project/<project>/version/<version>/<number>",
    ProjectArn: "the ARN of a project, like"
    " arn:aws:rekognition:<region>:<account>:project/<project>/<number>",
}
_ADVICE: dict[type[ModelArn | ProjectArn], str] = {
    ModelArn: " It is the ARN of a model: use --project-version-arn.",
    ProjectArn: " It is the ARN of a project: use --project-arn, with --all-versions for all of its"
    " models or --version-names for some.",
}
_LISTED = {NAMES: "names", ARNS: "ARNs"}
_NOTHING = "None"
_IS_NOTHING = " It is what --output text prints for an empty result."
# As the encoding of the configuration reads it: PowerShell and Notepad write one.
_BYTE_ORDER_MARK = re.compile("^(\ufeff|\u00ef\u00bb\u00bf)")


class Options(NamedTuple):
    """What the user asked for.

    A field is named as its option is. Of `project_version_arn`, `version_names` and `all_versions`
    exactly one is set, or none if the models have to be picked; of `project_arn` and `project_name`
    one at most.
    """

    project_name: str | None
    project_arn: ProjectArn | None
    region: str | None
    """That of --region; None is for the region of the AWS CLI."""
    version_names: list[str] | None
    all_versions: bool
    keep_newest: int | None
    project_version_arn: list[ModelArn] | None
    skip_if_busy: bool
    consents: frozenset[Consent]
    ignore_not_found: bool
    yes: bool
    dry_run: bool
    no_progress: bool
    only_show_errors: bool
    timeout: float | None
    """Seconds, infinite for no limit; None if it was not given."""
    poll_interval: float | None
    """Seconds; None if it was not given."""

    @property
    def must_pick(self) -> bool:
        """Whether the person has to be asked for the models."""
        is_named = self.project_version_arn is not None or self.version_names is not None
        return not (is_named or self.all_versions)

    @property
    def limit(self) -> float:
        """The longest time to wait, in seconds."""
        if self.timeout is not None:
            return self.timeout
        is_long = Consent.WAIT_IF_TRAINING in self.consents
        return DEFAULT_TIMEOUT_WITH_TRAINING if is_long else DEFAULT_TIMEOUT

    @classmethod
    def parse(
        cls, args: argparse.Namespace, region: str | None, *, can_ask: bool = False
    ) -> Options:
        """Check the parsed command line; `region` is the value of --region, if it was given.

        With `can_ask` the models need not be named. Raise UsageError or BadValue.
        """
        _check_usage(args, can_pick=can_ask and not (args.yes or args.dry_run))
        fields = {_attribute(each["name"]): _value(args, each["name"]) for each in ARG_TABLE}
        consents = frozenset(consent for consent in Consent if fields.pop(consent.attribute))
        options = cls(region=region, consents=consents, **fields)
        _check_scopes(options.project_version_arn or [], options.project_arn, region)
        return options


def _attribute(name: str) -> str:
    return name.replace("-", "_")


def _value(args: argparse.Namespace, name: str) -> Any:
    """Return the checked value of an option, and of a flag whether it was given."""
    option, value = f"--{name}", getattr(args, _attribute(name))
    if isinstance(value, bytes):
        raise BadValue(option, "a value is read as text: write file:// instead of fileb://.")
    is_checked = option in _CHECKS and value is not None
    return _CHECKS[option](option, value) if is_checked else value


# Which options go together.

WAYS = (
    "name the models with --project-version-arn, or with --project-name or --project-arn together"
    " with --version-names or --all-versions"
)


def _check_usage(args: argparse.Namespace, *, can_pick: bool) -> None:
    def given(*options: str) -> list[str]:
        values = {option: getattr(args, _attribute(option[2:])) for option in options}
        return [option for option, value in values.items() if value not in (None, False)]

    chosen = given(ARNS, NAMES, ALL)
    project = given("--project-arn", "--project-name")
    if len(chosen) > 1:
        raise UsageError(
            f"{' and '.join(chosen)} can't be used together: each of them chooses models"
        )
    if "--project-name" in project and (others := given("--project-arn", ARNS)):
        raise UsageError(f"--project-name and {others[0]} can't be used together")
    if given("--keep-newest") and chosen != [ALL]:
        raise UsageError(f"--keep-newest needs {ALL}")
    if given("--only-show-errors") and not given("--yes", "--dry-run"):
        raise UsageError(
            "--only-show-errors needs --yes or --dry-run: nobody can confirm a list that is not"
            " shown"
        )
    if not chosen and not can_pick:
        in_project = "choose models of the project with --version-names or --all-versions"
        raise UsageError(in_project if project else WAYS)
    if chosen and chosen != [ARNS] and not project:
        raise UsageError(f"{chosen[0]} needs --project-arn or --project-name")


def _check_scopes(arns: list[ModelArn], project: ProjectArn | None, region: str | None) -> None:
    for arn in arns:
        if _owner(arn) != _owner(arns[0]):
            raise BadValue(
                ARNS,
                f"{arn.text} and {arns[0].text} belong to two accounts."
                " Delete the models of one account at a time.",
            )
        if project is not None and arn.scope != project.scope:
            raise BadValue(ARNS, f"{arn.text} is not a model of --project-arn {project.text}.")
    scopes = [arn.scope for arn in (*arns, project) if arn is not None]
    for scope in scopes:
        if region is not None and scope.region != without_fips(region):
            raise BadValue(
                "--region",
                f"{region} contradicts the ARN of {scope.project_name}, which is in {scope.region}."
                " Leave --region out: the ARN's own region is used.",
            )


def _owner(arn: ModelArn) -> tuple[str, str]:
    return arn.scope.partition, arn.scope.account


# The values of single options.


def _project(option: str, text: str) -> ProjectArn:
    return _parse_arn(ProjectArn, option, text)


def _arns(option: str, value: list[str] | str) -> list[ModelArn]:
    texts = dict.fromkeys(_list(option, value))
    return [_parse_arn(ModelArn, option, text) for text in texts]


def _version_names(option: str, value: list[str] | str) -> list[str]:
    names = list(dict.fromkeys(_list(option, value)))
    for name in names:
        if not re.fullmatch(NAME, name):
            advice = _instead(option, name)
            raise BadValue(option, f"{name!r} is not the name of a version.{advice}")
    return names


def _project_name(option: str, text: str) -> str:
    name = text.strip()
    if re.fullmatch(NAME, name) and name != _NOTHING:
        return name
    raise BadValue(option, f"{text!r} is not the name of a project.{_instead(option, name)}")


def _number(option: str, text: str) -> int:
    if not re.fullmatch("0{0,99}[1-9][0-9]{0,99}", text):
        raise BadValue(option, f"it must be a whole number, 1 or more, and not {text!r}.")
    return int(text)


def _timeout(option: str, text: str) -> float:
    return _seconds(option, text) or math.inf


def _poll_interval(option: str, text: str) -> float:
    seconds = _seconds(option, text)
    if not seconds:
        raise BadValue(option, "it must be more than 0 seconds.")
    return seconds


def _seconds(option: str, text: str) -> float:
    # ASCII digits only: Python reads those of all scripts, and 1_000 as well.
    is_number = re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?", text)
    seconds = float(text) if is_number else math.nan
    # A number too small for a float would be 0, which means something else.
    is_rounded = seconds == 0 and re.search("[1-9]", text.lower().partition("e")[0])
    if not seconds >= 0 or is_rounded:
        raise BadValue(option, f"{text!r} is not a number of seconds, 0 or more.")
    if seconds > LONGEST:
        raise BadValue(option, f"{text!r} is more than {LONGEST:.0f} seconds, which is ten years.")
    return seconds


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "--project-name": _project_name,
    "--project-arn": _project,
    NAMES: _version_names,
    "--keep-newest": _number,
    ARNS: _arns,
    "--timeout": _timeout,
    "--poll-interval": _poll_interval,
}
"""What makes a checked value of an option's text, or raises BadValue. A flag needs nothing."""


# Lists, in every form in which people pass them.


def _list(option: str, value: list[str] | str) -> list[str]:
    """Return the values of a list option, which is a text if the AWS CLI read it from a file."""
    if isinstance(value, str):
        return _split(option, _BYTE_ORDER_MARK.sub("", value), "the file")
    if not value or "--" in value:
        raise BadValue(option, "it has no value.")
    for argument in value:
        if argument.startswith(("file://", "fileb://")):
            raise BadValue(option, f"{argument} must be the option's only value.")
        if not argument.strip():
            raise BadValue(
                option, f"{argument!r} is not a value. Does it come from an empty variable?"
            )
    if len(value) == 1:  # as every list option of the AWS CLI takes a JSON list
        return _split(option, value[0], repr(value[0]))
    return [text for argument in value for text in _values(option, argument)]


def _split(option: str, text: str, what: str) -> list[str]:
    if not text.lstrip().startswith("["):
        return _values(option, text)
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadValue(option, f"{what} is not a JSON list: {error}.") from error
    if not all(isinstance(value, str) for value in values):
        raise BadValue(option, f"the JSON list in {what} may hold only strings.")
    return [value.strip() for value in values]


def _values(option: str, text: str) -> list[str]:
    # zsh passes a variable as one argument, and captured output ends in \r.
    values = text.split()
    if _NOTHING in values:
        how = f""" For a version of that name, use a JSON list: '["{_NOTHING}"]'."""
        how = how if option == NAMES else ""
        raise BadValue(option, f"{_NOTHING!r} is not a value.{_IS_NOTHING}{how}")
    return values


def _parse_arn(kind: type[_Arn], option: str, text: str) -> _Arn:
    try:
        return kind.parse(text.strip())
    except ValueError:
        advice = _instead(option, text)
        raise BadValue(option, f"{text!r} is not {_EXAMPLES[kind]}.{advice}") from None


def _instead(option: str, text: str) -> str:
    """Return what to write instead of what is not the value that belongs there, if it is clear."""
    for kind, advice in _ADVICE.items():
        with contextlib.suppress(ValueError):
            kind.parse(text)
            return advice
    if text == _NOTHING:
        return _IS_NOTHING
    if "," in text and option in _LISTED:
        return f" Separate {_LISTED[option]} by spaces."
    if re.fullmatch(NAME, text):
        return " To use a name, write --version-names for models or --project-name for a project."
    return ""
