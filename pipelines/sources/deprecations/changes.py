"""Changes since the last visit, detected from a small memory of each notice: its hash and its promised day.

A promise that is edited, vanishes or returns is an event. A burst of events is more likely a broken page than news.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

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
    content = {name: value for name, value in body.items() if name not in ("url", "section")}
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
