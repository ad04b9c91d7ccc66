"""Changes since the last visit, detected from a small memory of each notice: its hash and its promised day.

A promise that is edited, vanishes or returns is an event. A burst of events is more likely a broken page than news, so
it is held back until a visit a day later sees the same.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from pipelines.contract import Page, Row, Visit
from pipelines.http.errors import Fatal
from pipelines.sources.deprecations.notice import Bodies
from pipelines.text.values import format_instant, parse_instant
from warehouse.faults import Fault

Event = Literal["first_seen", "edited", "vanished", "returned"]
Body = Mapping[str, Any]
Memory = dict[str, list[Any]]
"""By notice: hash, number of events so far, promised day, kind of that day, still listed."""
BURST_ROWS, BURST_SHARE = 5, 0.3
"""A visit with more new and vanished notices than both limits is a burst."""
HELD_HOURS = 20
"""Hours after which the same burst, seen again, is accepted. Less than a day, as daily visits drift."""


@dataclass(slots=True)
class Changes:
    """Changes that a visit detected, compared with the memory of the visit before."""

    events: dict[str, Event] = field(default_factory=dict)
    """Event by notice; unchanged notices have none."""
    listed_before: int = 0
    """Number of notices listed at the visit before."""

    def count(self, *events: Event) -> int:
        """Counts the notices that had one of these events."""
        return sum(event in events for event in self.events.values())

    @property
    def is_burst(self) -> bool:
        """True if more notices came and went than a vendor changes in a day; never true at a first visit."""
        moved = self.count("first_seen", "returned", "vanished")
        return self.listed_before > 0 and moved > max(BURST_ROWS, BURST_SHARE * self.listed_before)


def hash_notice(body: Body) -> str:
    """Hashes a notice to sixteen digits that change with its content."""
    # Its place on the page is no content: a moved section must not look like an edit.
    content = {name: value for name, value in body.items() if name != "url"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def hash_visit(bodies: Mapping[str, Body], changes: Changes) -> str:
    """Hashes everything that a visit saw and missed, independent of the order."""
    seen = [f"{key}={hash_notice(bodies[key])}" for key in sorted(bodies)]
    happened = [f"{key}:{event}" for key, event in sorted(changes.events.items())]
    return hashlib.sha256(";".join([*seen, *happened]).encode()).hexdigest()[:16]


def compare_notices(memory: Memory, bodies: Mapping[str, Body], scope: Collection[str]) -> Changes:
    """Compares notices with the memory. `scope`: the remembered ones that `bodies` must contain if still listed."""
    changes = Changes(listed_before=sum(1 for remembered in memory.values() if remembered[4]))
    for key, body in bodies.items():
        remembered = memory.get(key)
        if remembered is None:
            changes.events[key] = "first_seen"
        elif not remembered[4]:
            changes.events[key] = "returned"
        elif remembered[0] != hash_notice(body):
            changes.events[key] = "edited"
    for key in scope:
        if key not in bodies and memory[key][4]:
            changes.events[key] = "vanished"
    return changes


def remember_notices(memory: Memory, bodies: Mapping[str, Body], changes: Changes) -> Memory:
    """Makes the memory after these changes, without altering the given one."""
    after = {key: list(value) for key, value in memory.items()}
    for key, event in changes.events.items():
        number = memory[key][1] + 1 if key in memory else 1
        if event == "vanished":
            after[key] = [memory[key][0], number, *memory[key][2:4], False]
        else:
            body = bodies[key]
            after[key] = [hash_notice(body), number, body["shutdown_on"], body["shutdown_kind"], True]
    return after


def make_events(
    memory: Memory, after: Memory, changes: Changes, changed_at: str, last_seen_at: str | None
) -> Iterator[Body]:
    """Yields a row per event: the promise before and after it."""
    # Events are numbered, so that a repeated visit lands each event only once.
    for key, event in sorted(changes.events.items()):
        before, now = memory.get(key, ["", 0, None, None, False]), after[key]
        is_gone = event == "vanished"
        yield {
            "notice_code": key,
            "event_number": now[1],
            "event": event,
            "changed_at": changed_at,
            "last_seen_at": last_seen_at,
            "old_shutdown_on": before[2],
            "old_shutdown_kind": before[3],
            "new_shutdown_on": None if is_gone else now[2],
            "new_shutdown_kind": None if is_gone else now[3],
        }


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
    return Page([], {**cursor, "seen_at": format_instant(visit.now)}, is_unchanged=True)


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
        "holds": visit.cursor.get("holds", 0),
    }
    if not changes.events:
        yield make_unchanged_page(visit, cursor)
        return
    rows = [Row(key, None, bodies[key]) for key, event in sorted(changes.events.items()) if event != "vanished"]
    events = make_events(memory, after, changes, format_instant(visit.now) or "", visit.cursor.get("seen_at"))
    event_rows = [
        Row(f"{event['notice_code']}#{event['event_number']}", visit.now, event, "notice_events") for event in events
    ]
    yield Page([*rows, *event_rows], cursor, expected=len(rows))


def has_waited(visit: Visit, held: Mapping[str, Any]) -> bool:
    """Returns whether a held burst has waited long enough to be judged again."""
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
    # A page is landed, and its cursor kept, only if it has a row.
    number = visit.cursor.get("holds", 0) + (not is_same)
    body = {"notice_code": "(page)", "event_number": number, "event": "held", "changed_at": held["since"]}
    cursor = {**visit.cursor, "held": held, "holds": number}
    yield Page([Row(f"(page)#{number}", visit.now, body, "notice_events")], cursor)
    raise Fatal(describe_hold(visit, held), Fault.HELD_BACK)
