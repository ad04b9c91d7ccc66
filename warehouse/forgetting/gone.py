"""Deletes the rows of posts that their source says are deleted."""

from collections.abc import Iterator

import duckdb

from warehouse.durable import roll_back
from warehouse.forgetting.shedding import note_withdrawn
from warehouse.landing import Zone, remove_landed

GONE = {
    "discourse__topics": "body->>'$.state' = 'gone'",
    "discourse__posts": "body->>'$.is_withdrawn' = 'true'",
    "stackexchange__questions": "body->>'$.state' = 'gone'",
    "reddit__posts": "body->>'$.state' not in ('open', 'closed')",
    "reddit__comments": "body->>'$.state' <> 'open'",
    "github__discussion_comments": "body->>'$.hidden_reason' = 'deleted'",
}
"""By raw table: what a row says of a post that was deleted."""
BELOW = {"discourse__topics": "discourse__posts", "stackexchange__questions": "stackexchange__answers"}
"""Tables whose rows are deleted with their thread, which they name by its number."""


def remove_gone(connection: duckdb.DuckDBPyConnection, zone: Zone) -> int:
    """Deletes earlier rows of deleted posts, and the landed files that brought them; returns how many rows. The row
    that says that a post is deleted stays. Raises LandingError."""
    loads = list[int]()
    tables = {name for (name,) in connection.sql(
        "select table_name from duckdb_tables() where schema_name = 'raw' and database_name = current_database()"
    ).fetchall()}  # fmt: skip
    connection.execute("begin")
    try:
        for table, former in _list_queries(tables):
            loads += _delete_rows(connection, table, former)
        if loads:
            note_withdrawn(connection)
            # All their rows are loaded. A run that is killed here deletes the rows next time.
            remove_landed(zone, _name_files(connection, loads))
        connection.execute("commit")
    except BaseException:
        roll_back(connection)
        raise
    return len(loads)


def _list_queries(tables: set[str]) -> Iterator[tuple[str, str]]:
    """Lists queries for the channel, key and load of rows to delete, each with its table."""
    for table, is_gone in GONE.items():
        for below in sorted({table, BELOW.get(table, table)}):
            if {table, below} <= tables:
                yield below, _render_former(table, below, is_gone)


def _render_former(table: str, below: str, is_gone: str) -> str:
    """Renders the query for the rows that came before one that says that the post is deleted: its own that tell more,
    or those below it. What was only hidden for a while is landed again, with its answers."""
    post, stated = ("f.key", "f.body->>'$.actor' is not null") if below == table else ("f.body->>'$.number'", "true")
    return (
        f"select f.channel_id, f.key, f.load_id from raw.{below} as f join (select channel_id, key, max(load_id)"
        f" as gone_id from raw.{table} where {is_gone} group by all) as g"
        f" on g.channel_id = f.channel_id and g.key = {post} and f.load_id < g.gone_id where {stated}"
    )


def _delete_rows(connection: duckdb.DuckDBPyConnection, table: str, former: str) -> list[int]:
    """Deletes rows, has the next build make their staging table again, and returns the load of each."""
    loads = connection.execute(
        f"delete from raw.{table} as t using (select distinct channel_id, key, load_id from ({former})) as f"
        " where t.channel_id = f.channel_id and t.key = f.key and t.load_id = f.load_id returning t.load_id"
    ).fetchall()
    if loads:
        connection.execute("delete from ledger.builds where table_name = ?", [f"staging.{table}"])
    return [load_id for (load_id,) in loads]


def _name_files(connection: duckdb.DuckDBPyConnection, loads: list[int]) -> list[str]:
    query = "select path from ledger.files where list_contains(?::bigint[], load_id)"
    return [path for (path,) in connection.execute(query, [loads]).fetchall()]
