"""Exports: the same bytes for the same rows, harmless in a spreadsheet, and marked when they are not measured."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from warehouse.database import open_warehouse
from warehouse.export import ExportError, export_metrics
from warehouse.publish import publish_snapshot
from warehouse.snapshot import Snapshot

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
HOSTILE = ["=1+1", "+1", "-1+1", "@sum", "\tx", "\rx", 'quote " and, comma', "plain"]


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    """One public metric with hostile words and a negative number, and one that is not public."""
    connection = open_warehouse(tmp_path / "home")
    connection.execute(
        "create table metrics.toy as select 'a' as family_id, '365d' as \"window\", unnest(?) as note, -5.5 as value,"
        " timestamp '2026-11-01 06:00:00' as as_of_at, 'measured' as state",
        [HOSTILE],
    )
    connection.execute("create table metrics.facts as select 1 as x")
    connection.execute("create table staging.families as select unnest(['a', 'b']) as family_id")
    for name, is_public in (("toy", True), ("facts", False)):
        connection.execute(
            "insert into ledger.definitions values"
            " (?, 'metrics', 'q', 'g', 'u', 's', 'c', 1, ?, '', '', '', true, '', map(), 'none')",
            [name, is_public],
        )
    connection.execute("insert into ledger.settings values ('build', '1'), ('is_sample', 'true')")
    found = publish_snapshot(connection, tmp_path / "home", NOW, "test")
    assert found is not None
    return found


def test_a_cell_that_a_spreadsheet_would_run_is_made_text_and_numbers_stay_numbers(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    """Titles and notes come from strangers."""
    (path,) = export_metrics(snapshot, ["toy"], tmp_path)
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))

    assert sorted(row["note"] for row in rows) == sorted(
        f"'{word}" if word[0] in "=+-@\t\r" else word for word in HOSTILE
    )
    assert {row["value"] for row in rows} == {"-5.5"}
    assert {row["as_of_at"] for row in rows} == {"2026-11-01T06:00:00Z"}


def test_every_format_says_that_the_rows_are_a_sample(snapshot: Snapshot, tmp_path: Path) -> None:
    """An exported file travels without the page that carries the ribbon."""
    rows = {
        "csv": list(csv.DictReader(export_metrics(snapshot, ["toy"], tmp_path)[0].open(newline=""))),
        "json": json.loads(export_metrics(snapshot, ["toy"], tmp_path, "json")[0].read_text()),
        "parquet": pq.read_table(export_metrics(snapshot, ["toy"], tmp_path, "parquet")[0]).to_pylist(),
    }

    assert {form: {str(row["is_sample"]) for row in found} for form, found in rows.items()} == {
        "csv": {"True"}, "json": {"True"}, "parquet": {"True"},
    }  # fmt: skip
    assert sorted(row["note"] for row in rows["parquet"]) == sorted(HOSTILE)


def test_all_means_the_public_metrics_and_two_exports_are_the_same_bytes(snapshot: Snapshot, tmp_path: Path) -> None:
    """What was exported twice can be compared with one command."""
    first = export_metrics(snapshot, ["all"], tmp_path / "one")
    second = export_metrics(snapshot, ["all"], tmp_path / "two")

    assert [path.name for path in first] == ["toy.csv"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_all_as_parquet_are_partitions_of_one_table(snapshot: Snapshot, tmp_path: Path) -> None:
    """Another metric written beside them is its own file."""
    (path,) = export_metrics(snapshot, ["all"], tmp_path, "parquet")
    (own,) = export_metrics(snapshot, ["toy"], tmp_path, "parquet")

    assert path == tmp_path / "metric=toy" / "figures.parquet" and own == tmp_path / "toy.parquet"
    assert path.read_bytes() == own.read_bytes()
    table = duckdb.execute(f"select metric, count(*) from read_parquet('{tmp_path}/*/*.parquet') group by all")
    assert table.fetchall() == [("toy", len(HOSTILE))]


def test_filters_keep_only_what_they_name(snapshot: Snapshot, tmp_path: Path) -> None:
    """A metric without such a row is named, and gets no file."""
    (path,) = export_metrics(snapshot, ["toy"], tmp_path / "a", family="a", window="365d")
    with pytest.raises(ExportError, match="not written: toy has no row for the family b; windows that exist: 365d"):
        export_metrics(snapshot, ["toy"], tmp_path / "b", family="b")

    assert path.read_text().count("365d") == len(HOSTILE)
    assert not (tmp_path / "b").exists()


def test_a_window_that_nothing_has_is_refused_with_those_that_exist(snapshot: Snapshot, tmp_path: Path) -> None:
    """It used to write empty files."""
    with pytest.raises(ExportError, match="unknown window '2y': use one of 365d"):
        export_metrics(snapshot, ["all"], tmp_path / "w", window="2y")
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize(
    ("names", "form", "family", "said"),
    [(["toys"], "csv", "", r"unknown metric 'toys': did you mean toy\?"),
     (["toy"], "xls", "", "unknown format 'xls': use one of csv, json, parquet"),
     (["toy"], "csv", "c", "unknown family 'c': use one of a, b"), (["facts"], "csv", "", "unknown metric")],
)  # fmt: skip
def test_an_unknown_word_is_answered_with_the_right_ones(
    snapshot: Snapshot, tmp_path: Path, names: list[str], form: str, family: str, said: str
) -> None:
    with pytest.raises(ExportError, match=said):
        export_metrics(snapshot, names, tmp_path, form, family)
