"""From the command line to checked options."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from awscli_rekcl.errors import BadValue, UsageError
from awscli_rekcl.options import Options

from .fakes import NO_CONSENT, STOP, TRAINING, arguments, model_arn, options, project_arn

V1, V2 = model_arn("v1"), model_arn("v2")
CATS = project_arn().text
ARNS, PROJECT, NAMES = "--project-version-arn", "--project-arn", "--version-names"


def by_arn(*texts: str, **given: Any) -> dict[str, Any]:
    return {"project_version_arn": list(texts), **given}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, ["--project-version-arn", "--project-name", "--project-arn", "--all-versions"]),
        ({"project_name": "cats"}, ["--version-names", "--all-versions"]),
        ({"project_name": "cats", "project_arn": CATS, "all_versions": True}, ["--project-arn"]),
        (by_arn(V1.text, project_name="cats"), [ARNS, "--project-name"]),
        ({"project_arn": CATS, "version_names": ["v"], "keep_newest": "1"}, ["--all-versions"]),
        ({"project_arn": CATS, "keep_newest": "1"}, ["--all-versions"]),
        ({"project_arn": CATS}, ["--version-names", "--all-versions"]),
        ({"version_names": ["v1"]}, ["--version-names needs --project-arn", "--project-name"]),
        ({"all_versions": True}, ["--all-versions needs --project-arn", "--project-name"]),
        (by_arn(V1.text, version_names=["v1"], project_arn=CATS), [ARNS, NAMES]),
        (by_arn(V1.text, all_versions=True, project_arn=CATS), [ARNS, "--all-versions"]),
        (by_arn(all_versions=True, project_arn=CATS), [ARNS, "--all-versions"]),
        (
            {"version_names": ["v1"], "all_versions": True, "project_arn": CATS},
            [NAMES, "--all-versions"],
        ),
        (by_arn(V1.text, only_show_errors=True), ["--only-show-errors needs --yes or --dry-run: "]),
        (by_arn(V1.text, only_show_errors=True), ["nobody can confirm a list that is not shown"]),
    ],
)
def test_options_that_do_not_go_together(given: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(UsageError) as error:
        Options.parse(arguments(**given), None)
    assert all(word in str(error.value) for word in words)


def in_project(**given: Any) -> dict[str, Any]:
    return {"project_arn": CATS, **given}


OTHER_ACCOUNT = model_arn(account="210987654321").text
CHINA = V1.text.replace("arn:aws:", "arn:aws-cn:")


@pytest.mark.parametrize(
    ("given", "option", "word"),
    [
        (by_arn(""), ARNS, "''"),
        (by_arn(V1.text, ""), ARNS, "''"),
        (by_arn("v1"), ARNS, "'v1'"),
        (by_arn(CATS), ARNS, CATS),
        (by_arn(), ARNS, "has no value"),
        (in_project(version_names=[]), NAMES, "has no value"),
        (by_arn("None"), ARNS, "--output text"),
        (by_arn(V1.text, "None"), ARNS, "--output text"),
        ({"project_version_arn": "None\n"}, ARNS, "--output text"),
        (in_project(version_names=["None"]), NAMES, "--output text"),
        ({"project_arn": "None", "all_versions": True}, PROJECT, "--output text"),
        ({"project_name": "None", "all_versions": True}, "--project-name", "--output text"),
        ({"project_name": b"x", "all_versions": True}, "--project-name", "instead of fileb://"),
        (by_arn(" "), ARNS, "empty"),
        (by_arn('["a"'), ARNS, "'[\"a\"' is not a JSON list"),
        (by_arn("v1"), ARNS, "--version-names"),
        (by_arn(CATS), ARNS, "--all-versions"),
        (in_project(version_names=[V1.text]), NAMES, ARNS),
        ({"project_arn": V1.text, "all_versions": True}, PROJECT, ARNS),
        ({"project_arn": "cats", "all_versions": True}, PROJECT, "--project-name"),
        ({"project_name": "a b", "all_versions": True}, "--project-name", "'a b'"),
        ({"project_name": CATS, "all_versions": True}, "--project-name", CATS),
        *[
            (in_project(all_versions=True, keep_newest=value), "--keep-newest", repr(value))
            for value in ("0", "-1", "1.5", "", "five", "1e3", "\u0665")
        ],
        (by_arn(V1.text, "file://arns.txt"), ARNS, "only value"),
        (by_arn("fileb://arns.txt", V1.text), ARNS, "only value"),
        ({"project_version_arn": V1.text.encode()}, ARNS, "instead of fileb://"),
        ({"project_version_arn": f"{V1.text},{V2.text}"}, ARNS, V2.text),
        ({"project_version_arn": "[\x1b[2J"}, ARNS, "not a JSON list"),
        ({"project_version_arn": "\x1b"}, ARNS, r"\x1b"),
        ({"project_version_arn": f'["{V1.text}"'}, ARNS, "not a JSON list"),
        ({"project_version_arn": f'["{V1.text}", 1]'}, ARNS, "only strings"),
        ({"project_version_arn": '["file://arns.txt"]'}, ARNS, "file://"),
        ({"project_version_arn": '[""]'}, ARNS, "''"),
        (by_arn(V1.text, OTHER_ACCOUNT), ARNS, "two accounts"),
        (by_arn(V1.text, CHINA), ARNS, "two accounts"),
        (by_arn(V1.text, project_arn=project_arn("dogs").text), ARNS, "not a model of"),
        (by_arn(V1.text, project_arn=project_arn(region="eu-west-1").text), ARNS, "not a model"),
        (by_arn(OTHER_ACCOUNT, project_arn=CATS), ARNS, "not a model of"),
        (by_arn(V1.text, project_arn="cats"), PROJECT, "'cats'"),
        (by_arn(V1.text, project_arn=""), PROJECT, "''"),
        ({"project_arn": V1.text, "all_versions": True}, PROJECT, V1.text),
        ({"project_arn": CATS.encode(), "all_versions": True}, PROJECT, "instead of fileb://"),
        (by_arn(V1.text, timeout=b"1"), "--timeout", "instead of fileb://"),
        (in_project(version_names=[""]), NAMES, "''"),
        (in_project(version_names=["v1", "v:2"]), NAMES, "'v:2'"),
        (in_project(version_names=["x" * 256]), NAMES, "not the name"),
        (in_project(version_names=["v1", "file://names"]), NAMES, "only value"),
        (in_project(version_names=b"v1"), NAMES, "instead of fileb://"),
        (in_project(version_names=V1.text), NAMES, "not the name"),
        *[
            (by_arn(V1.text, **{name: value}), f"--{name.replace('_', '-')}", value)
            for name in ("timeout", "poll_interval")
            for value in (
                "",
                "soon",
                "-1",
                "-0.001",
                "nan",
                "inf",
                "-inf",
                "1e999",
                "5 s",
                "1e-400",
                "1e308",
                "\u0665",
                "1_0",
                " 5",
                ".",
            )
        ],
        *[(by_arn(V1.text, poll_interval=value), "--poll-interval", "0") for value in ("0", "-0")],
    ],
)
def test_bad_value(given: dict[str, Any], option: str, word: str) -> None:
    with pytest.raises(BadValue) as error:
        Options.parse(arguments(**given), None)
    assert error.value.option == option
    assert word in str(error.value)
    assert str(error.value).isprintable()
    assert str(error.value).endswith((".", "?"))
    assert ("--output text" in str(error.value)) is (word == "--output text")
    is_explained = """ use a JSON list: '["None"]'.""" in str(error.value)
    assert is_explained is (option == NAMES and word == "--output text")


@pytest.mark.parametrize(
    "given",
    [
        by_arn(V1.text),
        by_arn(V1.text, project_arn=CATS),
        in_project(all_versions=True),
        in_project(version_names=["v1"]),
        by_arn(model_arn(region="eu-west-1").text, V1.text),
    ],
)
def test_region_contradicts_the_arn(given: dict[str, Any]) -> None:
    with pytest.raises(BadValue, match="us-east-1") as error:
        Options.parse(arguments(**given), "eu-west-1")
    assert error.value.option == "--region"


def test_regions() -> None:
    far = model_arn(region="eu-west-1")
    assert Options.parse(arguments(**by_arn(V1.text, far.text)), None).arns == [V1, far]
    assert Options.parse(arguments(**by_arn(V1.text)), "us-east-1").arns == [V1]
    assert Options.parse(arguments(project_version_arn=""), "us-east-1").arns == []


@pytest.mark.parametrize(
    ("value", "arns"),
    [
        ([V2.text, V1.text], [V2, V1]),
        ([V1.text, V2.text, V1.text], [V1, V2]),
        ([f"{V1.text} {V2.text}"], [V1, V2]),
        ([f" {V1.text}\n{V2.text}\n"], [V1, V2]),
        ([json.dumps([V2.text, V1.text])], [V2, V1]),
        (["[]"], []),
        (f"{V1.text}\n{V2.text}\n", [V1, V2]),
        (f"\r\n {V1.text}\t{V2.text}  {V1.text}\r\n", [V1, V2]),
        (V1.text, [V1]),
        (json.dumps([V2.text, V1.text, V2.text]), [V2, V1]),
        (f"\n{json.dumps([V1.text], indent=2)}\n", [V1]),
        ("", []),
        (" \n\t", []),
        ("[]", []),
        (f"\ufeff{V1.text}", [V1]),
        (f"\u00ef\u00bb\u00bf{V1.text}", [V1]),
        ("\ufeff", []),
        ([f"{V1.text}\r", f"{V2.text}\r"], [V1, V2]),
        ([f"{V1.text} {V2.text}", V1.text], [V1, V2]),
        ([f'["{V1.text} "]'], [V1]),
    ],
)
def test_arns_of_a_line_or_a_file(value: list[str] | str, arns: list[Any]) -> None:
    assert Options.parse(arguments(project_version_arn=value), None).arns == arns


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (["b a"], ["b", "a"]),
        (["b a", " c"], ["b", "a", "c"]),
        (['["None"]'], ["None"]),
        (['[" b\\n"]'], ["b"]),
        (['["b"]'], ["b"]),
        (["b", "a", "b"], ["b", "a"]),
        ("b\na\n", ["b", "a"]),
        ('["b"]', ["b"]),
        ("", []),
    ],
)
def test_version_names(value: list[str] | str, names: list[str]) -> None:
    parsed = options(project_arn=CATS, version_names=value)
    assert (parsed.version_names, parsed.arns, parsed.all_versions) == (names, None, False)


def test_all_versions() -> None:
    parsed = options(project_arn=CATS, all_versions=True)
    assert (parsed.version_names, parsed.arns, parsed.all_versions) == (None, None, True)
    assert parsed.project == project_arn()


@pytest.mark.parametrize(
    ("given", "timeout", "poll_interval"),
    [
        ({}, 3600, None),
        ({"wait_if_training": True}, 86400, None),
        ({"timeout": "90", "wait_if_training": True}, 90, None),
        ({"timeout": "0"}, math.inf, None),
        ({"timeout": "-0.0"}, math.inf, None),
        ({"timeout": "0.5", "poll_interval": "0.25"}, 0.5, 0.25),
        ({"timeout": "1e3", "poll_interval": "60"}, 1000, 60),
    ],
)
def test_seconds(given: dict[str, Any], timeout: float, poll_interval: float) -> None:
    parsed = options("cats/v1", **given)
    assert (parsed.limit, parsed.poll_interval) == (timeout, poll_interval)


def test_flags() -> None:
    names = ("ignore_not_found", "yes", "dry_run", "consents")
    blank, nothing = options("cats/v1"), NO_CONSENT
    assert [getattr(blank, name) for name in names] == [False, False, False, nothing]
    given = options("cats/v1", ignore_not_found=True, yes=True, dry_run=True)
    assert [getattr(given, name) for name in names] == [True, True, True, nothing]
    assert options("cats/v1", stop_if_running=True).consents == STOP
    both = options("cats/v1", stop_if_running=True, wait_if_training=True)
    assert both.consents == STOP | TRAINING


@pytest.mark.parametrize(
    "given", [{}, {"project_arn": CATS}, {"project_name": "cats"}, {"dry_run": True}]
)
def test_what_is_missing_can_be_asked_for(given: dict[str, Any]) -> None:
    assert options(can_ask=True, **given).must_pick
    with pytest.raises(UsageError):
        options(can_ask=True, yes=True, **given)
    with pytest.raises(UsageError):
        options(**given)


def test_what_is_named_is_not_asked_for() -> None:
    assert not options("cats/v1", can_ask=True).must_pick
    assert not options(project_version_arn="", can_ask=True).must_pick
    assert not options(project_name="cats", all_versions=True, can_ask=True).must_pick
    assert options(project_name=" cats\r", all_versions=True).project_name == "cats"


def test_keep_newest() -> None:
    assert options(project_arn=CATS, all_versions=True, keep_newest="5").keep_newest == 5
    assert options(project_arn=CATS, all_versions=True).keep_newest is None


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            by_arn(CATS),
            " It is the ARN of a project: use --project-arn, with --all-versions for all of its"
            " models or --version-names for some.",
        ),
        (
            {"project_arn": V1.text, "all_versions": True},
            " It is the ARN of a model: use --project-version-arn.",
        ),
        (
            by_arn("v1"),
            " To use a name, write --version-names for models or --project-name for a project.",
        ),
    ],
)
def test_what_to_write_instead(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadValue) as raised:
        Options.parse(arguments(**given), None)
    assert str(raised.value).endswith(f".{sentence}")


def test_nothing_to_write_instead() -> None:
    with pytest.raises(BadValue) as raised:
        Options.parse(arguments(**by_arn("a:b")), None)
    assert str(raised.value).endswith(">.")


@pytest.mark.parametrize(
    ("text", "seconds"), [("0e9", math.inf), ("0E9", math.inf), ("315360000", 315360000.0)]
)
def test_a_number_at_a_limit(text: str, seconds: float) -> None:
    given = by_arn(V1.text, timeout=text)
    assert Options.parse(arguments(**given), None).timeout == seconds


def test_no_number_is_infinite() -> None:
    with pytest.raises(BadValue, match="'inf' is not a number of seconds"):
        Options.parse(arguments(**by_arn(V1.text, timeout="inf")), None)
    with pytest.raises(BadValue, match="'1e999' is more than"):
        Options.parse(arguments(**by_arn(V1.text, timeout="1e999")), None)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (by_arn(V1.text, poll_interval="0"), "it must be more than 0 seconds."),
        (
            {"project_version_arn": b""},
            "a value is read as text: write file:// instead of fileb://.",
        ),
        ({"project_version_arn": "[1]"}, "the JSON list in the file may hold only strings."),
        (
            by_arn(V1.text, V2.text, OTHER_ACCOUNT),
            f"{OTHER_ACCOUNT} and {V1.text} belong to two accounts."
            " Delete the models of one account at a time.",
        ),
    ],
)
def test_the_whole_message(given: dict[str, Any], message: str) -> None:
    with pytest.raises(BadValue) as raised:
        Options.parse(arguments(**given), None)
    assert str(raised.value) == message


def test_the_region_can_be_left_out() -> None:
    with pytest.raises(BadValue) as raised:
        Options.parse(arguments(**by_arn(V1.text)), "eu-west-1")
    assert str(raised.value).endswith(". Leave --region out: the ARN's own region is used.")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"project_arn": CATS, "version_names": ["v"], "all_versions": True},
            "--version-names and --all-versions can't be used together: each of them chooses"
            " models",
        ),
        (
            {"project_arn": CATS, "project_name": "cats", "all_versions": True},
            "--project-name and --project-arn can't be used together",
        ),
        (
            by_arn(V1.text, project_name="cats"),
            "--project-name and --project-version-arn can't be used together",
        ),
        ({"project_arn": CATS, "keep_newest": "1"}, "--keep-newest needs --all-versions"),
        (
            {"project_arn": CATS},
            "choose models of the project with --version-names or --all-versions",
        ),
    ],
)
def test_the_whole_message_about_usage(given: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        Options.parse(arguments(**given), None)
    assert str(raised.value) == message


@pytest.mark.parametrize(("timeout", "is_given"), [(None, False), ("0", True), ("9", True)])
def test_whether_the_limit_is_given(timeout: str | None, is_given: bool) -> None:
    parsed = Options.parse(arguments(**by_arn(V1.text, timeout=timeout)), None)
    assert (parsed.timeout is not None) is is_given


def test_a_number_written_out_that_a_float_rounds_to_none() -> None:
    with pytest.raises(BadValue, match="is not a number of seconds"):
        Options.parse(arguments(**by_arn(V1.text, timeout=f"0.{'0' * 400}1")), None)
