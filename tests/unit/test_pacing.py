"""The pace, beside the quota of the simulator, in time that passes only by waiting."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from awscli_rekcl.service.pacing import LONGEST_INTERVAL, LONGEST_RETRY, PATIENCE, Pacing
from tests.simulator.quota import Quota

from .fakes import Clock

LATENCY = 0.03


def drive(pace: Pacing, clock: Clock, quota: Quota, passing: int) -> tuple[float, int]:
    """Send until so many went through. Return the seconds, and how many were throttled."""
    start, throttled = clock(), 0
    while passing:
        if pace.delay():
            clock.sleep(pace.delay())
        pace.sent()
        clock.sleep(LATENCY)
        if quota.takes(("account", "region", "operation")):
            pace.passed()
            passing -= 1
        else:
            pace.throttled()
            throttled += 1
    return clock() - start, throttled


def a_pace(random: Callable[[], float] = lambda: 0.5) -> tuple[Pacing, Clock]:
    clock = Clock()
    return Pacing(clock, random), clock


@given(st.floats(1, 50), st.integers(0, 1000))
def test_the_quota_is_used_and_hardly_exceeded(rate: float, seed: int) -> None:
    pace, clock = a_pace(random.Random(seed).random)
    seconds, throttled = drive(pace, clock, Quota(rate, clock), 200)
    assert seconds <= 1.3 * max(200 / rate, 200 * LATENCY)
    assert throttled <= 0.2 * (200 + throttled)


def test_the_pace_follows_a_quota_that_others_use_and_leave() -> None:
    pace, clock = a_pace()
    quota = Quota(50, clock)
    drive(pace, clock, quota, 100)
    quota.rate = 2
    drive(pace, clock, quota, 50)  # the change itself costs requests
    seconds, throttled = drive(pace, clock, quota, 50)
    assert seconds <= 1.3 * 50 / 2
    assert throttled <= 10
    quota.rate = 50
    drive(pace, clock, quota, 200)
    seconds, _ = drive(pace, clock, quota, 50)
    assert seconds <= 50 * (LATENCY + 0.02)


@example([False, True] * 20, [0.0] * 40, 0.5)
@given(st.lists(st.booleans()), st.lists(st.floats(0, 100)), st.floats(0, 1))
def test_no_delay_is_long(passing: list[bool], pauses: list[float], chance: float) -> None:
    pace, clock = a_pace(lambda: chance)
    for passed, pause in zip(passing, pauses):
        clock.now += pause
        pace.sent()
        if passed:
            pace.passed()
        else:
            pace.throttled()
        assert 0 <= pace.delay() <= max(LONGEST_INTERVAL, 1.5 * LONGEST_RETRY)


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_a_throttled_request_waits_longer_each_time_and_out_of_step(chance: float) -> None:
    pace, clock = a_pace(lambda: chance)
    for delay in (0.25, 0.5, 1, 1, 1):
        pace.throttled()
        assert pace.delay() == delay * (0.5 + chance)
        clock.sleep(pace.delay())


@pytest.mark.parametrize(("before", "again"), [(0, True), (PATIENCE - 1, True), (PATIENCE, False)])
def test_patience(before: float, again: bool) -> None:
    pace, clock = a_pace()
    assert pace.throttled()
    clock.now += before
    assert pace.throttled() is again
    pace.passed()
    assert pace.throttled()
