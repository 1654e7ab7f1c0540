"""Asks for what is not named on the command line, the way the AWS console does it.

`pick` is where to start. Nothing is drawn but lines, and an answer is one line of standard input.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from awscli_rekcl.arn import ModelArn, ProjectArn
from awscli_rekcl.errors import Cancelled, NotFound, WrongAnswer
from awscli_rekcl.lifecycle import rule
from awscli_rekcl.options import Options
from awscli_rekcl.selection import Service, by_age, find_by_name, list_projects
from awscli_rekcl.service.describe import Describer, Description
from awscli_rekcl.service.errors import not_found
from awscli_rekcl.terminal.console import Console, folded
from awscli_rekcl.terminal.table import age, aligned, place

Answer = TypeVar("Answer")

DIGITS = 9
"""Of a longer number these will do to be out of range; Python refuses to read thousands."""


def pick(
    options: Options,
    service: Service,
    describer: Describer,
    console: Console,
    now: datetime.datetime,
) -> Options:
    """Ask for what is missing, and return the options as if it had been named.

    The ages of models count from `now`. Raise ServiceError or Refused, and Cancelled.
    """
    project = options.project_arn
    if project is None:
        project = (
            find_by_name(options, service)
            if options.project_name is not None
            else _pick_project(options.region, service, console)
        )
    arns = _pick_models(project, options, describer, console, now)
    return options._replace(project_version_arn=arns, project_arn=project, project_name=None)


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
    numbers = [str(number) for number in range(1, len(names) + 1)]
    scope = projects[0].scope
    console.report(f"Projects in {scope.region} (account {scope.account}):")
    console.show(*_numbered(numbers, rows, console.width))
    question = "Project (number or name; an empty line cancels):"
    return projects[_ask(console, question, lambda text: parse_project(text, names))]


def _pick_models(
    project: ProjectArn,
    options: Options,
    describer: Describer,
    console: Console,
    now: datetime.datetime,
) -> list[ModelArn]:
    versions = describer.versions(project)
    if not versions:
        return []
    versions.sort(key=by_age, reverse=True)
    arns: list[ModelArn] = []
    numbers, rows = [], []
    missing: dict[str, str] = {}
    for version in versions:
        name, option = version.arn.version_name, _missing_option(version, options)
        if option:
            missing[name] = option
        else:
            arns.append(version.arn)
        numbers.append("" if option else str(len(arns)))
        rows.append([name, version.status, age(version.created, now), option])
    names = [arn.version_name for arn in arns]
    console.report(f"Models in {place(project.scope)}, newest first:")
    console.show(*_numbered(numbers, rows, console.width))
    if missing:
        console.report(
            "Unnumbered models are in use. To include one, cancel and add the option beside it."
        )
    if not arns:
        raise Cancelled
    question = "Models to delete (1 3-5, names, or all; an empty line cancels):"
    picked = _ask(console, question, lambda text: parse_models(text, names, missing))
    return [arns[position] for position in picked]


def parse_project(text: str, names: Sequence[str]) -> int:
    """Return the position of the one project that an answer picks, by number or name.

    What reads as a number is one. Raise WrongAnswer.
    """
    word = text.strip()
    if re.fullmatch(r"\d+", word, re.ASCII):
        return _span(word, word, word, names)[0]
    found = _named(word, names)
    if found is None:
        raise WrongAnswer(f"{word!r} is not the number or the name of a project in this list.")
    return found


def parse_models(text: str, names: Sequence[str], missing: Mapping[str, str]) -> list[int]:
    """Return the positions that an answer picks of models with the numbers 1, 2, 3 ... and `names`.

    It holds numbers, ranges, names or `all`, with spaces or commas between them. What reads as a
    number is one. `missing` has the options for what has no number. Raise WrongAnswer.
    """
    words = re.findall(r"[^\s,]+", text)
    if not words:
        raise WrongAnswer("The answer has no number and no name.")
    picked = [position for word in words for position in _positions(word, names, missing)]
    return list(dict.fromkeys(picked))


def _positions(word: str, names: Sequence[str], missing: Mapping[str, str]) -> Sequence[int]:
    if word == "all":
        return range(len(names))
    match = re.fullmatch(r"(\d+)(?:-(\d+))?", word, re.ASCII)
    if match:
        return _span(word, match[1], match[2] or match[1], names)
    found = _named(word, names)
    if found is not None:
        return [found]
    if word in missing:
        raise WrongAnswer(f"{word} is in use. To include it, cancel and add {missing[word]}.")
    raise WrongAnswer(f"{word!r} is not a number, range or name in this list.")


def _span(word: str, first: str, last: str, names: Sequence[str]) -> range:
    """Return the positions from one number to another; the answer says `word`."""
    start, end = (int(number.lstrip("0")[:DIGITS] or 0) for number in (first, last))
    if 1 <= start <= end <= len(names):
        return range(start - 1, end)
    also = f" The one named {word} has the number {names.index(word) + 1}." if word in names else ""
    raise WrongAnswer(f"{word} is out of range: 1 to {len(names)}.{also}")


def _named(word: str, names: Sequence[str]) -> int | None:
    found = [position for position, name in enumerate(names) if name == word]
    if len(found) > 1:
        numbers = " and ".join(str(position + 1) for position in found)
        raise WrongAnswer(f"{numbers} are both named {word}: pick by number.")
    return found[0] if found else None


def _ask(console: Console, question: str, parse: Callable[[str], Answer]) -> Answer:
    """Ask until an answer is right, and return what `parse` makes of it."""
    while True:
        text = console.ask("\n".join(folded([question], console.width)) + " ")
        if not text.strip():
            raise Cancelled
        try:
            return parse(text)
        except WrongAnswer as error:
            console.warn(str(error))


def _missing_option(version: Description, options: Options) -> str:
    """Return the option that it would take to delete a model now, if one is missing."""
    consent = rule(version.status).consent
    return consent.option if consent and consent not in options.consents else ""


def _numbered(
    numbers: Sequence[str], rows: Sequence[Sequence[str]], width: int | None
) -> list[str]:
    """Align rows behind their numbers, some of which may be empty."""
    digits = max(map(len, numbers))
    cells = [[f"{number:>{digits}}  {row[0]}", *row[1:]] for number, row in zip(numbers, rows)]
    return aligned(cells, width, digits + 2)
