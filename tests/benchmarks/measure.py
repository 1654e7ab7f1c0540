"""Runs a process and says what it cost; a stand is where it finds its host and its simulator."""

from __future__ import annotations

import os
import pty
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.benchmarks.contenders import Contender
from tests.hosts.installs import Host
from tests.hosts.shell import Aws
from tests.simulator.client import Simulator

DESCRIBE = "DescribeProjectVersions"


class Run(NamedTuple):
    """What a process and those that it waited for cost, and what the service saw of it."""

    seconds: float
    cpu: float  # seconds, user and system
    peak: int  # bytes of resident memory, of the largest of the processes
    requests: list[dict[str, Any]]
    deleting: float  # seconds from an accepted delete to when the model leaves the listing

    @property
    def throttled(self) -> float:
        """Requests that were turned away (%)."""
        return 100 * sum(bool(each["Error"]) for each in self.requests) / len(self.requests)

    def times(self, operation: str | None = None) -> list[float]:
        return [r["Time"] for r in self.requests if operation in (None, r["Operation"])]

    @property
    def span(self) -> float:
        """Seconds from the first request to the last."""
        return max(self.times()) - min(self.times())

    @property
    def starting(self) -> float:
        """Seconds from the first poll of the first model to that of the last, each by its name."""
        polls = [request for request in self.requests if request["Operation"] == DESCRIBE]
        first = {str(each["Parameters"]["VersionNames"]): each["Time"] for each in polls[::-1]}
        return float(max(first.values()) - min(first.values()))

    @property
    def late(self) -> float:
        """Seconds from the last model's end to the poll that no longer saw it."""
        return max(self.times(DESCRIBE)) - max(self.times("DeleteProjectVersion")) - self.deleting


class Stand:
    """One host with a simulator of its own."""

    def __init__(self, host: Host, home: Path) -> None:
        home.mkdir()
        self.host = host
        self.simulator = Simulator()
        self.close = self.simulator.close
        self.aws = Aws(host, home, self.simulator.url)
        # For boto3; the hosts are told otherwise.
        self.environment = {**self.aws.environment, "AWS_ENDPOINT_URL": self.simulator.url}

    def run(
        self,
        contender: Contender,
        *,
        models: int = 1,
        projects: int = 1,
        deleting: float = 0,
        quota: float | None = None,
        stderr: int | None = None,
    ) -> Run:
        """Run a contender on so many models in all, `deleting` being what each takes to go."""
        self.simulator.reset()
        self.simulator.transition("DELETING", seconds=deleting)
        names = [f"v{number}" for number in range(models // projects)]
        seeded = list(self.simulator.seed({f"p{n}": names for n in range(projects)}).values())
        self.simulator.quota(quota)
        run = self.cost(contender(seeded), stderr=stderr)
        return run._replace(requests=self.simulator.requests(), deleting=deleting)

    def cost(
        self,
        command: list[str],
        variables: Mapping[str, str] | None = None,
        stderr: int | None = None,
    ) -> Run:
        """Run a command to its end, which has to be a success."""
        # Under fork the peak of a process begins with what its parent has; ours has less.
        environment = {**self.environment, **(variables or {})}
        out = self.aws.home / "out"
        with out.open("wb") as file:
            err = file if stderr is None else stderr
            streams: Any = {"stdin": subprocess.DEVNULL, "stdout": file, "stderr": err}
            started = time.monotonic()
            process = subprocess.Popen(command, env=environment, cwd=self.aws.home, **streams)
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{command[:3]} ended with {process.returncode}: {out.read_text()}")
        peak = usage.ru_maxrss * 1024  # on Linux
        return Run(seconds, usage.ru_utime + usage.ru_stime, peak, [], 0)


def terminal() -> int:
    """A pseudo-terminal, of which all that is shown is read and forgotten while this process is."""
    screen, slave = pty.openpty()
    reader = iter(lambda: os.read(screen, 65536), b"")
    threading.Thread(target=list, args=(reader,), daemon=True).start()
    return slave
