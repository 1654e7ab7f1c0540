"""What the tests of the simulator ask."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.calls import client
from tests.simulator.client import Simulator


@pytest.fixture
def sim(simulator: Simulator) -> Simulator:
    return simulator


@pytest.fixture
def aws(sim: Simulator) -> Any:
    return client(sim)
