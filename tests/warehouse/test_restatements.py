"""The log of restatements as receipts and exports give it: what each figure said before, after, and why."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from warehouse.export import ExportError
from warehouse.restatements import export_restatements, read_restatements
from warehouse.snapshot import Snapshot, query, read_current

Home = Callable[[str], Path]
WHY = "A mere +1 is no answer. The interval is wider."


@pytest.fixture(scope="module")
def snapshot(state_home: Home) -> Snapshot:
    """The sample world with a log of four restatements."""
    found = read_current(state_home("restated"))
    assert found is not None
    return found


def test_the_export_holds_every_figure_of_the_log_with_its_reason(tmp_path: Path, snapshot: Snapshot) -> None:
    """Also what is published no more, which has no receipt; in any form, and the same bytes each time."""
    ((count,),) = [row.values() for row in query(snapshot, "select count(*) as n from meta.restatements").to_pylist()]
    (path,) = export_restatements(snapshot, tmp_path / "out", "csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    said = [(row["name"], row["family_id"], row["old_value"], row["new_value"], row["reason"]) for row in rows]

    assert path.name == "restatements.csv" and len(rows) == count == 4
    assert said[1:3] == [
        ("answered_share", "gpt", "", "", WHY), ("answered_share", "qwen", "0.5", "0.7", WHY),
    ]  # fmt: skip
    assert said[3] == ("rank_share", "gpt", "0.5", "", "Nobody is ranked by it any more.")
    before = path.read_bytes()
    export_restatements(snapshot, tmp_path / "out", "csv")
    assert path.read_bytes() == before
    (whole,) = export_restatements(snapshot, tmp_path / "out", "parquet")
    assert pq.read_table(whole).num_rows == count


def test_a_family_is_exported_alone_and_nothing_writes_no_file(tmp_path: Path, snapshot: Snapshot) -> None:
    """An empty file would look like a home in which nothing was ever restated."""
    (path,) = export_restatements(snapshot, tmp_path / "one", "json", family="qwen", window="all")
    assert [row["family_id"] for row in json.loads(path.read_bytes())] == ["qwen"]

    with pytest.raises(ExportError, match="no figure of this selection was ever restated here"):
        export_restatements(snapshot, tmp_path / "none", "csv", family="llama")
    with pytest.raises(ExportError, match="unknown format 'xml'"):
        export_restatements(snapshot, tmp_path / "none", "xml")
    assert not (tmp_path / "none").exists()


def test_a_receipt_says_why_its_figure_was_restated(snapshot: Snapshot) -> None:
    """The reasons of every version between, of none later."""
    cells = {"family_id": "qwen", "channel_kind": "tracker", "statistic": "within_7d", "window": "all"}
    (entry,) = read_restatements(snapshot, "answered_share", cells)
    assert (entry["old_value"], entry["new_value"], entry["reason"]) == (0.5, 0.7, WHY)
