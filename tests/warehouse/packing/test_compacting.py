"""Compacting the landing zone: fewer files, and everything that is told of them the same as before."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.faults.injection import Ended, meet_fault
from tests.faults.places import COMPACTING
from tests.worlds.published_sets import s3_server
from tests.worlds.warehouse_rows import empty_warehouse
from warehouse.faults import LandingError, NewerFormat
from warehouse.landing import (
    Zone,
    list_landed,
    list_stored,
    list_visits,
    open_writer,
    open_zone,
    read_landed,
    read_last_visits,
    read_newest_manifest,
)
from warehouse.load import load_new_files
from warehouse.packing.compacting import CompactionReport, compact_zone
from warehouse.withdrawn.names import take_back

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
CHANNELS = ("a.github.x", "b.packages.y")
pytestmark = pytest.mark.rests_on(
    "warehouse", "pipelines", "analytics", "tests/faults", "tests/worlds", "tests/upstream"
)


def _visit(zone: Zone, channel: str, day: int, rows: int) -> list[str]:
    at = NOW + timedelta(days=day)
    writer = open_writer(zone, channel, channel.split(".")[1], at)
    writer.manifest.cursors["issues"] = {"since": str(day)}
    # Each visit looks at what is there: a known key again, a new one, and a null.
    writer.add_rows(
        [("issues", str(n % 7), at if n else None, json.dumps({"n": n, "day": day})) for n in range(rows)], at
    )
    if rows > 2:
        writer.rotate(at)
        writer.add_rows([("issues", "ü \U0001f680", at, "{}")], at)
    notes = [{"note_kind": "skipped", "subject": str(day), "seen": ["x"], "count": 1}]
    writer.manifest.outcomes["issues"] = {"state": "complete", "rows": rows, "requests": 1, "notes": notes}
    writer.finish(at)
    return writer.landed


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty visits to each of two channels, most of which bring nothing."""
    root = tmp_path_factory.mktemp("landing")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", lambda _: None)
        zone = open_zone(str(root))
        for day in range(30):
            for channel in CHANNELS:
                _visit(zone, channel, day, 0 if day % 3 else day)
    return root


@pytest.fixture
def zone(landed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Zone:
    """A copy of them."""
    monkeypatch.setattr("os.fsync", lambda _: None)
    shutil.copytree(landed, tmp_path / "landing")
    return open_zone(str(tmp_path / "landing"))


def _read_all(zone: Zone) -> dict[str, Any]:
    """Reads everything that others learn of a zone, and what a new warehouse holds after it was loaded."""
    connection = empty_warehouse()
    report = load_new_files(connection, zone, NOW)
    tables = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where schema_name in ('raw', 'ledger')"
        " and table_name not like 'catalog%' order by all"
    ).fetchall()
    return {
        "refused": report.refused,
        "names": list_landed(zone),
        "visits": list_visits(zone),
        "last": read_last_visits(zone),
        "newest": [read_newest_manifest(zone, channel) for channel in CHANNELS],
        # In the order in which they lie there, which load ids tell.
        **{table: connection.execute(f"from {table}").fetchall() for (table,) in tables},
    }


@pytest.fixture(scope="module")
def whole(landed: Path) -> dict[str, Any]:
    """What is read of them, as long as nothing was done to them."""
    return _read_all(open_zone(str(landed)))


def _count_files(zone: Zone) -> int:
    return sum(map(len, list_stored(zone)))


def test_few_files_give_the_same_warehouse_as_the_many_before(zone: Zone, whole: dict[str, Any]) -> None:
    """Names, manifests, cursors, load ids and rows in their order: nothing that rests on landed files sees a change."""
    assert _count_files(zone) == 78 and len(whole["raw.github__issues"]) > 100

    report = compact_zone(zone)

    assert _count_files(zone) == 4 and report.packed == 78 - 2 and not report.left_out
    assert report.bytes_after < report.bytes_before / 5
    assert _read_all(open_zone(zone.root)) == whole
    assert [path.name for path in Path(zone.root, CHANNELS[0]).iterdir()].count("00000") == 1


