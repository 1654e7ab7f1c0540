"""The limit of the wait, on a clock of the test's own."""

from __future__ import annotations

import math

import pytest

from awscli_rekcl.deadline import Deadline
from awscli_rekcl.errors import TimeUp

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
    limit.check()
    assert (limit.elapsed, limit.left) == (0, math.inf)
    limit.start()
    assert (limit.elapsed, limit.left) == (0, 10)
    clock.now = 1004
    assert (limit.elapsed, limit.left) == (4, 6)


def test_no_request_after_the_limit(limit: Deadline, clock: Clock) -> None:
    clock.now = 9.999
    limit.check()
    clock.now = 10
    with pytest.raises(TimeUp):
        limit.check()


@pytest.mark.parametrize(("before", "pauses"), [(0, [4]), (7, [3]), (6, [4])])
def test_one_request_after_a_pause_that_the_limit_cut_short(
    before: float, pauses: list[float], limit: Deadline, clock: Clock
) -> None:
    clock.now = before
    limit.pause(4)
    assert clock.sleeps == pauses
    limit.check()
    clock.now = 10 if before else 20
    with pytest.raises(TimeUp):
        limit.check()


def test_no_limit(clock: Clock) -> None:
    limit = Deadline(clock=clock, sleep=clock.sleep)
    limit.start()
    limit.pause(1e6)
    limit.check()
    assert (clock.sleeps, limit.left) == ([1e6], math.inf)


def test_a_pause_that_ends_just_before_the_limit_grants_no_request(
    limit: Deadline, clock: Clock
) -> None:
    limit.pause(9.5)
    clock.now += 1
    with pytest.raises(TimeUp):
        limit.check()


@pytest.mark.parametrize(("now", "sleeps"), [(9.5, [0.5]), (10, [])])
def test_the_wait_for_a_request_ends_at_the_limit(
    now: float, sleeps: list[float], limit: Deadline, clock: Clock
) -> None:
    clock.now = now
    with pytest.raises(TimeUp):
        limit.wait(1)
    assert clock.sleeps == sleeps


def test_a_long_pause_ticks(limit: Deadline, clock: Clock) -> None:
    ticks: list[float] = []
    limit.pause(2.5, lambda: ticks.append(clock.now), 1)
    assert (clock.sleeps, ticks) == ([1, 1, 0.5], [1, 2])
    limit.pause(2, lambda: ticks.append(clock.now), 1)
    assert ticks == [1, 2, 3.5]
