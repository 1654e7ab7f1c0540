"""What the command says."""

from __future__ import annotations

import datetime
import math
import shlex

import pytest

from awscli_rekcl import words
from awscli_rekcl.lifecycle import STOP_IF_RUNNING, WAIT_IF_TRAINING
from awscli_rekcl.model import Model, Outcome

from .fakes import STOP, TRAINING, a_model

NOW = datetime.datetime(2026, 3, 1, tzinfo=datetime.timezone.utc)
ARGV = ["rekognition", "delete-model-and-wait", "--project-version-arn", "arn"]


def ended(path: str, outcome: Outcome | None, reason: str = "", status: str = "STOPPED") -> Model:
    model = a_model(path, status)
    model.outcome, model.reason = outcome, reason
    return model


def some(number: int, outcome: Outcome | None = None, reason: str = "why") -> list[Model]:
    return [ended(f"cats/v{i}", outcome, reason) for i in range(number)]


def created(model: Model, **ago: float) -> Model:
    model.created = NOW - datetime.timedelta(**ago)
    return model


def test_list_of_one_project() -> None:
    models = [
        created(a_model("cats/v1", "RUNNING", STOP), days=400),
        created(a_model("cats/a-long-name", "STOPPED"), hours=5),
        a_model("cats/v3", None),
    ]
    head, *rows, total = words.listing(models, NOW, None)
    assert head.split() == ["VERSION", "STATUS", "CREATED", "ACTION"]
    starts = [head.index(title) for title in head.split()]
    cells = [[row[a:b].strip() for a, b in zip(starts, [*starts[1:], None])] for row in rows]
    assert [row[:2] + row[3:] for row in cells] == [
        ["v1", "RUNNING", "stop, then delete"],
        ["a-long-name", "STOPPED", "delete"],
        ["v3", "NOT_FOUND", "none: it is not there"],
    ]
    assert [row[2][:10] for row in cells] == ["2025-01-25", "2026-02-28", "-"]
    for word in ("3 models", "project cats", "us-east-1", "123456789012", "1x stop, then delete"):
        assert word in total


def test_list_of_several_projects_names_them_by_the_model() -> None:
    head, first, second, total = words.listing([a_model("a/v1"), a_model("b/v1")], NOW, None)
    assert head.split()[-2:] == ["PROJECT", "REGION"]
    assert (first.split()[-2:], second.split()[-2:]) == (["a", "us-east-1"], ["b", "us-east-1"])
    assert "2x delete" in total


def test_list_of_nothing() -> None:
    assert words.listing([], NOW, None) == []


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_a_narrow_terminal_folds_and_loses_nothing(width: int) -> None:
    paths = ("cats/a-version-of-some-length", "dogs/v2")
    models = [created(a_model(path, "RUNNING", STOP), days=9) for path in paths]
    lines = words.listing(models, NOW, width)
    assert max(map(len, lines)) <= width
    assert " ".join(lines).split() == " ".join(words.listing(models, NOW, None)).split()
    assert all(line == line.rstrip() for line in lines)


def test_a_word_longer_than_the_terminal_stays_whole() -> None:
    name = "x" * 60
    assert any(name in line for line in words.listing([a_model(f"cats/{name}")], NOW, 40))
    assert words.folded(f"a {name} b", 40) == ["a", name, "b"]


def test_prompt_names_the_word() -> None:
    assert words.prompt(some(1)) == 'Type "delete" to delete this model: '
    assert words.prompt(some(3)) == 'Type "delete" to delete these 3 models: '


@pytest.mark.parametrize(
    ("models", "line"),
    [
        ([ended("cats/v1", None, status="DELETING")], "v1: DELETING"),
        ([ended("cats/v1", Outcome.DELETED)], "v1: gone"),
        ([ended("cats/v1", Outcome.FAILED)], "v1: failed"),
        (
            [*some(2, Outcome.DELETED), *some(1, Outcome.NOT_FOUND), *some(2), a_model()],
            "3 of 6 gone, 3 STOPPED",
        ),
        (
            [*some(1, Outcome.FAILED), a_model(status="RUNNING"), a_model(status="DELETING")],
            "0 of 3 gone, 1 DELETING, 1 RUNNING, 1 failed",
        ),
    ],
)
def test_progress(models: list[Model], line: str) -> None:
    assert words.progress(models) == line


@pytest.mark.parametrize(
    ("elapsed", "limit", "text"),
    [
        (0, 3600, "0:00 of 1:00:00"),
        (61.9, 90, "1:01 of 1:30"),
        (86399, 86400, "23:59:59 of 24:00:00"),
        (5, math.inf, "0:05"),
    ],
)
def test_time_passed(elapsed: float, limit: float, text: str) -> None:
    assert words.time_passed(elapsed, limit) == text


