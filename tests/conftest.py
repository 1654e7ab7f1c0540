"""What the tests of the simulator and those of the hosts share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulator.client import Simulator


@pytest.fixture(scope="session")
def simulator_process() -> Iterator[Simulator]:
    """One simulator for all tests of a process."""
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def simulator(simulator_process: Simulator) -> Simulator:
    """The simulator, empty."""
    simulator_process.reset()
    return simulator_process
