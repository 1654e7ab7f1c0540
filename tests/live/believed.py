"""The simulator as the service is believed to be, and the side of the comparison that it makes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3

from tests.hosts.installs import Host
from tests.live.side import Side
from tests.simulator.client import Simulator

#: Between two polls of a simulator (seconds): often enough to see each status.
PAUSE = 0.05

#: What is believed to be answered to credentials that are refused.
REFUSALS = {"denied": "AccessDeniedException", "expired": "ExpiredTokenException"}


def prepare(simulator: Simulator) -> None:
    """Have trainings fail, and each status last for several polls, however slow this machine is."""
    simulator.transition("CREATING", looks=3, of="project")
    simulator.transition("DELETING", looks=3, of="project")
    simulator.transition("CREATE_IN_PROGRESS", looks=3, of="dataset")
    simulator.transition("DELETE_IN_PROGRESS", looks=3, of="dataset")
    # More than those that the commands before the wait take.
    simulator.transition("TRAINING_IN_PROGRESS", looks=25, to="TRAINING_FAILED")
    simulator.transition("DELETING", looks=2)


class Believed(Side):
    """The side of the simulator."""

    def __init__(self, simulator: Simulator, host: Host, home: Path, region: str):
        session = boto3.Session("AKIAIOSFODNN7EXAMPLE", "secret", region_name=region)
        super().__init__(session, host, home, simulator.url, PAUSE)
        self.simulator = simulator
        prepare(simulator)

    @contextmanager
    def refused(self, kind: str) -> Iterator[None]:
        self.simulator.rule("*", {"Error": REFUSALS[kind]}, Times=None)
        yield
        self.simulator.clear_rules()
