"""What is asked for where it is not named, and what an answer picks."""

from __future__ import annotations

import contextlib
import os
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awscli_rekcl.arn import ProjectArn
from awscli_rekcl.errors import Cancelled, NotFound, WrongAnswer
from awscli_rekcl.options import Options
from awscli_rekcl.picking import parse_models, parse_project, pick
from awscli_rekcl.service.describe import Describer, Description
from awscli_rekcl.terminal.console import Console

from .fakes import NOW, FakeService, Terminal, model_arn, options, project_arn

NAMES = ["v9", "v8", "3", "v6", "7-8", "20261124080001", "v8"]


@pytest.mark.parametrize(
    ("text", "picked"),
    [
        ("1", [0]),
        ("1 3-4", [0, 2, 3]),
        ("4,1", [3, 0]),
        ("2-2,2", [1]),
        ("v6 1", [3, 0]),
        ("3", [2]),
        ("0000000001", [0]),
        (f"{'0' * 5000}2-03", [1, 2]),
        ("v6 all", [3, 0, 1, 2, 4, 5, 6]),
    ],
)
def test_answers(text: str, picked: list[int]) -> None:
    assert parse_models(text, NAMES, {}) == picked


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0", "out of range: 1 to 7"),
        ("3-2", "out of range: 1 to 7"),
        ("1-8", "out of range: 1 to 7"),
        ("1" * 5000, "out of range: 1 to 7"),
        # What reads as a number is no name.
        ("7-8", "out of range: 1 to 7. The one named 7-8 has the number 5."),
        ("20261124080001", "The one named 20261124080001 has the number 6."),
        ("-1", "is not a number, range or name"),
        ("V8", "is not a number, range or name"),
        ("\u0661", "is not a number, range or name"),
        ("1 v5", "'v5'"),
        ("v7", "cancel and add --stop-if-running"),
        ("v8", "2 and 7 are both named v8: pick by number"),
        (",", "no number and no name"),
    ],
)
def test_wrong_answers(text: str, said: str) -> None:
    with pytest.raises(WrongAnswer, match=re.escape(said)):
        parse_models(text, NAMES, {"v7": "--stop-if-running"})


# Names made of digits are as likely as others: the console makes them up from the time.
NAME = st.text("ab.-", min_size=1, max_size=8) | st.text("0123456789-", min_size=1, max_size=17)


@given(st.lists(NAME, min_size=1, max_size=9), st.data())
def test_nothing_but_a_number_or_a_name_picks_anything(
    names: list[str], data: st.DataObject
) -> None:
    first, last = sorted(data.draw(st.integers(1, len(names))) for _ in range(2))
    assert parse_models(f"{first}-{last}", names, {}) == list(range(first - 1, last))
    word = st.sampled_from(names) | st.text(max_size=12) | st.integers(0, 99).map(str)
    text = " ".join(data.draw(st.lists(word, min_size=1, max_size=3)))
    try:
        picked = parse_models(text, names, {})
    except WrongAnswer:
        return
    words = [word for word in re.split(r"[\s,]+", text) if word]
    assert words
    for position in picked:
        assert any(
            word == "all"
            or (not re.fullmatch("[0-9]+(-[0-9]+)?", word) and word == names[position])
            or _spans(word, position + 1)
            for word in words
        )


def _spans(word: str, number: int) -> bool:
    first, _, last = word.partition("-")
    if not (first.isdigit() and (last or first).isdigit()):
        return False
    return int(first) <= number <= int(last or first)


class Talk:
    """A person who picks, and what came of it."""

    def __init__(self, service: FakeService, answers: str, **given: Any) -> None:
        self.stderr = Terminal()
        reader, writer = os.pipe()
        os.write(writer, answers.encode())
        os.close(writer)
        self.picked: Options | None = None
        with open(reader) as stdin:
            console = Console(stdin, None, self.stderr, {}, color="off")
            chosen = options(can_ask=True, **given)
            with contextlib.suppress(Cancelled):
                self.picked = pick(chosen, service, Describer(service), console, NOW)
        self.said = self.stderr.getvalue()

    @property
    def names(self) -> list[str]:
        assert self.picked is not None
        return [arn.version_name for arn in self.picked.project_version_arn or []]


TWO: dict[str, Any] = {
    "cats": [{"v9": "STOPPED", "v8": "RUNNING", "v7": "TRAINING_FAILED"}],
    "dogs": [{"w1": "STOPPED"}],
}


