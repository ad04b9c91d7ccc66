"""What was forgotten stays out of an object store, where nobody can hold a lock while something lands."""

import json
from datetime import UTC, datetime
from functools import partial

import pytest
from obstore.store import MemoryStore
from pyarrow import fs

from warehouse.forgetting.landed import GuardedWriter, Scrubbed, change_stored, make_scrub
from warehouse.forgetting.register import ForgetRequest, Forgotten, Trace, keep_request, read_forgotten
from warehouse.landing import Zone, list_landed, open_writer, read_landed
from warehouse.objects.files import ObjectFiles
from warehouse.objects.place import ObjectPlace
from warehouse.packing.compacting import compact_zone

KEY, WHO = b"a key of the test, 32 bytes long!", "a" * 32
CHANNEL, NOW = "fam.github.o-r", datetime(2026, 11, 1, 6, tzinfo=UTC)


@pytest.fixture
def zone() -> Zone:
    """An empty landing zone in a store in memory."""
    return Zone(fs.PyFileSystem(ObjectFiles(ObjectPlace(MemoryStore(), "memory://zone"), "zone")), "zone")


def _forget(zone: Zone) -> None:
    forgotten = Forgotten(KEY)
    forgotten.add(Trace.PERSON, WHO)
    keep_request(zone.files, zone.root, ForgetRequest("one", "account", NOW.isoformat(), tuple(forgotten.digests)))


def _open(zone: Zone) -> GuardedWriter:
    writer = open_writer(zone, CHANNEL, "github", NOW, make=partial(GuardedWriter, key=KEY))
    assert isinstance(writer, GuardedWriter)
    writer.add_rows([("issues", who[0], None, json.dumps({"actor": who})) for who in (WHO, "b" * 32)], NOW)
    return writer


def _read_keys(zone: Zone) -> list[list[str]]:
    return [read_landed(zone, path)[1]["key"].to_pylist() for path in list_landed(zone)]


@pytest.mark.parametrize("when", ["before it begins", "while it goes on", "while it lands"])
def test_no_visit_lands_what_was_forgotten(zone: Zone, when: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever adds to the list finds the file, or the visit finds the longer list after it has landed."""
    if when == "before it begins":
        _forget(zone)
    writer, real = _open(zone), ObjectPlace.create
    if when == "while it goes on":
        _forget(zone)

    def create(self: ObjectPlace, key: str, content: bytes) -> object:
        _forget(zone)
        return real(self, key, content)

    if when == "while it lands":
        monkeypatch.setattr(ObjectPlace, "create", create)
    writer.finish(NOW)

    assert _read_keys(zone) == [["b"]]


def test_it_is_taken_out_of_files_and_packs_that_lie_there(zone: Zone) -> None:
    """Each is replaced as a whole, under the names that were loaded."""
    for _ in range(3):
        _open(zone).finish(NOW)
    compact_zone(zone, least_files=2)
    names = list_landed(zone)
    _forget(zone)
    forgotten, total = read_forgotten(zone.files, zone.root, KEY), Scrubbed()
    assert zone.place
    for found in zone.place.list_all(CHANNEL):
        change_stored(zone, found.key, make_scrub(forgotten, total))

    assert total.rows == 3 and _read_keys(zone) == [["b"]] * 3 and list_landed(zone) == names
