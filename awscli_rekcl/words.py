"""What the command says to the person: the list, the progress, the outcome, what to type next.

Nothing is printed from here. Texts from the service were made visible where they came in.
"""

from __future__ import annotations

import collections
import datetime
import math
import shlex
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from awscli_rekcl.lifecycle import STOP_IF_RUNNING, WAIT_IF_TRAINING, Action, rule
from awscli_rekcl.model import Model, Outcome
from awscli_rekcl.visible import visible

ACTIONS = {
    Action.DELETE: "delete",
    Action.STOP_THEN_DELETE: "stop, then delete",
    Action.WAIT_THEN_DELETE: "wait, then delete",
    Action.WAIT: "wait: it is being deleted",
    Action.NONE: "none: it is not there",
    Action.REFUSE: "refuse",
}
FOR_EVER = (
    "A deleted model can't be brought back. Training output in your own S3 buckets is not touched."
)
_HELP = {STOP_IF_RUNNING: "stop it first", WAIT_IF_TRAINING: "wait for it first"}
NAMED = 10
"""As many models are named in a sentence; of more, it gives the number."""


def listing(models: Sequence[Model], now: datetime.datetime, width: int | None) -> list[str]:
    """Return the list to confirm, for a terminal of `width` columns: one line a model, and a sum.

    The sum comes last, where it is seen whatever the length of the list.
    """
    if not models:
        return []
    scopes = {model.arn.scope for model in models}
    scope = models[0].arn.scope
    rows = [["VERSION", "STATUS", "CREATED", "ACTION"]]
    for model in models:
        status = model.status or Outcome.NOT_FOUND.value
        rows.append([model.arn.version_name, status, _created(model, now), ACTIONS[model.plan]])
    if len(scopes) == 1:
        where = f"project {scope.project_name}, region {scope.region}, account {scope.account}"
    else:
        where = f"{len(scopes)} projects, account {scope.account}"
        rows[0] += ["PROJECT", "REGION"]
        for row, model in zip(rows[1:], models):
            row += [model.arn.scope.project_name, model.arn.scope.region]
    totals = collections.Counter(ACTIONS[model.plan] for model in models)
    actions = "; ".join(f"{total}x {action}" for action, total in totals.items())
    return [
        *_columns(rows, width),
        *folded(f"{_count(models)}, {where}: {actions}.", width),
    ]


def folded(text: str, width: int | None) -> list[str]:
    """Return a sentence in lines that fit; None is for no limit."""
    if width is None:
        return [text]
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def prompt(models: Sequence[Model]) -> str:
    """Return the question."""
    what = "this model" if len(models) == 1 else f"these {len(models)} models"
    return f'Type "delete" to delete {what}: '


def progress(models: Sequence[Model]) -> str:
    """Return how many models are gone and what the others are doing."""
    if len(models) == 1:
        return f"{models[0].arn.version_name}: {_state(models[0])}"
    states = collections.Counter(_state(model) for model in models)
    gone = states.pop("gone", 0)
    others = "".join(f", {number} {state}" for state, number in sorted(states.items()))
    return f"{gone} of {len(models)} gone{others}"


def requested(models: Sequence[Model]) -> str:
    """Return how many deletions were requested that the listing does not show yet."""
    number = sum(
        model.outcome is None and model.requested == "delete" and model.status != "DELETING"
        for model in models
    )
    if not number:
        return ""
    return ", deletion requested" if len(models) == 1 else f", deletion of {number} requested"


def time_passed(elapsed: float, limit: float) -> str:
    """Return the time gone by and its limit, both from seconds."""
    of = "" if math.isinf(limit) else f" of {_duration(limit)}"
    return f"{_duration(elapsed)}{of}"


def outcome(models: Sequence[Model]) -> tuple[list[str], list[str]]:
    """Return what was done, and what was not, with the reasons."""
    if not models:
        return ["There is no model to delete."], []
    groups: dict[Outcome | None, list[Model]] = collections.defaultdict(list)
    for model in models:
        groups[model.outcome].append(model)
    deleted, missing = groups[Outcome.DELETED], groups[Outcome.NOT_FOUND]
    done = [f"Deleted: {_names(deleted)}."] if deleted else []
    done += [f"Not there: {_names(missing)}."] if missing else []
    return done, _grouped("Not deleted", groups[Outcome.FAILED] + groups[None])


def why_open(model: Model, ending: str) -> str:
    """Return why a model that was worked on till the end isn't deleted, and what goes on."""
    return f"{ending}; {_what_goes_on(model)}"


def lost_from_sight(model: Model, error: Exception) -> str:
    """Return why a model fails whose look-up is refused."""
    return f"its status can't be looked up any more: {error}; {_what_goes_on(model)}"


def refused_by_the_service(model: Model, what: str, error: Exception) -> str:
    """Return why a model fails that the service refuses to stop or to delete."""
    also = f"; {_what_goes_on(model)}" if model.requested else ""
    return f"the service refused to {what} it: {error}{also}"


def deletion_failed(model: Model) -> str:
    """Return why a model fails that was DELETING and is no longer."""
    return f"its deletion failed: {model.status_message or 'no reason was given'}"


