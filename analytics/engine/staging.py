"""Staging: merges the raw rows loaded since the last build, of which the newest row of each key wins."""

from dataclasses import dataclass

import duckdb

from analytics.engine.filling import FILLED, count_filled_fields
from analytics.engine.headers import Header
from warehouse.database import quote_literal

CHANNELS = """
select list(channel_id) from (
    select channel_id, sum(count(*)) over (order by channel_id) // 1_000_000 as batch {news} group by channel_id
) group by batch order by batch
"""
"""Channels whose new rows are merged at once: about as many as fit in memory."""


@dataclass(frozen=True, slots=True)
class StagingTable:
    """A staging table, and the statement that reads its raw rows."""

    table: str
    text: str
    header: Header

    @property
    def name(self) -> str:
        """The name that it shares with its raw table."""
        return self.table.removeprefix("staging.")


def add_new_rows(connection: duckdb.DuckDBPyConnection, staging: StagingTable, mark: int | None) -> bool:
    """Merges the rows loaded since `mark` (None: all) into the table, which exists unless all are merged; returns
    whether there were any."""
    news = f"from ({staging.text}) as news where load_id > {mark or 0}"
    if mark is None:
        first_seen = _render_first_seen(staging)
        connection.execute(
            f"create or replace table {staging.table} as select * exclude (load_id){first_seen} {news} limit 0"
        )
        connection.execute(f"delete from {FILLED} where table_name = ?", [staging.name])
    batches = connection.execute(CHANNELS.format(news=news)).fetchall()
    for (channels,) in batches:
        _merge_rows(connection, staging, f"{news} and channel_id in ({', '.join(map(quote_literal, channels))})")
    return bool(batches)


def _merge_rows(connection: duckdb.DuckDBPyConnection, staging: StagingTable, news: str) -> None:
    """Merges all new rows of some channels. What a statement needs on its way is freed with it; a table dropped in this
    transaction would stay on the disk until it ends."""
    connection.execute(f"create or replace temp view new_rows as select *{_render_first_seen(staging)} {news}")
    count_filled_fields(connection, staging.name)
    keys = ", ".join(staging.header.grain)
    connection.execute(
        f"merge into {staging.table} as t using ({render_winners(staging)}) as w using ({keys})"
        " when matched then update by name when not matched then insert by name"
    )
    connection.execute("drop view new_rows")


def _render_first_seen(staging: StagingTable) -> str:
    return ", seen_at as first_seen_at" if staging.header.first_seen else ""


def render_winners(staging: StagingTable) -> str:
    """Renders the query for the row that wins of each key in `new_rows`, among these and the one in the table."""
    header = staging.header
    keys = ", ".join(header.grain)
    firsts = "".join(
        f", first_value({name}) over (partition by {keys} order by first_seen_at, cast({name} as varchar)) as {name}"
        for name in header.first_seen
    )
    if firsts:
        firsts += f", min(first_seen_at) over (partition by {keys}) as first_seen_at"
    firsts += "".join(
        f", {function}({name}) over (partition by {keys}) as {name}"
        for function, names in (("min", header.earliest), ("max", header.latest))
        for name in names
    )
    kept = [*header.first_seen, *(["first_seen_at"] if header.first_seen else []), *header.earliest, *header.latest]
    without = f" exclude ({', '.join(kept)})" if kept else ""
    whole_first = "".join(f"{flag} desc, " for flag in header.whole_first)
    return (
        f"with candidates as not materialized (select * exclude (load_id) from new_rows union all by name"
        f" select t.* from {staging.table} t semi join new_rows using ({keys})),"
        # Nearly every key has one row, which wins as it is; comparing rows takes ten times as long.
        f" repeated as (select {keys} from candidates group by {keys} having count(*) > 1),"
        f" disputed as (select * from candidates semi join repeated using ({keys}))"
        f" select c.*{without}{firsts} from disputed c"
        # The last criterion makes the winner independent of the order of arrival.
        f" qualify row_number() over (partition by {keys}"
        f" order by source_time desc nulls last, {whole_first}seen_at desc, cast(c as varchar) desc) = 1"
        f" union all by name select * from candidates anti join repeated using ({keys})"
    )
