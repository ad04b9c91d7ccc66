"""The time that a channel may take: some without bringing anything, and all that is left of its run."""

import time
from collections.abc import Callable

from pipelines.http.errors import TimeSpent

_INF = float("inf")


class Patience:
    """A deadline that each page renews, and the run's, which nothing renews; by a clock that no change of the time of
    day moves."""

    def __init__(
        self,
        minutes: float = _INF,
        clock: Callable[[], float] = time.monotonic,
        end: float = _INF,
        run_minutes: float = _INF,
    ) -> None:
        self.minutes, self._clock, self._end, self._run_minutes = minutes, clock, end, run_minutes
        self.renew()

    def renew(self) -> None:
        """Grants the whole time again, but for the run's."""
        self._until = self._clock() + 60 * self.minutes

    def limit(self, seconds: float) -> float:
        """Returns the seconds that a request may take, at most as many as are left. Raises TimeSpent if none are."""
        now = self._clock()
        if now >= self._end:
            over = f"the run's {self._run_minutes:g} minutes (HEARTBEAT_RUN_MINUTES) are over"
            raise TimeSpent(f"{over}; the next run resumes from here")
        if now >= self._until:
            raise TimeSpent(
                f"nothing came for {self.minutes:g} minutes (HEARTBEAT_CHANNEL_MINUTES); the next run resumes from here"
            )
        return min(seconds, self._until - now, self._end - now)
