"""How fast an operation may be requested, learned from throttled requests.

Amazon Rekognition limits the requests per second for each operation, account and region: 5 by
default (AWS General Reference). The API does not report how much of that others use.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

SLOWER = 1.25
"""What a throttled request multiplies the interval by."""
FASTER = 0.98
"""What a request that was not throttled multiplies the interval by."""
LONGEST_INTERVAL = 2.0
LONGEST_RETRY = 1.0
PATIENCE = 60.0
"""Seconds. A request that is only throttled for that long is not repeated."""


class Pacing:
    """The pace of one operation in one region. All times are seconds of `clock`.

    There is no limit until a request is throttled. From then on an interval is kept between
    requests, which becomes shorter with each that goes through. `random` returns 0 to 1.
    """

    def __init__(self, clock: Callable[[], float], random: Callable[[], float]) -> None:
        self._clock = clock
        self._random = random
        self._interval = 0.0
        self._sent = self._next = clock()
        self._passed: deque[float] = deque(maxlen=100)
        self._throttled: list[float] = []

    def delay(self) -> float:
        """Return how long to wait before the next request."""
        return max(0.0, self._next - self._clock())

    def sent(self) -> None:
        """A request goes out."""
        self._sent = self._clock()

    def passed(self) -> None:
        """It was not throttled."""
        self._passed.append(self._clock())
        self._throttled = []
        self._interval *= FASTER
        self._next = self._sent + self._interval

    def throttled(self) -> bool:
        """It was throttled. Return whether it is worth repeating."""
        now = self._clock()
        while self._passed and self._passed[0] <= now - 1:
            self._passed.popleft()
        if not self._throttled:
            # The number of requests in the last second is a rough measure of the quota: it may
            # have been a burst that is not allowed again, or others may have used most of it.
            measured = 0.5 / max(1, len(self._passed))
            self._interval = min(LONGEST_INTERVAL, max(measured, SLOWER * self._interval))
        retry = self._interval / 2 * 2 ** min(len(self._throttled), 9)
        # By chance, so that many copies of the command don't stay in step.
        self._next = now + min(LONGEST_RETRY, retry) * (0.5 + self._random())
        self._throttled.append(now)
        return now - self._throttled[0] < PATIENCE
