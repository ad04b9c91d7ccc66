"""What a run has learned of its hosts: which do not answer, and which refuse the token that is sent."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from pipelines.http.clock import ClockWatch
from pipelines.http.errors import TokenRefused, Unreachable
from warehouse.faults import NOT_ASKED, Fault

TIMEOUTS_IN_A_ROW = 2
"""Time-outs of a host, without an answer between them, after which a run leaves it alone."""


@dataclass(slots=True)
class HostStates:
    """The hosts that a run no longer asks, or no longer asks with a token; shared by all of its channels."""

    closed: dict[str, str] = field(default_factory=dict)
    """Why each host (with its port) is not asked again."""
    refused: dict[str, str] = field(default_factory=dict)
    """How each host refused the token."""
    clock: ClockWatch | None = None
    """What the hosts say of this machine's clock; None if nothing is kept that depends on it."""
    _timeouts: Counter[str] = field(default_factory=Counter)
    _proven: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _first: dict[str, threading.Lock] = field(default_factory=dict)

    def check(self, host: str) -> None:
        """Raises Unreachable for a host that is closed."""
        if why := self.closed.get(host):
            raise Unreachable(f"{NOT_ASKED}{why}")

    def close(self, host: str, why: str) -> None:
        """Closes a host for the rest of the run; the first reason stands."""
        self.closed.setdefault(host, why)

    def count_timeout(self, host: str, seconds: float) -> None:
        """Counts a request without an answer. Raises Unreachable if it is one too many, and closes the host."""
        with self._lock:
            self._timeouts[host] += 1
            is_too_much = self._timeouts[host] >= TIMEOUTS_IN_A_ROW
        if is_too_much:
            why = f"{host}: {TIMEOUTS_IN_A_ROW} requests in a row got no answer within {seconds:.3g} s"
            self.close(host, why)
            raise Unreachable(why, Fault.TIMED_OUT)

    def count_answer(self, host: str) -> None:
        """Counts an answer, which ends a row of time-outs."""
        with self._lock:
            self._timeouts.pop(host, None)

    @contextmanager
    def use_token(self, host: str) -> Iterator[None]:
        """Guards a request that carries a token. Raises TokenRefused if the host refused the token before.

        Until one has been answered, the requests go one by one, so that a revoked token is refused only once.
        """
        with self._lock:
            first = self._first.setdefault(host, threading.Lock())
        if host in self._proven:
            self._check_token(host)
            yield
            return
        with first:
            # Anyone who waited may find that it was closed, or the token refused, meanwhile.
            self.check(host)
            self._check_token(host)
            yield

    def _check_token(self, host: str) -> None:
        if why := self.refused.get(host):
            raise TokenRefused(f"{NOT_ASKED}{why}")

    def note_token(self, host: str, refusal: str) -> None:
        """Notes how a host answered a request with the token; `refusal` is empty if it took it."""
        if refusal:
            self.refused.setdefault(host, refusal)
        else:
            self._proven.add(host)

    def judge_clock(self, host: str, headers: Mapping[str, str], now: datetime) -> None:
        """Judges this machine's clock by an answer, if something depends on it. Raises WrongClock."""
        if self.clock:
            self.clock.judge(host, headers, now)


def name_host(url: str) -> str:
    """Names the host of an address with its port, as run and catalog name it."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()
