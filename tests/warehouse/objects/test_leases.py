"""A lease is held by one worker at a time, ends by the store's clock, and gives no number out twice."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from obstore.store import MemoryStore
from pyarrow import fs

from warehouse.faults import StoreError
from warehouse.landing import Zone, list_landed, open_writer
from warehouse.lock import Locked
from warehouse.objects import leases
from warehouse.objects.files import ObjectFiles
from warehouse.objects.leases import Lease, ServerClock, hold_files, hold_lease
from warehouse.objects.place import Conflict, ObjectPlace, Stamp, StoredObject

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
NAME = "visits/fam.toy.one"


class Place(ObjectPlace):
    """A place whose server has a clock of its own, and may be out of reach."""

    behind, is_down = timedelta(), False

    def read(self, key: str) -> tuple[bytes, Stamp] | None:
        found = super().read(key)
        if not found or not found[1].changed_at:
            return found
        return found[0], replace(found[1], changed_at=found[1].changed_at - self.behind)

    def find(self, key: str) -> StoredObject | None:
        found = super().find(key)
        return found and replace(found, changed_at=found.changed_at - self.behind)

    def _write(self, key: str, content: bytes, mode: object) -> Stamp:
        if self.is_down:
            raise StoreError("out of reach")
        return super()._write(key, content, mode)


@pytest.fixture
def place() -> Place:
    """An empty store in memory."""
    return Place(MemoryStore(), "memory://place")


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> float:
    """Leases that end soon."""
    monkeypatch.setattr(leases, "SECONDS", 0.3)
    monkeypatch.setattr(leases, "MARGIN", timedelta())
    return 0.3


def _take(place: ObjectPlace, name: str = NAME) -> Lease:
    """A lease that nobody renews, like that of a worker that died."""
    return leases._take(place, ServerClock(place), name, "visiting")


def test_one_worker_holds_a_lease_and_the_next_gets_other_numbers(place: Place) -> None:
    """Both would land the same number from the same cursor."""
    clock = ServerClock(place)
    with hold_lease(place, clock, NAME, "visiting fam.toy.one") as first:
        assert (first.claim_number(0), first.claim_number(0), first.claim_number(7)) == (0, 1, 7)
        with pytest.raises(Locked, match=r"process \d+ of .* \(visiting fam.toy.one\) holds its lease until"):
            _take(place)
        _take(place, "visits/fam.toy.two")
    with hold_lease(place, clock, NAME, "visiting") as second:
        assert second.claim_number(3) == 8


def test_a_dead_workers_lease_ends_and_what_it_still_does_is_refused(place: Place, short: float) -> None:
    """It may only have been asleep: what it lands then would be under a number of another."""
    dead = _take(place)
    assert dead.claim_number(4) == 4
    with pytest.raises(Locked):
        _take(place)
    time.sleep(short + 0.1)
    taker = _take(place)
    assert taker.claim_number(4) == 5
    for late in (dead.confirm, lambda: dead.claim_number(9)):
        with pytest.raises(Locked, match="another worker has taken over its lease"):
            late()
    dead.give_back()
    taker.confirm()


def test_a_lease_is_renewed_as_long_as_its_holder_lives_and_survives_a_short_outage(place: Place, short: float) -> None:
    """A first visit takes hours."""
    with hold_lease(place, ServerClock(place), NAME, "visiting") as lease:
        for down in (False, True, False, False):
            place.is_down = down
            time.sleep(short / 2)
        with pytest.raises(Locked):
            _take(place)
        lease.confirm()
    _take(place)


@pytest.mark.parametrize("behind", [timedelta(hours=3), timedelta(hours=-3)], ids=["behind", "ahead"])
def test_the_end_is_told_by_the_stores_clock_alone(place: Place, short: float, behind: timedelta) -> None:
    """This machine's clock may be hours off: a living worker would lose its lease, or a dead one keep it."""
    place.behind = behind
    _take(place)
    with pytest.raises(Locked):
        _take(place)
    time.sleep(short + 0.1)
    _take(place)


def test_of_many_workers_one_gets_the_lease_and_no_number_is_given_twice(place: Place, short: float) -> None:
    """They all see that it has ended at the same time."""
    begin, clock = Event(), ServerClock(place)

    def work(_: int) -> list[int]:
        begin.wait()
        numbers = []
        for _ in range(30):
            try:
                with hold_lease(place, clock, NAME, "visiting") as lease:
                    numbers += [lease.claim_number(0), lease.claim_number(0)]
            except Locked:
                time.sleep(0.001)
        return numbers

    with ThreadPoolExecutor(8) as pool:
        running = [pool.submit(work, number) for number in range(8)]
        begin.set()
        numbers = [number for future in running for number in future.result()]
    assert len(numbers) > 20 and len(set(numbers)) == len(numbers)


def test_nothing_lands_under_a_lease_that_was_taken_over(place: Place, short: float) -> None:
    """A worker that was suspended goes on where it was, before it learns of anything."""
    zone = Zone(fs.PyFileSystem(ObjectFiles(place, "place")), "place")
    writer = open_writer(zone, "fam.toy.one", "toy", NOW, lease=_take(place))
    writer.add_rows([("things", "1", NOW, "{}")], NOW)
    time.sleep(short + 0.1)
    other = open_writer(zone, "fam.toy.one", "toy", NOW, lease=_take(place))
    with pytest.raises(Locked):
        writer.finish(NOW)
    writer.discard()
    other.finish(NOW)

    assert list_landed(zone) == other.landed and other.manifest.number == writer.manifest.number + 1


def test_a_store_that_ignores_conditions_is_refused(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some servers take every write: two workers would each believe that they hold the lease."""
    real = ObjectPlace._write
    monkeypatch.setattr(ObjectPlace, "_write", lambda self, key, content, mode: real(self, key, content, "overwrite"))
    with pytest.raises(StoreError, match="memory://place: the store ignores the conditions of writes"):
        ServerClock(place)
    assert place.list_all() == []


def test_a_write_whose_answer_was_lost_is_known_as_ones_own(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is sent again, and the store says that the object is there already."""
    real = ObjectPlace._write

    def write_twice(self: ObjectPlace, key: str, content: bytes, mode: object) -> Stamp:
        real(self, key, content, mode)
        return real(self, key, content, mode)

    monkeypatch.setattr(ObjectPlace, "_write", write_twice)
    stamp = place.create("one", b"1")
    place.change("one", b"2", stamp)
    with pytest.raises(Conflict):
        place.create("one", b"3")
    with pytest.raises(Conflict):
        place.change("one", b"4", stamp)
    assert (place.read("one") or (b"",))[0] == b"2"


@pytest.mark.parametrize("content", [b"", b"{}", b'{"holder": 1, "seconds": -1, "number": 1}', b"\xff"])
def test_a_damaged_lease_ends_like_any_other(place: Place, short: float, content: bytes) -> None:
    """Nobody need repair it by hand."""
    place.put(f"{leases.FOLDER}/{NAME}.json", content)
    with pytest.raises(Locked, match="somebody unknown holds its lease"):
        _take(place)
    time.sleep(short + 0.1)
    assert _take(place).claim_number(12) == 12


def test_files_are_held_by_one_who_compacts_them(place: Place, short: float) -> None:
    """Tidying on two machines at once would remove what the other one packs."""
    with hold_files(place, "tidy"), pytest.raises(Locked, match=r"\(tidy\) holds its lease .*; retry when"):
        hold_files(place, "tidy").__enter__()
    with hold_files(place, "backup", 5), hold_files(None, "tidy"):
        pass
