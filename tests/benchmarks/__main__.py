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
            for figure in row(*stands):
                is_missed = figure.at_most is not None and figure.measured > figure.at_most
                missed += is_missed
                measured = f"{figure.measured:.2f}{figure.unit}{' MISSED' * is_missed}"
                pairs = zip(("at most", "guide", "loop"), figure[4:])
                others = [f"{name} {value:.2f}" for name, value in pairs if value is not None]
                print(f"  {figure.what} ({figure.host}): {measured}", *others, sep=", ", flush=True)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
