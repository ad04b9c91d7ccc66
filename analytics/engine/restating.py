"""Restatements: when a definition changes, the log keeps what its figures said before beside what they say now."""

import hashlib
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import duckdb

from analytics.engine.models import ROOT, Model
from analytics.engine.records import remove_records
from warehouse.database import quote_literal
from warehouse.schema.tables import FIGURES

KEY = ("family_id", "channel_kind", "channel_role", "segment", "statistic", '"window"')
FIGURE_COLUMNS = ("value", "low", "high", "n", "state", "coverage_share")
COLUMNS = ", ".join((*KEY, "as_of_at", *FIGURE_COLUMNS))
WITHDRAWN = "no longer published"
CHANGES = ROOT / "definition_changes.toml"


class Definition(NamedTuple):
    """Version of a public metric, and a digest of its statement and of everything it rests on."""

    version: int
    digest: str


def has_changed_definitions(connection: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> bool:
    """Returns whether the next build gives figures by another definition than those of the warehouse."""
    return bool(_find_changed(connection, _define_metrics(models)))


@contextmanager
def log_restatements(connection: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> Iterator[None]:
    """Logs, around a build of these models, the definitions that are new and the figures that these restated."""
    definitions, logged = _define_metrics(models), _read_logged(connection)
    changed = _find_changed(connection, definitions)
    if changed:
        former = (
            f"select '{name}' as name, {logged[name].version} as old_version, {new or 'null'} as new_version,"
            f" {quote_literal(explain_change(name, logged[name].version, new))} as reason, {COLUMNS}"
            f" from metrics.{name}"
            for name in changed
            for new in [definitions[name].version if name in definitions else None]
        )
        connection.execute(f"create or replace temp table former as {' union all '.join(former)}")
    yield
    _log_definitions(connection, {name: new for name, new in definitions.items() if logged.get(name) != new})
    if changed:
        _log_differences(connection, [name for name in changed if name in definitions])
        connection.execute("drop table former")


def drop_turned_tables(connection: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> None:
    """Drops what was a table and is a view now, or was a view: neither can replace the other."""
    kinds = _list_tables(connection)
    for model in models:
        kind = "VIEW" if model.view else "TABLE"
        if kinds.get(model.table, kind) != kind:
            connection.execute(f"drop {kinds[model.table]} {model.table}")


def remove_abandoned_tables(connection: duckdb.DuckDBPyConnection, tables: Collection[str]) -> list[str]:
    """Removes the tables and views that nothing makes any more: they would be published for ever, and never change."""
    kinds = _list_tables(connection)
    abandoned = sorted(kinds.keys() - {*tables, FIGURES})
    for table in abandoned:
        connection.execute(f"drop {kinds[table]} {table}")
    connection.execute(f"delete from {FIGURES} where list_contains(?::varchar[], 'metrics.' || metric)", [abandoned])
    # If such a table is ever made again, it must not count as built.
    remove_records(connection, abandoned)
    return abandoned


def read_changes() -> list[dict[str, Any]]:
    """Reads the changes of definitions with their reasons, the first one first."""
    changes: list[dict[str, Any]] = tomllib.loads(CHANGES.read_text(encoding="utf-8")).get("change", [])
    return changes


def explain_change(name: str, old: int, new: int | None) -> str:
    """Explains a metric's change from a version to another, or its removal, by the reasons of all steps between."""
    if new == old:
        return "A step that it rests on changed."
    return " ".join(
        change["why"]
        for change in read_changes()
        if (name in change.get("removed", ()) if new is None else old < change.get("versions", {}).get(name, 0) <= new)
    )


def count_restatements(connection: duckdb.DuckDBPyConnection) -> int:
    """Counts the figures in the log."""
    ((count,),) = connection.execute("select count(*) from ledger.restatements").fetchall()
    return int(count)


def _define_metrics(models: Sequence[Model]) -> dict[str, Definition]:
    """Defines the public metrics of these models, each of which comes after those that it reads, by name."""
    digests: dict[str, str] = {}
    for model in models:
        parts = [model.hash_, *(digests[read] for read in sorted(model.needs) if read in digests)]
        digests[model.table] = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return {
        model.path.stem: Definition(model.header.version, digests[model.table]) for model in models if model.is_public
    }


def _find_changed(connection: duckdb.DuckDBPyConnection, definitions: Mapping[str, Definition]) -> list[str]:
    """Finds the metrics with figures of a definition that is not the one logged last, or that is gone."""
    built = _list_tables(connection)
    return [
        name
        for name, old in _read_logged(connection).items()
        if f"metrics.{name}" in built and (name not in definitions or definitions[name].digest != old.digest)
    ]


def _list_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Lists the tables and views, each with its kind."""
    rows = connection.execute(
        "select table_schema || '.' || table_name, split_part(table_type, ' ', -1) from information_schema.tables"
        " where table_schema in ('staging', 'metrics') and table_catalog = current_database()"
    ).fetchall()
    return dict(rows)


def _read_logged(connection: duckdb.DuckDBPyConnection) -> dict[str, Definition]:
    """Reads the newest definition of each metric in the log."""
    newest = "max_by(version, number), max_by(digest, number)"
    rows = connection.execute(f"select name, {newest} from ledger.methods group by name order by name").fetchall()
    return {name: Definition(version, digest) for name, version, digest in rows}


def _log_definitions(connection: duckdb.DuckDBPyConnection, new: Mapping[str, Definition]) -> None:
    """Logs definitions at the start of the newest good visit, so that the same data give the same log."""
    connection.execute(
        "insert into ledger.methods"
        " select unnest(?::varchar[]), unnest(?::bigint[]), unnest(?::varchar[]),"
        " (select max(started_at) from raw.ledger__runs),"
        " unnest(range(?::bigint)) + (select coalesce(max(number), 0) + 1 from ledger.methods)",
        [list(new), [one.version for one in new.values()], [one.digest for one in new.values()], len(new)],
    )


def _log_differences(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> None:
    """Logs former figures that differ or are gone though their data, by the as-of time, are the same.

    A figure is gone if its metric is, or if its family still has one of the same as-of time; otherwise the data
    changed. Notes are excluded: a better wording is no restatement.
    """
    present = " union all ".join(f"select '{name}' as name, {COLUMNS} from metrics.{name}" for name in names)
    differs = " or ".join(f"o.{name} is distinct from n.{name}" for name in FIGURE_COLUMNS)
    said = ", ".join(f"o.{name} as old_{name}, n.{name} as new_{name}" for name in FIGURE_COLUMNS if name != "state")
    connection.execute(
        f"""insert into ledger.restatements by name
        with present as ({present or f"select name, {COLUMNS} from former limit 0"})
        select o.name, (select max(number) from ledger.methods) as number, o.old_version, o.new_version, o.reason,
            o.as_of_at,
            {", ".join(f"o.{key}" for key in KEY)}, {said},
            o.state as old_state, coalesce(n.state, '{WITHDRAWN}') as new_state
        from former as o
        left join present as n on {" and ".join(f"o.{key} = n.{key}" for key in ("name", *KEY))}
        where case when n.name is null
            then o.value is not null and (o.new_version is null or exists (
                select 1 from present as f
                where f.name = o.name and f.family_id = o.family_id and f.as_of_at is not distinct from o.as_of_at))
            else o.as_of_at is not distinct from n.as_of_at and ({differs}) end"""
    )
