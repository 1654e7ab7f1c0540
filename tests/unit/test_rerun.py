"""The line to type: it parses to the options that it was made of, whatever the values look like."""

from __future__ import annotations

import argparse
import math
import os
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from awscli_rekcl import rerun
from awscli_rekcl.arguments import ARG_TABLE
from awscli_rekcl.lifecycle import Consent
from awscli_rekcl.options import Options
from awscli_rekcl.rerun import WRITTEN_OUT, global_words
from awscli_rekcl.text import quoted

from .fakes import arguments, model_arn, options, project_arn

COMMAND = "aws rekognition delete-model-and-wait"


class Parser(argparse.ArgumentParser):
    """Parses our arguments as the AWS CLI does, which makes its parser of the same table."""

    def __init__(self) -> None:
        super().__init__(prog=COMMAND, add_help=False)
        for argument in ARG_TABLE:
            wanted = {key: argument[key] for key in ("nargs", "action") if key in argument}
            self.add_argument(f"--{argument['name']}", **wanted)

    def options(self, line: str) -> Options:
        """Check a line as if it had been typed."""
        assert line.startswith(COMMAND)
        return Options.parse(self.parse_args(shlex.split(line[len(COMMAND) :])), None, can_ask=True)


PARSER = Parser()
NAMES = st.one_of(
    st.sampled_from(["--yes", "--", "-", "-v1", "None", "-1", "--version-names", "3", "_", "all"]),
    st.from_regex(r"[a-zA-Z0-9_.\-]{1,8}", fullmatch=True),
)
SECONDS = st.one_of(st.floats(1e-9, 3e8), st.integers(1, 10**6).map(float))


@st.composite
def checked(draw: st.DrawFn) -> Options:
    """Any options that can come about."""
    flags = st.booleans()
    yes = draw(flags)
    # A project or a version may be called --yes, and more. argparse can't take `--` for a single
    # value before Python 3.13, nor can what was typed there have had it.
    name = draw(NAMES.filter(lambda name: name not in ("None", "--")))
    project = draw(st.sampled_from([None, project_arn(name)]))
    way = draw(st.sampled_from(["arns", "names", "all"]))
    names = draw(st.lists(NAMES, max_size=12, unique=True))
    number = draw(st.one_of(st.none(), st.integers(1, 999_999_999)))
    # Each field by its name: a new one has to be drawn as well.
    return Options(
        arns=[model_arn(n, name) for n in names] if way == "arns" else None,
        project=project,
        project_name=None if project or way == "arns" else name,
        region=None,
        version_names=names if way == "names" else None,
        all_versions=way == "all",
        keep_newest=number if way == "all" else None,
        yes=yes,
        dry_run=draw(flags),
        skip_if_busy=draw(flags),
        ignore_not_found=draw(flags),
        consents=draw(st.frozensets(st.sampled_from(list(Consent)))),
        no_progress=draw(flags),
        only_show_errors=yes and draw(flags),
        timeout=draw(st.one_of(st.none(), st.just(math.inf), SECONDS)),
        poll_interval=draw(st.one_of(st.none(), SECONDS)),
    )


@pytest.mark.posix("quoted for sh")
@given(checked())
@settings(deadline=None)
def test_a_line_parses_to_what_was_meant(meant: Options) -> None:
    assert PARSER.options(rerun.line(meant)) == meant
    # Then for the models that are left of these.
    left = [model_arn("left", meant.project.scope.project_name if meant.project else "cats")]
    assert PARSER.options(rerun.line(meant.only(left))) == meant.only(left)