def changed_meanwhile(model: Model) -> str:
    """Return why a model fails whose status is one that nobody consented to."""
    if rule(model.status).option == STOP_IF_RUNNING:
        return f"it was started after the list was confirmed and is {model.status}"
    return f"it is {model.status} since the list was confirmed"


def _what_goes_on(model: Model) -> str:
    if model.status == "DELETING" or (model.requested == "delete" and model.answered):
        return "its deletion was requested and goes on at the service"
    if model.requested == "delete":
        return "its deletion was requested, and goes on at the service if the request arrived"
    if model.requested == "stop" or model.status == "STOPPING":
        return "it was asked to stop, and its deletion was not requested yet"
    return "nothing was requested for it yet"


def not_confirmed(argv: Sequence[str], interactive: bool) -> list[str]:
    """Return what to say when the answer was not the word."""
    line = 'Nothing was changed: the answer was not "delete".'
    return [line] if interactive else [line, to_go_on(argv, "--yes")]


def no_such_model(missing: Sequence[str]) -> str:
    """Return the message for models, by ARN or version name, that their project does not have."""
    more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
    return f"no such model: {', '.join(missing[:NAMED])}{more}."


def not_there(missing: Sequence[str], argv: Sequence[str]) -> str:
    """Return that message for a run that ends with it."""
    return (
        f"{no_such_model(missing)} Nothing was changed."
        f" If it may be gone already: {again(argv, '--ignore-not-found')}"
    )


def refusal(models: Sequence[Model], argv: Sequence[str]) -> str:
    """Return why the run is refused, and the command that would not be."""
    refused = [model for model in models if model.plan is Action.REFUSE]
    options = dict.fromkeys(rule(model.status).option or "" for model in refused)
    return "\n".join(
        [
            "Nothing was changed.",
            *_grouped("Can't be deleted now", refused),
            to_go_on(argv, *options),
        ]
    )


def why_refused(model: Model) -> str:
    """Return the reason for refusing a model before anything is changed."""
    option = str(rule(model.status).option)
    return f"{option} would {_HELP[option]}"


def to_go_on(argv: Iterable[str], *options: str) -> str:
    """Return the line that says what to type next."""
    return f"To go on: {again(argv, *options)}"


def to_resume(argv: Sequence[str], models: Sequence[Model], chosen_by_arn: bool) -> str:
    """Return the line that says how to wait on for what is not deleted."""
    if chosen_by_arn:
        return to_go_on(argv, "--ignore-not-found")
    # Under the same names there may be new models by then, which nobody confirmed.
    left = [model.arn.text for model in models if model.outcome in (None, Outcome.FAILED)]
    if len(left) > NAMED:
        return to_go_on([word for word in argv if word != "--yes"], "--ignore-not-found")
    return to_go_on(_without_choice(argv), "--project-version-arn", *left, "--ignore-not-found")


def _without_choice(argv: Sequence[str]) -> Iterator[str]:
    is_choice = False
    for word in argv:
        if word.startswith("--"):  # perhaps abbreviated, perhaps with its value
            name = word.partition("=")[0]
            is_choice = "--version-names".startswith(name) or "--all-versions".startswith(name)
        if not is_choice:
            yield word


def again(argv: Iterable[str], *options: str) -> str:
    """Return the command that was typed, with these options added."""
    typed = ["aws", *argv]
    return visible(shlex.join([*typed, *(word for word in options if word not in typed)]))


def _grouped(title: str, models: Iterable[Model]) -> list[str]:
    groups: dict[tuple[str | None, str], list[Model]] = {}
    for model in models:
        groups.setdefault((model.status, model.reason), []).append(model)
    return [
        f"{title}: {_names(some)} ({status}): {reason}."
        for (status, reason), some in groups.items()
    ]


def _names(models: Sequence[Model]) -> str:
    if len(models) > NAMED:
        return _count(models)
    by_project: dict[str, list[str]] = {}
    for model in models:
        by_project.setdefault(model.arn.scope.project_name, []).append(model.arn.version_name)
    return "; ".join(
        f"version{'s' if len(names) > 1 else ''} {', '.join(names)} of project {project}"
        for project, names in by_project.items()
    )


def _count(models: Sequence[Model]) -> str:
    return "1 model" if len(models) == 1 else f"{len(models)} models"


def _state(model: Model) -> str:
    if model.outcome is None:
        return str(model.status)
    return "failed" if model.outcome is Outcome.FAILED else "gone"


def _created(model: Model, now: datetime.datetime) -> str:
    if model.created is None:
        return "-"
    return f"{model.created:%Y-%m-%d} ({(now - model.created).days} d)"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _columns(rows: Sequence[Sequence[str]], width: int | None) -> list[str]:
    """Align the cells of all rows, each row in as many lines as the width asks for."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    breaks, position = set(), 0
    for column, size in enumerate(widths):
        position += 2 + size
        if width is not None and column and position > width:
            breaks.add(column)
            position = 6 + size
    lines = []
    for row in rows:
        line = ""
        for column, (cell, size) in enumerate(zip(row, widths)):
            if column in breaks:
                lines.append(line.rstrip())
                line = " " * 4
            line += f"  {cell:{size}}"
        lines.append(line.rstrip())
    return lines
