"""Shares and medians of items given directly, through the real templates of the shapes."""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from analytics.engine.headers import Header
from analytics.engine.shapes import render_query, render_view
from tests.worlds.rows import Row, Rows, alter, compute, found, measure

COMMON: Row = {
    "channel_kind": "tracker",
    "channel_role": "sdk",
    "is_pooled": True,
    "segment": "all",
    "statistic": "any",
    "age_days": 1.0,
}
OPTIONAL = ("is_unseen", "person_id")
SCHEMA = pa.schema(
    [
        ("item_id", pa.string()),
        *((name, pa.string()) for name in ("family_id", "channel_kind", "channel_role", "segment", "statistic")),
        ("exclusion_reason", pa.string()), ("person_id", pa.string()),
        *((name, pa.bool_()) for name in ("is_pooled", "is_yes", "is_unseen")),
        ("age_days", pa.float64()), ("amount", pa.float64()),
    ]
)  # fmt: skip


def figures(
    shape: str,
    items: Mapping[str, Sequence[Row]],
    shifts: Mapping[str, tuple[float, float]] | None = None,
) -> dict[str, dict[str, Any]]:
    """The figure of each family, of items that say `is_yes` or `amount` and perhaps why they are excluded, and which
    `cluster_id` or `person_id` they have. `shifts` are how far a rule misreads the items of each, and the variance of
    that."""
    world = Rows()
    for family in items:
        # Labels are distinguished by side only.
        world.channel(world.family(family, family if shifts else "open"))
    connection = measure(world)
    compute(connection, "channel_coverage", "rules", "scopes", "reading_errors", "reader_gates")
    errors: list[Row] = [
        {"feature": "it", "part": "opener", "channel_kind": "tracker", "side": family, "labelled_count": 132}
        | {"shift": shift, "shift_variance": variance}
        for family, (shift, variance) in (shifts or {}).items()
    ]
    schema = connection.sql("from metrics.reading_errors limit 0").to_arrow_table().schema
    connection.register("given_errors", pa.Table.from_pylist(errors, schema))
    alter(connection, "insert into metrics.reading_errors by name from given_errors")
    connection.unregister("given_errors")
    found(connection, "reading_shifts")
    rows = [
        COMMON | {"family_id": family, "item_id": f"{family} {number}"} | _find_week(its, item) | item
        for family, its in items.items()
        for number, item in enumerate(its)
    ]
    if not any("cluster_id" in row for row in rows):
        alter(connection, "update metrics.rules set alike_days = null")
    header = Header(
        "Is it so?",
        (),
        "items",
        "none",
        "none",
        3,
        shape=shape,
        readings={"any": "it"} if shifts else {},
        covers="threads",
        of="things",
        segments=("all",),
        statistics=("any",),
    )
    table = pa.Table.from_pylist(rows, SCHEMA)
    columns = [name for name in SCHEMA.names if name not in OPTIONAL or any(name in row for row in rows)]
    connection.register("given_items", table.select(columns))
    query = f"select {', '.join(columns)} from given_items"
    where = "channel_role = 'all' and \"window\" = 'all' and channel_kind = 'tracker'"
    listed = show(connection, query, header, where)
    connection.unregister("given_items")
    return {row["family_id"]: row for row in listed}


def show(connection: duckdb.DuckDBPyConnection, query: str, header: Header, where: str = "true") -> list[Row]:
    """What is shown of a metric with this query, as its view gives it."""
    connection.execute("delete from metrics.figures where metric = 'toy'")
    made = f"select 'toy' as metric, * from ({render_query(query, header)})"
    connection.execute(f"insert into metrics.figures by name {made}")
    # A relation would be bound twice, which takes a third of the time.
    result = connection.execute(f"select * from ({render_view('toy', header)}) where {where}")
    names = [name for name, *_ in result.description or ()]
    return [dict(zip(names, cells, strict=True)) for cells in result.fetchall()]


def _find_week(items: Sequence[Row], item: Row) -> Row:
    """The week of an item's cluster: clusters follow each other week by week."""
    if "cluster_id" not in item:
        return {}
    clusters = list(dict.fromkeys(row.get("cluster_id") for row in items))
    return {"age_days": 7.0 * clusters.index(item["cluster_id"]) + 1}
