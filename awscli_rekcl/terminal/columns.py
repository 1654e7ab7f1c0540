"""Columns for lists on a terminal, where what doesn't fit into a line goes below."""

from __future__ import annotations

from collections.abc import Sequence


def aligned(
    rows: Sequence[Sequence[str]], width: int | None, indent: int, heads: Sequence[str] = ()
) -> list[str]:
    """Align the cells of all rows in lines of at most `width` columns; None is for no limit.

    `heads` stand before the rows, all as wide. Cells that don't fit follow in a line of their own,
    behind `indent` blanks.
    """
    sizes = [max(map(len, column)) for column in zip(*rows)]
    lines = []
    for row, head in zip(rows, heads or [""] * len(rows)):
        line = head
        for column, (cell, size) in enumerate(zip(row, sizes)):
            # By the widest cell, so that all rows are broken alike.
            if width is not None and column and cell and len(line) + 2 + size > width:
                lines.append(line.rstrip())
                line = " " * indent
            line += f"  {cell.ljust(size)}"
        lines.append(line.rstrip())
    return lines
