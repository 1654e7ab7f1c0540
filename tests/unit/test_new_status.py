"""The tables are all there is to change for something new, from the list to the last line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from awscli_rekcl import lifecycle

# A status, an action, a request and a consent that do not exist, each put in one place.
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
SCRIPT = """
from awscli_rekcl.errors import Refused
from tests.unit.fakes import Run
looks = [{"v1": "FROZEN"}, {"v1": "STOPPED"}, {"v1": "DELETING"}, {}]
print(Run(looks, "cats/v1", yes=True, fails=Refused).error)
given = {"wake_if_frozen": True}
for answer in "", "delete\\n":
    done = Run(looks, "cats/v1", answer=answer, **given)
    print("\\n", done.status, done.service.requests("wake", "delete"), done.said)
done = Run([{"v1": "STOPPING"}, {"v1": "FROZEN"}], "cats/v1", yes=True, **given)
print("\\n", done.status, done.changes, done.said)
"""


def tables(added: Mapping[str, tuple[str, ...]]) -> str:
    """The text of lifecycle.py with more lines in some of its tables."""
    lines = Path(lifecycle.__file__).read_text().splitlines()
    for place, new in added.items():
        at = lines.index(place) + 1
        if place.startswith("class"):  # behind the members
            at = next(i for i in range(at, len(lines)) if "def __init__" in lines[i])
        lines[at:at] = new
    return "\n".join(lines)


def test_what_is_added_in_one_place_goes_from_the_list_to_the_last_line(tmp_path: Path) -> None:
    package = Path(lifecycle.__file__).parent
    copy, unwanted = tmp_path / package.name, shutil.ignore_patterns("__pycache__")
    shutil.copytree(package, copy, ignore=unwanted)
    (copy / "lifecycle.py").write_text(tables(ADDED))
    path = os.pathsep.join([str(tmp_path), str(package.parent), os.environ.get("PYTHONPATH", "")])
    env = {**os.environ, "PYTHONPATH": path}
    run = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(run, env=env, cwd=tmp_path, capture_output=True, text=True)
    assert done.stderr == ""
    refused, _, rest = done.stdout.partition("\n 1 [] ")
    unconfirmed, _, rest = rest.partition("\n 0 ['wake v1', 'delete v1'] ")
    confirmed, _, entered = rest.partition("\n 255 [] ")  # after the list was confirmed
    assert "To delete it, add --wake-if-frozen." in refused
    for said in unconfirmed, confirmed:
        assert "wake, delete" in said
        assert "1 model to wake in" in said
        assert 'Type "delete"' in said
    assert "Deleted: version v1" in confirmed
    assert "changed to FROZEN" in entered


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("class Consent(enum.Enum):", "    WAKE_IF_FROZEN = ()"),
        ("class Request(enum.Enum):", '    WAKE = "wake", "WakeProjectVersion"'),
        ("class Action(enum.Enum):", '    WAKE_THEN_DELETE = "wake, delete", "to wake"'),
    ],
)
def test_what_is_forgotten_is_an_error_at_import(place: str, line: str) -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        exec(tables({place: (line,)}), {"__name__": lifecycle.__name__})
