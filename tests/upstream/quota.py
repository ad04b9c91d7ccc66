"""How much a client may ask for: fixed windows, by the world's clock and the time that really passes, whichever
moves."""

import threading
import time
from dataclasses import dataclass, field

from tests.upstream.world.clock import Clock


@dataclass(slots=True)
class Quota:
    """One allowance for each client (a token, or empty for a nameless one)."""

    clock: Clock
    limit: int
    nameless_limit: int
    window_seconds: int
    _used: dict[tuple[str, int], int] = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> int:
        """The instant by which windows are counted."""
        return self.clock.now + int(time.monotonic() - self._began)

    def of(self, client: str) -> int:
        """What this client may spend in a window."""
        return self.limit if client else self.nameless_limit

    def resets(self) -> int:
        """When the present window ends."""
        return (self.now() // self.window_seconds + 1) * self.window_seconds

    def used(self, client: str) -> int:
        """What was spent in the present window."""
        return self._used.get((client, self.resets()), 0)

    def remaining(self, client: str) -> int:
        """What is left in the present window."""
        return max(0, self.of(client) - self.used(client))

    def spend(self, client: str, cost: int = 1) -> bool:
        """Takes the cost off; False, and nothing taken, when too little is left."""
        with self._lock:
            key = (client, self.resets())
            if self._used.get(key, 0) + cost > self.of(client):
                return False
            self._used[key] = self._used.get(key, 0) + cost
            return True

    def exhaust(self, client: str) -> None:
        """Nothing is left until the window ends."""
        self._used[client, self.resets()] = self.of(client)

    def forgive(self) -> None:
        """Everybody's allowance is whole again."""
        self._used.clear()
