"""What the plugin costs a command that has nothing to do with it, seen from inside the host."""

from __future__ import annotations

import json
import os
from typing import Any

from tests.hosts.shell import Aws

# A plugin, loaded before ours, that writes how long the import of ours took, which modules that
# brought in, and which modules of ours were there when the process ended.
PLUGIN = """
import atexit, json, os, sys, time
before = set(sys.modules)
start = time.perf_counter()
import awscli_rekcl
seconds = time.perf_counter() - start
imported = sorted(set(sys.modules) - before)

def awscli_initialize(event_hooks): pass

def write():
    ours = sorted(name for name in sys.modules if name.startswith("awscli_rekcl"))
    with open(os.environ["REKCL_PROBE"], "w") as file:
        json.dump({"seconds": seconds, "imported": imported, "at_exit": ours}, file)

atexit.register(write)
"""


class Probe:
    """Has a host load the probe before our plugin."""

    def __init__(self, aws: Aws) -> None:
        self._answer = aws.home / "probe.json"
        folder = aws.home / "plugins"  # version 2 looks in there already
        folder.mkdir(exist_ok=True)
        (folder / "rekcl_probe.py").write_text(PLUGIN)
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
        """What was written at the end of a command that was run with these variables."""
        answer: dict[str, Any] = json.loads(self._answer.read_text())
        self._answer.unlink()
        return answer
