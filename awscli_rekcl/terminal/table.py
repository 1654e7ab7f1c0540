"""Lists on a terminal: the models to confirm, and what doesn't fit into a line goes below."""

from __future__ import annotations

import collections
import datetime
from collections.abc import Sequence

from awscli_rekcl.arn import Scope
from awscli_rekcl.lifecycle import Action
from awscli_rekcl.model import Model, Outcome
from awscli_rekcl.terminal.console import folded


def table(models: Sequence[Model], now: datetime.datetime, width: int | None) -> list[str]:
    """Return the list to confirm, for a terminal of `width` columns: one line a model, and a sum.

    The sum comes last, where it is seen whatever the length of the list, and before it the models
    that are more than deleted.
    """
    if not models:
        return []
    shown = sorted(models, key=lambda model: model.plan is not Action.DELETE)
    scopes = {model.arn.scope for model in models}
    scope = models[0].arn.scope
    rows = [["VERSION", "STATUS", "ACTION", "CREATED"]]
    for model in shown:
        status = Outcome.NOT_FOUND.value if model.status is None else model.status
        rows.append([model.arn.version_name, status, model.plan.listed, _created(model, now)])
    if len(scopes) == 1:
        where = place(scope)
    else:
        where = f"{len(scopes)} projects (account {scope.account})"
        rows[0] += ["PROJECT", "REGION"]
        for row, model in zip(rows[1:], shown):
            row += [model.arn.scope.project_name, model.arn.scope.region]
    if width is not None and sum(2 + size for size in _sizes(rows)) > width:
        # The age alone, before anything is folded.
        for row, text in zip(rows, ["AGE", *(age(model.created, now) for model in shown)]):
            row[3] = text
    number = "1 model" if len(models) == 1 else f"{len(models)} models"
    totals = collections.Counter(model.plan for model in models)
    if len(totals) == 1:
        total = f"{number} {models[0].plan.summed} in {where}."
    else:
        sums = ", ".join(f"{totals[plan]} {plan.summed}" for plan in Action if totals[plan])
        total = f"{number} in {where}: {sums}."
    return [*aligned(rows, width, indent=4), *folded([total], width)]


def place(scope: Scope) -> str:
    """Return which project it is, in which region and account."""
    return f"project {scope.project_name} ({scope.region}, account {scope.account})"


def aligned(rows: Sequence[Sequence[str]], width: int | None, indent: int) -> list[str]:
    """Align the cells of all rows in lines of at most `width` columns; None is for no limit.

    Cells that don't fit follow in a line of their own, behind `indent` blanks.
    """
    sizes = _sizes(rows)
    lines = []
    for row in rows:
        line = ""
        for column, (cell, size) in enumerate(zip(row, sizes)):
            # By the widest cell, so that all rows are broken alike.
            if width is not None and column and cell and len(line) + 2 + size > width:
                lines.append(line.rstrip())
                line = " " * indent
            line += f"  {cell.ljust(size)}"
        lines.append(line.rstrip())
    return lines


def age(created: datetime.datetime | None, now: datetime.datetime) -> str:
    """Return how old something is, in days."""
    if created is None:
        return "-"
    days = (now - created).days
    return f"{days} d" if days > 0 else "today"  # the clock here may be slow


def _created(model: Model, now: datetime.datetime) -> str:
    if model.created is None:
        return "-"
    return f"{model.created:%Y-%m-%d} ({age(model.created, now)})"


def _sizes(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(len, column)) for column in zip(*rows)]
