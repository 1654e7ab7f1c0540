"""The list to confirm."""

from __future__ import annotations

import datetime

import pytest

from awscli_rekcl.model import Model
from awscli_rekcl.terminal.console import folded
from awscli_rekcl.terminal.table import table

from .fakes import NOW, STOP, TRAINING, a_model


def created(model: Model, **ago: float) -> Model:
    model.created = NOW - datetime.timedelta(**ago)
    return model


def test_list_of_one_project() -> None:
    models = [
        created(a_model("cats/v1", "RUNNING", STOP), days=400),
        created(a_model("cats/a-long-name", "STOPPED"), hours=5),
        a_model("cats/v3", None),
        # Listed, whatever its status reads, and created by a clock that is ahead.
        created(a_model("cats/v4", ""), seconds=-2),
    ]
    # Those that are more than deleted come last.
    *rows, total = table(models, NOW, None)
    assert rows == [
        "  VERSION      STATUS     ACTION             CREATED",
        "  a-long-name  STOPPED    delete             2026-02-28 (today)",
        "  v4                      delete             2026-03-01 (today)",
        "  v1           RUNNING    stop, then delete  2025-01-25 (400 d)",
        "  v3           NOT_FOUND  already gone       -",
    ]
    assert total == (
        "4 models in project cats (us-east-1, account 123456789012):"
        " 2 to delete, 1 to stop and delete, 1 already gone."
    )


def test_80_columns_hold_the_names_that_the_console_makes_up() -> None:
    models = [
        created(a_model(f"cats/my-project.2026-01-{day}T10.11.12", status, TRAINING), days=326)
        for day, status in ((10, "STOPPED"), (11, "TRAINING_IN_PROGRESS"))
    ]
    lines = table(models, NOW, 80)
    assert len(lines) == 4 + 1  # the sum takes two
    assert max(map(len, lines)) <= 80
    assert lines[0].endswith("  AGE")
    assert all(line.endswith("  326 d") for line in lines[1:3])
    assert "2025-04-09 (326 d)" in table(models, NOW, 120)[1]


@pytest.mark.parametrize(
    ("status", "text"),
    [
        ("STOPPING", "to wait for and delete"),
        ("DELETING", "being deleted already"),
        ("RUNNING", "refused"),
        (None, "already gone"),
    ],
)
def test_one_number_is_enough_for_one_action(status: str | None, text: str) -> None:
    where = "in project cats (us-east-1, account 123456789012)."
    model = a_model("cats/v1", status)
    assert table([model], NOW, None)[-1] == f"1 model {text} {where}"
    assert table([model] * 13, NOW, None)[-1] == f"13 models {text} {where}"


def test_list_of_several_projects_names_them_by_the_model() -> None:
    head, first, second, total = table([a_model("a/v1"), a_model("b/v1")], NOW, None)
    assert head.split()[-2:] == ["PROJECT", "REGION"]
    assert (first.split()[-2:], second.split()[-2:]) == (["a", "us-east-1"], ["b", "us-east-1"])
    assert total == "2 models to delete in 2 projects (account 123456789012)."
    assert table([], NOW, None) == []


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_a_narrow_terminal_folds_and_loses_nothing(width: int) -> None:
    paths = ("cats/a-version-of-some-length", "dogs/v2")
    models = [created(a_model(path, "RUNNING", STOP), days=9) for path in paths]
    lines = table(models, NOW, width)
    assert max(map(len, lines)) <= width
    wide = " ".join(table(models, NOW, None)).split()
    if width < 200:  # the age alone
        wide = " ".join(wide).replace("2026-02-20 (9 d)", "9 d").replace("CREATED", "AGE").split()
    assert " ".join(lines).split() == wide
    assert all(line == line.rstrip() for line in lines)


def test_a_word_longer_than_the_terminal_stays_whole() -> None:
    name = "x" * 60
    rows = table([a_model(f"cats/{name}")], NOW, 40)[2:4]
    assert rows == [f"  {name}", "      STOPPED  delete  -"]
    assert folded([f"a {name} b"], 40) == ["a", name, "b"]
