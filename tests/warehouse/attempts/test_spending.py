"""All workers of an object store share one budget a day, whoever of them dies, and whichever object is damaged."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from pipelines.attempts import record_attempt
from pipelines.catalog.entries import Channel
from pipelines.collecting.meters import SLICE, SourceMeter
from pipelines.http.errors import BudgetSpent, SourceSpent
from tests.worlds.stores.server import locate, serve_store
from warehouse.attempts import spending
from warehouse.attempts.amounts import UNSPENT, SourceLimits, SpendingLimits, Use
from warehouse.attempts.entries import AttemptKind
from warehouse.attempts.spending import FOLDER, SharedSpending
from warehouse.faults import StoreError
from warehouse.manifest import Outcome
from warehouse.objects.place import Conflict, ObjectPlace, Stamp
from warehouse.settings import Settings

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
CHANNEL = Channel(source="packages", target="kit", role="packages", family="fam")


@pytest.fixture
def place() -> ObjectPlace:
    """An empty store in memory."""
    return ObjectPlace(MemoryStore(), "memory://place")


def test_what_many_workers_note_at_once_adds_up(place: ObjectPlace) -> None:
    """None writes over what another one has just written."""
    workers = [SharedSpending(place, f"worker-{number}") for number in range(4)]

    def spend(worker: SharedSpending) -> None:
        for count in range(1, 26):
            worker.note("fam.packages.kit", Use(count, 2 * count, timedelta(seconds=count)), NOW)
            worker.note("fam.packages.other", Use(1), NOW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(spend, workers))
    assert SharedSpending(place, "late").read_others("packages", NOW) == Use(104, 200, timedelta(seconds=100))
    workers[0].note("fam.packages.kit", Use(25, 50, timedelta(seconds=25)), NOW)
    assert workers[0].read_others("packages", NOW) == Use(78, 150, timedelta(seconds=75)), "known without asking"
    assert SharedSpending(place, "late").read_others("status", NOW) == UNSPENT


def _make_meter(place: ObjectPlace, name: str) -> SourceMeter:
    shared = SharedSpending(place, name)
    limits = SourceLimits(day=SpendingLimits(requests=200))
    read = partial(shared.read_others, "packages")
    return SourceMeter("packages", limits, 1, read, lambda channel, use: shared.note(channel, use, NOW), lambda: NOW)


def test_two_workers_side_by_side_spend_one_budget(place: ObjectPlace) -> None:
    """Each would spend all of it. What one has set aside and not sent is lost to the other, a slice at most; each may
    send the one request with which it learns of the other's last."""

    def visit(meter: SourceMeter) -> int:
        sent = 0
        with suppress(SourceSpent, BudgetSpent), meter.measure_visit("fam.packages.kit", 400) as budget:
            while sent < 400:
                budget.spend(1)
                sent += 1
        return sent

    with ThreadPoolExecutor(2) as pool:
        sent = sum(pool.map(visit, [_make_meter(place, name) for name in ("one", "other")]))
    assert 200 - 2 * SLICE <= sent <= 202


def test_a_worker_that_begins_late_or_died_counts_and_the_next_day_begins_anew(place: ObjectPlace) -> None:
    """What was noted before it was sent stays, as nobody knows whether it was."""
    meter = _make_meter(place, "killed")
    with meter.measure_visit("fam.packages.kit", 400) as budget:
        budget.spend(1)
    late = SharedSpending(place, "late")
    assert late.read_others("packages", NOW).requests == SLICE
    assert late.read_others("packages", NOW + timedelta(days=1)) == UNSPENT


def test_days_that_have_passed_are_removed_and_damaged_entries_count_as_nothing(place: ObjectPlace) -> None:
    """Whatever lies there, the next note is taken."""
    place.put(f"{FOLDER}/packages/2026-10-29.json", b"{}")
    place.put(f"{FOLDER}/packages/2026-10-31.json", b"{}")
    SharedSpending(place, "one").note("fam.packages.kit", Use(3), NOW)
    names = {found.key.rpartition("/")[2] for found in place.list_all(FOLDER)}
    assert names == {"2026-10-31.json", "2026-11-01.json"}
    for content in (
        b"[",
        b"[1]",
        b"null",
        b'{"a": [1, 2], "b": [-1, 0, 0], "c": "d", "e": [1e400, 1, 1], "f": [true, 1, 1]}',
    ):
        place.put(f"{FOLDER}/packages/2026-11-01.json", content)
        late = SharedSpending(place, "late")
        assert late.read_others("packages", NOW) == UNSPENT
        late.note("fam.packages.kit", Use(4), NOW)
        assert SharedSpending(place, "one").read_others("packages", NOW) == Use(4)


class _Busy(ObjectPlace):
    """A place where somebody else is always faster."""

    def change(self, key: str, content: bytes, stamp: Stamp) -> Stamp:
        raise Conflict(key)

    create = change  # type: ignore[assignment]


def test_a_note_that_never_goes_through_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Instead of hanging for good."""
    monkeypatch.setattr(spending, "MOST_TRIES", 3)
    place = _Busy(MemoryStore(), "memory://busy")
    place.put(f"{FOLDER}/packages/2026-11-01.json", b"{}")
    with pytest.raises(StoreError, match="is changed by too many at once"):
        SharedSpending(place, "one").note("fam.packages.kit", Use(3), NOW)


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The address of a real store."""
    with serve_store() as address:
        yield address


@pytest.mark.slow
def test_runs_of_two_homes_share_a_budget_through_a_real_store_and_a_folder_needs_none(
    store: str, tmp_path: Path
) -> None:
    """A visit that has ended counts as what it spent, not as what it had set aside."""
    homes = [
        Settings(HEARTBEAT_HOME=tmp_path / name, HEARTBEAT_LANDING=locate(store, "budget"), _env_file=None)
        for name in ("one", "other")
    ]
    lost = homes[1].model_copy(
        update={"landing": "s3://k:s@bucket/f?endpoint_override=http://127.0.0.1:9&region=us-east-1"}
    )
    with (
        record_attempt(homes[0], AttemptKind.COLLECT, [(CHANNEL, ["things"])]) as first,
        record_attempt(homes[1], AttemptKind.COLLECT, [(CHANNEL, ["things"])]) as second,
        record_attempt(lost, AttemptKind.COLLECT, [(CHANNEL, ["things"])]) as apart,
    ):
        now = homes[0].clock()
        first.note_use(CHANNEL.id, Use(25))
        assert second.read_others_use("packages", now).requests == 25
        first.add_channel(CHANNEL, {"things": Outcome("complete", requests=7)}, 1.5)
        second.note_use(CHANNEL.id, Use(25))
        assert second.read_others_use("packages", now) == Use(7, 0, timedelta(seconds=1.5))
        apart.note_use(CHANNEL.id, Use(4))
        assert apart.read_others_use("packages", now).requests == 25, "its home's ledger tells of the other run there"
