"""What the plugin costs a command that has nothing to do with it, seen from inside the host."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from tests.hosts.shell import Aws


class Probe:
    """Has a host load `probe` before our plugin."""

    def __init__(self, aws: Aws) -> None:
        self._answer = aws.home / "probe.json"
        folder = aws.home / "plugins"  # version 2 looks in there already
        folder.mkdir(exist_ok=True)
        shutil.copy(Path(__file__).with_name("probe.py"), folder / "rekcl_probe.py")
        config = aws.home / "config-probe"
        plugins = "[plugins]\nprobe = rekcl_probe\n"
        config.write_text(aws.config.read_text().replace("[plugins]\n", plugins))
        paths = (aws.environment.get("PYTHONPATH"), str(folder))
        self.variables = {
            "AWS_CONFIG_FILE": str(config),
            "REKCL_PROBE": str(self._answer),
            "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        }

    def answer(self) -> dict[str, Any]:
        """What `probe` wrote at the end of a command that was run with these variables."""
        answer: dict[str, Any] = json.loads(self._answer.read_text())
        self._answer.unlink()
        return answer
