"""Who visits a channel: one visit at a time on this machine and, where workers share an object store, on all of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.landing import Zone, list_stored
from warehouse.lock import hold_lock
from warehouse.objects.leases import Lease, ServerClock, hold_lease
from warehouse.packing.packs import find_last_number

VISITS = "visits"
"""Folder of the locks of channels under visit, in the home, and of their leases in an object store."""


class Holding:
    """The channels of one run: which of them it may visit now. Raises StoreError."""

    def __init__(self, zone: Zone, home: Path) -> None:
        self._zone, self._home = zone, home
        self._clock = ServerClock(zone.place) if zone.place else None
        self._newest = _find_newest(zone) if zone.place else {}

    @contextmanager
    def hold(self, channel_id: str) -> Iterator[Lease | None]:
        """Holds a channel while it is visited; gives its lease where the zone is in an object store. Raises Locked
        where another run is visiting it, on this machine or another."""
        doing = f"visiting {channel_id}"
        with hold_lock(self._home / VISITS, doing, 0, channel_id):
            if self._zone.place is None or self._clock is None:
                yield None
                return
            with hold_lease(self._zone.place, self._clock, f"{VISITS}/{channel_id}", doing) as lease:
                yield lease

    def was_visited(self, channel_id: str) -> bool:
        """Tells whether another worker has visited a channel since this run began; in a folder, runs are planned by
        the times of visits alone."""
        is_shared = self._zone.place is not None
        return is_shared and _find_newest(self._zone, channel_id).get(channel_id) != self._newest.get(channel_id)


def _find_newest(zone: Zone, channel_id: str = "") -> dict[str, str]:
    """Finds the newest landed file of each channel, which is never in a pack."""
    loose, _ = list_stored(zone, channel_id)
    return {path.partition("/")[0]: path for path in sorted(loose, key=find_last_number)}
