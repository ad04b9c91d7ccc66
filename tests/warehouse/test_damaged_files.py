"""Damaged landed files: one that cannot be loaded is refused by name, and no other file waits for it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.worlds.warehouse_rows import empty_warehouse
from warehouse.faults import LandingError
from warehouse.landing import list_landed, open_writer, open_zone, read_landed, read_newest_manifest
from warehouse.load import load_new_files
from warehouse.manifest import INSTANT, REMEDY, STRANGE, pack_file, unpack_file

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
OUTCOME = {"state": "complete", "rows": 1, "error": "", "fault": "none", "requests": 1, "points": 0}


def _land(folder: Path, channel: str, outcome: dict[str, Any] | None = None, key: str = "1") -> Path:
    """Lands one good row."""
    zone = open_zone(str(folder))
    writer = open_writer(zone, channel, "github", NOW)
    writer.add_rows([("issues", key, NOW, json.dumps({"number": 1}))], NOW)
    writer.manifest.outcomes["issues"] = OUTCOME | (outcome or {})
    writer.finish(NOW)
    return folder / list_landed(zone, channel)[-1]


def _rewrite(path: Path, **columns: pa.Array) -> None:
    """Writes a landed file again, with other columns or without these."""
    manifest, parquet = unpack_file("", path.read_bytes())
    table = parquet.read()
    for name, column in columns.items():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, name, column) if column is not None else table.drop_columns([name])
    path.write_bytes(pack_file(manifest, table))


@pytest.mark.parametrize(
    "columns",
    [
        {"misfit": None},
        {"seen_at": pa.array(["yesterday"])},
        {"thing": pa.array(["issues; drop table"])},
        {"thing": pa.array([None], pa.string())},
        {"key": pa.array([[1, 2]])},
        {"number": pa.array(["many"])},
        {"number": pa.array([2**63 - 1])},
        {"seen_at": pa.array([2**63 - 1], INSTANT)},
        {"created_at": pa.array([2**63 - 1], pa.timestamp("us"))},
    ],
    ids=[
        "no misfit",
        "no instant",
        "strange thing",
        "no thing",
        "list as key",
        "no number",
        "huge number",
        "no day of Python",
        "endless instant",
    ],
)
def test_a_file_with_another_schema_or_a_strange_thing_is_refused_by_name(tmp_path: Path, columns: Any) -> None:
    """It ended the load of all files before, in the middle of a transaction."""
    bad, _ = _land(tmp_path, "a.bad.c"), _land(tmp_path, "a.good.c")
    _rewrite(bad, **columns)
    with empty_warehouse() as connection:
        report = load_new_files(connection, open_zone(str(tmp_path)), NOW)

        assert (report.files, [refusal.split(":")[0] for refusal in report.refused]) == (
            1,
            [bad.relative_to(tmp_path).as_posix()],
        )
        assert "landing zone" in report.refused[0]
        assert connection.execute("select channel_id from raw.github__issues").fetchall() == [("a.good.c",)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("channel_id", None), ("run_id", None), ("started_at", "soon"), ("started_at", "2026-11-01T06:00:00"),
        ("outcomes", []), ("outcomes", {"issues": 5}),
    ],
)  # fmt: skip
def test_a_file_whose_manifest_is_of_other_types_is_refused_by_name(tmp_path: Path, name: str, value: Any) -> None:
    """With the right digest it ended the load of all files."""
    bad, _ = _land(tmp_path, "a.bad.c"), _land(tmp_path, "a.good.c")
    manifest, parquet = unpack_file("", bad.read_bytes())
    bad.write_bytes(pack_file(replace(manifest, **{name: value}), parquet.read()))
    with empty_warehouse() as connection:
        report = load_new_files(connection, open_zone(str(tmp_path)), NOW)

        path = bad.relative_to(tmp_path).as_posix()
        assert (report.files, report.refused) == (1, [f"{path}: {STRANGE}; {REMEDY}"])


def test_what_a_source_said_of_itself_may_be_any_number_or_text(tmp_path: Path) -> None:
    """A total of 2^63, or a message with half a character, is no reason to lose the visit."""
    impossible = {"expected": 2**63, "total": -1, "waiting": 1e400, "older": "many", "reach_at": "long ago"}
    notes = [{"kind": "k\ud800", "subject": "s", "seen": ["\ud800", 7], "count": 2**70}, "no note"]
    _land(tmp_path, "a.b.c", impossible | {"error": "half \ud800", "state": "complete", "notes": notes, "new": {}})
    with empty_warehouse() as connection:
        assert load_new_files(connection, open_zone(str(tmp_path)), NOW).refused == []
        assert connection.execute(
            "select state, rows, expected, total, waiting, older, reach_at, error from raw.ledger__runs"
        ).fetchall() == [("complete", 1, None, None, None, None, None, "half ?")]
        assert connection.execute("select note_kind, subject, seen, count from raw.ledger__notes").fetchall() == [
            ("k?", "s", ["?", "7"], 1)
        ]


@pytest.mark.slow
def test_no_flipped_bit_of_a_landed_file_changes_a_row_a_cursor_or_a_count(tmp_path: Path) -> None:
    """Of 3,000 flips 613 gave other rows and 331 another cursor, without a word, and 30 of 33,944 a traceback: this
    zone is the only truth."""
    zone = open_zone(str(tmp_path))
    writer = open_writer(zone, "a.b.c", "packages", NOW)
    writer.add_rows([("downloads", "7", None, json.dumps({"downloads": 7854})), ("downloads", "", NOW, "{}")], NOW)
    writer.manifest.cursors["downloads"] = {"after": "x", "number": 17}
    writer.manifest.outcomes["downloads"] = OUTCOME
    writer.finish(NOW)
    (path,) = list_landed(zone)
    landed = read_landed(zone, path)
    data = (tmp_path / path).read_bytes()
    refusals = []
    for place in range(8 * len(data)):
        damaged = bytearray(data)
        damaged[place // 8] ^= 1 << place % 8
        (tmp_path / path).write_bytes(damaged)
        assert read_newest_manifest(zone, "a.b.c") in (None, landed[0])
        try:
            manifest, table = read_landed(zone, path)
        except LandingError as error:
            refusals.append(str(error))
        else:
            assert (manifest, table) == landed
    assert len(refusals) > 4 * len(data)
    assert [words for words in refusals if not (words.startswith(f"{path}: ") and "move it out" in words)] == []
