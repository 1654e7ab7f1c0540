"""What all tests share: the simulator, a limit of time, and what is not for Windows."""

from __future__ import annotations

import faulthandler
import os
import sys
from collections.abc import Iterator

import pytest

from tests.simulator.client import Simulator

#: The longest that a test may take (seconds). What is short takes hours in `make soak`.
LIMIT = 0 if os.environ.get("SOAK") else 600
_stderr = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_stderr] = os.dup(2)  # which pytest redirects while a test runs


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """End the process with a test that hangs, and show where."""
    if LIMIT:
        faulthandler.dump_traceback_later(LIMIT, exit=True, file=item.config.stash[_stderr])
    yield
    faulthandler.cancel_dump_traceback_later()


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
