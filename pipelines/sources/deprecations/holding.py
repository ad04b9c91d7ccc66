"""Accepts the changes since the last visit, or holds back a burst until a visit a day later sees the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pipelines.contract import Page, Row, Visit
from pipelines.http.errors import Fatal
from pipelines.sources.deprecations.changes import (
    HELD_HOURS,
    Changes,
    Memory,
    compare_notices,
    hash_visit,
    make_events,
    remember_notices,
)
from pipelines.sources.deprecations.notice import Bodies
from pipelines.text.values import format_instant, parse_instant
from warehouse.faults import Fault


@dataclass(frozen=True, slots=True)
class Sighting:
    """Notices that a visit read, with everything needed to judge them."""

    bodies: Bodies
    memory: Memory
    scope: tuple[str, ...]
    """Remembered notices that count as vanished if they are missing."""
    conditions: Mapping[str, Any]
    """ETag, date or files of the page, for the next visit."""
    is_first: bool = False
    """A first visit has nothing to compare with, so it accepts everything."""


def load_memory(visit: Visit) -> Memory:
    """Copies the last visit's memory of each notice."""
    return dict(visit.cursor.get("memory") or {})


def make_unchanged_page(visit: Visit, cursor: Mapping[str, Any]) -> Page:
    """Makes the page of a visit without news."""
    listed = _count_listed(cursor.get("memory") or {})
    return Page([], {**cursor, "seen_at": format_instant(visit.now)}, is_unchanged=True, total=listed)


def keep_or_hold(visit: Visit, sighting: Sighting) -> Iterator[Page]:
    """Yields the changes. Of an unconfirmed burst it yields only the event `held`, and raises Fatal."""
    memory, bodies = sighting.memory, sighting.bodies
    changes = compare_notices(memory, bodies, sighting.scope)
    if changes.is_burst and not sighting.is_first and not _is_confirmed(visit, hash_visit(bodies, changes)):
        yield from _hold_back(visit, sighting, changes)
    after = remember_notices(memory, bodies, changes)
    cursor = {
        **sighting.conditions,
        "memory": after,
        "seen_at": format_instant(visit.now),
        "holds": _count_holds(visit),
    }
    if not changes.events:
        yield make_unchanged_page(visit, cursor)
        return
    rows = [Row(key, None, bodies[key]) for key, event in sorted(changes.events.items()) if event != "vanished"]
    events = make_events(memory, after, changes, format_instant(visit.now) or "", visit.cursor.get("seen_at"))
    event_rows = [
        Row(f"{event['notice_code']}#{event['event_number']}", visit.now, event, "notice_events") for event in events
    ]
    yield Page([*rows, *event_rows], cursor, expected=len(rows), total=_count_listed(after))


def has_waited(visit: Visit, held: Mapping[str, Any]) -> bool:
    """Tells whether a held burst has waited long enough to be judged again."""
    since = parse_instant(held["since"])
    return since is not None and visit.now - since >= timedelta(hours=HELD_HOURS)


def describe_hold(visit: Visit, held: Mapping[str, Any]) -> str:
    """Describes what is held back, and until when."""
    return (
        f"{visit.channel.target}: held back: {held['new']} new and {held['vanished']} vanished notices out of "
        f"{held['known']};"
        f" accepted if a visit {HELD_HOURS} hours or more after {held['since'][:16].replace('T', ' ')} UTC sees the "
        f"same"
    )


def _count_listed(memory: Mapping[str, Any]) -> int:
    return sum(1 for remembered in memory.values() if remembered[4])


def _count_holds(visit: Visit) -> int:
    holds: int = visit.cursor.get("holds", 0)
    return holds


def _is_confirmed(visit: Visit, hash_: str) -> bool:
    held = visit.cursor.get("held") or {}
    return bool(held) and held["hash"] == hash_ and has_waited(visit, held)


def _hold_back(visit: Visit, sighting: Sighting, changes: Changes) -> Iterator[Page]:
    """Stores the burst in the cursor, yields the event `held`, and ends the visit as failed."""
    before = visit.cursor.get("held") or {}
    hash_ = hash_visit(sighting.bodies, changes)
    is_same = before.get("hash") == hash_
    held = {
        **sighting.conditions,
        "hash": hash_,
        "since": before["since"] if is_same else format_instant(visit.now),
        "new": changes.count("first_seen", "returned"),
        "vanished": changes.count("vanished"),
        "known": changes.listed_before,
    }
    number = _count_holds(visit) + (not is_same)
    body = {
        "notice_code": "(page)", "event_number": number, "event": "held", "changed_at": held["since"],
        "held_new_count": held["new"], "held_vanished_count": held["vanished"],
    }  # fmt: skip
    cursor = {**visit.cursor, "held": held, "holds": number}
    yield Page([Row(f"(page)#{number}", visit.now, body, "notice_events")], cursor)
    raise Fatal(describe_hold(visit, held), Fault.HELD_BACK)
