"""Measures the rows and prints them; exits with 1 if a target is missed.

``python -m tests.benchmarks quotas progress`` measures these alone.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import platform
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import Stand
from tests.benchmarks.rows import ROWS
from tests.hosts.installs import install


def main() -> int:
    rows = [row for row in ROWS if row.__name__ in sys.argv[1:]] or ROWS
    missed = 0
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stands = [
            stack.enter_context(contextlib.closing(Stand(install(name), home / name)))
            for name in ("v1", "v2")
        ]
        print(datetime.date.today(), platform.platform(), f"{os.cpu_count()} cores")
        print(*(f"{stand.host.name}: {stand.host.version}" for stand in stands), sep="\n")
        for row in rows:
            print(f"\n{row.__doc__}\n")
            print(_line("", "host", "at most", "measured", "", "guide's way", "shell loop"))
            for what, host, measured, unit, most, guide, loop in row(*stands):
                is_missed = most is not None and measured > most
                missed += is_missed
                verdict = "" if most is None else "MISSED" if is_missed else "met"
                values = [
                    "" if value is None else f"{value:.{2 if unit else 0}f}{unit}"
                    for value in (most, measured, guide, loop)
                ]
                print(_line(what, host, *values[:2], verdict, *values[2:]), flush=True)
    return int(missed > 0)


def _line(*cells: str) -> str:
    widths = (44, 6, 12, 12, 8, 14, 14)
    return " ".join(cell.ljust(width) for cell, width in zip(cells, widths)).rstrip()


if __name__ == "__main__":
    sys.exit(main())
