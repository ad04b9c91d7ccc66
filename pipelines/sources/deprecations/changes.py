"""What changed since the last visit, told apart by a small memory of each notice: its hash and its promised day.

A promise that is edited, that vanishes or that comes back is an event; a burst of them is more likely a broken page
than news.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Event = Literal["first_seen", "edited", "vanished", "returned"]
Body = Mapping[str, Any]
Memory = dict[str, list[Any]]
"""By notice: hash, number of events so far, promised day, its kind, whether it is listed."""
BURST_ROWS, BURST_SHARE = 5, 0.3
"""More new and vanished notices than both of these, at one visit, are not believed at once."""
HELD_HOURS = 20
"""How much later the same page must be seen again before it is believed."""


@dataclass(slots=True)
class Changes:
    """What a visit found, against the memory of the visit before."""

    events: dict[str, Event] = field(default_factory=dict)
    """By notice, only of those where anything happened."""
    known: int = 0
    """How many notices were listed before."""

    def count(self, *events: Event) -> int:
        """Counts the notices that had one of these events."""
        return sum(event in events for event in self.events.values())

    @property
    def is_burst(self) -> bool:
        """True where more came and went than a vendor changes in a day; never so at a first visit."""
        moved = self.count("first_seen", "returned", "vanished")
        return self.known > 0 and moved > max(BURST_ROWS, BURST_SHARE * self.known)


def hash_notice(body: Body) -> str:
    """Hashes a notice: sixteen digits that change with what it says, not with where it stands on the page."""
    content = {name: value for name, value in body.items() if name not in ("url", "section")}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def hash_visit(bodies: Mapping[str, Body], changes: Changes) -> str:
    """Hashes all that a visit saw and missed at once, whatever its order."""
    seen = [f"{key}={hash_notice(bodies[key])}" for key in sorted(bodies)]
    happened = [f"{key}:{event}" for key, event in sorted(changes.events.items())]
    return hashlib.sha256(";".join([*seen, *happened]).encode()).hexdigest()[:16]


def compare_notices(memory: Memory, bodies: Mapping[str, Body], scope: Collection[str]) -> Changes:
    """Tells what happened to each notice. `scope`: the remembered ones that should be among `bodies` if they are still
    listed."""
    changes = Changes(known=sum(1 for remembered in memory.values() if remembered[4]))
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
    """Makes the memory after these changes; the given one stays as it is."""
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
    """Yields a row an event: what was promised before and after. Numbered, so that a visit done twice tells the same
    event once."""
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
