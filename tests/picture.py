"""Draws a real session of the command at a terminal: `make picture`.

Dates and ages differ from day to day, so what the README shows, `docs/session.svg`, stays as it is.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

import pyte
from rich.console import Console
from rich.text import Text

from tests.demo import MODELS
from tests.hosts.installs import ROOT, install
from tests.hosts.shell import Aws, Running
from tests.simulator.client import Simulator

COLUMNS, ROWS = 92, 50
COMMAND = """\
aws rekognition delete-model-and-wait --project-name animals --all-versions \\
      --stop-if-running --wait-if-training --query 'ProjectVersions[].Status'"""
SCRIPT = f"cat << 'END'\n$ {COMMAND}\nEND\n{COMMAND}"


def main() -> int:
    """Write the picture: the screen in the middle of the wait, and what it ends with."""
    during: list[str] = []

    def look(running: Running) -> None:
        during.append(running.screen.getvalue())

    with tempfile.TemporaryDirectory() as home, Simulator() as simulator:
        simulator.transition("STOPPING", seconds=1)
        simulator.transition("TRAINING_IN_PROGRESS", seconds=10)
        simulator.transition("DELETING", seconds=3)
        simulator.seed({"animals": MODELS})
        result = Aws(install("v2"), Path(home), simulator.url).bash(
            SCRIPT,
            terminal=True,
            columns=COLUMNS,
            rows=ROWS,
            stdout="terminal",
            answers=[("models: ", "delete\n"), ("DELETING", look)],
        )
    lines = _screen(during[0])
    after = _screen(result.screen)
    lines += after[len(lines) - 1 :]  # from where the moving line was
    picture = Console(record=True, width=COLUMNS, file=io.StringIO())
    picture.print(Text("\n".join(lines)), end="")
    folder = ROOT / "build"
    folder.mkdir(exist_ok=True)
    picture.save_svg(str(folder / "session.svg"), title="aws rekognition delete-model-and-wait")
    return result.returncode


def _screen(received: str) -> list[str]:
    screen = pyte.Screen(COLUMNS, ROWS)
    pyte.Stream(screen).feed(received)
    return [line.rstrip() for line in "\n".join(screen.display).rstrip().split("\n")]


if __name__ == "__main__":
    sys.exit(main())
