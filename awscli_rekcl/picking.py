"""Asks for what is not named on the command line, the way the AWS console does it.

`pick` is where to start. Nothing is drawn but lines, and an answer is one line of standard input.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from awscli_rekcl.arn import ModelArn, ProjectArn
from awscli_rekcl.errors import Cancelled, NotFound, WrongAnswer
from awscli_rekcl.lifecycle import Action, decide, rule
from awscli_rekcl.options import Options
from awscli_rekcl.rerun import WRITTEN_OUT
from awscli_rekcl.selection import Service, by_age, find_by_name, list_projects
from awscli_rekcl.service.describe import Describer, Description
from awscli_rekcl.service.errors import not_found
from awscli_rekcl.terminal.columns import aligned
from awscli_rekcl.terminal.console import Console, folded
from awscli_rekcl.terminal.table import age

Answer = TypeVar("Answer")

DIGITS = 9
"""No list is that long, and Python refuses to read a number of thousands of digits."""


def pick(options: Options, service: Service, describer: Describer, console: Console) -> Options:
    """Ask for what is missing, and return the options as if it had been named.

    Raise ServiceError or Refused, and Cancelled.
    """
    project = options.project
    if project is None:
        project = (
            find_by_name(options, service)
            if options.project_name is not None
            else _pick_project(options.region, service, console)
        )
    arns = _pick_models(project, options, describer, console)
    # More than a line holds are picked again.
    source = "" if len(arns) > WRITTEN_OUT else None
    return options._replace(arns=arns, project=project, project_name=None, list_source=source)


def _pick_project(region: str | None, service: Service, console: Console) -> ProjectArn:
    projects = list(dict.fromkeys(list_projects(service, region)))
    if not projects:
        where = service.region(region)
        text = f"There is no project in {where}. Check --region and --profile."
        raise NotFound(not_found("DescribeProjects", text))
    projects.sort(key=lambda arn: arn.scope.project_name)
    names = [arn.scope.project_name for arn in projects]
    if len(projects) == 1:
        console.show(f"The only project is {names[0]}.")
        return projects[0]
    rows = [[arn.text if names.count(name) > 1 else name] for arn, name in zip(projects, names)]
    console.show(*_numbered(rows, range(1, len(names) + 1), console.width))
    return _ask(
        console,
        "Project (number or name; an empty line cancels):",
        lambda text: projects[_only_one(parse_answer(text, names))],
    )


def _pick_models(
    project: ProjectArn, options: Options, describer: Describer, console: Console
) -> list[ModelArn]:
    versions = describer.versions(project)
    if not versions:
        console.show(f"Project {project.scope.project_name} has no models.")
        return []
    versions.sort(key=by_age, reverse=True)
    now = datetime.datetime.now(datetime.timezone.utc)
    arns: list[ModelArn] = []
    rows, numbers = [], []
    missing: dict[str, str] = {}
    for version in versions:
        option = _missing_option(version, options)
        if option is None:
            arns.append(version.arn)
            numbers.append(len(arns))
        else:
            missing[version.arn.version_name] = option
            numbers.append(0)
        days = age(version.created, now)
        rows.append([version.arn.version_name, version.status, days, option or ""])
    names = [arn.version_name for arn in arns]
    console.show(f"Models in project {project.scope.project_name}, newest first:")
    console.show(*_numbered(rows, numbers, console.width))
    if missing:
        console.report(
            "Unnumbered models are in use. To include one, cancel and add the option beside it."
        )
    if not arns:
        raise Cancelled
    return _ask(
        console,
        "Models to delete (1 3-5, names, or all; an empty line cancels):",
        lambda text: [arns[i] for i in parse_answer(text, names, missing)],
    )


def parse_answer(
    text: str, names: Sequence[str], missing: dict[str, str] | None = None
) -> list[int]:
    """Return the positions that an answer picks of what has the numbers 1, 2, 3 ... and `names`.

    It holds numbers, ranges, names or `all`, with spaces or commas between them. What reads as a
    number is one. `missing` has the options for what has no number. Raise WrongAnswer.
    """
    words = [word for word in re.split(r"[\s,]+", text) if word]
    picked: dict[int, None] = {}
    for word in words:
        if word == "all":
            picked.update(dict.fromkeys(range(len(names))))
        else:
            picked.update(dict.fromkeys(_positions(word, names, missing or {})))
    if not picked:
        raise WrongAnswer("The answer has no number and no name.")
    return list(picked)


def _positions(word: str, names: Sequence[str], options: dict[str, str]) -> Sequence[int]:
    match = re.fullmatch(r"(\d+)(?:-(\d+))?", word, re.ASCII)
    if match:
        called = names.index(word) + 1 if word in names else None
        also = f" The one named {word} has the number {called}." if called else ""
        if any(len(number or "") > DIGITS for number in match.groups()):
            raise WrongAnswer(f"{word} is out of range: 1 to {len(names)}.{also}")
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= len(names):
            raise WrongAnswer(f"{word} is out of range: 1 to {len(names)}.{also}")
        return range(first - 1, last)
    found = [position for position, name in enumerate(names) if name == word]
    if len(found) > 1:
        numbers = " and ".join(str(position + 1) for position in found)
        raise WrongAnswer(f"{numbers} are both named {word}: pick by number.")
    if not found and word in options:
        raise WrongAnswer(f"{word} is in use. To include it, cancel and add {options[word]}.")
    if not found:
        raise WrongAnswer(f"{word!r} is not a number, range or name in this list.")
    return found


def _only_one(positions: Sequence[int]) -> int:
    if len(positions) > 1:
        raise WrongAnswer("Pick one project.")
    return positions[0]


def _ask(console: Console, question: str, parse: Callable[[str], Answer]) -> Answer:
    while True:
        text = console.ask("\n".join(folded(question, console.width)) + " ")
        if text is None or not text.strip():
            raise Cancelled
        try:
            return parse(text)
        except WrongAnswer as error:
            console.warn(str(error))


def _missing_option(version: Description, options: Options) -> str | None:
    """Return the option that it would take to delete a model now, if one is missing."""
    consent = rule(version.status).consent
    is_missing = decide(version.status, options.consents) is Action.REFUSE
    return consent.option if consent and is_missing else None


def _numbered(
    rows: Sequence[Sequence[str]], numbers: Sequence[int], width: int | None
) -> list[str]:
    """Align rows behind their numbers, of which 0 is for none."""
    digits = len(str(max(numbers, default=0)))
    heads = [f"{number or '':>{digits + 1}}" for number in numbers]
    return aligned(rows, width, digits + 2, heads)
