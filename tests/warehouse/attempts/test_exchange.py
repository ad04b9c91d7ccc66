"""What one machine tried is known to the one that plans, through the object store in which both land."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from pipelines.attempts import record_attempt
from warehouse.attempts.entries import AttemptKind, AttemptState, Beginning, StreamEnd
from warehouse.attempts.exchange import SHARED, fetch_attempts, share_attempt, take_shared
from warehouse.attempts.reader import read_attempts
from warehouse.attempts.writer import AttemptWriter, list_files
from warehouse.objects.place import ObjectPlace, StoredObject
from warehouse.settings import Settings

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)


class Place(ObjectPlace):
    """A place in memory, whose objects may be older than they are."""

    age = timedelta()

    def list_all(self, folder: str = "") -> list[StoredObject]:
        return [StoredObject(one.key, one.size, one.changed_at - self.age) for one in super().list_all(folder)]


@pytest.fixture
def place() -> Place:
    """An empty store in memory."""
    return Place(MemoryStore(), "memory://place")


def _collect(home: Path, place: ObjectPlace, channel: str) -> None:
    record = AttemptWriter(
        Beginning(kind=AttemptKind.COLLECT, version="0", pid=os.getpid(), started_at=NOW, planned={channel: ["things"]})
    )
    record.open(home)
    record.add_channel(channel, {"things": StreamEnd(state="complete", rows=3, requests=7)}, NOW)
    record.close(AttemptState.DONE, NOW, "none")
    share_attempt(place, home, record.name)


def test_what_other_machines_tried_is_fetched_once_and_the_newest_is_first(place: Place, tmp_path: Path) -> None:
    """Each home numbers its own attempts; those of a container always begin with one."""
    own = tmp_path / "own"
    for name in ("a.toy.one", "a.toy.two", "a.toy.three"):
        _collect(own if name == "a.toy.two" else tmp_path / name, place, name)
    assert [fetch_attempts(place, own), fetch_attempts(place, own)] == [2, 0]
    attempts = read_attempts(own, AttemptKind.COLLECT)
    assert len({attempt.number for attempt in attempts}) == 3
    assert {*attempts[0].channels, *attempts[1].channels} == {"a.toy.one", "a.toy.three"}
    assert {attempt.state for attempt in attempts} == {AttemptState.DONE}
    assert sum(use.requests for attempt in attempts for _, use in attempt.spent.values()) == 21


def test_what_is_old_or_foreign_is_not_fetched_and_the_old_is_removed(place: Place, tmp_path: Path) -> None:
    """It would come again each time that it was removed here."""
    place.put(f"{SHARED}/../../evil.jsonl".replace("../", "up-"), b"{}")
    place.put(f"{SHARED}/collect-0123.jsonl", b"{}")
    assert fetch_attempts(place, tmp_path / "own") == 0 and len(place.list_all(SHARED)) == 2
    _collect(tmp_path / "other", place, "a.toy.one")
    place.age = timedelta(hours=49)
    assert fetch_attempts(place, tmp_path / "own") == 0 and place.list_all(SHARED) == []


def test_whoever_forgets_leaves_nothing_there(place: Place, tmp_path: Path) -> None:
    """Errors may quote what a source answered, and it is scrubbed at home."""
    _collect(tmp_path / "other", place, "a.toy.one")
    take_shared(place, tmp_path / "own")
    assert len(list_files(tmp_path / "own" / "attempts")) == 1 and place.list_all(SHARED) == []
    take_shared(None, tmp_path / "own")


def test_a_store_that_is_out_of_reach_costs_no_collect(tmp_path: Path) -> None:
    """Its end is in the ledger at home, and the log says what was not shown."""
    lost = "s3://key:secret@bucket/folder?endpoint_override=http://127.0.0.1:9&region=us-east-1"
    settings = Settings(HEARTBEAT_HOME=tmp_path, HEARTBEAT_LANDING=lost, _env_file=None)
    with record_attempt(settings, AttemptKind.COLLECT):
        pass
    assert read_attempts(tmp_path)[0].state == AttemptState.DONE
    [log] = [path.read_text() for path in (tmp_path / "logs").iterdir()]
    assert "attempt not shared" in log and "secret" not in log
