"""What a run may cost: our own budget of requests, and what the source says that it still allows."""

import threading
from dataclasses import dataclass
from datetime import datetime

from pipelines.http.errors import BudgetSpent, ShareSpent

LEAST = 4
"""Requests of the smallest share: with fewer, a visit that first looks and counts would never come to a page."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a source allows its client until an instant."""

    left: int
    most: int
    resets_at: datetime | None


class Budget:
    """How many requests a run may make; shared by its threads."""

    def __init__(self, requests: int) -> None:
        self.limit = requests
        self.requests = 0
        """Requests made so far."""
        self.points = 0
        """Points that a source said they cost (GitHub's GraphQL)."""
        self.allowance: Allowance | None = None
        """What the source last said it still allows us; None where it does not say."""
        self._until = requests
        self._lock = threading.Lock()

    def share(self, parts: int) -> None:
        """Limits what may be spent until the next call to one of so many parts of what is left."""
        self._until = self.requests + max(LEAST, (self.limit - self.requests) // parts)

    def spend(self, requests: int = 1, points: int = 0) -> None:
        """Counts requests and points; raises BudgetSpent before the request that would be one too many."""
        with self._lock:
            if self.requests + requests > min(self.limit, self._until):
                kind = BudgetSpent if self._until >= self.limit else ShareSpent
                raise kind(f"the budget of {self.limit} requests is used up; the next run goes on from here")
            self.requests += requests
            self.points += points
