"""What `mutmut run` found: how many faults the unit tests notice in each module, and in all.

``python -m tests.mutants`` fails if that is less than 97 %. `mutmut show NAME` shows one that is
left; some change nothing (``None`` for ``False``).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENOUGH = 0.97
# Exit statuses of pytest that mutmut keeps: passed, and no test runs the line.
SURVIVED = (0, 5, 33)


def main() -> int:
    left, run = 0, 0
    for path in sorted(ROOT.glob("mutants/awscli_rekcl/**/*.py.meta")):
        codes = json.loads(path.read_text())["exit_code_by_key"]
        survivors = [name for name, code in codes.items() if code in SURVIVED]
        unknown = [name for name, code in codes.items() if code is None]  # not run
        if len(unknown) == len(codes):
            continue
        print(f"{path.stem}: {len(codes) - len(survivors)} of {len(codes)}", *survivors, *unknown)
        left += len(survivors) + len(unknown)
        run += len(codes)
    print(f"{run - left} of {run} were noticed.")
    return int(not run or run - left < ENOUGH * run)


if __name__ == "__main__":
    sys.exit(main())
