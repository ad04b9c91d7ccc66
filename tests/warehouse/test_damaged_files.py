"""Damaged landed files: one that cannot be loaded is refused by name, and no other file waits for it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.worlds.warehouse_rows import empty_warehouse
from warehouse.faults import LandingError
from warehouse.landing import list_landed, open_writer, open_zone, read_landed, read_newest_manifest
from warehouse.load import load_new_files
from warehouse.manifest import MANIFEST_KEY, SCHEMA, digest_rows, seal_manifest

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


def _rewrite(path: Path, table: pa.Table | None = None, **manifest: Any) -> None:
    """Rewrites a landed file with another table, or other fields in its manifest."""
    metadata = json.loads(pq.read_metadata(path).metadata[MANIFEST_KEY])
    table = pq.read_table(path) if table is None else table
    if table.schema.equals(SCHEMA):
        metadata["rows_digest"] = digest_rows(table)
    pq.write_table(table.replace_schema_metadata(seal_manifest(json.dumps(metadata | manifest))), path)


ROW = {"thing": "issues", "key": "1", "source_time": NOW, "seen_at": NOW, "body": "{}"}


@pytest.mark.parametrize(
    "rows",
    [
        pa.Table.from_pylist([ROW]).drop_columns(["body"]),
        pa.Table.from_pylist([ROW | {"seen_at": "yesterday"}]),
        pa.Table.from_pylist([ROW | {"thing": "issues; drop table"}]),
        pa.Table.from_pylist([ROW | {"thing": None}], schema=SCHEMA),
        pa.Table.from_pylist([ROW | {"thing": "x" * 500}]),
        pa.Table.from_pylist([{"key": [1, 2]} | {name: value for name, value in ROW.items() if name != "key"}]),
    ],
    ids=["no body", "no instant", "strange thing", "no thing", "long thing", "list as key"],
)
def test_a_file_with_another_schema_or_a_strange_thing_is_refused_by_name(tmp_path: Path, rows: pa.Table) -> None:
    """It ended the load of all files before, in the middle of a transaction."""
    bad, _ = _land(tmp_path, "a.bad.c"), _land(tmp_path, "a.good.c")
    _rewrite(bad, rows)
    with empty_warehouse() as connection:
        report = load_new_files(connection, open_zone(str(tmp_path)), NOW)

        assert (report.files, [refusal.split(":")[0] for refusal in report.refused]) == (
            1,
            [bad.relative_to(tmp_path).as_posix()],
        )
        assert "landing zone" in report.refused[0]
        assert connection.execute("select channel_id from raw.github__issues").fetchall() == [("a.good.c",)]


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


def test_instants_at_both_ends_of_what_a_file_can_hold_are_loaded(tmp_path: Path) -> None:
    """They are rejected when they are typed, with their file, channel and key."""
    for channel, microseconds in (("a.b.c", 2**63 - 1), ("a.b.d", -(2**63) + 1), ("a.b.e", None)):
        path = _land(tmp_path, channel)
        times = pa.array([microseconds], pa.timestamp("us", tz="UTC"))
        _rewrite(path, pq.read_table(path).set_column(2, "source_time", times).set_column(3, "seen_at", times))
    with empty_warehouse() as connection:
        assert load_new_files(connection, open_zone(str(tmp_path)), NOW).refused == []
        assert connection.execute("select count(*) from raw.github__issues").fetchall() == [(3,)]


@pytest.mark.slow
def test_no_flipped_bit_of_a_landed_file_changes_a_row_a_cursor_or_a_count(tmp_path: Path) -> None:
    """Of 3,000 flips 613 gave other rows and 331 another cursor, without a word, and 30 of 33,944 a traceback: this
    zone is the only truth."""
    zone = open_zone(str(tmp_path))
    writer = open_writer(zone, "a.b.c", "github", NOW)
    writer.add_rows([("issues", "7", None, json.dumps({"downloads": 7854})), ("issues", "", NOW, "{}")], NOW)
    writer.manifest.cursors["issues"] = {"after": "x", "number": 17}
    writer.manifest.outcomes["issues"] = OUTCOME
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


def test_rows_have_one_digest_however_they_are_grouped() -> None:
    """A later version may write larger groups; values that run into each other are distinguished."""
    table = pa.Table.from_pylist(
        [ROW | {"key": str(number), "body": "ab" * number} for number in range(5)], schema=SCHEMA
    )

    def digest(*parts: pa.Table) -> str:
        return digest_rows(pa.concat_tables(parts))

    assert digest(table) == digest(table[:2], table[2:2], table[2:]) != digest(table[1:], table[:1])
    shifted = [ROW | {"key": "ab", "body": ""}], [ROW | {"key": "a", "body": ""}], [ROW | {"key": "ab", "body": None}]
    assert len({digest_rows(pa.Table.from_pylist(own, schema=SCHEMA)) for own in shifted}) == 3
