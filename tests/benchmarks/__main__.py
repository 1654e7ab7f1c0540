"""Measures every row and prints the table; exits with 1 if a target is missed."""

from __future__ import annotations

import contextlib
import datetime
import importlib.metadata
import os
import platform
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import rows
from tests.benchmarks.measure import Stand
from tests.benchmarks.rows import Figure, Row
from tests.hosts.installs import Host, find

COLUMNS = (44, 6, 12, 12, 8, 16, 16)


def main() -> int:
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stands = []
        for name in ("v1", "v2"):
            host = find(name)
            if not isinstance(host, Host):
                print(f"{name}: {host}", file=sys.stderr)
                return 2
            stand = Stand(host, home / name)
            stack.callback(stand.close)
            stands.append(stand)
        v2 = stands[1]
        table = [
            rows.hundred_models(v2),
            rows.quota(stands),
            rows.low_quotas(stands),
            rows.twenty_copies(stands),
            rows.memory(stands),
            rows.slow_model(stands),
            rows.quick_model(v2),
            rows.progress(v2),
            rows.others(stands),
        ]
    print(_machine(stands))
    for row in table:
        _print(row)
    return int(any(_verdict(figure) == "MISSED" for row in table for figure in row.figures))


def _machine(stands: list[Stand]) -> str:
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    boto3 = importlib.metadata.version("boto3")
    return "\n".join(
        [
            f"{datetime.date.today()}, {platform.system()} {platform.machine()},"
            f" {os.cpu_count()} cores, {memory:.0f} GiB memory",
            *(f"{stand.host.name}: {stand.host.version}" for stand in stands),
            f"guide's way: a script with boto3 {boto3}, Python {platform.python_version()}",
            "shell loop: delete-project-version, describe-project-versions of the same host",
        ]
    )


def _print(row: Row) -> None:
    print(f"\n{row.title}")
    _line("", "host", "at most", "measured", "", "guide's way", "shell loop")
    for figure in row.figures:
        _line(
            figure.what,
            figure.host,
            "" if figure.at_most is None else _number(figure.at_most, figure.unit),
            _number(figure.measured, figure.unit),
            _verdict(figure),
            figure.guide or "-",
            figure.loop or "-",
        )
    if row.notes:
        print(f"  {row.notes}")


def _line(*cells: str) -> None:
    print("  " + " ".join(cell.ljust(width) for cell, width in zip(cells, COLUMNS)).rstrip())


def _number(value: float, unit: str) -> str:
    return f"{value:.2f}{unit}" if unit else f"{value:.0f}"


def _verdict(figure: Figure) -> str:
    if figure.at_most is None:
        return ""
    return "met" if figure.measured <= figure.at_most else "MISSED"


if __name__ == "__main__":
    sys.exit(main())
