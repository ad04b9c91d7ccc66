"""Visits for tests of sources: a real client with no patience to lose, and people with a known key."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from tenacity import nap

from pipelines.catalog.entries import Channel
from pipelines.contract import Visit
from pipelines.http.budget import Budget
from pipelines.http.client import Http
from pipelines.people import People

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LOOPBACK = frozenset({"127.0.0.1", "localhost"})


def note_waits(note: Callable[[float], None]) -> None:
    """Has the waits between retries noted instead of slept, until the test ends (`tests/conftest.py`)."""
    vars(nap)["time"] = SimpleNamespace(sleep=note)


def make_visit(
    channel: Channel,
    cursor: Mapping[str, Any] | None = None,
    *,
    tokens: Mapping[str, str] | None = None,
    budget: Budget | None = None,
    since: datetime = datetime(2020, 1, 1, tzinfo=UTC),
    now: datetime = NOW,
    waits: list[float] | None = None,
    seconds: float = 10,
) -> Visit:
    """A visit to a channel on this machine; what it was asked to wait is noted in `waits`, not waited."""
    budget = budget or Budget(100_000)
    noted = [] if waits is None else waits
    note_waits(noted.append)
    http = Http(LOOPBACK, LOOPBACK, "heartbeat/test", budget, lambda: now, seconds, sleep=noted.append)
    return Visit(
        channel, cursor or {}, since, now, http, budget, People(b"a key for tests only"), tokens or {}, "heartbeat/test"
    )
