"""How old the data are, the same in commands and pages: one clock, and for each kind of source the age until
which it counts as fresh."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from warehouse.settings import Settings, SettingsError
from warehouse.wording import GAP, pluralize

if TYPE_CHECKING:
    from warehouse.snapshot import Snapshot

FRESH_HOURS = {
    "status": 6, "github": 24, "discourse": 24, "reddit": 24, "stackexchange": 48, "huggingface": 48, "packages": 48,
    "prices": 48, "changelog": 48, "deprecations": 48,
}  # fmt: skip
"""Hours for which the data of a kind of source count as fresh: an incident ages faster than a price."""
PATIENCE = 2
"""Cadences that a channel may miss before it is late, if these are longer."""
OVERDUE = 3
"""Times the age of late data from which on they are overdue: then somebody must look, and no later visit fixes it."""
_LIMIT = re.compile(r"(?P<source>\w+)=(?P<late>\d+(?:\.\d+)?):(?P<overdue>\d+(?:\.\d+)?)")
FACT_DAYS = 180
"""Days for which a fact read by hand is relied on; `staging.facts` draws the same line."""
SNAPSHOT_HOURS = 48
"""Hours after which a published snapshot is late: it is renewed daily at least."""
UNVISITED = "never visited"
"""What a channel says of its things if no run has reached it."""
FRESH = "fresh"
NOW = "just now"
ONLY = "The only collection"
_FACTS = "staging.facts"
_WARNED = "metrics.channel_warnings"
UNOBSERVABLE = "not observable"
"""The condition of a list that is visited and silent, as of a dead feed: no figure rests on it."""


Limits = Mapping[str, tuple[float, float]]
"""Hours after which the data of a source are late, and overdue."""
USUAL: Limits = {}
"""Leaves every source its own."""


def read_limits(settings: Settings) -> Limits:
    """Reads HEARTBEAT_FRESHNESS, such as `status=3:12, github=48:96`. Raises SettingsError."""
    limits: dict[str, tuple[float, float]] = {}
    for word in filter(None, map(str.strip, settings.freshness.split(","))):
        match = _LIMIT.fullmatch(word)
        if match is None or match["source"] not in FRESH_HOURS or float(match["late"]) > float(match["overdue"]):
            raise SettingsError(
                f"HEARTBEAT_FRESHNESS: {word!r}: write source=late:overdue in hours, the smaller first, such as"
                f" status=3:12; sources are {', '.join(sorted(FRESH_HOURS))}"
            )
        limits[match["source"]] = float(match["late"]), float(match["overdue"])
    return limits


@dataclass(frozen=True, slots=True)
class FactAges:
    """How many facts were read by hand, how many of them too long ago to be relied on, and when the oldest was read."""

    count: int = 0
    old_count: int = 0
    oldest_on: date | None = None


def find_present(snapshot: "Snapshot", clock: datetime) -> datetime:
    """Returns the instant against which ages are stated: the clock's; a sample world stands still at its own."""
    return snapshot.published_at if snapshot.is_sample else clock


def format_age(then: datetime | None, now: datetime) -> str:
    """Formats an age, `3 h ago`; instants without a zone are UTC."""
    if then is None:
        return "never"
    hours = (now - (then.replace(tzinfo=UTC) if then.tzinfo is None else then)).total_seconds() / 3600
    return NOW if hours < 1 / 60 else f"{_format_whole(hours)} ago"


def format_instant(then: datetime | None) -> str:
    """Formats an instant: `24 Nov 2026 09:00 UTC`."""
    return "never" if then is None else f"{then.day} {then:%b %Y %H:%M} UTC"


def format_with_age(then: datetime | None, now: datetime) -> str:
    """Formats an instant with its age, unless it is the present one."""
    age = format_age(then, now)
    return format_instant(then) if age in (NOW, "never") else f"{format_instant(then)} ({age})"


def _format_whole(hours: float) -> str:
    if hours < 1:
        return f"{hours * 60:.0f}{GAP}min"
    return f"{hours:.0f}{GAP}h" if hours < 48 else f"{hours / 24:.0f}{GAP}d"


