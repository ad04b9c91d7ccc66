"""Queries cut at steps that they read several times: what is computed once, and that the rows stay the same."""

import duckdb
import pytest

pytest.importorskip("sqlglot")

from sqlglot import parse_one

from analytics.spark.carrying import carry_in_pieces
from analytics.spark.steps import cut_steps

pytestmark = pytest.mark.rests_on("analytics/spark", "tests/analytics/spark/test_steps.py")
COUNTED = "counted as (select a, count(*) as n from t group by a)"


def _carry(text: str) -> list[tuple[str, str]]:
    return [(name, " ".join(piece.split())) for name, piece in carry_in_pieces(text, "q__")]


def test_a_step_that_is_read_twice_is_computed_once() -> None:
    """Also one within a step; one that is read once stays where it is."""
    pieces = _carry(
        f"with sums as (with {COUNTED}, once as (select distinct n from counted)"
        " select c.a from counted as c join once using (n)) select a from sums"
    )

    assert pieces == [
        ("q__counted_1", "SELECT a, COUNT(*) AS n FROM t GROUP BY a"),
        ("", "WITH once_1 AS ( SELECT DISTINCT n FROM q__counted_1 AS counted ), sums AS ( SELECT c.a"
             " FROM q__counted_1 AS c JOIN once_1 AS once ON c.n = once.n ) SELECT a FROM sums"),
    ]  # fmt: skip


def test_a_step_that_reads_a_dear_one_is_dear() -> None:
    """What it reads would be computed as often as it."""
    names = [name for name, _ in _carry(f"with {COUNTED}, b as (select n from counted) select n from b union from b")]

    assert names == ["q__b", ""]


@pytest.mark.parametrize(
    "step",
    [
        "s as (select a from t where a > 1)",  # reads a table
        "s as (select a from (values (1), (2)) as v (a) group by a)",  # reads none
        "s as (select a, null as b, count(*) as n from t group by a)",  # holds a column without a type
    ],
)
def test_other_steps_stay(step: str) -> None:
    assert len(_carry(f"with {step} select a from s union all select a from s")) == 1


def test_pieces_give_the_rows_of_the_whole_query() -> None:
    """Here on DuckDB: each piece becomes a table that the next ones read."""
    text = (
        f"with grid as (select * from (values (1), (2)) as v (a)), {COUNTED},"
        " both_of as (select counted.*, g.a as b from counted join grid as g on g.a <= counted.n)"
        " select x.a, x.b, y.n from both_of as x join both_of as y on x.a = y.b cross join counted order by all"
    )
    with duckdb.connect() as connection:
        connection.execute("create table t as select i % 3 as a from range(7) as r(i)")
        whole = connection.sql(text).fetchall()
        pieces = cut_steps(parse_one(text, read="duckdb"), "q__")
        for piece in pieces[:-1]:
            connection.execute(f"create table {piece.name} as {piece.query.sql('duckdb')}")

        assert [piece.name for piece in pieces] == ["q__counted", "q__both_of", ""]
        assert connection.sql(pieces[-1].query.sql("duckdb")).fetchall() == whole != []
