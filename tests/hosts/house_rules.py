"""The AWS CLI's rules for its own commands, applied to ours; runs inside of a host's Python.

They are those of the AWS CLI's tests `tests/functional/test_shadowing.py` and
`tests/functional/docs/test_examples.py`, which look at commands of the service models and at files
of the AWS CLI only. Prints the names of the options checked and of the commands parsed as JSON.
"""

from __future__ import annotations

import json
import re
import shlex
import sys
from typing import Any

import docutils.frontend
import docutils.parsers.rst
import docutils.utils
from awscli.argparser import ArgTableArgParser
from awscli.clidriver import create_clidriver
from awscli.help import PosixHelpRenderer


def rst_problems(text: str) -> list[str]:
    parser = docutils.parsers.rst.Parser()
    defaults = docutils.frontend.OptionParser(components=(parser,)).get_default_values()
    # Directives of the AWS CLI's own documentation build are none of our text.
    defaults.report_level = 5
    document = docutils.utils.new_document("help", defaults)
    problems: list[str] = []
    document.reporter.attach_observer(
        lambda message: problems.append(message.astext()) if message["level"] >= 2 else None
    )
    parser.parse(text, document)
    return problems


def commands_in(text: str) -> list[list[str]]:
    """The words of each of our commands in the examples, as far as a shell's syntax allows."""
    joined = text.replace("\\\n", " ")
    lines = re.findall(r"aws rekognition delete-model-and-wait.*", joined)
    return [shlex.split(re.split(r"\)$| \|", line)[0]) for line in lines]


def main() -> None:
    driver = create_clidriver()
    top = driver.create_help_command()
    service = top.command_table["rekognition"].create_help_command()
    command = service.command_table["delete-model-and-wait"]
    shadows = [o for o in command.arg_table for g in top.arg_table if g.startswith(o)]

    # The whole page, as the host makes it, before it is turned into a manual page.
    page: list[str] = []
    PosixHelpRenderer.render = lambda self, contents: page.append(
        contents.decode() if isinstance(contents, bytes) else contents
    )
    command.create_help_command()([], Globals())
    # Version 2 has made it public.
    create_parser = getattr(driver, "create_parser", None) or driver._create_parser
    parser = create_parser(driver._get_command_table())
    parsed = []
    for words in commands_in(command.EXAMPLES):
        known, rest = parser.parse_known_args(words[1:])
        assert known.command == "rekognition", words
        assert rest[0] == "delete-model-and-wait", rest
        ArgTableArgParser(command.arg_table).parse_args(rest[1:])
        parsed.append(" ".join(words))
    json.dump(
        {
            "options": list(command.arg_table),
            "shadows": shadows,
            "problems": rst_problems(page[0]),
            "links": re.findall(r"`.+?<http://", page[0]),
            "commands": parsed,
        },
        sys.stdout,
    )


class Globals:
    """No global option was given."""

    def __getattr__(self, name: str) -> Any:
        return None


if __name__ == "__main__":
    main()
