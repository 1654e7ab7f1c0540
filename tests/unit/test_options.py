"""From the command line to checked options."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from awscli_rekcl.arguments import ARG_TABLE
from awscli_rekcl.errors import BadValue, UsageError
from awscli_rekcl.options import Options

from .fakes import NO_CONSENT, STOP, TRAINING, model_arn, options, project_arn, typed

V1, V2 = model_arn("v1"), model_arn("v2")
FAR = model_arn(region="eu-west-1")
OTHER = model_arn(account="210987654321").text
CHINA = V1.text.replace("arn:aws:", "arn:aws-cn:")
CATS, DOGS = project_arn().text, project_arn("dogs").text
DOG = model_arn(project="dogs").text
AWAY, THEIRS = project_arn(region="eu-west-1").text, project_arn(account="210987654321").text
ARNS, PROJECT, NAMES = "--project-version-arn", "--project-arn", "--version-names"


def by_arn(*texts: str, **given: Any) -> dict[str, Any]:
    return {"project_version_arn": list(texts), **given}


def in_project(**given: Any) -> dict[str, Any]:
    return {"project_arn": CATS, **given}


def in_all(**given: Any) -> dict[str, Any]:
    return {"all_versions": True, **given}


NEEDS_PROJECT = "needs --project-arn or --project-name"
TOGETHER = "can't be used together"
EACH = f"{TOGETHER}: each of them chooses models"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {},
            "name the models with --project-version-arn, or with --project-name or --project-arn"
            " together with --version-names or --all-versions",
        ),
        *[
            (project, "choose models of the project with --version-names or --all-versions")
            for project in (in_project(), {"project_name": "cats"})
        ],
        (in_project(**in_all(project_name="cats")), f"--project-name and {PROJECT} {TOGETHER}"),
        (by_arn(V1.text, project_name="cats"), f"--project-name and {ARNS} {TOGETHER}"),
        (in_project(version_names=["v"], keep_newest="1"), "--keep-newest needs --all-versions"),
        (in_project(keep_newest="1"), "--keep-newest needs --all-versions"),
        ({"version_names": ["v1"]}, f"--version-names {NEEDS_PROJECT}"),
        (in_all(), f"--all-versions {NEEDS_PROJECT}"),
        (by_arn(V1.text, **in_project(version_names=["v1"])), f"{ARNS} and {NAMES} {EACH}"),
        (by_arn(V1.text, **in_project(all_versions=True)), f"{ARNS} and --all-versions {EACH}"),
        (by_arn(**in_project(all_versions=True)), f"{ARNS} and --all-versions {EACH}"),
        (in_project(**in_all(version_names=["v1"])), f"{NAMES} and --all-versions {EACH}"),
        (
            by_arn(V1.text, only_show_errors=True),
            "--only-show-errors needs --yes or --dry-run: nobody can confirm a list that is not"
            " shown",
        ),
    ],
)
def test_options_that_do_not_go_together(given: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as error:
        options(**given)
    assert str(error.value) == message


EMPTY = "is not a value. Does it come from an empty variable?"
AS_TEXT = "a value is read as text: write file:// instead of fileb://."
NOT_AN_ARN = "is not the ARN of a model, like arn:aws:rekognition:<region>:<account>:project/"
TWO = "two accounts. Delete the models of one account at a time."
LONGEST = "315360000 seconds, which is ten years"
NO_NUMBER = "it must be a whole number, 1 or more, and not"
NO_SECONDS = "is not a number of seconds, 0 or more"
NOT_SECONDS = ["", "-1", "-0.001", "nan", "inf", "-inf", "5 s", "1_0", " 5", ".", "\u0665"]
NOT_SECONDS += ["1e-400", f"0.{'0' * 400}1"]  # which a float would round to none


@pytest.mark.parametrize(
    ("given", "option", "words"),
    [
        (by_arn(""), ARNS, f"'' {EMPTY}"),
        (by_arn(V1.text, " "), ARNS, f"' ' {EMPTY}"),
        (by_arn(), ARNS, "it has no value."),
        (by_arn('["a"'), ARNS, "'[\"a\"' is not a JSON list"),
        (by_arn(V1.text, "file://arns.txt"), ARNS, "file://arns.txt must be the option's only"),
        (by_arn("fileb://arns.txt", V1.text), ARNS, "fileb://arns.txt must be the option's only"),
        ({"project_version_arn": b""}, ARNS, AS_TEXT),
        ({"project_version_arn": "\x1b"}, ARNS, rf"'\x1b' {NOT_AN_ARN}"),
        ({"project_version_arn": "[\x1b[2J"}, ARNS, "the file is not a JSON list: "),
        ({"project_version_arn": '["", 1]'}, ARNS, "the JSON list in the file may hold only"),
        ({"project_version_arn": '["file://arns.txt"]'}, ARNS, f"'file://arns.txt' {NOT_AN_ARN}"),
        ({"project_version_arn": '[""]'}, ARNS, f"'' {NOT_AN_ARN}"),
        (by_arn(V1.text, V2.text, OTHER), ARNS, f"{OTHER} and {V1.text} belong to {TWO}"),
        (by_arn(V1.text, CHINA), ARNS, f"{CHINA} and {V1.text} belong to {TWO}"),
        *[
            (by_arn(V1.text, project_arn=of), ARNS, f"{V1.text} is not a model of {PROJECT} {of}.")
            for of in (AWAY, THEIRS)
        ],
        (by_arn(DOG, V1.text, project_arn=DOGS), ARNS, f"{V1.text} is not a model of {PROJECT} "),
        (by_arn(V1.text, project_arn=""), PROJECT, "'' is not the ARN of a project"),
        (in_all(project_name=b"x"), "--project-name", AS_TEXT),
        (in_all(project_name="a b"), "--project-name", "'a b' is not the name of a project."),
        (in_project(version_names=["v1", "v:2"]), NAMES, "'v:2' is not the name of a version."),
        *[
            (in_project(**in_all(keep_newest=text)), "--keep-newest", f"{NO_NUMBER} {text!r}.")
            for text in ("-1", "0", "00", "1.5", "", "five", "1e3", "\u0665")
        ],
        *[
            (by_arn(V1.text, timeout=text), "--timeout", f"{text!r} {NO_SECONDS}.")
            for text in NOT_SECONDS
        ],
        (by_arn(V1.text, timeout="1e308"), "--timeout", f"'1e308' is more than {LONGEST}."),
        (by_arn(V1.text, poll_interval="soon"), "--poll-interval", f"'soon' {NO_SECONDS}."),
        (by_arn(V1.text, poll_interval="0"), "--poll-interval", "it must be more than 0 seconds."),
    ],
)
def test_bad_value(given: dict[str, Any], option: str, words: str) -> None:
    with pytest.raises(BadValue) as error:
        options(**given)
    assert error.value.option == option
    assert str(error.value).startswith(words)
    assert str(error.value).isprintable()
    assert str(error.value).endswith((".", "?"))
    assert "--output text" not in str(error.value)


NOTHING = " It is what --output text prints for an empty result."
JSON = """ For a version of that name, use a JSON list: '["None"]'."""
NAME = " To use a name, write --version-names for models or --project-name for a project."
OF_A_PROJECT = (
    " It is the ARN of a project: use --project-arn, with --all-versions for all of its models or"
    " --version-names for some."
)
OF_A_MODEL = " It is the ARN of a model: use --project-version-arn."


@pytest.mark.parametrize(
    ("given", "option", "advice"),
    [
        (by_arn(CATS), ARNS, f"<number>.{OF_A_PROJECT}"),
        (in_all(project_arn=V1.text), PROJECT, f"<number>.{OF_A_MODEL}"),
        (in_project(version_names=[V1.text]), NAMES, f"the name of a version.{OF_A_MODEL}"),
        (by_arn("v1"), ARNS, f"/version/<version>/<number>.{NAME}"),
        (in_all(project_arn="cats"), PROJECT, f":project/<project>/<number>.{NAME}"),
        (by_arn("a:b"), ARNS, "<number>."),
        (by_arn(f"{V1.text},{V2.text}"), ARNS, "<number>. Separate ARNs by spaces."),
        (in_project(version_names=["v12,v13"]), NAMES, "a version. Separate names by spaces."),
        (in_all(project_name=CATS), "--project-name", f"the name of a project.{OF_A_PROJECT}"),
        (in_all(project_arn="a,b"), PROJECT, "<number>."),
        (by_arn(V1.text, "None"), ARNS, f"'None' is not a value.{NOTHING}"),
        (in_project(version_names=["None"]), NAMES, f"'None' is not a value.{NOTHING}{JSON}"),
        (in_all(project_arn="None"), PROJECT, f"<number>.{NOTHING}"),
        (in_all(project_name="None"), "--project-name", f"the name of a project.{NOTHING}"),
    ],
)
def test_what_to_write_instead(given: dict[str, Any], option: str, advice: str) -> None:
    with pytest.raises(BadValue) as error:
        options(**given)
    assert error.value.option == option
    assert str(error.value).endswith(advice)


@pytest.mark.parametrize("given", [by_arn(FAR.text, V1.text), in_project(all_versions=True)])
@pytest.mark.parametrize("region", ["eu-west-1", "eu-west-1-fips"])
def test_region_contradicts_the_arn(region: str, given: dict[str, Any]) -> None:
    with pytest.raises(BadValue) as error:
        options(region=region, **given)
    assert error.value.option == "--region"
    assert str(error.value) == (
        f"{region} contradicts the ARN of cats, which is in us-east-1. Leave --region out: the"
        " ARN's own region is used."
    )


@pytest.mark.parametrize("words", [["=--"], ["=v9", "=--"], ["=--", "=v9"], ["=v9", "=--", "=v8"]])
def test_nothing_came_to_an_option(words: list[str]) -> None:
    args = typed(PROJECT, CATS, *(f"{NAMES}{word}" for word in words))
    with pytest.raises(BadValue, match="it has no value"):
        Options.parse(args, None)


def test_the_values_of_an_option_add_up() -> None:
    args = typed(PROJECT, CATS, NAMES, "v1", "v2", f"{NAMES}=--yes", "--version-n", "v3")
    assert Options.parse(args, None).version_names == ["v1", "v2", "--yes", "v3"]


@pytest.mark.parametrize("region", ["us-east-1", "us-east-1-fips", "fips-us-east-1"])
def test_region_does_not_contradict_the_arn(region: str) -> None:
    assert options(**by_arn(V1.text), region=region).region == region


@pytest.mark.parametrize(
    ("value", "arns"),
    [
        ([V2.text, V1.text], [V2, V1]),
        ([f" {V1.text}\n{V2.text} {V1.text}\n"], [V1, V2]),
        ([json.dumps([V2.text, V1.text])], [V2, V1]),
        (["[]"], []),
        ([V1.text, FAR.text], [V1, FAR]),
        (f"\r\n {V1.text}\t{V2.text}  {V1.text}\r\n", [V1, V2]),
        (json.dumps([V2.text, V1.text, V2.text]), [V2, V1]),
        (f"\n{json.dumps([V1.text], indent=2)}\n", [V1]),
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
    assert options(project_version_arn=value).project_version_arn == arns


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (["b a", " c", "b"], ["b", "a", "c"]),
        (['["None", " b\\n"]'], ["None", "b"]),
        ("b\na\n", ["b", "a"]),
        ("", []),
    ],
)
def test_version_names(value: list[str] | str, names: list[str]) -> None:
    parsed = options(project_arn=CATS, version_names=value)
    assert (parsed.version_names, parsed.project_version_arn) == (names, None)
    assert not parsed.all_versions


def test_all_versions() -> None:
    number = "5" * 20
    parsed = options(project_arn=f" {CATS}\r", all_versions=True, keep_newest=number)
    assert (parsed.version_names, parsed.project_version_arn) == (None, None)
    assert (parsed.all_versions, parsed.keep_newest) == (True, int(number))
    assert parsed.project_arn == project_arn()
    assert options(project_name=" cats\r", all_versions=True).project_name == "cats"


@pytest.mark.parametrize(
    ("given", "limit", "timeout", "poll_interval"),
    [
        ({}, 3600, None, None),
        ({"wait_if_training": True}, 86400, None, None),
        ({"timeout": "90", "wait_if_training": True}, 90, 90, None),
        *[({"timeout": zero}, math.inf, math.inf, None) for zero in ("0", "-0.0", "0e9", "0E9")],
        ({"timeout": "0.5", "poll_interval": "0.25"}, 0.5, 0.5, 0.25),
        ({"timeout": "1e3", "poll_interval": "60"}, 1000, 1000, 60),
        ({"timeout": "315360000"}, 315360000, 315360000, None),
    ],
)
def test_seconds(
    given: dict[str, Any], limit: float, timeout: float | None, poll_interval: float | None
) -> None:
    parsed = options("cats/v1", **given)
    assert (parsed.limit, parsed.timeout, parsed.poll_interval) == (limit, timeout, poll_interval)


FLAGS = ["skip_if_busy", "ignore_not_found", "yes", "dry_run", "no_progress", "only_show_errors"]


@pytest.mark.parametrize("is_given", [False, True])
def test_flags(is_given: bool) -> None:
    given: dict[str, Any] = dict.fromkeys(FLAGS, is_given)
    parsed = options("cats/v1", **given)
    assert [getattr(parsed, flag) for flag in FLAGS] == [is_given] * len(FLAGS)
    assert parsed.consents == NO_CONSENT
    assert options("cats/v1", stop_if_running=True).consents == STOP
    assert options("cats/v1", wait_if_training=True).consents == TRAINING


@pytest.mark.parametrize("given", [{}, in_project(), {"project_name": "cats"}])
def test_what_is_missing_can_be_asked_for(given: dict[str, Any]) -> None:
    assert options(can_ask=True, **given).must_pick
    for otherwise in ({"can_ask": False}, {"yes": True}, {"dry_run": True}):
        with pytest.raises(UsageError):
            options(**{"can_ask": True, **given, **otherwise})


def test_what_is_named_is_not_asked_for() -> None:
    assert not options("cats/v1", can_ask=True).must_pick
    assert not options(project_version_arn="", can_ask=True).must_pick
    assert not options(project_arn=CATS, version_names="", can_ask=True).must_pick
    assert not options(project_name="cats", all_versions=True, can_ask=True).must_pick


def test_every_option_has_its_row() -> None:
    text = Path(__file__).read_text().replace("-", "_")
    missing = [each["name"] for each in ARG_TABLE if each["name"].replace("-", "_") not in text]
    assert not missing, f"{Path(__file__).name} needs a row for --{', --'.join(missing)}"
