"""Deletes what was forgotten from the warehouse and from landed files."""

from collections.abc import Iterator
from typing import Any

import duckdb

from warehouse.durable import in_transaction
from warehouse.forgetting.register import Forgotten, keep_digests
from warehouse.forgetting.scrubbing import is_named, list_links, scrub_row
from warehouse.forgetting.shedding import note_withdrawn
from warehouse.landing import Zone, list_landed, read_scrubbed
from warehouse.load import insert_rows
from warehouse.schema.fields import FIELDS

ROWS_AT_ONCE = 10_000


def forget_rows(connection: duckdb.DuckDBPyConnection, zone: Zone, forgotten: Forgotten) -> int:
    """Deletes loaded and landed rows about what was forgotten, and its words in others.

    Returns how many loaded rows that concerned. The caller closes the connection. Raises LandingError if a landed file
    cannot be read: nobody knows what it holds.
    """
    connection.create_function("is_named", lambda text: is_named(forgotten, text), ["varchar"], "boolean")
    # Kept before the rows go: a run that is killed could not find these threads again.
    fresh = {digest for stream in FIELDS for digest in _find_belonging(connection, stream, forgotten)}
    keep_digests(zone, fresh)
    forgotten.digests |= fresh
    count = 0
    with in_transaction(connection):
        for stream in FIELDS:
            count += _scrub_stream(connection, stream, forgotten)
        connection.execute("delete from raw.ledger__notes where is_named(subject) or is_named(seen::varchar)")
        connection.execute("update raw.ledger__runs set error = '…' where is_named(error)")
        # All is built again.
        connection.execute("delete from ledger.builds")
        note_withdrawn(connection)
    for path in list_landed(zone):
        read_scrubbed(zone, path, forgotten)
    return count


def _find_belonging(connection: duckdb.DuckDBPyConnection, stream: str, forgotten: Forgotten) -> set[str]:
    """Finds the digests of the links of rows about the forgotten: their threads go with the answers of others."""
    about = (row for row in _read_rows(connection, stream) if scrub_row(forgotten, row) is None)
    return {forgotten.make_digest(link) for row in about for link in list_links(row)}


def _scrub_stream(connection: duckdb.DuckDBPyConnection, stream: str, forgotten: Forgotten) -> int:
    """Replaces the rows that hold what was forgotten by what is left of them; returns how many there were."""
    scrubbed = ((row, scrub_row(forgotten, row)) for row in _read_rows(connection, stream))
    changed = [(row["rowid"], left) for row, left in scrubbed if row != left]
    connection.execute(f"delete from raw.{stream} where list_contains(?::bigint[], rowid)", [[at for at, _ in changed]])
    insert_rows(connection, f"raw.{stream}", [left for _, left in changed if left])
    return len(changed)


def _read_rows(connection: duckdb.DuckDBPyConnection, stream: str) -> Iterator[dict[str, Any]]:
    """Reads the raw rows of a stream, a batch at a time: a warehouse may hold millions."""
    for batch in connection.sql(f"select rowid, * from raw.{stream}").to_arrow_reader(ROWS_AT_ONCE):
        yield from batch.to_pylist()
