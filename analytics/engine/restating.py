"""Restatements: a changed definition never rewrites a figure silently; the ledger keeps old and new values side by
side."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

KEY = ("family_id", "channel_kind", "channel_role", "segment", "statistic", '"window"')
FIGURE_COLUMNS = ("value", "low", "high", "n", "state")


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
        connection.execute("drop table before_change")


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
