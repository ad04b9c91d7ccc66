"""The inspection of a snapshot that strangers published, before anybody reads it: tables and nothing that runs."""

import re
from pathlib import Path
from typing import Any

import duckdb

from warehouse.database import open_snapshot, quote_literal
from warehouse.sharing.manifest import PublishedManifest, SnapshotRefused

SCHEMAS = ("staging", "metrics", "meta")
NEEDED = frozenset(("meta.snapshot", "meta.metrics", "staging.families", "staging.channels", "staging.collections"))
"""Tables without which no page can say whose and how old its figures are."""
MOST_TABLES = 1_000
MOST_ROWS = 100_000_000
"""Rows of all tables together: a small file can claim any number of equal rows."""
_OBJECTS = """
with objects as (
    select 'view' as kind, schema_name, view_name as name, database_name, internal from duckdb_views()
    union all select 'macro', schema_name, function_name, database_name, internal from duckdb_functions()
    union all select 'type', schema_name, type_name, database_name, internal from duckdb_types()
    union all select 'sequence', schema_name, sequence_name, database_name, false from duckdb_sequences()
    union all select 'index', schema_name, index_name, database_name, false from duckdb_indexes()
    union all select 'column that is computed', schema_name, table_name || '.' || column_name, database_name, internal
    from duckdb_columns() where column_default is not null)
select kind, schema_name || '.' || name from objects
where not internal and database_name = current_database() order by all limit 1"""
"""What a snapshot never holds: each of these could run a stranger's text if a page names a table."""
_COLUMNS = """
select schema_name || '.' || table_name, column_name, data_type,
    case when column_name similar to '.*_at' then data_type like 'TIMESTAMP%'
    when column_name similar to 'value|low|high|n|n_events|n_censored|.*_hours|.*_share|.*_count'
    then data_type similar to '(U?(TINY|SMALL|BIG|HUGE)INT)|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*' else true end as is_fit
from duckdb_columns() where not internal and database_name = current_database() order by all"""
"""All columns, and whether each has the type that our schema gives to its name."""
EARLIEST, LATEST = "1970-01-01", "2200-01-01"
"""Times that a snapshot may hold: Python reads none after the year 9999."""
_METRIC = re.compile(r"[a-z][a-z0-9_]{0,99}")
"""Names of metrics: exports make a query and a file of each."""
_FAMILY = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
"""Ids of families: the site makes files of each."""


def inspect_snapshot(path: Path, manifest: PublishedManifest) -> None:
    """Checks a fetched file against its manifest. Raises SnapshotRefused, naming the source's fault."""
    try:
        connection = open_snapshot(path)
    except duckdb.Error as error:
        reason = str(error).splitlines()[0][:200]
        raise SnapshotRefused(
            f"the published file cannot be opened: {reason}; a newer Heartbeat may have written it: update yours"
        ) from None
    try:
        _check_objects(connection)
        _check_tables(connection)
        _check_columns(connection, manifest)
        _check_names(connection)
        _check_stored_queries(connection)
        _check_label(connection, manifest)
    except duckdb.Error as error:
        raise SnapshotRefused(f"the published file is not a snapshot: {str(error).splitlines()[0][:200]}") from None
    finally:
        connection.close()


def _check_objects(connection: duckdb.DuckDBPyConnection) -> None:
    for kind, name in connection.execute(_OBJECTS).fetchall():
        raise SnapshotRefused(f"the published file holds a {kind} ({name[:80]}); a snapshot holds tables only")


def _check_tables(connection: duckdb.DuckDBPyConnection) -> None:
    tables = connection.execute(
        "select schema_name, table_name, estimated_size from duckdb_tables() where database_name = current_database()"
    ).fetchall()
    names = {f"{schema}.{table}" for schema, table, _ in tables}
    if strays := sorted(f"{schema}.{table}" for schema, table, _ in tables if schema not in SCHEMAS):
        raise SnapshotRefused(f"the published file holds a table of another kind: {strays[0][:80]}")
    if missing := sorted(NEEDED - names):
        raise SnapshotRefused(f"the published file is not a snapshot: it lacks {', '.join(missing)}")
    if len(names) > MOST_TABLES or sum(size for *_, size in tables) > MOST_ROWS:
        raise SnapshotRefused(
            f"the published file is larger than a snapshot may be ({MOST_TABLES:,} tables, {MOST_ROWS:,} rows)"
        )


def _check_columns(connection: duckdb.DuckDBPyConnection, manifest: PublishedManifest) -> None:
    """Refuses columns whose type or times our code cannot read."""
    columns = connection.execute(_COLUMNS).fetchall()
    faults = [(table, name, f"has the type {kind}") for table, name, kind, is_fit in columns if not is_fit]
    times = [(table, name) for table, name, kind, _ in columns if kind == "DATE" or kind.startswith("TIMESTAMP")]
    if times and not faults:
        faults = connection.execute(" union all ".join(map(_render_times, times))).fetchall()
    for table, name, fault in faults:
        raise SnapshotRefused(
            f"{manifest.file}: {table}.{name} {fault[:80]}, which Heartbeat never publishes;"
            f" ask {manifest.publisher} to build and publish again"
        )


def _render_times(column: tuple[str, str]) -> str:
    table, name = (part.replace('"', '""') for part in column)
    schema, _, table = table.partition(".")
    bounds = f"min(\"{name}\") < '{EARLIEST}' or max(\"{name}\") >= '{LATEST}'"
    return (
        f"select {quote_literal(column[0])}, {quote_literal(column[1])},"
        f' \'holds times outside {EARLIEST} to {LATEST}\' from "{schema}"."{table}" having {bounds}'
    )


def _check_names(connection: duckdb.DuckDBPyConnection) -> None:
    names = (("metric", "name from meta.metrics", _METRIC), ("family", "family_id from staging.families", _FAMILY))
    for kind, listed, allowed in names:
        for (name,) in connection.execute(f"select {listed}").fetchall():
            if not allowed.fullmatch(str(name)):
                raise SnapshotRefused(f"the published file gives a {kind} an invalid name: {str(name)[:80]!a}")


def _check_stored_queries(connection: duckdb.DuckDBPyConnection) -> None:
    """Receipts run the queries that the snapshot stores for their items: each must be one query, and read only."""
    columns = {name for (name,) in connection.execute("select name from pragma_table_info('meta.metrics')").fetchall()}
    if "items_sql" not in columns:
        return
    rows = connection.execute("select name, items_sql from meta.metrics where items_sql <> ''").fetchall()
    for name, sql in rows:
        try:
            statements = connection.extract_statements(f"select * from ({sql}) as items")
        except duckdb.Error:
            statements = []
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise SnapshotRefused(f"the published file stores a query that is none: {name}")


def _check_label(connection: duckdb.DuckDBPyConnection, manifest: PublishedManifest) -> None:
    rows: list[tuple[Any, ...]] = connection.execute("select version, is_sample from meta.snapshot").fetchall()
    if len(rows) != 1 or rows[0] != (manifest.version, manifest.is_sample):
        raise SnapshotRefused("the published file and its manifest disagree on its version or on whether it is made up")