def load_collections(snapshot: "Snapshot", now: datetime, limits: Limits = USUAL) -> list[dict[str, Any]]:
    """Loads every collection with its channel, its condition (complete, partial, failed, stale, overdue, skipped,
    not observable or never) and its lateness (fresh, stale or overdue), whatever came of its last visit."""
    # Imported late, since it brings the engine, which a run that only collects never opens.
    from warehouse.snapshot import has_table

    if not (has_table(snapshot, "staging.collections") and has_table(snapshot, "staging.channels")):
        return []
    warned = f"from {_WARNED}" if has_table(snapshot, _WARNED) else "select '' as channel_id, '' as thing, '' as state"
    rows = _read_rows(
        snapshot,
        f"select ch.channel_id, ch.family_id, ch.source, ch.target, coalesce(c.thing, '{UNVISITED}') as thing, "
        f"ch.cadence_hours, ch.url, c.as_of_at, c.last_run_at, c.last_state, c.last_error, c.last_fault, "
        "c.expected, c.coverage_share, coalesce(c.passed_over_count, 0) as passed_over_count, "
        "w.state as warned_state, f.title as family from staging.channels ch "
        "left join staging.families f using (family_id) "
        # A channel that no run has reached is missing, however fresh the others are.
        "left join staging.collections c using (channel_id) "
        f"left join ({warned}) w on w.channel_id = c.channel_id and w.thing = c.thing "
        "where c.thing is not null or ch.is_enabled order by all",
    )
    latenesses = [judge_lateness(row, now, limits) for row in rows]
    return [
        {**row, "lateness": lateness, "condition": judge_condition(row, lateness)}
        for row, lateness in zip(rows, latenesses, strict=True)
    ]


# A published snapshot never changes, and every page asks.
@lru_cache(maxsize=8)
def _read_rows(snapshot: "Snapshot", sql: str) -> tuple[dict[str, Any], ...]:
    from warehouse.snapshot import query

    return tuple(query(snapshot, sql).to_pylist())


def judge_condition(row: Mapping[str, Any], lateness: str) -> str:
    """Judges the condition of one collection, the most urgent first."""
    if row["as_of_at"] is None and row["last_state"] not in ("failed", "partial", "skipped"):
        return "never"
    if row["last_state"] in ("failed", "partial", "skipped"):
        return str(row["last_state"])
    if row.get("warned_state") == UNOBSERVABLE:
        return UNOBSERVABLE
    return "complete" if lateness == FRESH else lateness


def judge_lateness(row: Mapping[str, Any], now: datetime, limits: Limits = USUAL) -> str:
    """Judges how late the last good data of a collection are, by its kind of source and its cadence."""
    usual = max(FRESH_HOURS.get(row["source"], 24), PATIENCE * (row["cadence_hours"] or 0))
    late, overdue = limits.get(row["source"], (usual, OVERDUE * usual))
    if row["as_of_at"] is None:
        return "overdue"
    age = now - row["as_of_at"].replace(tzinfo=UTC)
    if age > timedelta(hours=overdue):
        return "overdue"
    return "stale" if age > timedelta(hours=late) else FRESH


def is_fact_old(as_of_on: date, now: datetime) -> bool:
    """Returns whether a fact was read by hand too long ago to be relied on."""
    return count_days(as_of_on, now.date()) > FACT_DAYS


def count_days(as_of_on: date, today: date) -> int:
    """Counts the days since a fact was read; none if the clock shows an earlier day."""
    return max(0, (today - as_of_on).days)


def load_fact_ages(snapshot: "Snapshot", now: datetime) -> FactAges:
    """Counts the facts read by hand that a snapshot rests on, and those too old to be relied on."""
    from warehouse.snapshot import has_table

    if not has_table(snapshot, _FACTS):
        return FactAges()
    days = [row["as_of_on"] for row in _read_rows(snapshot, f"select as_of_on from {_FACTS}")]
    return FactAges(len(days), sum(is_fact_old(day, now) for day in days), min(days, default=None))


def describe_freshness(rows: Sequence[Mapping[str, Any]], now: datetime, is_sample: bool = False) -> str:
    """Describes in one line how fresh the data are. Of a sample world it names that first: beside a collection of
    one's own without news, it must not seem to be about that."""
    label = _describe_rows(rows, now)
    return f"Sample: {label[0].lower()}{label[1:]}" if is_sample else label


def _describe_rows(rows: Sequence[Mapping[str, Any]], now: datetime) -> str:
    if not rows:
        return "Nothing collected yet"
    oldest = min((row["as_of_at"] for row in rows if row["as_of_at"]), default=None)
    age = "" if oldest is None or format_age(oldest, now) == NOW else f"; oldest data from {format_age(oldest, now)}"
    for condition, words in (
        ("failed", "failed"),
        ("overdue", "overdue"),
        ("stale", "late"),
        ("never", "never visited"),
        ("partial", "partial"),
        (UNOBSERVABLE, "silent"),
    ):
        if count := sum(row["condition"] == condition for row in rows):
            which = ONLY if len(rows) == 1 else f"{count} of {len(rows)} collections"
            return f"{which} {words}{age}"
    fresh = pluralize(len(rows), f"{ONLY} is", f"All {len(rows)} collections are")
    return f"{fresh} {FRESH}{age}"