def test_project_then_models() -> None:
    talk = Talk(FakeService(TWO), "1\n1-2\n")
    assert talk.names == ["v9", "v7"]
    assert talk.picked is not None
    assert (talk.picked.project_arn, talk.picked.project_name) == (project_arn(), None)
    lines = talk.said.splitlines()
    assert lines[:3] == ["Projects in us-east-1 (account 123456789012):", "  1  cats", "  2  dogs"]
    assert "Models in project cats (us-east-1, account 123456789012), newest first:" in lines
    assert re.search(r"^  1 +v9 +STOPPED", talk.said, re.M)
    assert re.search(r"^ +v8 +RUNNING +- +--stop-if-running$", talk.said, re.M)
    assert re.search(r"^  2 +v7 +TRAINING_FAILED", talk.said, re.M)


@pytest.mark.parametrize(
    ("projects", "given", "answers", "begins", "names"),
    [
        # An only project is taken at once, and one that is named is not asked for.
        ({"cats": TWO["cats"]}, {}, "v7\n", "The only project is cats.\n", ["v7"]),
        (TWO, {"project_name": "dogs"}, "all\n", "Models in project dogs", ["w1"]),
        (TWO, {"project_arn": project_arn("dogs").text}, "1\n", "Models in project dogs", ["w1"]),
        # Options that consent give a number.
        (TWO, {"stop_if_running": True}, "1\n2\n", "Projects in", ["v8"]),
        ({"cats": [{}]}, {"project_name": "cats"}, "", "", []),
    ],
)
def test_what_is_asked_for(
    projects: Any, given: dict[str, Any], answers: str, begins: str, names: list[str]
) -> None:
    talk = Talk(FakeService(projects), answers, **given)
    assert talk.names == names
    assert talk.said.startswith(begins)
    assert bool(talk.said) == bool(names)  # an empty project is for the summary to report


def test_a_wrong_answer_is_explained_and_asked_for_again() -> None:
    talk = Talk(FakeService(TWO), "3\n1 2\nall\ncats\nv8\n9\nv9\n")
    assert talk.names == ["v9"]
    assert talk.said.count("Project (") == 4
    assert talk.said.count("Models to delete (") == 3
    assert "3 is out of range: 1 to 2." in talk.said
    for answer in ("1 2", "all"):
        assert f"'{answer}' is not the number or the name of a project in this list." in talk.said
    assert "v8 is in use. To include it, cancel and add --stop-if-running." in talk.said
    assert parse_project("2", ["2", "1"]) == 1  # what reads as a number is one


@pytest.mark.parametrize("answers", ["", "\n1\nv9\n", "1\n", "1\n \nv9\n", "1\nv9"])
def test_an_empty_line_or_end_of_file_cancels(answers: str) -> None:
    assert Talk(FakeService(TWO), answers).picked is None


def test_two_projects_of_one_name_are_told_apart() -> None:
    service = FakeService(TWO)
    twin = ProjectArn.parse(f"{project_arn().text}2")
    listed = service.projects
    service.projects = lambda *given: [*listed(*given), twin, twin]  # type: ignore[method-assign]
    talk = Talk(service, "cats\n2\n1\n")
    assert "1 and 2 are both named cats: pick by number." in talk.said
    assert talk.picked is not None
    assert talk.picked.project_arn == twin
    assert all(f" {arn.text}\n" in talk.said for arn in (project_arn(), twin))
    assert " dogs\n" in talk.said


@pytest.mark.parametrize("columns", [40, 80])
def test_all_rows_are_broken_alike(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Console, "width", columns)
    statuses = ["STOPPED", "RUNNING", "TRAINING_IN_PROGRESS"]
    models = {f"my-model.2026-11-24T08.02.{n:02}": s for n, s in enumerate(statuses)}
    talk = Talk(FakeService({"cats": [models], "dogs": [{}]}), "1\n1\n")
    lines = talk.said.splitlines()
    assert max(map(len, lines)) <= columns
    assert re.search(r"an empty line\s+cancels\): ", talk.said)
    for words in (list(models), statuses):
        assert len({line.index(word) for line in lines for word in words if word in line}) == 1


def test_the_newest_model_comes_first() -> None:
    service = FakeService({"cats": [{}]})
    arns = [model_arn(name, number=number) for number, name in enumerate(("old", "new"))]
    service.listing = lambda *_: [Description(arn, "STOPPED") for arn in arns]  # type: ignore[method-assign]
    assert Talk(service, "1\n").names == ["new"]


def test_a_region_without_projects() -> None:
    with pytest.raises(NotFound, match="no project in us-east-1"):
        Talk(FakeService({}), "")


def test_nothing_that_could_be_deleted() -> None:
    talk = Talk(FakeService({"cats": [{"v1": "RUNNING"}]}), "all\n")
    assert talk.picked is None
    assert "--stop-if-running" in talk.said
