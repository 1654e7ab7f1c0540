"""The time limit: the seconds since the confirmation, and the seconds left."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable


@dataclasses.dataclass
class Deadline:
    """The limit of the wait, which begins with `start`; all times are seconds.

    The clock is monotonic: a system clock that is set while we wait changes nothing.
    """

    timeout: float = math.inf
    grace: float = math.inf
    """The time that a request may still take that was sent before the limit."""
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep

    def __post_init__(self) -> None:
        self._started: float | None = None

    def start(self) -> None:
        """Begin to count. Until then no time passes."""
        self._started = self.clock()

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return 0.0 if self._started is None else self.clock() - self._started

    @property
    def left(self) -> float:
        """Seconds until the limit; 0 or less if it has passed."""
        return math.inf if self._started is None else self._started + self.timeout - self.clock()

    def pause(
        self,
        seconds: float,
        tick: Callable[[], object] = lambda: None,
        every: float = math.inf,
    ) -> None:
        """Sleep, though not past the limit.

        `tick` is called whenever so many seconds have passed and more are to come.
        """
        while (left := min(seconds, self.left)) > 0:
            self.sleep(min(left, every))
            seconds -= every
            if min(seconds, self.left) > 0:
                tick()
