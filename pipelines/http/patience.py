"""The time that a channel may take without bringing anything."""

import time
from collections.abc import Callable

from pipelines.http.errors import TimeSpent


class Patience:
    """A deadline that each page renews; by a clock that no change of the time of day moves."""

    def __init__(self, minutes: float = float("inf"), clock: Callable[[], float] = time.monotonic) -> None:
        self.minutes, self._clock = minutes, clock
        self.renew()

    def renew(self) -> None:
        """Grants the whole time anew."""
        self._until = self._clock() + 60 * self.minutes

    def limit(self, seconds: float) -> float:
        """Returns the seconds that a request may take, at most as many as are left. Raises TimeSpent if none are."""
        left = self._until - self._clock()
        if left <= 0:
            raise TimeSpent(
                f"nothing came for {self.minutes:g} minutes (HEARTBEAT_CHANNEL_MINUTES); the next run resumes from here"
            )
        return min(seconds, left)