@pytest.mark.parametrize(
    ("models", "done", "not_done"),
    [
        ([], ["There is no model to delete."], []),
        (some(1, Outcome.DELETED), ["Deleted: version v0 of project cats."], []),
        (
            [*some(2, Outcome.DELETED), ended("dogs/v1", Outcome.DELETED)],
            ["Deleted: versions v0, v1 of project cats; version v1 of project dogs."],
            [],
        ),
        (some(10, Outcome.NOT_FOUND)[9:], ["Not there: version v9 of project cats."], []),
        (some(11, Outcome.DELETED), ["Deleted: 11 models."], []),
        (
            [*some(2), *some(1, Outcome.FAILED, "bad"), ended("cats/v7", None, "why")],
            [],
            [
                "Not deleted: version v0 of project cats (STOPPED): bad.",
                "Not deleted: versions v0, v1, v7 of project cats (STOPPED): why.",
            ],
        ),
    ],
)
def test_outcome(models: list[Model], done: list[str], not_done: list[str]) -> None:
    assert words.outcome(models) == (done, not_done)


@pytest.mark.parametrize(
    ("status", "requested", "answered", "phrase"),
    [
        ("DELETING", "", False, "its deletion was requested and goes on"),
        ("DELETING", "delete", False, "its deletion was requested and goes on"),
        ("STOPPED", "delete", True, "its deletion was requested and goes on"),
        ("STOPPED", "delete", False, "goes on at the service if the request arrived"),
        ("STOPPED", "stop", True, "its deletion was not requested yet"),
        ("STOPPING", "", False, "its deletion was not requested yet"),
        ("STOPPED", "", False, "nothing was requested"),
    ],
)
def test_why_open(status: str, requested: str, answered: bool, phrase: str) -> None:
    model = a_model(status=status)
    model.requested, model.answered = requested, answered
    text = words.why_open(model, "the time is up")
    assert text.startswith("the time is up; ")
    assert phrase in text


@pytest.mark.parametrize(
    ("typed", "by_arn", "number", "resumes"),
    [
        (["--project-version-arn", "A", "--yes"], True, 1, "--project-version-arn A --yes"),
        (["--project-arn", "P", "--version-names", "a", "b"], False, 1, "--project-arn P {arns}"),
        (["--version-names=a", "b", "--yes"], False, 1, "--yes {arns}"),
        (["--all-v", "--yes", "--project-arn", "P"], False, 2, "--yes --project-arn P {arns}"),
        # Too many to name: the command asks again.
        (["--all-versions", "--yes"], False, 11, "--all-versions"),
    ],
)
def test_to_resume(typed: list[str], by_arn: bool, number: int, resumes: str) -> None:
    models = [a_model(f"cats/v{n}") for n in range(number)]
    gone = a_model("cats/gone")
    gone.outcome = Outcome.DELETED
    arns = " ".join(model.arn.text for model in models)
    expected = resumes.format(arns=f"--project-version-arn {arns}")
    argv = ["rekognition", "delete-model-and-wait", *typed]
    assert words.to_resume(argv, [*models, gone], by_arn) == (
        f"To go on: aws rekognition delete-model-and-wait {expected} --ignore-not-found"
    )


def test_not_confirmed() -> None:
    [line] = words.not_confirmed(ARGV, True)
    assert "Nothing was changed" in line
    assert words.not_confirmed(ARGV, False)[1].endswith(" --yes")


@pytest.mark.parametrize(
    ("names", "named"),
    [(["v1"], "v1."), (["v1", "v2"], "v1, v2."), ([*"abcdefghijkl"], "i, j and 2 more.")],
)
def test_not_there(names: list[str], named: str) -> None:
    text = words.not_there(names, ARGV)
    assert f"{named} Nothing was changed." in text
    assert text.endswith("--project-version-arn arn --ignore-not-found")


@pytest.mark.parametrize(
    ("models", "options"),
    [
        ([a_model(status="RUNNING"), a_model()], [STOP_IF_RUNNING]),
        ([a_model(status="TRAINING_IN_PROGRESS")], [WAIT_IF_TRAINING]),
        (
            [a_model(status="COPYING_IN_PROGRESS"), a_model(status="STARTING")],
            [WAIT_IF_TRAINING, STOP_IF_RUNNING],
        ),
        ([a_model(status="RUNNING", consents=TRAINING)], [STOP_IF_RUNNING]),
    ],
)
def test_refusal_names_status_and_option(models: list[Model], options: list[str]) -> None:
    for model in models:
        if model.status != "STOPPED":
            model.reason = words.why_refused(model)
    text = words.refusal(models, ARGV)
    assert text.startswith("Nothing was changed.")
    assert text.endswith(shlex.join(["aws", *ARGV, *options]))
    assert all(str(m.status) in text for m in models if m.reason)
    assert "STOPPED" not in text


@pytest.mark.parametrize(
    ("argv", "options", "text"),
    [
        (["a", "b c"], ["--yes"], "aws a 'b c' --yes"),
        (["a", "--yes"], ["--yes", "--x"], "aws a --yes --x"),
        (["it's", "$HOME", "*"], [], "aws 'it'\"'\"'s' '$HOME' '*'"),
        (["\x1b[2J"], [], r"aws '\x1b[2J'"),
    ],
)
def test_command_to_type_next(argv: list[str], options: list[str], text: str) -> None:
    assert words.again(argv, *options) == text
    assert words.to_go_on(argv, *options) == f"To go on: {text}"
