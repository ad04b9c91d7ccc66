"""Leases: of all workers that share a landing zone in an object store, one at a time works on a channel.

A lease is an object that is changed by compare-and-swap only. It ends some time after its holder last renewed it, by
the store's own clock, so that neither a worker's death nor a wrong clock of a machine keeps a channel for long. It
also counts the numbers of landed files: whoever was taken for dead and goes on has none that a later worker has.
"""

import contextlib
import json
import os
import secrets
import socket
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from threading import Event, RLock, Thread

from warehouse.faults import StoreError
from warehouse.lock import COMPACTING, Locked
from warehouse.objects.place import Conflict, ObjectPlace, Stamp

FOLDER, HOSTS = ".leases", "hosts"
"""Where leases lie, and those of hosts, which workers ask in turn, among them."""
SECONDS = 60.0
"""How long a lease lasts that nobody renews."""
FILES_SECONDS = 600.0
"""How long a backup, or whoever forgets, waits for a compaction on another machine."""
RENEWALS = 3
"""How often it is renewed in that time."""
CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""The clock that also runs while a machine sleeps, where there is one."""
MARGIN = timedelta(seconds=2)
"""What stores leave out of the instants that they tell, which are whole seconds."""


@dataclass(frozen=True, slots=True)
class LeaseState:
    """What a lease says."""

    holder: str = ""
    """Which process of which machine holds it, and what for."""
    seconds: float = 0.0
    """How long after its last renewal it ends; 0 once it was given back."""
    number: int = -1
    """The last number that was given out for a landed file."""
    turn: str = ""
    """Differs with each renewal: stores tell contents apart, not times."""


class ServerClock:
    """The time by a store's clock, told once by the store and then by how long that was ago."""

    def __init__(self, place: ObjectPlace) -> None:
        self._told_at = _check_store(place)
        self._since = time.clock_gettime(CLOCK)

    def read(self) -> datetime:
        """Reads the time, which may be up to a second late and is never early."""
        return self._told_at + timedelta(seconds=time.clock_gettime(CLOCK) - self._since)


def _check_store(place: ObjectPlace) -> datetime:
    """Checks that a store refuses conditional writes that come too late, and returns its time. Raises StoreError."""
    key = f"{FOLDER}/check-{secrets.token_hex(8)}"
    first = place.create(key, b"first")
    try:
        place.change(key, b"second", first)
        for write, *rest in ((place.create, b"third"), (place.change, b"fourth", first)):
            with contextlib.suppress(Conflict):
                write(key, *rest)
                raise StoreError(
                    f"{place.label}: the store ignores the conditions of writes (If-None-Match, If-Match), so that two"
                    " workers could collect one channel at once; use a store that knows them, or a folder"
                )
        found = place.find(key)
        if found is None:
            raise StoreError(f"{place.label}: the store does not show what was just written; use another one")
        return found.changed_at
    finally:
        place.delete(key)


def describe_store(place: ObjectPlace) -> str:
    """Describes a place that workers share: its address, and which of them hold a lease now. Raises StoreError where it
    cannot be written to, or ignores conditions."""
    now, held = ServerClock(place).read(), []
    for found in place.list_all(FOLDER):
        if found.key.startswith(f"{FOLDER}/{HOSTS}/"):
            continue
        content = place.read(found.key)
        state = parse_state(content[0]) if content else LeaseState()
        if state.seconds and now <= found.changed_at + timedelta(seconds=state.seconds) + MARGIN:
            held.append(state.holder)
    return f"in {place.label}, shared by leases; held now: {len(held)}{f' ({min(held)})' if held else ''}"


