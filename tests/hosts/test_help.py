"""The manual page, as each host renders it, and that it and the README leave nothing out."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from awscli_rekcl.arguments import ARG_TABLE
from awscli_rekcl.install import archive
from awscli_rekcl.lifecycle import RULES, Action, Request
from awscli_rekcl.model import Outcome
from tests.hosts.command import COMMAND
from tests.hosts.installs import Host
from tests.hosts.shell import Aws
from tests.hosts.texts import HELP, README, REFERENCE, blocks, examples

# The frozen copy of version 2 lacks the texts of the AWS CLI: there is no help for any command.
pytestmark = pytest.mark.hosts("v1", "v1-old", "v2-debian")

OPTIONS = {f"--{argument['name']}" for argument in ARG_TABLE}
# The statuses that get a treatment of their own; those that are simply deleted are not listed.
STATUSES = [name for name, rule in RULES.items() if name and rule.action is not Action.DELETE]
RESULTS = [*(action.name for action in Action), *(outcome.name for outcome in Outcome)]
EXITS = ["0", "1", "124", "130", "143", "252", "253", "254", "255"]
PERMISSIONS = [
    "rekognition:DescribeProjects",
    "rekognition:DescribeProjectVersions",
    *(f"rekognition:{request.operation}" for request in Request),
]


def page(host: Host, home: Path, *command: str) -> str:
    """Return a manual page as plain text, with every run of white space as one space."""
    if not (shutil.which("groff") or shutil.which("mandoc")):
        pytest.skip("the AWS CLI needs groff or mandoc to render help")
    aws = Aws(host, home)  # help needs no service
    zipped = home / "awscli_rekcl.zip"
    zipped.write_bytes(archive.content())
    aws.environment["PYTHONPATH"] = str(zipped)  # for version 1
    aws.config.write_text(f"[plugins]\nrekcl = awscli_rekcl\ncli_legacy_plugin_path = {zipped}\n")
    result = aws.bash(f"aws {' '.join(command)} help | cat")
    assert (result.returncode, result.stderr) == (0, "")
    assert "System Message" not in result.stdout
    text = re.sub(r".\x08|\x1b\[[0-9;]*m", "", result.stdout)  # bold
    text = re.sub(r"(?<=\w)-\n\s+(?=\w)", "-", text)  # hyphens: see `words`
    # A newer docutils leaves the headings as they are written.
    text = re.sub(r"^[A-Z]\w+( [A-Z]\w+)*$", lambda line: line[0].upper(), text, flags=re.MULTILINE)
    return " ".join(text.split())


def words(text: str) -> str:
    """Take hyphens out, because groff divides words at the end of a line."""
    return text.replace("-", "")


def test_the_page_is_complete(host: Host, tmp_path: Path) -> None:
    whole = page(host, tmp_path, *COMMAND)
    synopsis = whole[whole.index("SYNOPSIS") : whole.index("OPTIONS")]
    assert set(re.findall(r"--[a-z-]+", synopsis)[: len(OPTIONS)]) == OPTIONS
    text = words(whole)
    sections = [text.index(name) for name in ("DESCRIPTION", "SYNOPSIS", "OPTIONS", "EXAMPLES")]
    assert sections == sorted(sections)
    options = text[text.index("OPTIONS") : text.index("EXAMPLES")]
    for option in OPTIONS:
        assert re.search(rf" {words(option)} \((string|boolean|float)\) [A-Z]", options), option
    listed, ours = set(re.findall(r" ([a-z]+) \([a-z]+\) [A-Z]", options)), set(map(words, OPTIONS))
    assert "endpointurl" in listed
    # A rule of the AWS CLI: who types an option of its own, perhaps shortened, doesn't get ours.
    assert not [each for each in listed - ours if each.startswith(tuple(ours))]
    for title in [example.title for example in examples()]:
        assert words(title) in text[text.index("EXAMPLES") :], title
    for exit_status in EXITS:
        assert re.search(rf"\b{exit_status}\b", text[text.index("Exit status") :]), exit_status
    for name in (*STATUSES, *RESULTS, *PERMISSIONS, "S3", "resume"):
        assert name in text, name


@pytest.mark.hosts("v1")
def test_the_command_is_in_the_list_of_the_service(host: Host, tmp_path: Path) -> None:
    assert COMMAND[1] in page(host, tmp_path, COMMAND[0])


def test_texts_are_plain_ascii_and_link_by_https() -> None:
    # The AWS CLI renders help with `groff -T ascii`.
    for file in HELP.iterdir():
        text = file.read_text()
        assert text.isascii(), file
        assert "http://" not in text, file


def test_the_readme_and_the_reference_are_complete() -> None:
    text = README.read_text() + REFERENCE.read_text()
    for option in OPTIONS:
        assert f"| `{option}" in text, option
    for name in (*EXITS, *STATUSES, *RESULTS, *PERMISSIONS):
        assert re.search(rf"\b{name}\b", text), name


def test_the_policy_of_the_readme() -> None:
    [policy] = [json.loads(block) for block in blocks("json") if "Statement" in block]
    assert set(re.findall(r"rekognition:[A-Z]\w+", json.dumps(policy))) == set(PERMISSIONS)
