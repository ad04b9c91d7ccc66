"""What all workers of an object store spend on a source in a day, so that they share its budget.

For each source and day (UTC) there is one object with what each attempt has spent, or is about to. It is changed by
compare-and-swap only: whoever has just written what it takes knows what all others took.
"""

import contextlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from threading import Lock

from warehouse.attempts.amounts import UNSPENT, Use
from warehouse.attempts.outlook import find_source
from warehouse.faults import StoreError
from warehouse.objects.place import Conflict, ObjectPlace, Stamp

FOLDER = ".budgets"
MOST_TRIES = 50
"""Tries to change an object that others change, too; each that fails is another one's that went through."""
MOST = 10**12
"""What no worker spends in a day: an entry beyond it is damaged."""
Entries = dict[str, Use]


class SharedSpending:
    """What one attempt spends, among all of its store."""

    def __init__(self, place: ObjectPlace, name: str) -> None:
        self._place, self._name = place, name
        self._channels: dict[str, tuple[date, Use]] = {}
        self._read: dict[str, tuple[Entries, Stamp | None]] = {}
        self._lock = Lock()

    def note(self, channel_id: str, use: Use, at: datetime) -> None:
        """Notes what a channel's visit has spent, or is about to. Raises StoreError."""
        day, source = at.astimezone(UTC).date(), find_source(channel_id)
        with self._lock:
            self._channels[channel_id] = day, use
            own = [spent for name, (on, spent) in self._channels.items() if on == day and find_source(name) == source]
            self._change(source, day, sum(own, UNSPENT))

    def has_noted(self, channel_id: str) -> bool:
        """Tells whether a channel's visit has spent anything."""
        with self._lock:
            return channel_id in self._channels

    def read_others(self, source: str, at: datetime) -> Use:
        """Reads what all other attempts spent on the day of an instant; after a note, without asking again. Raises
        StoreError."""
        day = at.astimezone(UTC).date()
        with self._lock:
            entries, _ = self._read.get(_key(source, day)) or self._fetch(source, day)
            return sum((use for name, use in entries.items() if name != self._name), UNSPENT)

    def _change(self, source: str, day: date, own: Use) -> None:
        key = _key(source, day)
        for _ in range(MOST_TRIES):
            entries, stamp = self._read.get(key) or self._fetch(source, day)
            entries = entries | {self._name: own}
            try:
                if stamp is None:
                    self._remove_former(source, day)
                    stamp = self._place.create(key, _render(entries))
                else:
                    stamp = self._place.change(key, _render(entries), stamp)
            except Conflict:
                self._fetch(source, day)
                continue
            except StoreError:
                # It may have been written all the same.
                self._read.pop(key, None)
                raise
            self._read[key] = entries, stamp
            return
        raise StoreError(f"{self._place.label}: {key} is changed by too many at once")

    def _fetch(self, source: str, day: date) -> tuple[Entries, Stamp | None]:
        key = _key(source, day)
        found = self._place.read(key)
        self._read[key] = (_parse(found[0]), found[1]) if found else ({}, None)
        return self._read[key]

    def _remove_former(self, source: str, day: date) -> None:
        """Removes the objects of days that no budget is told of any more."""
        oldest = _key(source, day - timedelta(days=2))
        for found in self._place.list_all(f"{FOLDER}/{source}"):
            if found.key < oldest:
                self._place.delete(found.key)


def _key(source: str, day: date) -> str:
    return f"{FOLDER}/{source}/{day.isoformat()}.json"


def _render(entries: Mapping[str, Use]) -> bytes:
    lines = {name: [use.requests, use.points, round(use.time.total_seconds(), 3)] for name, use in entries.items()}
    return json.dumps(lines, indent=1).encode()


def _parse(content: bytes) -> Entries:
    """Parses what was spent; entries that are damaged count as nothing spent, like those of a lost ledger."""
    entries: Entries = {}
    with contextlib.suppress(RecursionError, ValueError):
        told = json.loads(content)
        for name, line in told.items() if isinstance(told, dict) else ():
            with contextlib.suppress(TypeError, ValueError, OverflowError):
                requests, points, seconds = line
                if all(type(one) in (int, float) and 0 <= one < MOST for one in (requests, points, seconds)):
                    entries[name] = Use(int(requests), int(points), timedelta(seconds=float(seconds)))
    return entries
