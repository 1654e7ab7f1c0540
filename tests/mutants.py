"""What `mutmut run` found: killed of all by module, and the survivors that mutants.md lacks.

A survivor is known by its line before and after, because mutmut numbers mutants anew whenever the
code changes. ``python -m tests.mutants`` fails if a module has less than 97 % that are killed or
known to change nothing.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KNOWN = ROOT / "tests" / "mutants.md"
ENOUGH = 0.97
# Exit statuses of pytest that mutmut keeps: passed, and no test runs the line.
SURVIVED = (0, 5, 33)


def known() -> set[tuple[str, str]]:
    """Return the changes that change nothing: the line before and after."""
    pairs = re.findall(r"^ +- (.+)\n +\+ (.+)$", KNOWN.read_text(), re.MULTILINE)
    return {(before.strip(), after.strip()) for before, after in pairs}


def change(name: str) -> tuple[str, str]:
    shown = subprocess.run(
        [Path(sys.executable).with_name("mutmut"), "show", name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    [before] = re.findall(r"^-(?!-- )(.*)$", shown, re.MULTILINE)[:1] or [""]
    [after] = re.findall(r"^\+(?!\+\+ )(.*)$", shown, re.MULTILINE)[:1] or [""]
    return before.strip(), after.strip()


def modules() -> Iterator[tuple[str, dict[str, int]]]:
    """Yield each mutated module with its mutants, and what the tests ended with."""
    for path in sorted(ROOT.glob("mutants/awscli_rekcl/**/*.py.meta")):
        codes = json.loads(path.read_text())["exit_code_by_key"]
        run = {name: code for name, code in codes.items() if code is not None}
        if run:
            yield str(path.relative_to(ROOT / "mutants" / "awscli_rekcl"))[: -len(".py.meta")], run


def main() -> int:
    """Print the table. Return whether a module falls short."""
    harmless, falls_short = known(), False
    for module, codes in modules():
        survivors = {name: change(name) for name, code in codes.items() if code in SURVIVED}
        unknown = {name: pair for name, pair in survivors.items() if pair not in harmless}
        listed = len(survivors) - len(unknown)
        killed = len(codes) - len(survivors)
        print(f"{module:20} {killed:4} of {len(codes):4} killed, {listed:3} listed", flush=True)
        for name, (before, after) in unknown.items():
            print(f"    {name}\n      - {before}\n      + {after}")
        falls_short |= killed + listed < ENOUGH * len(codes)
    return int(falls_short)


if __name__ == "__main__":
    sys.exit(main())
