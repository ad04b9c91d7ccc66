"""Deletes what was forgotten from the warehouse and from landed files."""

import duckdb
from duckdb.func import SPECIAL

from warehouse.durable import in_transaction
from warehouse.forgetting.register import Forgotten, keep_digests
from warehouse.forgetting.scrubbing import is_named, list_links, scrub_body
from warehouse.forgetting.shedding import note_withdrawn
from warehouse.landing import Zone, list_landed, read_scrubbed


def forget_rows(connection: duckdb.DuckDBPyConnection, zone: Zone, forgotten: Forgotten) -> int:
    """Deletes loaded and landed rows about what was forgotten, and its words in others.

    Returns how many loaded rows that concerned. The caller closes the connection. Raises LandingError if a landed file
    cannot be read: nobody knows what it holds.
    """
    connection.create_function(
        "scrub_body", lambda body: scrub_body(forgotten, body), ["varchar"], "varchar", null_handling=SPECIAL
    )
    connection.create_function("is_named", lambda text: is_named(forgotten, text), ["varchar"], "boolean")
    tables = connection.sql(
        "select 'raw.' || table_name from duckdb_columns() where schema_name = 'raw' and column_name = 'body'"
        " and database_name = current_database() order by all"
    ).fetchall()
    # Kept before the rows go: a run that is killed could not find these threads again.
    fresh = {digest for (table,) in tables for digest in _find_belonging(connection, table, forgotten)}
    keep_digests(zone, fresh)
    forgotten.digests |= fresh
    count = 0
    with in_transaction(connection):
        for (table,) in tables:
            new = "scrub_body(body)"
            changed = connection.execute(f"update {table} set body = {new} where body is distinct from {new}")
            count += int(changed.fetchall()[0][0])
            connection.execute(f"delete from {table} where body is null")
        connection.execute("delete from raw.ledger__notes where is_named(subject) or is_named(seen::varchar)")
        connection.execute("update raw.ledger__runs set error = '…' where is_named(error)")
        # All is built again, also what was set aside.
        connection.execute("delete from ledger.builds")
        note_withdrawn(connection)
    for path in list_landed(zone):
        read_scrubbed(zone, path, forgotten)
    return count


def _find_belonging(connection: duckdb.DuckDBPyConnection, table: str, forgotten: Forgotten) -> set[str]:
    """Finds the digests of the links of rows about the forgotten: their threads go with the answers of others."""
    rows = connection.execute(f"select body from {table} where scrub_body(body) is null").fetchall()
    return {forgotten.make_digest(link) for (body,) in rows for link in list_links(body)}
