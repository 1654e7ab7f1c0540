"""The index for TAB, without an AWS CLI; hosts/ has the real ones."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from awscli_rekcl.arguments import ARG_TABLE
from awscli_rekcl.install import completion
from awscli_rekcl.install.aws import Answer
from tests.at_a_line import interrupt

pytestmark = pytest.mark.posix("a home that is found by HOME")

SCHEMA = """\
CREATE TABLE command_table (command, full_name, parent);
CREATE TABLE param_table (param_id INTEGER PRIMARY KEY, argname, type_name, command, parent, nargs,
    positional_arg, required);
"""
ON = "Completion is on, for TAB and for the auto-prompt, by {}."


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    with sqlite3.connect(tmp_path / "shipped.index") as index:
        index.executescript(SCHEMA)
    return tmp_path / ".aws" / "cli" / "cache"


def install(version: str, is_wanted: bool = True) -> list[str]:
    index = Path.home() / ".aws" / "cli" / "cache" / f"{version}.index"
    shipped = Path.home() / "shipped.index"
    answer = Answer(version, index_file=str(index), shipped_index=str(shipped))
    return list(completion.install([answer], is_wanted))


def is_whole(index: Path) -> bool:
    rows = sqlite3.connect(index).execute("SELECT argname FROM param_table ORDER BY 1").fetchall()
    return [name for (name,) in rows] == sorted(option["name"] for option in ARG_TABLE)


def test_from_off_to_on_to_out_of_date_to_off(cache: Path) -> None:
    index = cache / "2.0.1.index"
    assert install("2.0.1", is_wanted=False) == []
    assert install("2.0.1") == [ON.format(index)]
    assert is_whole(index)
    index.write_bytes(index.read_bytes().replace(b"version-names", b"version-xames"))
    assert install("2.0.1", is_wanted=False) == [ON.format(index)]  # an update renews it
    assert is_whole(index)
    # After an upgrade of the AWS CLI. What is somebody else's stays.
    other = cache / "2.1.1.index"
    other.write_text("somebody's")
    assert install("2.0.2", is_wanted=False) == [ON.format(cache / "2.0.2.index")]
    assert sorted(cache.iterdir()) == [cache / "2.0.2.index", other]
    assert list(completion.remove()) == [f"Removed {cache / '2.0.2.index'}."]
    assert list(cache.iterdir()) == [other]
    other.unlink()
    (cache / "new-awscli_rekcl-x").touch()  # by a killed run
    assert list(completion.remove()) == []
    assert not cache.parent.exists()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer("1.4.0", "/python"), "no version 2 has said which index it reads. Version 1 needs"),
        (
            Answer("2.0.1", index_file="~/x.index", shipped_index="shipped.index"),
            "it is not known where your home folder is: set HOME.",
        ),
    ],
)
def test_without_an_index_or_a_home_folder_nothing_is_made(
    cache: Path, monkeypatch: pytest.MonkeyPatch, answer: Answer, said: str
) -> None:
    monkeypatch.chdir(cache.parents[2])
    (line,) = completion.install([answer], True)
    assert line.startswith(f"No completion: {said}")
    assert os.listdir() == ["shipped.index"]


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("mv other.index shipped.index", "table param_table has no column named nargs"),
        ("rm shipped.index", "No such file or directory"),
        ("echo x > .aws/cli/cache/2.0.1.index", "made by something else"),
        ("rmdir .aws/cli/cache; echo x > .aws/cli/cache", "Not a directory"),
        ("true", "import of sqlite3 halted"),
    ],
)
def test_what_can_go_wrong_is_a_word_and_no_damage(
    cache: Path, monkeypatch: pytest.MonkeyPatch, trouble: str, said: str
) -> None:
    monkeypatch.chdir(cache.parents[2])
    with sqlite3.connect("other.index") as other:
        other.executescript(SCHEMA.replace("nargs", "arity"))
    cache.mkdir(parents=True)
    subprocess.run(["sh", "-c", trouble], check=True)
    if said.startswith("import"):
        monkeypatch.setitem(sys.modules, "sqlite3", None)
    before = sorted(cache.parent.glob("**/*"))
    (line,) = install("2.0.1")
    assert line.startswith("No completion: ")
    assert said in line
    assert line.endswith(". The plugin works without it.")
    assert sorted(cache.parent.glob("**/*")) == before
    assert list(completion.remove()) == []


def test_killed_at_any_line(cache: Path) -> None:
    def update() -> int:
        return len(install("2.0.2")) - 1

    def are_whole() -> bool:
        return all(map(is_whole, cache.glob("*.index")))

    install("2.0.1")
    interrupt(update, signal.SIGKILL, [cache], are_whole, points=4)
    assert [path.name for path in cache.iterdir()] == ["2.0.2.index"]
