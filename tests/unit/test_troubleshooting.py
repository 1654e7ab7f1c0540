"""The messages that docs/troubleshooting.md quotes are ours, or those of an AWS CLI."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.hosts.texts import TROUBLESHOOTING

PACKAGE = Path(__file__).parents[2] / "awscli_rekcl"
# What differs from run to run, or stands in a column of its own.
VALUES = (
    r"awscli_rekcl|my-project|us-east-1|\d{12}|models\.txt|(?<=line )\d+|\bme\b|\broot\b|\.\.\."
    r"|  +|^fails "
)
# Those of the AWS CLI, which `tests/hosts/test_troubleshooting.py` compares, and of the system.
NOT_OURS = {
    "No module named 'awscli_rekcl'",
    "No module named '/home/me/'",
    "Found invalid choice 'delete-model-and-wait'",
    "Invalid choice, valid choices are",
    "No such file or directory: '.../awscli/examples/global_synopsis.rst'",
    "when calling the DescribeProjects operation",
    "Unknown output type: yaml",
    "Device or resource busy",
    "Read-only file system",
    "Permission denied",
}
QUOTED = [
    message
    for heading in re.findall(r"^.*?\*\*(`[^*]+)\*\*", TROUBLESHOOTING.read_text(), re.MULTILINE)
    for message in re.findall(r"`([^`]+)`", heading)
]


def test_the_messages_that_are_quoted() -> None:
    nodes = [
        node for file in PACKAGE.rglob("*.py") for node in ast.walk(ast.parse(file.read_text()))
    ]
    # Every text of the package, and what stands between the values of one.
    texts = [str(node.value) for node in nodes if isinstance(node, ast.Constant)]
    for message in set(QUOTED) - NOT_OURS:
        for part in re.split(VALUES, message):
            assert any(part.strip(" :") in text for text in texts), message
