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
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

COLUMNS, ROWS = 120, 50  # a document with ARNs is that wide
COMMAND = "aws rekognition delete-model-and-wait"
PICK, CONFIRM = "Models to delete .*: ", 'Type "delete" .*: '
TYPED = r"(?m)(?<=^\$ ).+|(?<=cancels\): ).+|(?<=these 2 models: ).+"


def main() -> int:
    """Write the picture: what the screen shows at the end, with what was typed in bold."""
    with tempfile.TemporaryDirectory() as home, Simulator() as simulator:
        simulator.transition("TRAINING_IN_PROGRESS", seconds=600)
        simulator.seed({"animals": MODELS})
        result = Aws(install("v2"), Path(home), simulator.url).bash(
            f"echo '$ {COMMAND}'; {COMMAND}",
            terminal=True,
            columns=COLUMNS,
            rows=ROWS,
            stdout="terminal",
            answers=[(PICK, "2-3\n"), (CONFIRM, "delete\n")],
        )
    screen = pyte.Screen(COLUMNS, ROWS)
    pyte.Stream(screen).feed(result.screen)
    text = Text("\n".join(line.rstrip() for line in screen.display).rstrip())
    text.highlight_regex(TYPED, "bold yellow")
    picture = Console(record=True, width=COLUMNS, file=io.StringIO())
    picture.print(text)
    folder = ROOT / "build"
    folder.mkdir(exist_ok=True)
    picture.save_svg(str(folder / "session.svg"), title=COMMAND)
    print(text)
    return result.returncode


if __name__ == "__main__":
    sys.exit(main())
