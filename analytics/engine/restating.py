"""Restatements: a changed definition never rewrites a figure silently; the ledger keeps old and new values side by
side."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

KEY = ("family_id", "channel_kind", "channel_role", "segment", "statistic", '"window"')
FIGURE_COLUMNS = ("value", "low", "high", "n", "state", "coverage_share")
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


def define_metrics(
    versions: Mapping[str, int], texts: Mapping[str, str], reads: Mapping[str, frozenset[str]]
) -> dict[str, Definition]:
    """Defines the public metrics, by table: those that `versions` names, of all that is built."""
    digests = compute_digests(texts, reads)
    return {table: Definition(table.partition(".")[2], version, digests[table]) for table, version in versions.items()}


def log_first_definitions(
    connection: duckdb.DuckDBPyConnection, definitions: Mapping[str, Definition]
) -> dict[str, int]:
    """Logs the definitions that were never logged, all at once: a statement for each would take a twentieth of a first
    build. Returns the former version of each table whose definition changed."""
    logged = _read_logged(connection)
    _log_definitions(connection, [new for new in definitions.values() if new.name not in logged])
    return _find_changed(logged, definitions)


def has_changed(connection: duckdb.DuckDBPyConnection, definitions: Mapping[str, Definition]) -> bool:
    """Tells whether any metric is defined otherwise than when its figures were made."""
    return bool(_find_changed(_read_logged(connection), definitions))


def _read_logged(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, str]]:
    """Reads version and digest of each metric's newest definition."""
    rows = connection.execute("select name, max_by((version, digest), number) from ledger.methods group by name")
    return dict(rows.fetchall())


def _find_changed(logged: Mapping[str, tuple[int, str]], definitions: Mapping[str, Definition]) -> dict[str, int]:
    """Finds the tables whose definition changed, with their former versions."""
    return {
        table: logged[new.name][0]
        for table, new in definitions.items()
        if new.name in logged and logged[new.name][1] != new.digest
    }


@contextmanager
def log_restatements(connection: duckdb.DuckDBPyConnection, new: Definition, old_version: int) -> Iterator[None]:
    """Logs a changed definition, and the figures it restated, around the build of a public metric."""
    has_figures = _has_table(connection, new.name)
    if has_figures:
        connection.execute(f"create or replace temp table before_change as from metrics.{new.name}")
    yield
    _log_definitions(connection, [new])
    if has_figures:
        _log_differences(connection, new, old_version)
        _log_withdrawn(connection, new, old_version)
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


def count_restatements(connection: duckdb.DuckDBPyConnection) -> int:
    """Counts the figures in the log."""
    ((count,),) = connection.execute("select count(*) from ledger.restatements").fetchall()
    return int(count)


def _has_table(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    return bool(
        connection.execute(
            "select 1 from duckdb_tables() where schema_name = 'metrics' and table_name = ?", [name]
        ).fetchall()
    )


def _log_definitions(connection: duckdb.DuckDBPyConnection, new: Sequence[Definition]) -> None:
    """Logs definitions at the start of the newest good visit, so that the same data give the same log."""
    if not new:
        return
    connection.execute(
        "insert into ledger.methods"
        " select unnest(?::varchar[]), unnest(?::bigint[]), unnest(?::varchar[]),"
        " (select max(started_at) from raw.ledger__runs),"
        " unnest(range(?::bigint)) + (select coalesce(max(number), 0) + 1 from ledger.methods)",
        [*map(list, zip(*((one.name, one.version, one.digest) for one in new), strict=True)), len(new)],
    )


def _log_differences(connection: duckdb.DuckDBPyConnection, new: Definition, old_version: int) -> None:
    """Logs rows that differ at the same as-of time: they rest on the same data, so only the definition can differ."""
    # Notes are left out: a better wording is no restatement.
    keys = " and ".join(f"o.{key} = n.{key}" for key in KEY)
    differs = " or ".join(f"o.{name} is distinct from n.{name}" for name in FIGURE_COLUMNS)
    connection.execute(
        f"""insert into ledger.restatements by name
        select ? as name, (select max(number) from ledger.methods) as number, ? as old_version, ? as new_version,
            {", ".join(f"n.{key}" for key in KEY)}, n.as_of_at,
            {", ".join(f"o.{name} as old_{name}, n.{name} as new_{name}" for name in FIGURE_COLUMNS)}
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
