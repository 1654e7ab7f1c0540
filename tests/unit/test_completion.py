"""The index for TAB, without an AWS CLI; hosts/ has the real ones."""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path

import pytest

from awscli_rekcl.arguments import ARG_TABLE
from awscli_rekcl.install import completion
from awscli_rekcl.install.aws import Answer

from .test_installer import is_killed

pytestmark = pytest.mark.posix("a home that is found by HOME")

SCHEMA = """\
CREATE TABLE command_table (command, full_name, parent);
CREATE TABLE param_table (param_id INTEGER PRIMARY KEY, argname, type_name, command, parent, nargs,
    positional_arg, required);
CREATE TABLE apicall_table (apicall_data, param_id);
"""
ON = "Completion is on, for TAB and for the auto-prompt, by {}."


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    with sqlite3.connect(tmp_path / "shipped.index") as index:
        index.executescript(SCHEMA)
    return tmp_path / ".aws" / "cli" / "cache"


def answer(version: str = "2.0.1") -> Answer:
    index = Path("~/.aws/cli/cache", f"{version}.index").expanduser()
    shipped = Path("~/shipped.index").expanduser()
    return Answer(version, None, [], [], str(index), str(shipped))


def install(*versions: str, is_wanted: bool = True) -> list[str]:
    return list(completion.install([answer(version) for version in versions], is_wanted))


def options(index: Path) -> set[str]:
    rows = sqlite3.connect(index).execute("SELECT argname FROM param_table").fetchall()
    return {name for (name,) in rows}


def test_from_off_to_on_to_out_of_date_to_off(cache: Path) -> None:
    index = cache / "2.0.1.index"
    assert completion.state(answer()) == "off"
    assert install("2.0.1", is_wanted=False) == []
    assert install("2.0.1") == [ON.format(index)]
    assert options(index) == {option["name"] for option in ARG_TABLE}
    assert completion.state(answer()) == "on"
    with sqlite3.connect(index) as rows:  # by another version of the plugin
        rows.execute("PRAGMA user_version = 1")
    assert completion.state(answer()) == "out of date"
    assert install("2.0.1", is_wanted=False) == [ON.format(index)]
    assert completion.state(answer()) == "on"
    # After an upgrade of the AWS CLI. What is somebody else's stays.
    other = cache / "2.1.1.index"
    other.write_text("somebody's")
    assert completion.state(answer("2.0.2")) == "out of date"
    assert install("2.0.2", is_wanted=False) == [ON.format(cache / "2.0.2.index")]
    assert sorted(cache.iterdir()) == [cache / "2.0.2.index", other]
    assert list(completion.remove()) == [f"Removed {cache / '2.0.2.index'}."]
    assert list(cache.iterdir()) == [other]
    other.unlink()
    (cache / ".awscli_rekcl-x").mkdir()  # by a killed run
    assert list(completion.remove()) == []
    assert not cache.parent.exists()


def test_a_second_installer_waits_from_the_first_index_on(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def copy(source: Path, target: Path) -> None:
        import fcntl

        folder = os.open(cache, os.O_RDONLY)
        with pytest.raises(BlockingIOError):  # else it takes the copy away, as a killed one's
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(folder)
        target.write_bytes(source.read_bytes())

    monkeypatch.setattr("shutil.copyfile", copy)
    assert install("2.0.1") == [ON.format(cache / "2.0.1.index")]


def test_version_1_has_it_by_itself(cache: Path) -> None:
    (line,) = completion.install([], True)
    assert line.startswith("No completion: no aws has said")
    version_1 = Answer("1.4.0", "/python", [], [], None, None)
    assert completion.state(version_1).startswith("by itself")
    assert "version 1 has it by itself" in next(completion.install([version_1], True))
    assert not cache.exists()


@pytest.mark.parametrize("trouble", ["form", "gone", "foreign", "file", "unreadable", "sqlite3"])
def test_what_can_go_wrong_is_a_word_and_no_damage(
    cache: Path, tmp_path: Path, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped, index = tmp_path / "shipped.index", cache / "2.0.1.index"
    cache.mkdir(parents=True)
    if trouble == "form":
        with sqlite3.connect(shipped) as changed:
            changed.execute("ALTER TABLE param_table RENAME COLUMN nargs TO arity")
        said = "is not as expected: table param_table has no column named nargs"
    elif trouble == "gone":
        shipped.unlink()
        said = "No such file or directory"
    elif trouble == "foreign":
        index.write_text("somebody's")
        said = "made by something else"
    elif trouble == "file":
        cache.rmdir()
        cache.write_text("a file where the folder belongs")
        said = "File exists"
    elif trouble == "unreadable":
        cache.rmdir()
        cache.symlink_to("cache")  # for root as well
        said = "Too many levels of symbolic links"
    else:
        monkeypatch.setitem(sys.modules, "sqlite3", None)
        said = "this Python has no sqlite3"
    before = sorted(cache.parent.glob("**/*"))
    (line,) = install("2.0.1")
    assert line.startswith("No completion: ")
    assert said in line
    assert line.endswith(". The plugin works without it.")
    assert sorted(cache.parent.glob("**/*")) == before
    removed = list(completion.remove())
    assert all(line.startswith("Completion can't be removed: ") for line in removed)
    assert bool(removed) == (trouble == "unreadable")


def test_killed_before_any_change_of_a_file(cache: Path) -> None:
    for number in range(100):
        install("2.0.1")
        killed = is_killed(number, lambda: install("2.0.2"))
        for index in cache.glob("*.index"):
            assert options(index) == {option["name"] for option in ARG_TABLE}  # whole
        if not killed:
            break
        install("2.0.2")  # finishes the job
        assert [path.name for path in cache.iterdir()] == ["2.0.2.index"]
        list(completion.remove())
        assert not cache.exists()
    assert number > 5
