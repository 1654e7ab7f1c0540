"""The list to confirm."""

from __future__ import annotations

import datetime

import pytest

from awscli_rekcl.model import Model
from awscli_rekcl.terminal.table import folded, table

from .fakes import STOP, a_model

NOW = datetime.datetime(2026, 3, 1, tzinfo=datetime.timezone.utc)


def created(model: Model, **ago: float) -> Model:
    model.created = NOW - datetime.timedelta(**ago)
    return model


def test_list_of_one_project() -> None:
    models = [
        created(a_model("cats/v1", "RUNNING", STOP), days=400),
        created(a_model("cats/a-long-name", "STOPPED"), hours=5),
        a_model("cats/v3", None),
    ]
    head, *rows, total = table(models, NOW, None)
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
    head, first, second, total = table([a_model("a/v1"), a_model("b/v1")], NOW, None)
    assert head.split()[-2:] == ["PROJECT", "REGION"]
    assert (first.split()[-2:], second.split()[-2:]) == (["a", "us-east-1"], ["b", "us-east-1"])
    assert "2x delete" in total


def test_list_of_nothing() -> None:
    assert table([], NOW, None) == []


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_a_narrow_terminal_folds_and_loses_nothing(width: int) -> None:
    paths = ("cats/a-version-of-some-length", "dogs/v2")
    models = [created(a_model(path, "RUNNING", STOP), days=9) for path in paths]
    lines = table(models, NOW, width)
    assert max(map(len, lines)) <= width
    assert " ".join(lines).split() == " ".join(table(models, NOW, None)).split()
    assert all(line == line.rstrip() for line in lines)


def test_a_word_longer_than_the_terminal_stays_whole() -> None:
    name = "x" * 60
    assert any(name in line for line in table([a_model(f"cats/{name}")], NOW, 40))
    assert folded(f"a {name} b", 40) == ["a", name, "b"]
