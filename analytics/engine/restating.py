"""Restatements: a changed definition never rewrites a figure silently; the ledger keeps old and new values side by
side."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

KEY = ("family_id", "channel_kind", "channel_role", "segment", "statistic", '"window"')
FIGURE_COLUMNS = ("value", "low", "high", "n", "state")
WITHDRAWN = "no longer published"
LAST_WORDS = (
    f"{', '.join(f'o.{name}' for name in KEY)}, o.as_of_at, "
    f"{', '.join(f'o.{name} as old_{name}' for name in FIGURE_COLUMNS)}, '{WITHDRAWN}' as new_state"
)
"""Columns of the log for a figure `o` that has no successor."""


@dataclass(frozen=True, slots=True)
class Definition:
    """Definition of a public metric: its name, version, and a digest of its statement and of everything it rests on."""

    name: str
    version: int
    digest: str


def compute_digests(texts: Mapping[str, str], reads: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """Computes a digest per table over its own text and those of all tables that it rests on, directly or not."""
    computed: dict[str, str] = {}

    def digest(table: str) -> str:
        if table not in computed:
            parts = [texts[table], *(digest(read) for read in sorted(reads[table]) if read in texts)]
            computed[table] = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        return computed[table]

    for table in texts:
        digest(table)
    return computed


@contextmanager
def log_restatements(connection: duckdb.DuckDBPyConnection, new: Definition) -> Iterator[None]:
    """Logs a changed definition, and the figures it restated, around the build of a public metric."""
    previous = connection.execute(
        "select version, digest from ledger.methods where name = ? order by number desc limit 1", [new.name]
    ).fetchall()
    is_changed = bool(previous) and previous[0][1] != new.digest and _has_table(connection, new.name)
    if is_changed:
        connection.execute(f"create or replace temp table before_change as from metrics.{new.name}")
    yield
    if not previous or previous[0][1] != new.digest:
        _log_definition(connection, new)
    if is_changed:
        _log_differences(connection, new, previous[0][0])
        _log_withdrawn(connection, new, previous[0][0])
        connection.execute("drop table before_change")


def remove_abandoned_tables(connection: duckdb.DuckDBPyConnection, tables: Collection[str]) -> list[str]:
    """Removes the tables that an earlier version made and this one does not, and logs what their figures said last.

    Left alone, they would be published with every snapshot, and never change again.
    """
    found = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables()"
        " where schema_name in ('staging', 'metrics') and database_name = current_database() order by all"
    ).fetchall()
    abandoned = [table for (table,) in found if table not in tables]
    for table in abandoned:
        _log_last_figures(connection, table.partition(".")[2])
        connection.execute(f"drop table {table}")
    # A version that makes such a table again must not take it for built.
    connection.execute("delete from ledger.builds where list_contains(?::varchar[], table_name)", [abandoned])
    return abandoned


def _has_table(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    return bool(
        connection.execute(
            "select 1 from duckdb_tables() where schema_name = 'metrics' and table_name = ?", [name]
        ).fetchall()
    )


def _log_definition(connection: duckdb.DuckDBPyConnection, new: Definition) -> None:
    """Logs the definition at the start of the newest good visit, so that the same data give the same log."""
    connection.execute(
        "insert into ledger.methods"
        " select ?, ?, ?, (select max(started_at) from raw.ledger__runs), coalesce(max(number), 0) + 1"
        " from ledger.methods",
        [new.name, new.version, new.digest],
    )


def _log_differences(connection: duckdb.DuckDBPyConnection, new: Definition, old_version: int) -> None:
    """Logs rows that differ at the same as-of time: they rest on the same data, so only the definition can differ."""
    # Notes are left out: a better wording is no restatement.
    keys = " and ".join(f"o.{key} = n.{key}" for key in KEY)
    differs = " or ".join(f"o.{name} is distinct from n.{name}" for name in FIGURE_COLUMNS)
    connection.execute(
        f"""insert into ledger.restatements
        select ?, (select max(number) from ledger.methods), ?, ?, {", ".join(f"n.{key}" for key in KEY)}, n.as_of_at,
            {", ".join(f"o.{name}, n.{name}" for name in FIGURE_COLUMNS)}
        from before_change as o
        join metrics.{new.name} as n on {keys} and o.as_of_at is not distinct from n.as_of_at
        where {differs}""",
        [new.name, old_version, new.version],
    )


def _log_withdrawn(connection: duckdb.DuckDBPyConnection, new: Definition, old_version: int) -> None:
    """Logs figures that the changed definition gives no more, such as those of a statistic that was renamed.

    Where a family has no row of the same as-of time, its data changed, and nothing is known of the definition.
    """
    keys = " and ".join(f"o.{key} = n.{key}" for key in KEY)
    connection.execute(
        f"""insert into ledger.restatements by name
        select ? as name, (select max(number) from ledger.methods) as number, ? as old_version, ? as new_version,
            {LAST_WORDS}
        from before_change as o
        where o.value is not null and not exists (select 1 from metrics.{new.name} as n where {keys})
            and exists (
                select 1 from metrics.{new.name} as n
                where n.family_id = o.family_id and n.as_of_at is not distinct from o.as_of_at)""",
        [new.name, old_version, new.version],
    )


def _log_last_figures(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Logs the figures of a public metric that is removed."""
    previous = connection.execute(
        "select version from ledger.methods where name = ? order by number desc limit 1", [name]
    ).fetchall()
    if previous:
        connection.execute(
            f"""insert into ledger.restatements by name
            select ? as name, (select max(number) from ledger.methods) as number, ? as old_version, {LAST_WORDS}
            from metrics.{name} as o where o.value is not null""",
            [name, previous[0][0]],
        )
