"""The report: a table of facts, as believed or different and how, fit to be shown to anybody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

#: What must not be in a report, and what stands in its place. The order counts.
_HIDDEN = [
    (r"(arn:[\w-]+:(?:iam|sts)::)\d{12}:[^\s\"',;)]+", r"\1<account>:<principal>"),
    (r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b", "<access key>"),
    (r"\b\d{12}\b", "<account>"),
    (r"(?<=/)\d{13}\b", "<time>"),
    (r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b", "<id>"),
]
_NOTHING = "(not done)"


class Row(NamedTuple):
    fact: str
    service: str
    believed: str

    @property
    def is_as_believed(self) -> bool:
        return self.service == self.believed


def compare(service: Mapping[str, str], believed: Mapping[str, str]) -> list[Row]:
    """A row for each fact of either side, in the order in which they were found."""
    names = dict.fromkeys([*service, *believed])
    return [Row(name, service.get(name, _NOTHING), believed.get(name, _NOTHING)) for name in names]


def redact(text: str, *secrets: str) -> str:
    """Take out accounts, principals, keys, request ids and times in ARNs, and these texts."""
    for secret in filter(None, secrets):
        text = re.sub(rf"(?<![\w.-]){re.escape(secret)}(?![\w.-]*\w)", "<name>", text)
    for pattern, stand_in in _HIDDEN:
        text = re.sub(pattern, stand_in, text)
    return text


def render(
    heading: str, rows: list[Row], record: Mapping[str, str], left_out: list[str], *secrets: str
) -> str:
    """The report in Markdown."""
    different = [row for row in rows if not row.is_as_believed]
    lines = [
        f"# {heading}",
        "",
        f"{len(rows) - len(different)} of {len(rows)} facts are as believed,"
        f" {len(different)} different.",
        *(f"- Left out: {what}" for what in left_out),
        "",
        "| fact | | found | believed |",
        "|---|---|---|---|",
        *(f"| {' | '.join(_cells(row))} |" for row in rows),
        "",
        "For the record, and compared with nothing:",
        "",
        *(f"- {name}: `{' '.join(text.split())}`" for name, text in record.items() if text),
    ]
    return redact("\n".join(lines), *secrets) + "\n"


def _cells(row: Row) -> list[str]:
    verdict = "as believed" if row.is_as_believed else "**different**"
    believed = "" if row.is_as_believed else row.believed
    return [cell.replace("|", "\\|") for cell in (row.fact, verdict, row.service, believed)]
