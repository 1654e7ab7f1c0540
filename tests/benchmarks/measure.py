"""Runs a process and says what it cost; a stand is where it finds its host and its simulator."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.benchmarks.contenders import Contender
from tests.hosts.installs import Host
from tests.hosts.shell import Aws
from tests.simulator.client import SeededProject, Simulator

DESCRIBE = "DescribeProjectVersions"
_PEAK_UNIT = 1 if sys.platform == "darwin" else 1024


class Cost(NamedTuple):
    """What a process and those that it started and waited for cost."""

    seconds: float
    cpu: float
    """Seconds, user and system."""
    peak: int
    """Bytes of resident memory, of the largest of the processes."""


class Run(NamedTuple):
    """A process and what the service saw of it."""

    cost: Cost
    requests: list[dict[str, Any]]
    deleting: float
    """Seconds from an accepted delete to when the model leaves the listing."""

    @property
    def throttled(self) -> float:
        """Requests that were turned away (%)."""
        errors = [request["Error"] for request in self.requests]
        return 100 * errors.count("ProvisionedThroughputExceededException") / len(errors)

    @property
    def span(self) -> float:
        """Seconds from the first request to the last."""
        times = [request["Time"] for request in self.requests]
        return float(max(times) - min(times))

    @property
    def starting(self) -> float:
        """Seconds from the first look at the first model to the first look at the last one.

        For runs that look at each model by name.
        """
        first: dict[str, float] = {}
        for request in self.requests:
            if request["Operation"] == DESCRIBE:
                (name,) = request["Parameters"]["VersionNames"]
                first.setdefault(name, request["Time"])
        return max(first.values()) - min(first.values())

    @property
    def late(self) -> float:
        """Seconds from the last model's end to the poll that no longer saw it."""
        polls, deletes = (
            [each["Time"] for each in self.requests if each["Operation"] == operation]
            for operation in (DESCRIBE, "DeleteProjectVersion")
        )
        return float(max(polls) - max(deletes) - self.deleting)


class Stand:
    """One host with a simulator of its own."""

    def __init__(self, host: Host, home: Path) -> None:
        home.mkdir()
        self.host = host
        self.home = home
        self.simulator = Simulator()
        self.aws = Aws(host, home, self.simulator.url)
        self.environment = {
            **self.aws.environment,
            "AWS_ENDPOINT_URL": self.simulator.url,  # for boto3; the hosts are told otherwise
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def close(self) -> None:
        self.simulator.close()

    def run(
        self,
        contender: Contender,
        *,
        models: int = 1,
        projects: int = 1,
        deleting: float = 0,
        quota: float | None = None,
        at_terminal: bool = False,
    ) -> Run:
        """Run a contender on so many models in all, `deleting` being what each takes to go.

        Standard error is a file, or a terminal that is read.
        """
        say(f"{contender.__name__} ({self.host.name}), {models} model(s)")
        seeded = self._seed(models, projects, deleting)
        self.simulator.quota(quota)
        with _terminal() if at_terminal else contextlib.nullcontext() as stderr:
            cost = self.cost(contender(seeded), stderr=stderr)
        left = [arn for project in seeded for arn in self.simulator.versions(project.arn)]
        if left and contender.__name__ != "listing":
            raise RuntimeError(f"{contender.__name__} left {len(left)} models")
        return Run(cost, self.simulator.requests(), deleting)

    def cost(
        self,
        command: list[str],
        variables: Mapping[str, str] | None = None,
        stderr: int | None = None,
    ) -> Cost:
        """Run a command to its end, which has to be a success."""
        # Under fork the peak of a process begins with what its parent has. Ours is smaller than any
        # AWS CLI.
        out = self.home / "out"
        with out.open("wb") as file:
            started = time.monotonic()
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file if stderr is None else stderr,
                env={**self.environment, **(variables or {})},
                cwd=self.home,
            )
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{command[:3]} ended with {process.returncode}: {out.read_text()}")
        return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _PEAK_UNIT)

    def _seed(self, models: int, projects: int, deleting: float) -> list[SeededProject]:
        self.simulator.reset()
        self.simulator.transition("DELETING", seconds=deleting)
        names = [f"v{number}" for number in range(models // projects)]
        return list(self.simulator.seed({f"p{n}": names for n in range(projects)}).values())


@contextlib.contextmanager
def _terminal() -> Iterator[int]:
    """A pseudo-terminal, of which all that is shown is read and forgotten."""
    screen, terminal = pty.openpty()

    def read() -> None:
        with contextlib.suppress(OSError):  # its other end was closed
            while os.read(screen, 65536):
                pass

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield terminal
    finally:
        os.close(terminal)
        reader.join()
        os.close(screen)


def say(line: str) -> None:
    """Tell whoever waits what is going on."""
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)
