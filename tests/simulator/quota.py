"""The service's quota of requests: so many a second for each operation, account and region.

"Amazon Rekognition endpoints and quotas" in the AWS General Reference: 5 by default for each
operation of Custom Labels that is used here. Beyond it the service answers
ProvisionedThroughputExceededException.
"""

from __future__ import annotations

import time
from collections.abc import Callable

#: Account, region and operation.
Key = tuple[str, str, str]


class Quota:
    """A token bucket for each key: ``rate`` a second, and as many at once after a pause."""

    def __init__(self, rate: float | None, clock: Callable[[], float] = time.monotonic):
        self.rate = rate
        self._clock = clock
        self._buckets: dict[Key, tuple[float, float]] = {}

    def takes(self, key: Key) -> bool:
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
