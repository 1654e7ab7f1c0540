"""The limit of the wait, on a clock of the test's own."""

from __future__ import annotations

import math

import pytest

from awscli_rekcl.deadline import Deadline
from awscli_rekcl.errors import TimeUp

from .fakes import Clock


def deadline(timeout: float, clock: Clock) -> Deadline:
    return Deadline(timeout, clock=clock, sleep=clock.sleep)


def test_no_time_goes_by_before_the_start() -> None:
    clock = Clock()
    limit = deadline(10, clock)
    clock.now = 1000
    limit.check()
    assert (limit.elapsed, limit.left) == (0, math.inf)
    limit.start()
    assert (limit.elapsed, limit.left) == (0, 10)
    clock.now = 1004
    assert (limit.elapsed, limit.left) == (4, 6)


def test_no_request_after_the_limit() -> None:
    clock = Clock()
    limit = deadline(10, clock)
    limit.start()
    clock.now = 9.999
    limit.check()
    clock.now = 10
    with pytest.raises(TimeUp):
        limit.check()


@pytest.mark.parametrize(("before", "pauses"), [(0, [4]), (7, [3]), (6, [4])])
def test_one_request_after_a_pause_that_the_limit_cut_short(
    before: float, pauses: list[float]
) -> None:
    clock = Clock()
    limit = deadline(10, clock)
    limit.start()
    clock.now = before
    limit.pause(4)
    assert clock.sleeps == pauses
    limit.check()
    clock.now = 20
    if before:
        clock.now = 10
    with pytest.raises(TimeUp):
        limit.check()


def test_no_limit() -> None:
    clock = Clock()
    limit = deadline(math.inf, clock)
    limit.start()
    limit.pause(1e6)
    limit.check()
    assert (clock.sleeps, limit.left) == ([1e6], math.inf)


def test_a_pause_that_ends_just_before_the_limit_grants_no_request() -> None:
    clock = Clock()
    limit = deadline(10, clock)
    limit.start()
    limit.pause(9.5)
    clock.now += 1
    with pytest.raises(TimeUp):
        limit.check()


@pytest.mark.parametrize(("now", "sleeps"), [(9.5, [0.5]), (10, [])])
def test_the_wait_for_a_request_ends_at_the_limit(now: float, sleeps: list[float]) -> None:
    clock = Clock()
    limit = deadline(10, clock)
    limit.start()
    clock.now = now
    with pytest.raises(TimeUp):
        limit.wait(1)
    assert clock.sleeps == sleeps


def test_a_long_pause_ticks() -> None:
    clock = Clock()
    limit = deadline(10, clock)
    limit.start()
    ticks: list[float] = []
    limit.pause(2.5, lambda: ticks.append(clock.now), 1)
    assert (clock.sleeps, ticks) == ([1, 1, 0.5], [1, 2])
    limit.pause(2, lambda: ticks.append(clock.now), 1)
    assert ticks == [1, 2, 3.5]
