"""The service's quota of requests, by default 5 a second, beyond which it refuses them."""

from __future__ import annotations

import time
from collections.abc import Callable


class Quota:
    """A token bucket for each key: ``rate`` a second, and as many at once after a pause."""

    def __init__(self, rate: float | None, clock: Callable[[], float] = time.monotonic):
        self.rate = rate
        self._clock = clock
        self._buckets: dict[tuple[str, ...], tuple[float, float]] = {}

    def takes(self, key: tuple[str, ...]) -> bool:
        """Count a request, and say whether it is within the quota. A rate of None takes all."""
        if self.rate is None:
            return True
        now = self._clock()
        burst = max(self.rate, 1)
        tokens, filled = self._buckets.get(key, (burst, now))
        tokens = min(burst, tokens + (now - filled) * self.rate)
        taken = tokens >= 1
        self._buckets[key] = tokens - taken, now
        return taken
