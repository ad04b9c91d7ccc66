"""The contract between the collector and its sources: what a source declares, receives and yields."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipelines.catalog.entries import Channel
from pipelines.http.budget import Budget
from pipelines.http.client import Http
from pipelines.http.keys import KeyWatch
from pipelines.passed_over import PassedOver
from pipelines.people import People
from warehouse.notes import Note


@dataclass(frozen=True, slots=True)
class Stream:
    """The declaration of one stream, in the source's `STREAMS` under its function's name."""

    resumable: bool = False
    """True when an interrupted visit may resume from the cursor of its last page."""
    also: tuple[str, ...] = ()
    """Other streams contained in the same answers (`comments` with `issues`)."""
    needs: tuple[str, ...] = ()
    """Names of the settings that the stream requires, e.g. `GITHUB_TOKEN`."""
    samples_flagship: bool = False
    """True when the newest items of a family's flagship are read even without the settings in `needs`."""
    empty_is_normal: bool = False
    """False: an answer without a single row is an error, never an empty success."""

    def list_missing(self, tokens: Container[str]) -> list[str]:
        """Lists the required settings that are not set."""
        return [need for need in self.needs if need not in tokens]

    def is_sample(self, tokens: Container[str], is_flagship: bool) -> bool:
        """Returns whether only the newest items are read, for lack of a required setting."""
        return self.samples_flagship and is_flagship and bool(self.list_missing(tokens))


@dataclass(frozen=True, slots=True)
class Row:
    """One item of a source, minimised: no body text, no personal names."""

    key: str
    """Identifies the item within its channel and stream."""
    source_time: datetime | None
    """The item's last change according to the source (aware, UTC); the newest wins. None if unknown."""
    body: Mapping[str, Any]
    """JSON-serializable; instants in the format of `pipelines.text.values.format_instant()`."""
    stream: str = ""
    """Set only for rows of `also` streams; empty means the requested stream."""


@dataclass(frozen=True, slots=True)
class Page:
    """The content of one answer."""

    rows: list[Row]
    cursor: Mapping[str, Any] = field(default_factory=dict)
    """Start of the next visit once this page is landed. JSON-serializable."""
    expected: int | None = None
    """Number of items that match this visit according to the source (rows of the requested stream)."""
    total: int | None = None
    """Number of items that the source reports holding in all, regardless of this visit; None if not reported."""
    waiting: int | None = None
    """Number of expected items still to read; None means all except the rows of this visit."""
    older: int | None = None
    """Number of items that the source holds from before the collected window; None if not reported."""
    reach_at: str = ""
    """Start of the range read completely, for streams read backwards; in the format of `format_instant`."""
    known_until: str = ""
    """Instant until which all changes of the items held are read, whatever else is still to be read; in the format of
    `format_instant`. Empty: only the end of a complete visit tells."""
    skipped: tuple[str, ...] = ()
    """Descriptions of the items that could not be read and were skipped."""
    passed_over: PassedOver | None = None
    """All items that the stream skips until they can be read; None if the page does not tell."""
    notes: tuple[Note, ...] = ()
    """What the reader skipped on this page, by name."""
    is_unchanged: bool = False
    """True when the source reports no change (a 304): a success without rows."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Everything a source may use while it collects one stream of one channel."""

    channel: Channel
    cursor: Mapping[str, Any]
    """The cursor of the last landed page; empty on a first visit."""
    since: datetime
    """Start of the backfill on a first visit (aware, UTC)."""
    now: datetime
    """Start of this visit (aware, UTC)."""
    http: Http
    budget: Budget
    people: People
    tokens: Mapping[str, str]
    """The settings named in `needs`, and any optional tokens that are set, by name."""
    user_agent: str = "heartbeat"
    """The User-Agent for vendors' own client libraries."""
    mentions: Callable[[str], list[str]] = lambda _: []
    """Returns the families that a text mentions, sorted; empty if all threads of the channel belong to one
    family."""
    is_flagship: bool = False
    """True for the family's flagship, the one tracker that is also read without a token."""
    keys: KeyWatch = field(default_factory=KeyWatch)
    """Checks that answers carry the keys that their readers expect."""
