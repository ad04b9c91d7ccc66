"""Fields that are filled otherwise than before: counts by hand, judged by the median and MAD of earlier visits."""

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.warehouse_rows import build_conformed, empty_warehouse

MONDAY = datetime(2026, 8, 3, 6)
CHANNEL = "gpt.github.o-r"
Share = float | tuple[str, float]
"""Share of filled rows of a complete visit, or state and share of another."""
STEADY: list[Share] = [0.2, *[0.96, 0.98, 0.94, 0.97, 0.95] * 3]
"""A first visit, which reads all there is, and two weeks."""


@pytest.fixture
def warehouse() -> Iterable[duckdb.DuckDBPyConnection]:
    with empty_warehouse() as connection:
        yield connection


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    schema = connection.sql(f"from {table} limit 0").to_arrow_table().schema
    connection.register("given", pa.Table.from_pylist(list(rows), schema))
    connection.execute(f"insert into {table} by name from given")
    connection.unregister("given")


def _visit(
    connection: duckdb.DuckDBPyConnection, shares: Sequence[Share], rows: int = 100, *, days: float = 1,
    channel: str = CHANNEL, table: str = "github__issues", fault: str = "none", first: int = 0,
) -> None:  # fmt: skip
    """Daily visits, whose rows hold something in `closed_by` as often as these shares say."""
    thing = {"github__comments": "issues"}.get(table, table.partition("__")[2])
    files, runs, counts = [], [], []
    ((load_id,),) = connection.execute("select coalesce(max(load_id), 0) from ledger.files").fetchall()
    for number, given_share in enumerate(shares, first):
        state, share = given_share if isinstance(given_share, tuple) else ("complete", given_share)
        at, load_id = MONDAY + timedelta(days=days * number), load_id + 1
        own = {"channel_id": channel, "run_id": f"run-{number:04}", "part": 0, "load_id": load_id, "fault": fault}
        files.append(own | {"path": f"{channel}/{table}/{load_id}", "row_count": rows, "loaded_at": at})
        runs.append(own | {"source": "github", "thing": thing, "started_at": at, "state": state, "rows": rows})
        filled = [("number", rows), ("closed_by", round(share * rows))]
        counts.append(own | {"table_name": table, "seen_at": at, "rows_count": rows, "filled": filled})
    _insert(connection, "ledger.files", files)
    _insert(connection, "raw.ledger__runs", runs)
    _insert(connection, "raw.ledger__filled", counts)


