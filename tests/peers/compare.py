"""Compare the results of two runs of pytest, each in a file as `--junit-xml` writes it."""

from __future__ import annotations

import sys
from collections import Counter
from xml.etree import ElementTree


def results(path: str) -> dict[str, str]:
    """Return what became of each test."""
    found = {}
    for case in ElementTree.parse(path).iter("testcase"):
        kinds = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        found[f"{case.get('classname')}::{case.get('name')}"] = kinds[0] if kinds else "passed"
    return found


def main() -> int:
    """Print the counts and every difference. Return whether there is one, or no test at all."""
    without, with_plugin = map(results, sys.argv[1:])
    print("without:", dict(Counter(without.values())))
    print("with:   ", dict(Counter(with_plugin.values())))
    names = sorted(without.keys() | with_plugin.keys())
    different = [name for name in names if without.get(name) != with_plugin.get(name)]
    for name in different:
        print(f"{name}: {without.get(name)} without, {with_plugin.get(name)} with the plugin")
    return int(bool(different) or "passed" not in with_plugin.values())


if __name__ == "__main__":
    sys.exit(main())
