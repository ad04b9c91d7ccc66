"""The landing zone and the loader: what is landed stays, is loaded once, and carries its own cursor."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.worlds.warehouse_rows import empty_warehouse
from warehouse import landing
from warehouse.faults import LandingError
from warehouse.landing import (
    Writer,
    list_landed,
    open_writer,
    open_zone,
    read_newest_manifest,
)
from warehouse.load import load_new_files
from warehouse.typed import type_rows

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)


def _land(writer: Writer, rows: int, thing: str = "issues", first: int = 0) -> None:
    body = json.dumps({"number": 1})
    writer.add_rows(((thing, str(first + n), NOW - timedelta(hours=n), body) for n in range(rows)), NOW)


def _finish(writer: Writer, cursor: dict[str, str], rows: int) -> None:
    writer.manifest.cursors["issues"] = cursor
    writer.manifest.outcomes["issues"] = {
        "state": "complete",
        "rows": rows,
        "expected": rows,
        "requests": 1,
        "points": 0,
        "error": "",
    }
    writer.finish(NOW)


def test_a_run_that_did_not_finish_landed_nothing(tmp_path: Path) -> None:
    """Nothing of a part is in the zone until it is whole, so a killed collector leaves nothing half."""
    zone = open_zone(str(tmp_path))
    _land(open_writer(zone, "a.b.c", "github", NOW), 3)

    assert list_landed(zone) == []
    assert read_newest_manifest(zone, "a.b.c") is None


def test_the_next_run_starts_from_the_cursor_of_the_newest_file(tmp_path: Path) -> None:
    """The cursor is with the data that it belongs to, and nowhere else."""
    zone = open_zone(str(tmp_path))
    for word in ("first", "second"):
        writer = open_writer(zone, "a.b.c", "github", NOW)
        _land(writer, 1)
        _finish(writer, {"since": word}, 1)

    assert open_writer(zone, "a.b.c", "github", NOW).manifest.cursors == {"issues": {"since": "second"}}
    assert open_writer(zone, "another", "github", NOW).manifest.cursors == {}


def test_a_full_part_is_landed_while_the_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long first visit that is killed late loses only its last part."""
    zone = open_zone(str(tmp_path))
    writer = open_writer(zone, "a.b.c", "github", NOW)
    monkeypatch.setattr(landing, "ROWS_PER_PART", 2)
    _land(writer, 2)
    writer.manifest.cursors["issues"] = {"since": "part one"}
    assert writer.is_full
    writer.rotate(NOW)
    _land(writer, 1, first=2)

    assert len(list_landed(zone)) == 1
    found = read_newest_manifest(zone, "a.b.c")
    assert found is not None
    assert (found.cursors, found.is_last) == ({"issues": {"since": "part one"}}, False)


def test_loading_twice_changes_nothing(tmp_path: Path) -> None:
    """The ledger row and the rows come in one transaction, so nothing is ever loaded again."""
    zone, connection = open_zone(str(tmp_path)), empty_warehouse()
    writer = open_writer(zone, "a.b.c", "github", NOW)
    _land(writer, 3)
    _land(writer, 2, "comments")
    _finish(writer, {}, 3)

    assert (load_new_files(connection, zone, NOW).rows, load_new_files(connection, zone, NOW).rows) == (5, 0)
    assert connection.execute("select count(*), count(distinct load_id) from raw.github__issues").fetchone() == (3, 1)
    assert connection.execute("select count(*) from raw.github__comments").fetchone() == (2,)
    assert connection.execute("select state, rows, expected from raw.ledger__runs").fetchall() == [("complete", 3, 3)]


def test_typed_fields_stay_beside_their_keys() -> None:
    """They are typed apart from the columns that every row has."""
    numbers = range(100_000)
    rows = [("issues", str(number), None, NOW, f'{{"number": {number}}}') for number in numbers]
    table = type_rows("github", rows)
    assert table["key"].to_pylist() == list(map(str, numbers))
    assert table["number"].to_pylist() == list(numbers)


def test_instants_are_loaded_in_utc_whatever_the_connection_thinks(tmp_path: Path) -> None:
    """A connection in another time zone would shift every instant by hours."""
    zone, connection = open_zone(str(tmp_path)), empty_warehouse()
    connection.execute("set TimeZone = 'Pacific/Kiritimati'")
    writer = open_writer(zone, "a.b.c", "github", NOW)
    _land(writer, 1)
    _finish(writer, {}, 1)
    load_new_files(connection, zone, NOW)

    assert (
        connection.execute("select source_time, seen_at from raw.github__issues").fetchone()
        == (NOW.replace(tzinfo=None),) * 2
    )


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_loaded(tmp_path: Path) -> None:
    """One torn file must not hold up all sources, and must not be taken for loaded."""
    zone, connection = open_zone(str(tmp_path)), empty_warehouse()
    for channel in ("a.b.c", "a.b.d"):
        writer = open_writer(zone, channel, "github", NOW)
        _land(writer, 1)
        _finish(writer, {"since": channel}, 1)
    torn = tmp_path / list_landed(zone, "a.b.c")[0]
    whole = torn.read_bytes()
    torn.write_bytes(whole[: len(whole) // 2])

    report = load_new_files(connection, zone, NOW)

    assert (report.files, [refusal.split(":")[0] for refusal in report.refused]) == (
        1,
        [torn.relative_to(tmp_path).as_posix()],
    )
    assert read_newest_manifest(zone, "a.b.c") is None
    torn.write_bytes(whole)
    assert load_new_files(connection, zone, NOW).rows == 1


def test_a_parquet_file_of_somebody_else_is_refused_by_name(tmp_path: Path) -> None:
    """A folder that is not ours alone is no reason to load strange rows."""
    zone, connection = open_zone(str(tmp_path)), empty_warehouse()
    connection.execute(f"copy (select 1 as x) to '{tmp_path / 'strange.parquet'}' (format parquet)")

    assert load_new_files(connection, zone, NOW).refused == [
        "strange.parquet: not a landed file of this version of Heartbeat; restore it from a backup, or move it out of"
        " the landing zone and collect again"
    ]


def test_the_zone_may_be_a_url(tmp_path: Path) -> None:
    """Object stores are opened by the same word; a path is only the simplest of them."""
    zone = open_zone((tmp_path / "a zone").as_uri())
    writer = open_writer(zone, "a.b.c", "github", NOW)
    _finish(writer, {"since": "x"}, 0)

    assert len(list_landed(open_zone(str(tmp_path / "a zone")))) == 1


def test_a_zone_that_cannot_be_opened_is_explained_without_its_secret() -> None:
    """The URL of an object store may carry a key."""
    with pytest.raises(LandingError, match="HEARTBEAT_LANDING") as caught:
        open_zone("nowhere://user:CANARY@bucket/folder?key=CANARY")

    assert "CANARY" not in str(caught.value)


def test_what_a_killed_run_left_aside_is_swept_away_a_day_later(tmp_path: Path) -> None:
    """Half files must neither pile up nor be taken from a run that is still going on."""
    zone = open_zone(str(tmp_path))
    old, new = (tmp_path / ".aside" / name for name in ("old", "new"))
    old.parent.mkdir()
    for path in (old, new):
        path.touch()
    os.utime(old, (1, 1))
    zone.put("key", b"")

    assert list((tmp_path / ".aside").iterdir()) == [new]
