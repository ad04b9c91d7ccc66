"""Restatements: a changed definition never rewrites a figure silently; the ledger keeps old and new values side by
side."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from warehouse.schema.tables import FIGURES

KEY = ("family_id", "channel_kind", "channel_role", "segment", "statistic", '"window"')
FIGURE_COLUMNS = ("value", "low", "high", "n", "state", "coverage_share")
WITHDRAWN = "no longer published"
OLD = ", ".join(f"o.{name}" for name in (*KEY, "as_of_at", *(f"{name} as old_{name}" for name in FIGURE_COLUMNS)))
"""Columns of the log that a former figure `o` fills."""
NUMBER = "(select max(number) from ledger.methods) as number"


@dataclass(frozen=True, slots=True)
class Definition:
    """Definition of a public metric: its name, version, and a digest of its statement and of everything it rests on."""

    name: str
    version: int
    digest: str


def define_metrics(
    versions: Mapping[str, int], texts: Mapping[str, str], reads: Mapping[str, frozenset[str]]
) -> dict[str, Definition]:
    """Defines the public metrics, by table: those that `versions` names, of all that is built."""
    digests: dict[str, str] = {}

    def digest(table: str) -> str:
        if table not in digests:
            parts = [texts[table], *(digest(read) for read in sorted(reads[table]) if read in texts)]
            digests[table] = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        return digests[table]

    return {table: Definition(table.partition(".")[2], version, digest(table)) for table, version in versions.items()}


def find_changed(connection: duckdb.DuckDBPyConnection, definitions: Mapping[str, Definition]) -> dict[str, int]:
    """Finds the tables whose definition is not the one logged last, with the version of that one."""
    logged = _read_logged(connection)
    return {
        table: logged[new.name][0]
        for table, new in definitions.items()
        if new.name in logged and logged[new.name][1] != new.digest
    }


def log_first_definitions(connection: duckdb.DuckDBPyConnection, definitions: Mapping[str, Definition]) -> None:
    """Logs the definitions that were never logged, all at once: a statement for each would take a twentieth of a first
    build."""
    logged = _read_logged(connection)
    _log_definitions(connection, [new for new in definitions.values() if new.name not in logged])


@contextmanager
def log_restatements(connection: duckdb.DuckDBPyConnection, new: Definition, old_version: int) -> Iterator[None]:
    """Logs a changed definition, and the figures it restated, around the build of a public metric."""
    where = "where table_schema = 'metrics' and table_name = ?"
    has_figures = connection.execute(f"select 1 from information_schema.tables {where}", [new.name]).fetchall()
    if has_figures:
        connection.execute(f"create or replace temp table before_change as from metrics.{new.name}")
    yield
    _log_definitions(connection, [new])
    if has_figures:
        _log_differences(connection, new, old_version)
        connection.execute("drop table before_change")


def remove_abandoned_tables(connection: duckdb.DuckDBPyConnection, tables: Collection[str]) -> list[str]:
    """Removes the tables and views that nothing makes any more, and logs what their figures said last.

    Otherwise they would be published with every snapshot, and never change again.
    """
    found = connection.execute(
        "select table_schema || '.' || table_name, split_part(table_type, ' ', -1) from information_schema.tables"
        " where table_schema in ('staging', 'metrics') and table_catalog = current_database() order by all"
    ).fetchall()
    abandoned = {table: kind for table, kind in found if table not in (*tables, FIGURES)}
    logged = _read_logged(connection)
    for table, kind in abandoned.items():
        name = table.partition(".")[2]
        if name in logged:
            connection.execute(
                f"insert into ledger.restatements by name select ? as name, {NUMBER}, ? as old_version, {OLD},"
                f" '{WITHDRAWN}' as new_state from {table} as o where o.value is not null",
                [name, logged[name][0]],
            )
        connection.execute(f"drop {kind} {table}")
    connection.execute(f"delete from {FIGURES} where list_contains(?::varchar[], 'metrics.' || metric)", [[*abandoned]])
    # If such a table is ever made again, it must not count as built.
    connection.execute("delete from ledger.builds where list_contains(?::varchar[], table_name)", [[*abandoned]])
    return list(abandoned)


def count_restatements(connection: duckdb.DuckDBPyConnection) -> int:
    """Counts the figures in the log."""
    ((count,),) = connection.execute("select count(*) from ledger.restatements").fetchall()
    return int(count)


def _read_logged(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, str]]:
    """Reads version and digest of each metric's newest definition."""
    rows = connection.execute("select name, max_by((version, digest), number) from ledger.methods group by name")
    return dict(rows.fetchall())


def _log_definitions(connection: duckdb.DuckDBPyConnection, new: Collection[Definition]) -> None:
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
    """Logs figures of the same as-of time that differ or are gone: their data are the same, so only the definition can
    differ.

    A figure is gone if its family still has one of the same as-of time; otherwise the data changed.
    """
    # Notes are excluded: a better wording is no restatement.
    differs = " or ".join(f"o.{name} is distinct from n.{name}" for name in FIGURE_COLUMNS)
    states = {"state": f"coalesce(n.state, '{WITHDRAWN}')"}
    connection.execute(
        f"""insert into ledger.restatements by name
        select ? as name, {NUMBER}, ? as old_version, ? as new_version, {OLD},
            {", ".join(f"{states.get(name, f'n.{name}')} as new_{name}" for name in FIGURE_COLUMNS)}
        from before_change as o
        left join metrics.{new.name} as n on {" and ".join(f"o.{key} = n.{key}" for key in KEY)}
        where case when n.family_id is null
            then o.value is not null and exists (
                select 1 from metrics.{new.name} as f
                where f.family_id = o.family_id and f.as_of_at is not distinct from o.as_of_at)
            else o.as_of_at is not distinct from n.as_of_at and ({differs}) end""",
        [new.name, old_version, new.version],
    )
