"""The tables are all there is to change for something new, from the list to the last line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import awscli_rekcl
from awscli_rekcl import lifecycle
from awscli_rekcl.errors import Refused
from awscli_rekcl.lifecycle import Action, Consent, Request, Rule

from .test_run import Run, printed

INVENTED: dict[str | None, Rule] = {
    "WARMING_UP": Rule(Action.WAIT_THEN_DELETE, None, Consent.WAIT_IF_TRAINING),
    "SERVING": Rule(Action.STOP_THEN_DELETE, Request.STOP, Consent.STOP_IF_RUNNING),
}
Capsys = pytest.CaptureFixture[str]
invented = pytest.mark.usefixtures("_invented")


@pytest.fixture
def _invented(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "RULES", {**lifecycle.RULES, **INVENTED})


@invented
@pytest.mark.parametrize(
    ("status", "option", "action", "changes"),
    [
        ("WARMING_UP", "wait_if_training", "wait, then delete", ["delete v1"]),
        ("SERVING", "stop_if_running", "stop, then delete", ["stop v1", "delete v1"]),
    ],
)
def test_handled(status: str, option: str, action: str, changes: list[str], capsys: Capsys) -> None:
    looks = [{"v1": status}, {"v1": status}, {"v1": "STOPPED"}, {"v1": "DELETING"}, {}]
    given: dict[str, Any] = {option: True}
    done = Run(looks, "cats/v1", yes=True, **given)
    assert (done.status, done.changes) == (0, changes)
    assert f"{status}" in done.said
    assert action in done.said
    assert done.said.endswith("Deleted: version v1 in project cats.\n")
    assert [entry["Status"] for entry in printed(capsys)] == ["DELETED"]


@invented
@pytest.mark.parametrize(
    ("status", "option"), [("WARMING_UP", "--wait-if-training"), ("SERVING", "--stop-if-running")]
)
def test_refused_without_the_option(status: str, option: str) -> None:
    done = Run([{"v1": status}], "cats/v1", yes=True, fails=Refused)
    assert (status in str(done.error), option in str(done.error), done.changes) == (True, True, [])


@invented
def test_one_that_is_entered_after_the_confirmation(capsys: Capsys) -> None:
    looks: Any = [{"v1": "STOPPING"}, {"v1": "SERVING"}]
    done = Run(looks, "cats/v1", yes=True)
    assert (done.status, done.changes) == (255, [])
    assert "changed to SERVING" in json.dumps(printed(capsys))


# An action, a request and a consent that do not exist, each put in one place of the tables.
ADDED = {
    "class Consent(enum.Enum):": ('    WAKE_IF_FROZEN = "Wakes it."',),
    "class Request(enum.Enum):": ('    WAKE = "wake", "WakeProjectVersion", ("STOPPED",)',),
    "class Action(enum.Enum):": (
        '    WAKE_THEN_DELETE = "wake, delete", "to wake", (Request.WAKE, Request.DELETE)',
    ),
    "RULES = {": (
        '    "FROZEN": Rule(',
        "        Action.WAKE_THEN_DELETE, Request.WAKE, Consent.WAKE_IF_FROZEN",
        "    ),",
    ),
}


def in_a_copy(folder: Path, added: dict[str, tuple[str, ...]], script: str) -> Any:
    """Run a script where the tables of lifecycle.py hold more lines."""
    package = Path(awscli_rekcl.__file__).parent
    shutil.copytree(package, folder / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    table = folder / package.name / "lifecycle.py"
    lines = table.read_text().splitlines()
    for place, new in added.items():
        at = lines.index(place) + 1
        if place.startswith("class"):  # behind the members
            at = next(i for i in range(at, len(lines)) if "def __init__" in lines[i])
        lines[at:at] = new
    table.write_text("\n".join(lines))
    path = os.pathsep.join([str(folder), str(package.parent), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": path},
        cwd=folder,
        capture_output=True,
        text=True,
    )


SCRIPT = """
from awscli_rekcl.errors import Refused
from tests.unit.test_run import Run
looks = [{"v1": "FROZEN"}, {"v1": "STOPPED"}, {"v1": "DELETING"}, {}]
print(Run(looks, "cats/v1", yes=True, fails=Refused).error)
given = {"wake_if_frozen": True}
for answer in "", "delete\\n":
    done = Run(looks, "cats/v1", answer=answer, **given)
    print("\\n", done.status, done.service.requests("wake", "delete"), done.said)
"""


def test_what_is_added_in_one_place_goes_from_the_list_to_the_last_line(tmp_path: Path) -> None:
    done = in_a_copy(tmp_path, ADDED, SCRIPT)
    assert done.stderr == ""
    refused, _, rest = done.stdout.partition("\n 1 [] ")
    unconfirmed, _, confirmed = rest.partition("\n 0 ['wake v1', 'delete v1'] ")
    assert "To delete it, add --wake-if-frozen." in refused
    for said in unconfirmed, confirmed:
        assert "wake, delete" in said
        assert "1 model to wake in" in said
        assert 'Type "delete"' in said
    assert "Deleted: version v1" in confirmed


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("class Consent(enum.Enum):", "    WAKE_IF_FROZEN = ()"),
        ("class Request(enum.Enum):", '    WAKE = "wake", "WakeProjectVersion"'),
        ("class Action(enum.Enum):", '    WAKE_THEN_DELETE = "wake, delete", "to wake"'),
    ],
)
def test_what_is_forgotten_is_an_error_at_import(place: str, line: str, tmp_path: Path) -> None:
    done = in_a_copy(tmp_path, {place: (line,)}, "import awscli_rekcl.lifecycle")
    assert done.stderr.splitlines()[-1].startswith("TypeError")