@pytest.mark.posix("quoted for sh")
@pytest.mark.parametrize(
    ("given_", "text"),
    [
        ({"version_names": ["v1", "v2"]}, "--version-names v1 v2"),
        ({"version_names": ['["--yes"]']}, """--version-names '["--yes"]'"""),
        ({"version_names": ['["None"]']}, """--version-names '["None"]'"""),
        ({"version_names": ["v1", "-v"]}, """--version-names '["v1", "-v"]'"""),
        ({"version_names": "[]"}, "--version-names '[]'"),
        ({"all_versions": True, "timeout": "0"}, "--all-versions --timeout 0"),
        ({"all_versions": True, "timeout": "1e-9"}, "--all-versions --timeout 1e-09"),
        ({"all_versions": True, "timeout": "90.0"}, "--all-versions --timeout 90"),
        ({"all_versions": True, "keep_newest": "05"}, "--all-versions --keep-newest 5"),
    ],
)
def test_line(given_: dict[str, Any], text: str) -> None:
    line = rerun.line(options(project_name="--x", **given_))
    assert line == f"{COMMAND} --project-name=--x {text}"


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["v1", "-v.1"], '--version-names=v1 "--version-names=-v.1"'),
        (["--yes", "--all-versions"], "--version-names=--yes --version-names=--all-versions"),
        ([], '--version-names "[]"'),
        (["None"], r"""--version-names '[\"None\"]'"""),
        (["--"], r"""--version-names '[\"--\"]'"""),
    ],
)
def test_on_windows_a_list_does_without_json(
    names: list[str], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.delenv("PROMPT", raising=False)
    meant = options("cats/v1")._replace(arns=None, project_name="p", version_names=names)
    line = rerun.line(meant)
    assert line == f"{COMMAND} --project-name p {text}"
    assert names in (["None"], ["--"]) or PARSER.options(line) == meant


class Query:
    """A query as the AWS CLI keeps it: compiled."""

    expression = "ProjectVersions[0].Status"


# As in the AWS CLI's `data/cli.json`.
GLOBALS: dict[str, dict[str, str]] = {
    "debug": {"action": "store_true"},
    "endpoint-url": {},
    "no-verify-ssl": {"action": "store_false", "dest": "verify_ssl"},
    "query": {},
    "profile": {},
    "version": {"action": "version"},
    "color": {"default": "auto"},
    "ca-bundle": {"dest": "ca_bundle"},
    "cli-read-timeout": {"dest": "read_timeout", "type": "int"},
    "cli-connect-timeout": {"dest": "connect_timeout", "type": "int"},
    "cli-auto-prompt": {"action": "store_true"},
    "no-cli-auto-prompt": {"action": "store_true"},
}


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ({}, []),
        ({"color": "auto", "verify_ssl": None, "debug": False, "query": None}, []),
        ({"read_timeout": None}, ["--cli-read-timeout", "0"]),
        ({"connect_timeout": 7}, ["--cli-connect-timeout", "7"]),
        ({"verify_ssl": False, "ca_bundle": "/ca"}, ["--no-verify-ssl", "--ca-bundle", "/ca"]),
        ({"verify_ssl": "/ca"}, []),
        ({"query": Query()}, ["--query", Query.expression]),
        ({"endpoint_url": "u", "profile": "p"}, ["--endpoint-url", "u", "--profile", "p"]),
        ({"color": "on", "debug": True}, ["--debug", "--color", "on"]),
        ({"cli_auto_prompt": True, "no_cli_auto_prompt": True}, ["--no-cli-auto-prompt"]),
        ({"profile": "--x", "query": "-1"}, ["--query=-1", "--profile=--x"]),
    ],
)
def test_global_words(given_: dict[str, Any], words: list[str]) -> None:
    defaults = {"read_timeout": 60, "connect_timeout": 60}
    assert global_words(argparse.Namespace(**{**defaults, **given_}), GLOBALS) == words


@pytest.mark.posix("quoted for sh")
def test_global_words_come_first() -> None:
    line = rerun.line(options(project_name="p", all_versions=True), ["--profile", "my profile"])
    assert line.startswith("aws --profile 'my profile' rekognition delete-model-and-wait --p")


@pytest.mark.posix("bash")
@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1))
@example("caf\udce9.txt")  # whose name is no UTF-8
@settings(max_examples=50, deadline=None)
def test_bash_reads_what_was_typed(word: str) -> None:
    assume("://" not in word)
    script = f"printf %s {quoted(word)}"
    assert script.isprintable()
    environment = {"LC_ALL": "C.UTF-8"}
    printed = subprocess.run(["bash", "-c", script], env=environment, capture_output=True).stdout
    assert printed == word.encode(errors="surrogateescape")


def source(value: str, count: int, name: str = "project_version_arn") -> str | None:
    """What names a list of so many models that was given like that."""
    paths = [f"cats/v{i}" for i in range(count)]
    raw = arguments(**{name: [value]})
    return rerun.list_source(options(*paths), raw)


@pytest.mark.posix("a folder with a colon in its name")
@pytest.mark.parametrize("name", ["project_version_arn", "version_names"])
def test_a_file_is_named_again(name: str, tmp_path: Path) -> None:
    # With the prefix once more in its name.
    file = tmp_path / "file:" / "list"
    file.parent.mkdir()
    file.write_text("x")
    value = f"file://{tmp_path}/file://list"
    assert source(value, 1, name) == value
    again = options(project_arn=project_arn().text, version_names="x")._replace(list_source=value)
    assert f"--version-names {value}" in rerun.line(again)


@pytest.mark.posix("files that are no files")
def test_what_can_not_be_read_again_is_written_out(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path / "fifo", "/dev/null", tmp_path / "gone"):
        assert source(f"file://{path}", WRITTEN_OUT) is None
        assert source(f"file://{path}", WRITTEN_OUT + 1) == rerun.LIST_TO_GIVE_AGAIN
    again = options("cats/v1", yes=True)._replace(list_source=rerun.LIST_TO_GIVE_AGAIN)
    text = "--project-version-arn file://THE-SAME-LIST --yes  # replace file://THE-SAME-LIST "
    assert rerun.line(again).startswith(f"{COMMAND} {text}")


def test_a_list_that_was_typed_stays_however_long() -> None:
    paths = [f"cats/v{i}" for i in range(11)]
    raw = arguments(project_version_arn=[model_arn(f"v{i}").text for i in range(11)])
    typed = options(*paths)
    for values in (raw, arguments(version_names=["file"]), arguments()):
        assert rerun.list_source(typed, values) is None
    assert PARSER.options(rerun.line(typed)).arns == typed.arns


def test_a_long_list_that_was_picked_is_picked_again() -> None:
    picked = options("cats/v1")._replace(list_source="", project=project_arn())
    assert rerun.line(picked) == f"{COMMAND} --project-arn {project_arn().text}"
