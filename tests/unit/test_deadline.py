"""The limit of the wait, on a clock of the test's own."""

from __future__ import annotations

import math

import pytest

from awscli_rekcl.deadline import Deadline

from .fakes import Clock


def test_no_time_goes_by_before_the_start() -> None:
    clock = Clock()
    limit = Deadline(10, clock=clock)
    clock.now = 1000
    assert (limit.elapsed, limit.left) == (0, math.inf)
    limit.start()
    assert (limit.elapsed, limit.left) == (0, 10)
    clock.now = 1004
    assert (limit.elapsed, limit.left) == (4, 6)


@pytest.mark.parametrize(
    ("before", "pauses", "ticks"),
    [(0, [3, 1], [3]), (6, [3, 1], [9]), (7, [3], []), (8, [2], []), (10, [], []), (20, [], [])],
)
def test_a_pause_ends_at_the_limit(before: float, pauses: list[float], ticks: list[float]) -> None:
    clock = Clock()
    limit = Deadline(10, clock=clock, sleep=clock.sleep)
    limit.start()
    clock.now = before
    ticked: list[float] = []
    limit.pause(4, lambda: ticked.append(clock.now), 3)
    assert (clock.sleeps, ticked) == (pauses, ticks)
