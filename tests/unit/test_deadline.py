"""The limit of the wait, on a clock of the test's own."""

from __future__ import annotations

import math

import pytest

from awscli_rekcl.deadline import Deadline

from .fakes import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limit(clock: Clock) -> Deadline:
    """Ten seconds from now."""
    limit = Deadline(10, clock=clock, sleep=clock.sleep)
    limit.start()
    return limit


def test_no_time_goes_by_before_the_start(clock: Clock) -> None:
    limit = Deadline(10, clock=clock)
    clock.now = 1000
    assert (limit.elapsed, limit.left) == (0, math.inf)
    limit.start()
    assert (limit.elapsed, limit.left) == (0, 10)
    clock.now = 1004
    assert (limit.elapsed, limit.left) == (4, 6)


@pytest.mark.parametrize(("before", "pauses"), [(0, [4]), (7, [3]), (6, [4]), (10, []), (20, [])])
def test_a_pause_ends_at_the_limit(
    before: float, pauses: list[float], limit: Deadline, clock: Clock
) -> None:
    clock.now = before
    limit.pause(4)
    assert clock.sleeps == pauses


def test_a_long_pause_ticks(limit: Deadline, clock: Clock) -> None:
    ticks: list[float] = []
    limit.pause(3, lambda: ticks.append(clock.now), 1)
    assert (clock.sleeps, ticks) == ([1, 1, 1], [1, 2])
