"""What all tests share: the simulator, and the mark of those that are not for Windows."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.simulator.client import Simulator


@pytest.hookimpl(tryfirst=True)  # before any fixture is set up
def pytest_runtest_setup(item: pytest.Item) -> None:
    mark = item.get_closest_marker("posix")
    if mark and sys.platform == "win32":
        pytest.skip(*mark.args)


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
