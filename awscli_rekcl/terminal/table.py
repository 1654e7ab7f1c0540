"""The list of the models to confirm."""

from __future__ import annotations

import collections
import datetime
import textwrap
from collections.abc import Sequence

from awscli_rekcl.lifecycle import Action
from awscli_rekcl.model import Model, Outcome
from awscli_rekcl.terminal.messages import count

ACTIONS = {
    Action.DELETE: "delete",
    Action.STOP_THEN_DELETE: "stop, then delete",
    Action.WAIT_THEN_DELETE: "wait, then delete",
    Action.WAIT: "wait: it is being deleted",
    Action.NONE: "none: it is not there",
    Action.REFUSE: "refuse",
    Action.SKIP: "skip: it is busy",
}


def table(models: Sequence[Model], now: datetime.datetime, width: int | None) -> list[str]:
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
    return [*_columns(rows, width), *folded(f"{count(models)}, {where}: {actions}.", width)]


def folded(text: str, width: int | None) -> list[str]:
    """Return a sentence in lines that fit; None is for no limit."""
    if width is None:
        return [text]
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def _created(model: Model, now: datetime.datetime) -> str:
    if model.created is None:
        return "-"
    return f"{model.created:%Y-%m-%d} ({(now - model.created).days} d)"


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
