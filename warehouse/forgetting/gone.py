"""Deletes the rows of posts that their source says are deleted."""

import duckdb

from warehouse.durable import in_transaction
from warehouse.forgetting.shedding import note_withdrawn
from warehouse.landing import Zone, remove_landed

GONE = {
    "discourse__topics": "state = 'gone'",
    "discourse__posts": "is_withdrawn",
    "stackexchange__questions": "state = 'gone'",
    "reddit__posts": "state not in ('open', 'closed')",
    "reddit__comments": "state <> 'open'",
    "github__discussion_comments": "hidden_reason = 'deleted'",
}
"""By raw table: what a row says of a post that was deleted."""
BELOW = {"discourse__topics": "discourse__posts", "stackexchange__questions": "stackexchange__answers"}
"""Tables whose rows are deleted with their thread, which they name by its number."""


def remove_gone(connection: duckdb.DuckDBPyConnection, zone: Zone) -> int:
    """Deletes earlier rows of deleted posts, and the landed files that brought them; returns how many rows. The row
    that says that a post is deleted stays. Raises LandingError."""
    loads = list[int]()
    with in_transaction(connection):
        for table, is_gone in GONE.items():
            for below in sorted({table, BELOW.get(table, table)}):
                loads += _delete_former(connection, table, below, is_gone)
        if loads:
            note_withdrawn(connection)
            # All their rows are loaded. A run that is killed here deletes the rows next time.
            paths = "select path from ledger.files where list_contains(?::bigint[], load_id)"
            remove_landed(zone, [path for (path,) in connection.execute(paths, [loads]).fetchall()])
    return len(loads)


def _delete_former(connection: duckdb.DuckDBPyConnection, table: str, below: str, is_gone: str) -> list[int]:
    """Deletes the rows that came before one that says that the post is deleted: its own that tell more, or those below
    it. Has the next build make their staging table again, and returns the load of each."""
    # What was only hidden for a while is landed again, with its answers.
    post, stated = ("f.key", "f.actor is not null") if below == table else ("f.number::varchar", "true")
    loads = connection.execute(
        f"delete from raw.{below} as f using (select channel_id, key, max(load_id) as gone_id from raw.{table}"
        f" where {is_gone} group by all) as g where g.channel_id = f.channel_id and g.key = {post}"
        f" and f.load_id < g.gone_id and {stated} returning f.load_id"
    ).fetchall()
    if loads:
        connection.execute("delete from ledger.builds where table_name = ?", [f"staging.{below}"])
    return [load_id for (load_id,) in loads]
