"""What to type next: it parses to what was meant, whatever was typed before."""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from awscli_rekcl.invocation import Invocation, global_words
from awscli_rekcl.options import ARG_TABLE
from awscli_rekcl.visible import quoted

from .fakes import model_arn, project_arn

COMMAND = "aws rekognition delete-model-and-wait"


class Parser(argparse.ArgumentParser):
    """Parses our words as the AWS CLI does, which makes its parser of the same table."""

    def __init__(self) -> None:
        super().__init__(prog=COMMAND, add_help=False)
        for argument in ARG_TABLE:
            wanted = {key: argument[key] for key in ("nargs", "action") if key in argument}
            self.add_argument(f"--{argument['name']}", **wanted)

    def words(self, line: str) -> argparse.Namespace:
        head, words = line[: len(COMMAND)], line[len(COMMAND) :]
        assert head == COMMAND
        return self.parse_args(shlex.split(words))


PARSER = Parser()
ABBREVIATIONS = {
    f"--{argument['name']}": [
        name
        for end in range(3, len(argument["name"]) + 3)
        if sum(
            f"--{a['name']}".startswith(name := f"--{argument['name']}"[:end]) for a in ARG_TABLE
        )
        == 1
    ]
    for argument in ARG_TABLE
}
VALUES = st.sampled_from(["a", "v 1", "it's", "$HOME", "file:x y", "*", "a=b", "é"])


@st.composite
def typed(draw: st.DrawFn) -> list[str]:
    """Valid words: abbreviated or not, with a value behind = or not, repeated or not."""
    words: list[str] = []
    for argument in draw(st.lists(st.sampled_from(ARG_TABLE), max_size=6)):
        option = f"--{argument['name']}"
        option = draw(st.sampled_from([option, *ABBREVIATIONS[option]]))
        if argument.get("action") == "store_true":
            words.append(option)
        elif draw(st.booleans()):
            words.append(f"{option}={draw(VALUES)}")
        else:
            size = 3 if "nargs" in argument else 1
            words += [option, *draw(st.lists(VALUES, min_size=1, max_size=size))]
    return words


FLAGS = [a["name"] for a in ARG_TABLE if a.get("action") == "store_true"]
LISTS = [a["name"] for a in ARG_TABLE if "nargs" in a]
NAMES = [a["name"] for a in ARG_TABLE]


@given(typed(), st.sets(st.sampled_from(FLAGS)), st.sets(st.sampled_from(NAMES)))
def test_a_line_parses_to_what_was_meant(words: list[str], add: set[str], drop: set[str]) -> None:
    meant = vars(PARSER.parse_args(words))
    for name in drop:
        meant[name.replace("-", "_")] = False if name in FLAGS else None
    for name in add:
        meant[name.replace("-", "_")] = True
    line = Invocation(words).line(add=[f"--{n}" for n in add], drop=[f"--{n}" for n in drop])
    assert vars(PARSER.words(line)) == meant


@given(typed(), st.lists(VALUES, min_size=1))
def test_a_list_is_replaced_by_another(words: list[str], arns: list[str]) -> None:
    drop = ["--version-names", "--all-versions", "--project-version-arn"]
    line = Invocation(words).line(add=["--project-version-arn", *arns], drop=drop)
    parsed = PARSER.words(line)
    assert parsed.project_version_arn == arns
    assert (parsed.version_names, parsed.all_versions) == (None, False)


@pytest.mark.posix("quoted for sh")
@pytest.mark.parametrize(
    ("words", "options", "text"),
    [
        (["--timeout", "b c"], ["--yes"], "--timeout 'b c' --yes"),
        (["--yes"], ["--yes", "--x"], "--yes --x"),
        (["--ye"], ["--yes"], "--ye"),
        (["it's", "$HOME", "*"], [], "'it'\"'\"'s' '$HOME' '*'"),
        (["\x1b[2J"], [], r"$'\033[2J'"),
        (["[a,\nb's\\]"], [], r"$'[a,\012b\'s\\]'"),
        (["https://user:secret@host/"], [], "'https://***@host/'"),
        ([], [], ""),
    ],
)
def test_line(words: list[str], options: list[str], text: str) -> None:
    assert Invocation(words).line(add=options) == f"{COMMAND} {text}".rstrip()


class Query:
    """A query as the AWS CLI keeps it: compiled."""

    expression = "ProjectVersions[0].Status"


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ({}, ""),
        ({"color": "auto", "read_timeout": 60, "connect_timeout": 60}, ""),
        ({"verify_ssl": None, "sign_request": True, "debug": False, "output": None}, ""),
        (
            {"read_timeout": None, "connect_timeout": 7},
            "--cli-read-timeout 0 --cli-connect-timeout 7",
        ),
        ({"verify_ssl": False, "ca_bundle": "/ca"}, "--ca-bundle /ca --no-verify-ssl"),
        ({"verify_ssl": "/ca", "ca_bundle": "/ca"}, "--ca-bundle /ca"),
        ({"sign_request": False, "debug": True}, "--no-sign-request --debug"),
        ({"query": Query(), "output": "text"}, f"--output text --query '{Query.expression}'"),
        (
            {"profile": "p", "region": "r", "endpoint_url": "u"},
            "--profile p --region r --endpoint-url u",
        ),
        ({"color": "on", "no_cli_auto_prompt": True}, "--color on --no-cli-auto-prompt"),
    ],
)
def test_global_words(given_: dict[str, Any], words: str) -> None:
    assert shlex.join(global_words(argparse.Namespace(**given_))) == words.replace(
        Query.expression, Query.expression
    )


