"""Counts in how many rows of each landed file a field holds something, so that a field which falls empty is noticed."""

import duckdb

FILLED = "raw.ledger__filled"
"""Table of the counts: one row per table and landed file."""
KEPT_DAYS = 182
"""Days before the newest rows of a channel for which counts are kept."""
UNCOUNTED = ("channel_id", "seen_at", "first_seen_at", "load_id")
"""Columns that say nothing about their source."""
_HOLDS = {
    "BOOLEAN": "{0}", "VARCHAR": "{0} <> ''", "VARCHAR[]": "len({0}) > 0", "BIGINT": "{0} <> 0", "INTEGER": "{0} <> 0",
    "DOUBLE": "{0} <> 0",
}  # fmt: skip
"""Condition by type under which a column (`{0}`) holds something: readers turn what a source lacks into these, too."""


def count_filled_fields(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Counts the fields of `new_rows`, the rows of `raw.{name}` loaded since the last build, or all of them."""
    connection.execute(f"insert into {FILLED} by name {_render_counts(connection)}", [name])
    connection.execute(
        f"delete from {FILLED} as f using (select channel_id, max(seen_at) - interval {KEPT_DAYS} days as from_at"
        f" from {FILLED} where table_name = $1 group by channel_id) as kept"
        " where f.table_name = $1 and f.channel_id = kept.channel_id and f.seen_at < kept.from_at",
        [name],
    )


def _render_counts(connection: duckdb.DuckDBPyConnection) -> str:
    columns = connection.execute("select column_name, column_type from (describe new_rows)").fetchall()
    counted = [(name, _HOLDS.get(type_, "{0} is not null")) for name, type_ in columns if name not in UNCOUNTED]
    names = ", ".join(f"'{name}'" for name, _ in counted)
    counts = ", ".join(f"count(*) filter (where {holds.format(name)})" for name, holds in counted)
    return (
        "select ? as table_name, channel_id, load_id, max(seen_at) as seen_at, count(*) as rows_count,"
        f" map([{names}], [{counts}]) as filled from new_rows group by channel_id, load_id"
    )
