"""The options in docs/reference.md, from `awscli_rekcl/arguments.py`: `make reference`."""

from __future__ import annotations

import re
from pathlib import Path

from awscli_rekcl.arguments import ARG_TABLE

PAGE = Path(__file__).parents[1] / "docs" / "reference.md"


def with_current_options(page: str) -> str:
    """Return the page with the table of options that its command has now."""
    rows = ["| option | meaning |", "|---|---|"]
    for argument in ARG_TABLE:
        synopsis = argument.get("synopsis", f"--{argument['name']}")
        rows.append(f"| `{synopsis}` | {argument['help_text'].replace('``', '`')} |")
    text, count = re.subn(r"(?<=## Options\n\n)(\|.*\n)+", "\n".join([*rows, ""]), page)
    assert count == 1
    return text


if __name__ == "__main__":
    PAGE.write_text(with_current_options(PAGE.read_text()))
