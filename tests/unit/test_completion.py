"""The index for TAB, with a stand-in for the AWS CLI; hosts/ has the real ones."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from awscli_rekcl import __version__
from awscli_rekcl.arguments import ARG_TABLE
from awscli_rekcl.install import completion

pytestmark = pytest.mark.posix("a process that kills itself, and a home that is found by HOME")

ROOT = Path(__file__).parents[2]
NAME = "delete-model-and-wait"
DB = """\
import os
from awscli import __version__
INDEX_FILE = os.path.expanduser(f"~/.aws/cli/cache/{__version__}.index")
BUILTIN_INDEX_FILE = os.path.expanduser("~/shipped.index")
"""
MODEL = """\
import sqlite3
class ModelIndex:
    def __init__(self, path):
        self.rows = sqlite3.connect(path)
    def command_names(self, lineage):
        return [row[0] for row in self.rows.execute("SELECT command FROM command_table")]
    def arg_names(self, lineage, name):
        return [row[0] for row in self.rows.execute("SELECT argname FROM param_table")]
"""
SCHEMA = """\
CREATE TABLE command_table (command, full_name, parent);
CREATE TABLE param_table (param_id INTEGER PRIMARY KEY, argname, type_name, command, parent, nargs,
    positional_arg, required);
CREATE TABLE apicall_table (apicall_data, param_id);
"""
PREFIX = """
import os, signal, sys
from awscli_rekcl.install import completion
from awscli_rekcl.arguments import ARG_TABLE
"""
# What changes a file calls one of these; the process dies right before the call.
KILL = """
import signal
left = int(sys.argv[1])
def audit(event, args):
    global left
    writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
    if writes or event in ("os.rename", "os.remove", "os.mkdir", "sqlite3.connect"):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(audit)
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{ROOT}")
    local = tmp_path / "awscli" / "autocomplete" / "local"
    local.mkdir(parents=True)
    upgrade(tmp_path, "2.0.1")
    for folder in (local, local.parent):
        (folder / "__init__.py").touch()
    (local.parent / "db.py").write_text(DB)
    (local / "model.py").write_text(MODEL)
    with sqlite3.connect(tmp_path / "shipped.index") as index:
        index.executescript(SCHEMA)
    return tmp_path / ".aws" / "cli" / "cache"


def upgrade(home: Path, version: str) -> None:
    (home / "awscli" / "__init__.py").write_text(f'__version__ = "{version}"\n')


def run(script: str, *args: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-B", "-c", PREFIX + script, *args]
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)


def make(before: str = "", *args: str) -> int:
    return run(f"{before}\ncompletion.make({NAME!r}, ARG_TABLE)", *args).returncode


def options(index: Path) -> set[str]:
    rows = sqlite3.connect(index).execute("SELECT argname FROM param_table").fetchall()
    return {name for (name,) in rows}


def test_killed_before_any_change_of_a_file(cache: Path, tmp_path: Path) -> None:
    wanted = {option["name"] for option in ARG_TABLE}
    for killed in range(100):
        upgrade(tmp_path, "2.0.1")
        assert make() == 0
        upgrade(tmp_path, "2.0.2")
        code = make(KILL, str(killed))
        for index in cache.glob("*.index"):
            assert options(index) == wanted  # whole
        if code == 0:
            break
        assert code == -signal.SIGKILL
        assert make() == 0  # finishes the job
        assert [path.name for path in cache.glob("*.index")] == ["2.0.2.index"]
        assert completion.is_there("2.0.2")
        assert completion.remove()
        assert not cache.exists()
    assert killed > 5


@pytest.mark.parametrize("what", ["never asked for", "up to date", "version 1"])
def test_nothing_is_renewed(cache: Path, tmp_path: Path, what: str) -> None:
    if what != "never asked for":
        assert make() == 0
    if what == "version 1":
        upgrade(tmp_path, "1.46.0")
    before = {path: path.stat().st_mtime_ns for path in cache.glob("*")}
    done = run(
        f"completion.renew_if_asked_for({NAME!r}, ARG_TABLE); import threading;"
        "print(threading.active_count(), 'sqlite3' in sys.modules)"
    )
    assert done.stdout == "1 False\n"
    assert {path: path.stat().st_mtime_ns for path in cache.glob("*")} == before


RENEW = f"completion.renew_if_asked_for({NAME!r}, ARG_TABLE)"


@pytest.mark.parametrize("what", ["the AWS CLI", "the plugin"])
def test_a_run_after_an_upgrade_renews(cache: Path, tmp_path: Path, what: str) -> None:
    assert make() == 0
    if what == "the plugin":
        marker = cache / "awscli_rekcl.completion"
        marker.write_text(marker.read_text().replace(__version__, "0.9"))
    else:
        upgrade(tmp_path, "2.0.2")
    wait = "import threading; [t.join() for t in threading.enumerate() if t.daemon]"
    assert run(f"{RENEW}; {wait}").returncode == 0
    assert completion.is_there("2.0.1" if what == "the plugin" else "2.0.2")
    assert len(list(cache.glob("*.index"))) == 1


def test_a_run_waits_for_nothing_and_fails_by_nothing(cache: Path, tmp_path: Path) -> None:
    assert make() == 0
    upgrade(tmp_path, "2.0.2")
    # A disk that never answers.
    stuck = "import shutil, time; shutil.copyfile = lambda *args: time.sleep(1000)"
    started = time.monotonic()
    assert run(f"{stuck}\n{RENEW}").returncode == 0
    assert time.monotonic() - started < 30
    broken = "import shutil; shutil.copyfile = None"
    done = run(f"{broken}\n{RENEW}; import time; time.sleep(0.2)")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not (cache / "2.0.2.index").exists()


def test_a_marker_names_only_what_is_an_index(cache: Path, tmp_path: Path) -> None:
    cache.mkdir(parents=True)
    (tmp_path / "precious.index").touch()
    marker = cache / "awscli_rekcl.completion"
    marker.write_text("../../../precious.index 1 /x\n\n2.0.1.ind\n2.0.0.index 1.0.0 /x y\n")
    (cache / "2.0.0.index").touch()
    assert completion.remove()
    assert (tmp_path / "precious.index").exists()
    assert not cache.exists()
    assert not completion.remove()


def test_each_of_two_versions_keeps_its_own(cache: Path, tmp_path: Path) -> None:
    assert make() == 0
    # Another one, shipped elsewhere; and then an upgrade of it, in a folder per version.
    db = tmp_path / "awscli" / "autocomplete" / "db.py"
    db.write_text(DB.replace("~/shipped", "~/{__version__}/shipped").replace('("~/{', '(f"~/{'))
    for version in ("2.1.0", "2.2.0"):
        (tmp_path / version).mkdir()
        (tmp_path / version / "shipped.index").write_bytes(
            (tmp_path / "shipped.index").read_bytes()
        )
        upgrade(tmp_path, version)
        assert make() == 0
        assert sorted(path.name for path in cache.glob("*.index")) == [
            "2.0.1.index",
            f"{version}.index",
        ]
    assert completion.is_there("2.0.1")
    # And the first one goes with its AWS CLI.
    (tmp_path / "shipped.index").unlink()
    assert make() == 0
    assert [path.name for path in cache.glob("*.index")] == ["2.2.0.index"]