def test_a_pack_takes_in_what_came_since_and_a_full_one_stays(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    """So the files of a channel stay few over the years."""
    compact_zone(zone)
    for day in range(30, 60):
        _visit(zone, CHANNELS[0], day, 1)
    before = _read_all(zone)
    compact_zone(zone)
    assert _count_files(zone) == 4 and _read_all(zone) == before

    monkeypatch.setattr("warehouse.packing.compacting.MOST_MEMBERS", 10)
    for day in range(60, 90):
        _visit(zone, CHANNELS[0], day, 1)
    before = _read_all(zone)
    compact_zone(zone)
    assert _count_files(zone) == 5 and _read_all(zone) == before


def test_few_new_files_wait_for_others(zone: Zone) -> None:
    """Else each night would write the last pack anew for a file or two."""
    compact_zone(zone)
    files = list_stored(zone)
    _visit(zone, CHANNELS[0], 31, 1)
    assert compact_zone(zone).packed == 0
    assert set(list_stored(zone)[1]) == set(files[1])


@pytest.mark.parametrize("place", COMPACTING)
@pytest.mark.parametrize("number", [1, 2])
def test_a_compaction_that_is_killed_at_any_step_loses_nothing_and_is_finished_by_the_next(
    zone: Zone, whole: dict[str, Any], place: str, number: int
) -> None:
    """The second time, packs are merged."""

    def end() -> None:
        raise Ended

    before = whole
    for turn in ("packed", "merged"):
        if turn == "merged":
            for day, channel in product(range(30, 32), CHANNELS):
                _visit(zone, channel, day, 1)
            before = _read_all(zone)
        with meet_fault(place, number, end), pytest.raises(Ended):
            compact_zone(zone, least_files=2)
        assert _read_all(open_zone(zone.root)) == before, turn
        compact_zone(zone, least_files=2)
        assert _count_files(zone) == 4, turn


def test_what_a_wrong_clock_landed_is_taken_back_from_a_pack_too(zone: Zone) -> None:
    """A run is taken back by the names of its files, which a pack keeps."""
    names = [name for name in list_landed(zone) if "/00000012-" in name]
    connection = empty_warehouse()
    load_new_files(connection, zone, NOW)
    compact_zone(zone)
    take_back(zone.files, zone.root, names, NOW)

    zone = open_zone(zone.root)
    assert load_new_files(connection, zone, NOW).taken_back == len(names) == 4
    assert not set(names) & set(list_landed(zone))
    assert read_newest_manifest(zone, CHANNELS[0]) == read_landed(zone, list_landed(zone, CHANNELS[0])[-1])[0]


def _damage(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 255
    path.write_bytes(data)


def test_a_damaged_pack_is_told_and_its_sound_members_are_loaded(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    """One bad group of rows costs the files in it only; a pack whose list is gone is named itself."""
    monkeypatch.setattr("warehouse.packing.packs.ROWS_PER_GROUP", 20)
    compact_zone(zone)
    pack = list_stored(zone)[1][0]
    path = Path(zone.root, pack)
    column = pq.read_metadata(path).row_group(1).column(4)
    place = column.dictionary_page_offset or column.data_page_offset
    whole = path.read_bytes()
    _damage(path, place + column.total_compressed_size // 3)
    report = load_new_files(empty_warehouse(), open_zone(zone.root), NOW)
    assert 1 <= len(report.refused) <= 6 and report.files == 78 - len(report.refused)
    assert all(words.startswith(CHANNELS[0]) for words in report.refused)

    for place in (len(whole) - 600, whole.index(b"seen_at")):  # in its list, and in the name of a column
        path.write_bytes(whole)
        _damage(path, place)
        report = load_new_files(empty_warehouse(), open_zone(zone.root), NOW)
        assert [words.partition(":")[0] for words in report.refused] == [pack]
        assert "restore it from a backup" in report.refused[0]


def test_of_files_that_are_all_damaged_no_pack_is_made(zone: Zone) -> None:
    """Each night would add one that holds nothing."""
    loose, _ = list_stored(zone, CHANNELS[0])
    for name in loose[:-1]:
        Path(zone.root, name).write_bytes(b"damaged")
    before = list_stored(zone, CHANNELS[0])
    report = compact_zone(zone)
    assert list_stored(zone, CHANNELS[0]) == before and len(report.left_out) >= 29
    assert not list(Path(zone.root).glob(".aside/*"))


def test_a_damaged_file_stays_as_it_is_and_the_others_are_packed(zone: Zone) -> None:
    """It is told at each load, as before, until somebody moves it away."""
    name = list_landed(zone)[3]
    Path(zone.root, name).write_bytes(b"PAR1")
    before = _read_all(zone)
    report = compact_zone(zone)
    assert report.left_out and report.left_out[0].startswith(name)
    assert name in list_stored(zone)[0] and _read_all(zone) == before


def test_a_pack_that_is_not_written_as_it_should_be_removes_nothing(
    zone: Zone, whole: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read back before the files that it holds are removed."""
    real: Callable[..., Any] = pq.ParquetWriter.write_table

    def write_less(self: Any, table: Any, **named: Any) -> None:
        real(self, table.set_column(1, "key", table["seen_at"].cast("string")), **named)

    monkeypatch.setattr(pq.ParquetWriter, "write_table", write_less)
    with pytest.raises(LandingError, match="not written to a pack as it is; nothing was removed"):
        compact_zone(zone)
    assert _read_all(zone) == whole and _count_files(zone) == 78
    assert not list(Path(zone.root, ".aside").iterdir())


def test_a_file_of_a_newer_heartbeat_is_refused_and_nothing_is_landed_loaded_or_packed(zone: Zone) -> None:
    """Its rows and cursors are unknown: to pass over it would ask for all of them again, and load half."""
    name = list_landed(zone, CHANNELS[0])[-1]
    path = Path(zone.root, name)
    table = pq.read_table(path)
    for newer in (path, path.parent.parent / "packed" / "00000001-00000002-0123.parquet"):
        newer.parent.mkdir(exist_ok=True)
        pq.write_table(table.replace_schema_metadata({"heartbeat-format": "3"}), newer)
        files = list_stored(zone)
        connection = empty_warehouse()
        land = partial(open_writer, channel_id=CHANNELS[0], source="github", started_at=NOW)
        for work in (land if newer == path else compact_zone, partial(load_new_files, connection, now=NOW)):
            with pytest.raises(NewerFormat, match=r"landed by a newer Heartbeat \(format 3; .* update Heartbeat"):
                work(zone=open_zone(zone.root))
        assert connection.execute("select count(*) from ledger.files").fetchall() == [(0,)]
        assert list_stored(zone) == files
        newer.unlink()


def test_a_reader_finds_a_file_that_was_packed_since_it_was_listed(zone: Zone) -> None:
    """Collectors and receipts hold no lock."""
    reader = open_zone(zone.root)
    names = list_landed(reader)
    rows = [read_landed(reader, name)[1].num_rows for name in names]
    compact_zone(zone)
    assert [read_landed(reader, name)[1].num_rows for name in names] == rows
    for day in range(30, 60):
        _visit(zone, CHANNELS[0], day, 1)
    compact_zone(zone)
    assert [read_landed(reader, name)[1].num_rows for name in names] == rows


def test_an_empty_zone_has_nothing_to_compact(tmp_path: Path) -> None:
    """As before the first collect."""
    assert compact_zone(open_zone(str(tmp_path))) == CompactionReport()


def test_files_in_a_bucket_are_packed_there(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    """An object store has no names to move: a pack is written where it is to lie, and shows once it is whole."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with s3_server("packing") as address:
        bucket = open_zone(f"s3://test:test@packing/zone?endpoint_override={address}&region=us-east-1")
        names = list_landed(zone, CHANNELS[0])[:6]
        for name in names:
            with bucket.files.open_output_stream(f"{bucket.root}/{name}", compression=None) as sink:
                sink.write(Path(zone.root, name).read_bytes())
        before = [read_landed(bucket, name) for name in names]
        for least in (3, 1):
            # The second time, what is there now becomes part of it.
            compact_zone(bucket, least_files=least)
            loose, packs = list_stored(bucket)
            assert (len(loose), len(packs)) == (1, 1) and loose == names[-1:]
            assert [read_landed(bucket, name) for name in names] == before
            writer = open_writer(bucket, CHANNELS[0], "github", NOW + timedelta(days=50))
            writer.finish(NOW)
            before, names = [*before, read_landed(bucket, writer.landed[0])], [*names, *writer.landed]