class Lease:
    """A lease that this process holds."""

    def __init__(self, place: ObjectPlace, name: str, state: LeaseState, stamp: Stamp) -> None:
        self._place, self._name, self._state, self._stamp = place, name, state, stamp
        self._renewed_at = time.clock_gettime(CLOCK)
        self._is_lost, self._is_number_free = False, True
        self._lock, self._ended = RLock(), Event()

    def claim_number(self, least: int) -> int:
        """Claims a number for a landed file, at least this one, that nobody else has or will get. Raises Locked where
        the lease was taken over, and StoreError."""
        with self._lock:
            if not (self._is_number_free and self._state.number >= least):
                self._renew(number=max(least, self._state.number + 1))
            self._is_number_free = False
            return self._state.number

    def confirm(self) -> None:
        """Makes sure that the lease holds for a while, before something lands under it. Raises Locked where it was
        taken over, and StoreError."""
        with self._lock:
            if self._is_lost or time.clock_gettime(CLOCK) - self._renewed_at > self._state.seconds / RENEWALS:
                self._renew()

    def _renew(self, number: int = -1) -> None:
        state = replace(self._state, number=max(number, self._state.number), turn=secrets.token_hex(8))
        began = time.clock_gettime(CLOCK)
        try:
            if self._is_lost:
                raise Conflict(self._name)
            self._stamp = self._place.change(_key(self._name), _render(state), self._stamp)
        except Conflict:
            self._is_lost = True
            raise Locked(f"{self._name}: another worker has taken over its lease, as it had ended") from None
        self._state, self._renewed_at = state, began

    def keep(self) -> None:
        """Renews the lease until it is given back or taken over; what fails is tried again."""
        while not self._ended.wait(self._state.seconds / RENEWALS):
            with self._lock:
                if self._ended.is_set():
                    return
                try:
                    self._renew()
                except Locked:
                    return
                except StoreError:
                    continue

    def give_back(self) -> None:
        """Gives the lease back; one that cannot be reached now ends by itself."""
        self._ended.set()
        with self._lock, contextlib.suppress(Locked, StoreError):
            state = replace(self._state, holder="", seconds=0.0, turn=secrets.token_hex(8))
            if not self._is_lost:
                with contextlib.suppress(Conflict):
                    self._place.change(_key(self._name), _render(state), self._stamp)


@contextlib.contextmanager
def hold_lease(place: ObjectPlace, clock: ServerClock, name: str, doing: str) -> Iterator[Lease]:
    """Holds a lease by name, and renews it meanwhile. Raises Locked where another worker holds it, and StoreError."""
    lease = _take(place, clock, name, doing)
    Thread(target=lease.keep, name=f"lease of {name}", daemon=True).start()
    try:
        yield lease
    finally:
        lease.give_back()


@contextlib.contextmanager
def hold_files(place: ObjectPlace | None, doing: str, wait_seconds: float = 0) -> Iterator[None]:
    """Lets no other worker compact what lies in an object store, nor move it otherwise; a folder has its lock in the
    home. Raises Locked after `wait_seconds`, and StoreError."""
    if place is None:
        yield
        return
    clock, until = ServerClock(place), time.monotonic() + wait_seconds
    with contextlib.ExitStack() as stack:
        while True:
            try:
                stack.enter_context(hold_lease(place, clock, COMPACTING, doing))
                break
            except Locked as error:
                if time.monotonic() >= until:
                    raise Locked(f"{place.label}: {error}; retry when it has finished") from None
                time.sleep(min(1.0, wait_seconds))
        yield


def _take(place: ObjectPlace, clock: ServerClock, name: str, doing: str) -> Lease:
    found = place.read(_key(name))
    former = parse_state(found[0]) if found else LeaseState()
    if found and former.seconds and found[1].changed_at:
        ends_at = found[1].changed_at + timedelta(seconds=former.seconds) + MARGIN
        if clock.read() <= ends_at:
            raise Locked(f"{former.holder} holds its lease until {ends_at:%H:%M:%S} UTC, or longer if it lives")
    holder = f"process {os.getpid()} of {socket.gethostname()} ({doing})"
    state = LeaseState(holder, SECONDS, former.number + 1, secrets.token_hex(8))
    try:
        stamp = (
            place.change(_key(name), _render(state), found[1]) if found else place.create(_key(name), _render(state))
        )
    except Conflict:
        raise Locked("another worker has just taken its lease") from None
    return Lease(place, name, state, stamp)


def _key(name: str) -> str:
    return f"{FOLDER}/{name}.json"


def _render(state: LeaseState) -> bytes:
    return json.dumps(asdict(state), indent=1).encode()


def parse_state(content: bytes) -> LeaseState:
    """Parses a lease; one that is damaged counts as held by nobody knows whom, and ends like any other."""
    try:
        told = json.loads(content)
        number, seconds = told["number"], float(told["seconds"])
        if type(number) is int and -1 <= number < 2**31 and 0 <= seconds <= 3600:
            return LeaseState(str(told["holder"])[:200], seconds, number)
    except (KeyError, RecursionError, TypeError, ValueError):
        pass
    return LeaseState("somebody unknown", SECONDS)