def _changed(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """The field, the day from 0 of the first differing visit, and both shares in percent."""
    build_conformed(connection, "filled_changes")
    return connection.execute(
        "select thing, filled_field, date_diff('day', ?, differs_from_at), round(usual_share * 100)::int,"
        " round(filled_share * 100)::int from staging.filled_changes order by all",
        [MONDAY],
    ).fetchall()


@pytest.mark.parametrize(
    ("shares", "wanted"),
    [
        pytest.param(STEADY, [], id="usual"),
        pytest.param([*STEADY, 0], [], id="one visit may be chance"),
        pytest.param([*STEADY, 0, 0], [(16, 96, 0)], id="two are not"),
        pytest.param([*STEADY, 0, 0, 0, 0], [(18, 96, 0)], id="stays empty"),
        pytest.param([*STEADY, 0, 0, 0.95], [], id="recovers"),
        pytest.param([*STEADY, 0, ("partial", 0.0), 0.96, 0], [(16, 96, 0)], id="partial visits are not judged"),
        pytest.param([*STEADY, 0.6, 0.6], [(16, 96, 60)], id="falls in part"),
        pytest.param([*STEADY, 0.85, 0.85], [], id="a little less"),
        pytest.param([*STEADY[:9], 0, 0], [(9, 96, 0)], id="eight former visits"),
        pytest.param([*STEADY[:8], 0, 0], [], id="seven former visits"),
        pytest.param([0.2, *[0.9, 0.3, 0.1, 0.6] * 4, 0, 0], [], id="uneven"),
        pytest.param([0.2, *[0.03] * 12, 0, 0], [], id="seldom filled"),
        pytest.param([0.2, *[0.0, 0.01, 0.0] * 6, 0.9, 0.9], [(19, 0, 90)], id="filled though always empty"),
        pytest.param([0.0, *[0.0] * 16, 0.9, 0.9, 0.9], [], id="new to its source"),
        pytest.param([0.2, *[0.3, 0.25] * 8, 0.9, 0.9], [], id="filled more often"),
        pytest.param([0.2, *[1.0] * 31, *[0.0] * 30], [(60, 100, 0)], id="empty for a month"),
        pytest.param([0.2, *[1.0] * 31, *[0.0] * 40], [], id="usual by then"),
    ],
)
def test_a_field_is_named_when_two_visits_fill_it_otherwise_than_those_before(
    shares: list[Share], wanted: list[tuple[int, int, int]], warehouse: duckdb.DuckDBPyConnection
) -> None:
    """A reader turns what an answer lacks into nothing, and no visit fails at it."""
    _visit(warehouse, shares)

    assert _changed(warehouse) == [("issues", "closed_by", *row) for row in wanted]


def test_a_field_that_few_rows_fill_is_named_where_rows_are_many(warehouse: duckdb.DuckDBPyConnection) -> None:
    """None of two thousand where sixty are usual is no chance, though the share hardly moved."""
    _visit(warehouse, [*[0.03] * 12, 0, 0], rows=2_000)

    assert _changed(warehouse) == [("issues", "closed_by", 12, 3, 0)]


@pytest.mark.parametrize(("rows", "days", "wanted"), [(29, 1, [84]), (5, 1, [84]), (29, 14, []), (30, 14, [1344])])
def test_what_brings_few_rows_is_judged_by_the_week(
    rows: int, days: int, wanted: list[int], warehouse: duckdb.DuckDBPyConnection
) -> None:
    """Small visits say nothing by themselves: one item without a field is not a field that went."""
    _visit(warehouse, [0.2, *[0.96] * (12 * 7 - 1), *[0.0] * 14], rows=rows, days=days)

    assert [row[2] for row in _changed(warehouse)] == wanted


def test_replies_are_judged_by_the_visits_to_their_threads(warehouse: duckdb.DuckDBPyConnection) -> None:
    """They have no visits of their own, and a thread that lacks nothing says nothing of its replies."""
    _visit(warehouse, [*STEADY, 0, 0], table="github__comments")

    assert _changed(warehouse) == [("comments", "closed_by", 16, 96, 0)]


@pytest.mark.parametrize("fault", ["credentials missing", "unreachable"])
def test_visits_with_a_fault_are_neither_judged_nor_history(fault: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    """What is read without its token lacks whole fields, which the fault says already."""
    _visit(warehouse, STEADY)
    _visit(warehouse, [0, 0, 0], fault=fault, first=len(STEADY))
    assert _changed(warehouse) == []
    warehouse.execute("update raw.ledger__runs set fault = if(fault = 'none', ?, 'none')", [fault])
    assert _changed(warehouse) == []


any_ledger = st.tuples(
    st.lists(st.sampled_from([0.0, 0.5, 0.9, 1.0]), min_size=9, max_size=16),
    st.sampled_from([0.0, 1.0]),
    st.randoms(use_true_random=False),
)


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(any_ledger)
def test_order_replays_and_files_landed_twice_change_nothing(
    drawn: tuple[list[float], float, random.Random],
) -> None:
    """A warehouse that is rebuilt loads its files in another order."""
    before, newest, chance = drawn
    with empty_warehouse() as connection:
        _visit(connection, [0.5, *before, newest, newest])
        found = _changed(connection)
        for _ in range(2):
            for table in ("ledger.files", "raw.ledger__runs", "raw.ledger__filled"):
                rows = connection.sql(f"from {table} order by load_id").to_arrow_table().to_pylist()
                copies = [row | {"load_id": row["load_id"] + 1_000} for row in rows]
                mixed = [*rows, *copies] if len(rows) < 40 else rows
                chance.shuffle(mixed)
                connection.execute(f"delete from {table}")
                _insert(connection, table, mixed)
            assert _changed(connection) == found


@pytest.mark.slow
@settings(max_examples=6, deadline=None)
@given(
    share=st.floats(0.3, 1.0), rows=st.integers(100, 3_000), length=st.integers(10, 30), lasts=st.integers(2, 4),
    seed=st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_a_planted_fall_is_named_from_its_second_visit_to_its_recovery_and_a_steady_field_never(
    share: float, rows: int, length: int, lasts: int, seed: int
) -> None:
    """Nobody is warned twice, nor of what only varies."""
    chance = np.random.default_rng(seed)
    usual = chance.binomial(rows, share, length + 3) / rows
    shares = [*usual[:length], *[0.0] * lasts, *usual[length:]]
    stated = []
    with empty_warehouse() as connection:
        _visit(connection, shares[: length - 1], rows)
        for number in range(length - 1, len(shares)):
            _visit(connection, shares[number : number + 1], rows, first=number)
            stated.append(bool(_changed(connection)))
    assert stated == [False] * 2 + [True] * (lasts - 1) + [False] * 3


@pytest.mark.slow
def test_of_ten_thousand_fields_that_only_vary_none_is_named(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Shares of any height, those of half of the channels far more uneven than chance alone makes them."""
    chance, visits, channels = np.random.default_rng(17), 24, 250
    files, runs, counts = [], [], []
    for channel in range(channels):
        rows = int(chance.integers(30, 400))
        usual = chance.uniform(0, 1, 40)
        spread = usual if channel % 2 else None
        for number in range(visits):
            at = MONDAY + timedelta(days=number)
            shares = usual if spread is None else chance.beta(usual * 10 + 0.01, (1 - usual) * 10 + 0.01)
            load_id = channel * visits + number
            own = {"channel_id": f"c{channel}", "run_id": f"{number:04}", "part": 0, "load_id": load_id}
            files.append(own | {"path": str(load_id), "row_count": rows, "loaded_at": at})
            runs.append(own | {"source": "github", "thing": "issues", "started_at": at, "state": "complete"})
            filled = [(f"f{field}", int(count)) for field, count in enumerate(chance.binomial(rows, shares))]
            counts.append(
                own | {"table_name": "github__issues", "seen_at": at, "rows_count": rows, "filled": filled}
            )  # fmt: skip
    _insert(warehouse, "ledger.files", files)
    _insert(warehouse, "raw.ledger__runs", runs)
    _insert(warehouse, "raw.ledger__filled", counts)
    assert _changed(warehouse) == []
