"""Queries carried to Spark's SQL: what the translator would leave with another meaning."""

import pytest

pytest.importorskip("sqlglot")

from analytics.spark.carrying import carry_in_pieces

pytestmark = pytest.mark.rests_on("analytics/spark", "tests/analytics/spark/test_carrying.py")


def _carry(text: str) -> str:
    [(_, carried)] = carry_in_pieces(text, "kept__")
    return " ".join(carried.split()).replace("( ", "(").replace(" )", ")")


@pytest.mark.parametrize(
    ("text", "carried"),
    [
        ("date_diff('microsecond', a, b)", "(UNIX_MICROS(b) - UNIX_MICROS(a))"),
        ("date_diff('hour', a, b)", "(FLOOR(UNIX_MICROS(b) / 3600000000) - FLOOR(UNIX_MICROS(a) / 3600000000))"),
        ("a / (b + c)", "a / NULLIF(b + c, 0)"),
        ("0.5 * a", "CAST(0.5 AS DOUBLE) * a"),
        ("l[2]", "TRY_ELEMENT_AT(l, 2)"),
        ("l[a]", "TRY_ELEMENT_AT(l, a)"),
        ("len(l) + length(t)", "CARDINALITY(l) + LENGTH(t)"),
        ("case when a then 0 else b / 2 end", "CASE WHEN a THEN CAST(0 AS DOUBLE) ELSE b / 2 END"),
        ("max(a) filter (where b) over w", "MAX(CASE WHEN b THEN a END) OVER w"),
        ("lower(unnest(l))", "EXPLODE(TRANSFORM(l, list_item -> LOWER(list_item)))"),
        ("sum(a) over w - a", "(SUM(a) OVER w) - a"),
        ("strftime(a, '%x %H:%M')", "DATE_FORMAT(a, 'yyyy-MM-dd HH:mm')"),
        ("arg_max(a, b)", "MAX_BY(a, b) FILTER(WHERE NOT a IS NULL)"),
        ("hash(a)", "XXHASH64(COALESCE(CAST(a AS STRING), '\\0'))"),
    ],
)
def test_an_expression_keeps_its_meaning(text: str, carried: str) -> None:
    """Instants, fractions, places in a list, and nulls are where the two engines differ."""
    assert _carry(f"select {text} as x from t") == f"SELECT {carried} AS x FROM t"


def test_groups_are_named_by_every_column_without_an_aggregate() -> None:
    """Sail takes `all` for a column."""
    assert _carry("select a, upper(b) as b, count(*) + 1 as n from t group by all").endswith("GROUP BY a, UPPER(b)")


def test_steps_of_one_name_stay_apart() -> None:
    """A metric's own steps lie within its shape, and may be called like those of the shape."""
    carried = _carry("with f as (with f as (select 1 as a) select f.a from f) select a from f")

    assert carried == "WITH f_1 AS (SELECT 1 AS a), f AS (SELECT f.a FROM f_1 AS f) SELECT a FROM f"


def test_columns_that_a_join_shares_come_from_the_side_that_has_them() -> None:
    """After a full join that may be either."""
    assert _carry("select a, t.b from t join u using (a)") == "SELECT t.a AS a, t.b FROM t JOIN u ON t.a = u.a"
    assert _carry("select a from t full join u using (a)") == (
        "SELECT COALESCE(t.a, u.a) AS a FROM t FULL JOIN u ON t.a = u.a"
    )


@pytest.mark.parametrize(
    ("joined", "carried"),
    [
        ("t cross join r left join u on u.a = t.a", "r CROSS JOIN t LEFT JOIN u ON u.a = t.a"),
        ("t join s on t.a < s.b cross join r", "s CROSS JOIN r JOIN t ON t.a < s.b"),
        ("t join u on u.a = t.a join s on u.a < s.b", "t JOIN u ON u.a = t.a JOIN s ON u.a < s.b"),
        ("t full join u on u.a = t.a cross join r", "t FULL JOIN u ON u.a = t.a CROSS JOIN r"),
        ("t cross join (select unnest(t.l) as b) as r", "t CROSS JOIN (SELECT EXPLODE(t.l) AS b) AS r"),
        ("t cross join (select unnest(l) as b) as r", "t CROSS JOIN (SELECT EXPLODE(l) AS b) AS r"),
        ("t semi join s on t.a < s.b", "t SEMI JOIN s ON t.a < s.b"),
        ("t anti join s on t.a < s.b", "t ANTI JOIN s ON t.a < s.b"),
    ],
)
def test_what_rows_are_crossed_with_comes_first(joined: str, carried: str) -> None:
    """Where the rows are the same; a condition goes to the table that it is of."""
    assert _carry(f"select t.a from {joined}") == f"SELECT t.a FROM {carried}"


def test_the_columns_of_a_union_keep_their_places() -> None:
    """A star gives them in the order of the tables, also where a step or an inner query stands between."""
    crossed = "select * from t cross join r"
    kept = "SELECT * FROM t CROSS JOIN r"
    assert _carry(f"{crossed} union all select 1, 2").startswith(kept)
    assert _carry(f"({crossed}) union all select 1, 2").startswith(f"({kept})")
    assert kept in _carry(f"with x as ({crossed}), y as (select * from x) select * from y union all select 1, 2")
    assert kept in _carry(f"select 1, 2 union all select * from (select *, 3 from ({crossed}) as x) as y")
    assert kept not in _carry(f"with x as ({crossed}) select x.a, x.b from x union all select 1, 2")
