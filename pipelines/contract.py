"""The contract between the collector and its sources: what a source declares, what it is given, what it yields."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from pipelines.catalog.entries import Channel
from pipelines.http.budget import Budget
from pipelines.http.client import Http
from pipelines.people import People


@dataclass(frozen=True, slots=True)
class Stream:
    """How one stream of a source is collected: declared in the source's `STREAMS`, by function name."""

    order: Literal["oldest-first", "newest-first", "whole"]
    """`whole`: each visit brings all that there is (a feed, a snapshot)."""
    resumable: bool = False
    """True when a visit that was cut short may continue from the cursor of its last page."""
    also: tuple[str, ...] = ()
    """Other streams that the same answers bring (`comments` with `issues`)."""
    needs: tuple[str, ...] = ()
    """Names of the settings without which it cannot be asked for, e.g. `GITHUB_TOKEN`."""
    reads: tuple[str, ...] = ()
    """Streams of the source whose cursors it looks at, and after which it is therefore visited."""
    empty_is_normal: bool = False
    """False: an answer without a single row is an error, never an empty success."""


@dataclass(frozen=True, slots=True)
class Row:
    """One item as the source gave it, minimised: no bodies of text, no names of people."""

    key: str
    """Identifies the item within its channel and stream."""
    source_time: datetime | None
    """When the source says the item last changed (aware, UTC); the newest wins. None: it cannot say."""
    body: Mapping[str, Any]
    """JSON-able; instants as `pipelines.text.values.format_instant()` writes them."""
    stream: str = ""
    """Filled only for rows of `also` streams; empty means the stream asked for."""


@dataclass(frozen=True, slots=True)
class Page:
    """What one answer of the source brought."""

    rows: list[Row]
    cursor: Mapping[str, Any] = field(default_factory=dict)
    """Where the next visit starts once this page is kept. JSON-able."""
    expected: int | None = None
    """How many items the source itself says match this visit (rows of the stream asked for)."""
    total: int | None = None
    """How many items the source itself says it holds in all, whatever this visit asked for; None: it does not say."""
    waiting: int | None = None
    """How many of the expected items are still to be read; None: all but the rows of this visit."""
    older: int | None = None
    """How many items the source holds from before the time that is collected; None: it does not say."""
    reach_at: str = ""
    """From which instant on everything was read, where reading goes backwards; as `format_instant` writes it."""
    skipped: tuple[str, ...] = ()
    """Items that could not be read and were passed over so that the others come, named in words."""
    is_unchanged: bool = False
    """True when the source said that nothing changed (a 304): no rows, and that is a success."""


@dataclass(frozen=True, slots=True)
class Visit:
    """All that a source may use while it collects one stream of one channel."""

    channel: Channel
    cursor: Mapping[str, Any]
    """The cursor of the last kept page; empty on a first visit."""
    since: datetime
    """How far back a first visit goes (aware, UTC)."""
    now: datetime
    """When this visit began (aware, UTC)."""
    http: Http
    budget: Budget
    people: People
    tokens: Mapping[str, str]
    """Settings named in `needs` and other optional tokens that are set, by setting name."""
    user_agent: str = "heartbeat"
    """How a vendor's own client is to name us."""
    siblings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Cursors of the streams named in `Stream.reads`, by stream, as they are now; without those never kept."""
    mentions: Callable[[str], list[str]] = lambda _: []
    """Families that a text mentions, sorted; nothing where all threads of the channel are one family's."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a first visit will come to, as a source's `forecast` counts it with the tokens of `FORECAST_NEEDS`."""

    items: int
    """Rows of all its streams that lie after `since`."""
    requests: int
    points: int
    allowed_points: int | None = None
    """How many points the source allows in an hour."""