@pytest.mark.posix("quoted for sh")
def test_global_words_come_first() -> None:
    line = Invocation(["--yes"], ["--profile", "my profile"]).line()
    assert line == "aws --profile 'my profile' rekognition delete-model-and-wait --yes"


@pytest.mark.posix("bash")
@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1))
@settings(max_examples=50, deadline=None)
def test_bash_reads_what_was_typed(word: str) -> None:
    assume("://" not in word)
    script = f"printf %s {quoted(word)}"
    assert script.isprintable()
    environment = {"LC_ALL": "C.UTF-8"}
    printed = subprocess.run(["bash", "-c", script], env=environment, capture_output=True).stdout
    assert printed.decode() == word


ARNS = [f"arn:{i}" for i in range(11)]


def again(value: str, arns: list[str]) -> str:
    option = "--project-version-arn"
    line = Invocation([option, value, "--yes"], lists={option: arns}).line()
    return line[len(COMMAND) + 1 :]


def test_a_file_is_named_again(tmp_path: Path) -> None:
    file = tmp_path / "arns.txt"
    file.write_text("arn:0")
    assert again(f"file://{file}", ARNS[:1]) == f"--project-version-arn file://{file} --yes"


@pytest.mark.posix("files that are no files")
def test_what_can_not_be_read_again_is_written_out(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    gone = tmp_path / "gone"
    for path in (tmp_path / "fifo", "/dev/null", "/dev/stdin", gone):
        if path == "/dev/stdin" and os.path.isfile(path):
            continue  # whoever runs the tests has given them a file
        line = again(f"file://{path}", ARNS[:10])
        assert line == f"--project-version-arn {' '.join(ARNS[:10])} --yes"
        line = again(f"file://{path}", ARNS)
        assert line.startswith("--project-version-arn file://THE-SAME-LIST --yes  # ")


def test_a_value_behind_an_equals_sign_is_read_likewise() -> None:
    option = "--project-version-arn"
    line = Invocation([f"{option}=file:///dev/null"], lists={option: ARNS[:2]}).line()
    assert line == f"{COMMAND} {option} arn:0 arn:1"


@pytest.mark.posix("quoted for sh")
def test_an_empty_list_that_was_read_once_is_written_out() -> None:
    words = ["--project-version-arn", "file:///dev/stdin"]
    line = Invocation(words, lists={"--project-version-arn": []}).line()
    assert line == f"{COMMAND} --project-version-arn '[]'"


def test_a_file_whose_name_has_the_prefix_in_it(tmp_path: Path) -> None:
    path = tmp_path / "file:" / "list"
    path.parent.mkdir()
    path.write_text("x")
    words = ["--version-names", f"file://{tmp_path}/file://list"]
    assert Invocation(words, lists={"--version-names": ["x"]}).line().endswith(words[1])


def test_an_ambiguous_abbreviation_is_left_alone() -> None:
    line = Invocation(["--project", "x", "--yes"]).line(drop={"--project-name", "--project-arn"})
    assert line == f"{COMMAND} --project x --yes"


def test_words_before_the_first_option_stay() -> None:
    assert Invocation(["x", "--yes"]).line(drop={""}) == f"{COMMAND} --yes"


@pytest.mark.parametrize(
    ("arns", "project", "words"),
    [
        (["v1"], None, "--yes --project-version-arn {v1}"),
        (["v1"], "cats", "--yes --project-arn {cats} --project-version-arn {v1}"),
        (["v1"] * 10, None, "--yes --project-version-arn" + " {v1}" * 10),
        (["v1"] * 11, "cats", "--yes --project-arn {cats}"),
        (None, "cats", "--yes --project-arn {cats}"),
    ],
)
def test_naming(arns: list[str] | None, project: str | None, words: str) -> None:
    typed_ = ["--project-name", "dogs", "--all-versions", "--keep-newest", "2", "--yes"]
    invocation = Invocation(typed_)
    named = invocation.naming(
        None if arns is None else [model_arn(arn) for arn in arns],
        None if project is None else project_arn(project),
    )
    expected = words.format(v1=model_arn("v1").text, cats=project_arn("cats").text)
    assert named.line() == f"{COMMAND} {expected}"
    assert invocation.line() == " ".join([COMMAND, *typed_])


def test_a_list_that_was_typed_stays_however_long() -> None:
    option = "--project-version-arn"
    line = Invocation([option, *ARNS, "--yes"], lists={option: ARNS}).line()
    assert line == f"{COMMAND} {option} {' '.join(ARNS)} --yes"
