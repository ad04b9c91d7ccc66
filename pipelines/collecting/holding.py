"""Who visits a channel: one visit at a time on this machine and, where workers share an object store, on all of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from pipelines.catalog.entries import Channel
from pipelines.collecting.queues import PARALLEL, find_host
from warehouse.landing import Zone, list_landed
from warehouse.lock import Locked, hold_lock
from warehouse.objects.leases import HOSTS, Lease, ServerClock, hold_lease

VISITS = "visits"
"""Folder of the locks of channels under visit, in the home, and of their leases in an object store."""
WAIT_SECONDS = 1.0
"""How long a worker waits before it asks again whether it may ask a host."""


class HostTaken(Exception):
    """Other workers asked a host as long as this run lasted; the message names it."""


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

    @contextmanager
    def take_turn(self, channel: Channel, is_over: Callable[[], bool]) -> Iterator[None]:
        """Waits until as few visits ask a channel's host as one run would make at once, and holds the place of one;
        where the zone is a folder, runs do not wait for each other. Raises HostTaken where this one is over before."""
        with ExitStack() as stack:
            while not self._enter_lane(channel, stack):
                if is_over():
                    raise HostTaken(f"other workers asked {find_host(channel)} until the run was over")
                time.sleep(WAIT_SECONDS)
            yield

    def _enter_lane(self, channel: Channel, stack: ExitStack) -> bool:
        """Takes one of the places of a channel's host, if any is free; tells whether one was."""
        if self._zone.place is None or self._clock is None:
            return True
        host = find_host(channel)
        for lane in range(PARALLEL.get(channel.source, 1)):
            name = f"{HOSTS}/{channel.source}/{host.replace(':', '_')}-{lane}"
            with suppress(Locked):
                stack.enter_context(hold_lease(self._zone.place, self._clock, name, f"asking {host}"))
                return True
        return False

    def was_visited(self, channel_id: str) -> bool:
        """Tells whether another worker has visited a channel since this run began; in a folder, runs are planned by
        the times of visits alone."""
        is_shared = self._zone.place is not None
        return is_shared and _find_newest(self._zone, channel_id).get(channel_id) != self._newest.get(channel_id)


def _find_newest(zone: Zone, channel_id: str = "") -> dict[str, str]:
    """Finds the newest landed file of each channel."""
    return {path.partition("/")[0]: path for path in list_landed(zone, channel_id)}
