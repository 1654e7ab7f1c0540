"""Measures the rows and prints them; exits with 1 if a target is missed.

``python -m tests.benchmarks quotas progress`` measures these alone.
"""

from __future__ import annotations

import contextlib
import datetime
import importlib.metadata
import inspect
import os
import platform
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import Stand
from tests.benchmarks.rows import ROWS, Figure
from tests.hosts.installs import Host, find

COLUMNS = (44, 6, 12, 12, 8, 14, 14)


def main() -> int:
    rows = [row for row in ROWS if row.__name__ in sys.argv[1:]] or ROWS
    missed = 0
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stands = []
        for name in ("v1", "v2"):
            host = find(name)
            if not isinstance(host, Host):
                print(f"{name}: {host}", file=sys.stderr)
                return 2
            stands.append(stack.enter_context(contextlib.closing(Stand(host, home / name))))
        _print_machine(stands)
        for row in rows:
            print(f"\n{inspect.getdoc(row)}\n")
            _print("", "host", "at most", "measured", "", "guide's way", "shell loop")
            for figure in row(*stands):
                missed += _print_figure(figure)
    return int(missed > 0)


def _print_machine(stands: list[Stand]) -> None:
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    boto3 = importlib.metadata.version("boto3")
    print(
        f"{datetime.date.today()}, {platform.system()} {platform.machine()},"
        f" {os.cpu_count()} cores, {memory:.0f} GiB memory",
        *(f"{stand.host.name}: {stand.host.version}" for stand in stands),
        f"guide's way: a script with boto3 {boto3}, Python {platform.python_version()}",
        "shell loop: delete-project-version, describe-project-versions of the same host",
        sep="\n",
    )


def _print_figure(figure: Figure) -> bool:
    """Print a line, and say whether the target was missed."""
    what, host, measured, unit, most, guide, loop = figure
    is_missed = most is not None and measured > most
    verdict = "" if most is None else "MISSED" if is_missed else "met"
    values = [_number(value, unit) for value in (most, measured, guide, loop)]
    _print(what, host, *values[:2], verdict, *values[2:])
    return is_missed


def _print(*cells: str) -> None:
    line = " ".join(cell.ljust(width) for cell, width in zip(cells, COLUMNS))
    print(f"  {line}".rstrip(), flush=True)


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{value:.2f}{unit}" if unit else f"{value:.0f}"


if __name__ == "__main__":
    sys.exit(main())
