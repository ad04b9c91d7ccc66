"""The request budget of a channel in a run."""

import threading

from pipelines.http.errors import BudgetSpent, ShareSpent

DEFAULT_REQUESTS = 400
"""Default request budget per channel and run; `--budget` overrides it."""
LEAST = 4
"""Requests in the smallest share: with fewer, a visit that starts by counting would never reach a page."""


class Budget:
    """The request budget of a channel in a run, shared by its threads."""

    def __init__(self, requests: int) -> None:
        self.limit = requests
        self.requests = 0
        """Requests made so far."""
        self.points = 0
        """Their cost in points as reported by the source (GitHub's GraphQL)."""
        self._until = requests
        self._lock = threading.Lock()

    def limit_share(self, parts: int) -> None:
        """Limits spending until the next call to one of `parts` equal shares of the remaining budget."""
        self._until = self.requests + max(LEAST, (self.limit - self.requests) // parts)

    def spend(self, requests: int = 1, points: int = 0) -> None:
        """Counts requests and points. Raises BudgetSpent before a request that would exceed the budget."""
        with self._lock:
            if self.requests + requests > min(self.limit, self._until):
                kind = BudgetSpent if self._until >= self.limit else ShareSpent
                raise kind(f"the budget of {self.limit} requests is used up; the next run resumes from here")
            self.requests += requests
            self.points += points
