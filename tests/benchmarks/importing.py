"""What the plugin costs a command that has nothing to do with it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.hosts.installs import ROOT, Host
from tests.hosts.shell import Aws

# Without site, and so without whatever an installation has imported before we look.
FRESH = f"""
import json, sys, time
sys.path.insert(0, {str(ROOT)!r})
before = set(sys.modules)
start = time.perf_counter()
import awscli_rekcl
seconds = time.perf_counter() - start
print(json.dumps({{"seconds": seconds, "imported": sorted(set(sys.modules) - before)}}))
"""


def fresh(python: Path | str) -> dict[str, Any]:
    """Import the plugin in an interpreter that has imported nothing else."""
    done = subprocess.run([python, "-I", "-S", "-c", FRESH], capture_output=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def python_of(host: Host) -> Path:
    """The interpreter of a version 1, which lies beside its program."""
    return host.aws.parent / "python"


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
