"""Records of what was built of what, by which a build finds what changed."""

import duckdb


def read_records(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], int]:
    """Reads the load up to which each thing was last built, by its name and the hash of what made it."""
    rows = connection.execute("select table_name, sql_hash, load_id from ledger.builds").fetchall()
    return {(table, hash_): load_id for table, hash_, load_id in rows}


def record_hashes(connection: duckdb.DuckDBPyConnection, hashes: dict[str, str]) -> None:
    """Records at once what these things were made of: a statement for each would take a tenth of a build."""
    remove_records(connection, list(hashes))
    connection.execute(
        "insert into ledger.builds select unnest(?::varchar[]), unnest(?::varchar[]),"
        " (select coalesce(max(load_id), 0) from ledger.files)",
        [list(hashes), list(hashes.values())],
    )


def remove_records(connection: duckdb.DuckDBPyConnection, names: list[str]) -> None:
    """Removes the records of these things: they count as never built."""
    connection.execute("delete from ledger.builds where list_contains(?::varchar[], table_name)", [names])
