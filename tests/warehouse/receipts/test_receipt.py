"""Receipts: the queries on one return the figure and the rows under it, which are those that it was made of."""

import shutil
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rich.console import Console

from pipelines.commands.receipt import print_receipt
from tests.worlds.warehouse_rows import MODELS
from warehouse.export import ExportError
from warehouse.receipts.receipt import KEYS, Receipt, make_receipt, trace_items
from warehouse.snapshot import Snapshot, query, read_current

PUBLIC = {model.path.stem: model for model in MODELS if model.is_public}
COUNTED = sorted(name for name, model in PUBLIC.items() if model.header.shape in ("share", "median"))
"""The metrics whose figures say how many rows stand behind them."""
SOME = (
    "answered_share", "first_response_hours", "incident_rate", "licence_class", "notice_days", "package_downloads",
    "price_usd",
)  # fmt: skip
"""One of each shape: `make test` pastes theirs, `make test-all` every metric's."""


@pytest.fixture(scope="module")
def snapshot(sample_home: Path) -> Snapshot:
    """The sample world, published."""
    found = read_current(sample_home)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def own(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB of somebody who was sent the folder."""
    folder = shutil.copytree(snapshot.path.parent, tmp_path_factory.mktemp("sent") / "published")
    with chdir(folder), duckdb.connect(snapshot.path.name, read_only=True) as connection:
        yield connection


@cache
def _some(snapshot: Snapshot, name: str) -> list[dict[str, Any]]:
    """A few figures of a metric: measured ones first, of every state that occurs."""
    columns = ", ".join(KEYS.values()).replace("window", '"window"')
    rank = f"row_number() over (partition by state order by n desc, {columns})"
    sql = f"select {columns}, n, state from metrics.{name} qualify {rank} <= 2"
    found: list[dict[str, Any]] = query(snapshot, sql).to_pylist()
    return found


def _receipt(snapshot: Snapshot, name: str, row: dict[str, Any]) -> Receipt:
    return _make(snapshot, name, tuple((word, row[column]) for word, column in KEYS.items()))


@cache
def _make(snapshot: Snapshot, name: str, words: tuple[tuple[str, str], ...]) -> Receipt:
    """Made once a figure: with all its rows where these are counted, with three of them elsewhere."""
    return make_receipt(snapshot, name, dict(words), 100_000 if name in COUNTED else 3)


@pytest.mark.parametrize(
    "name", [name if name in SOME else pytest.param(name, marks=pytest.mark.slow) for name in sorted(PUBLIC)]
)
def test_pasting_the_queries_returns_the_figure_and_its_rows(
    snapshot: Snapshot, own: duckdb.DuckDBPyConnection, name: str
) -> None:
    """In a DuckDB of one's own, in the published folder, for every metric, measured or not."""
    for row in _some(snapshot, name):
        found = _receipt(snapshot, name, row)
        (pasted,) = own.sql(found.query).to_arrow_table().to_pylist()
        rows = own.sql(found.items_query).to_arrow_table().to_pylist()

        assert pasted == {column: found.figure[column] for column in pasted} and pasted["state"] == row["state"]
        assert len(rows) == found.items_count + sum(reason["count"] for reason in found.left_out)


@pytest.mark.slow
@pytest.mark.parametrize("name", COUNTED)
def test_as_many_rows_are_listed_as_the_figure_counts(snapshot: Snapshot, name: str) -> None:
    """n is the number of rows, and the value of a share is their share."""
    for row in _some(snapshot, name):
        found = _receipt(snapshot, name, row)

        assert found.items_count == len(found.items) == row["n"]
        if PUBLIC[name].header.shape == "share":
            assert sum(item["is_yes"] for item in found.items) == found.figure["n_events"]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_metric_leads_to_rows(snapshot: Snapshot, name: str) -> None:
    """A figure without rows cannot be checked. Facts read by hand come from pages, not channels."""
    measured = [row for row in _some(snapshot, name) if row["n"]]
    if not measured:
        pytest.skip("the sample world measures nothing of it")
    for row in measured[:1]:
        found = _receipt(snapshot, name, row)

        assert found.items_count > 0
        assert found.channels or row["channel_kind"] == "offers"


@pytest.mark.parametrize("name", ["answered_share", "code_answer_share", "incident_rate"])
def test_a_row_leads_to_the_visit_that_brought_it(snapshot: Snapshot, name: str) -> None:
    """Threads, answers, changes and incidents."""
    receipt = _receipt(snapshot, name, next(row for row in _some(snapshot, name) if row["n"]))
    receipt = replace(receipt, items=[dict(item) for item in receipt.items[:3]])
    trace_items(receipt, snapshot)

    visits = {
        (row["channel_id"], row["last_run_at"]) for row in query(snapshot, "from staging.collections").to_pylist()
    }
    assert receipt.items
    for item in receipt.items:
        assert item["seen_at"] <= max(at for channel_id, at in visits if channel_id == item["channel_id"])


def test_what_was_left_out_is_counted_by_reason(snapshot: Snapshot) -> None:
    """The note beside the figure and the receipt say the same."""
    name = "helped_share"
    (row,) = query(
        snapshot,
        f"from metrics.{name} where note like '% more were not seen%Excluded: %' order by n desc, family_id limit 1",
    ).to_pylist()
    found = _receipt(snapshot, name, row)

    reasons = {one["reason"]: one["count"] for one in found.left_out}
    assert f"{reasons.pop('not seen')} more were not seen" in row["note"]
    assert reasons and all(f"{count} {reason}" in row["note"] for reason, count in reasons.items())


@pytest.mark.parametrize(
    ("name", "words", "error"),
    [
        ("helped_shar", {}, "did you mean helped_share?"),
        ("helped_share", {"familly": "qwen"}, "unknown key 'familly': did you mean family?"),
        ("helped_share", {"family": "qwne"}, "did you mean qwen?"),
        ("helped_share", {}, "add family=… with one of azure,"),
        ("helped_share", {"family": "x' or '1'='1"}, "has no family"),
    ],
)
def test_words_that_name_no_single_figure_are_refused(
    snapshot: Snapshot, name: str, words: dict[str, str], error: str
) -> None:
    """The message says which words there are."""
    with pytest.raises(ExportError) as found:
        make_receipt(snapshot, name, words)

    assert error in str(found.value)


def test_a_range_without_a_value_is_called_a_range(snapshot: Snapshot) -> None:
    """Incidents that name no component leave a rate between two ends: nothing that was waited for and not reached.
    If no row is excluded, none is said to be."""
    (row,) = query(
        snapshot,
        "from metrics.incident_rate where value is null and low is not null and segment = 'api' order by n desc,"
        " family_id limit 1",
    ).to_pylist()
    console = Console(width=200)
    with console.capture() as captured:
        print_receipt(console, _receipt(snapshot, "incident_rate", row))
    said = captured.get()

    assert f"between {row['low']:.6g} and {row['high']:.6g} per 30 days; n = {row['n']}" in said
    assert "not reached" not in said and "None" not in said
