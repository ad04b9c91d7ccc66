"""Build of all tables: staging adds only new rows; conformed tables and metrics follow if rows that they read changed.

A visit that brings no news changes the ledger of runs, which most tables rest on; what it leaves as it was ends there.
Incremental and full builds give the same rows. Everything happens in one transaction.
"""

import importlib.util
import secrets
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from analytics.claims.verdict_history import keep_verdicts
from analytics.engine.models import ROOT, Model, read_models
from analytics.engine.restating import (
    Definition,
    count_restatements,
    define_metrics,
    has_changed,
    log_first_definitions,
    log_restatements,
    remove_abandoned_tables,
)
from analytics.engine.splitting import Part, Step, split_models
from analytics.engine.staging import SET_ASIDE, StagingTable, add_new_rows
from analytics.engine.visits import VISIT_COLUMNS
from warehouse.database import WarehouseError
from warehouse.durable import STORAGE_FAULTS, roll_back
from warehouse.faults import Fault
from warehouse.publish import read_build

CATALOG = ("families", "channels", "absences", "facts", "hosts", "listings", "mentions", "accounts")
INPUTS = ("raw.ledger__runs", "raw.ledger__notes", *(f"raw.catalog__{name}" for name in CATALOG))
"""Tables that are replaced or added to outside the staging files."""


SPLITTER = 2**17 + 1
"""By Dekker's splitting leaves 36 bits of a fraction: how a sum ends depends on where in memory its rows lie."""


@dataclass(slots=True)
class BuildReport:
    """Tables that a build made, kept because their inputs were unchanged, or removed."""

    built: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    renewed: list[str] = field(default_factory=list)
    """Metrics whose figures were kept, and only shown anew: with another coverage, as-of time or note of a channel."""
    removed: list[str] = field(default_factory=list)
    """Tables that an earlier version of the code made and this one does not."""
    restated: int = 0
    """Figures of the same data that a changed definition gave another value, interval, number, state or
    coverage."""
    set_aside: int = 0
    """Landed rows that could not be typed and are in no table, now and from earlier builds."""

    def add(self, step: Step, was_built: bool) -> None:
        """Adds what became of one step, by the table that readers know."""
        if step.part is Part.SHOWN and was_built and step.name not in self.built:
            self.renewed.append(step.name)
        elif step.part in (Part.WHOLE, Part.FIGURES):
            (self.built if was_built else self.unchanged).append(step.name)

    def add_earlier(self, earlier: "BuildReport") -> None:
        """Adds what a build just before this one made or removed."""
        self.built += [table for table in earlier.built if table not in self.built]
        self.unchanged = [table for table in self.unchanged if table not in self.built]
        self.renewed += [table for table in earlier.renewed if table not in (*self.renewed, *self.built)]
        self.removed += earlier.removed
        self.restated += earlier.restated


class Change(IntEnum):
    """What changed of a table's rows."""

    NONE = 0
    VISITS = 1
    """Only what tells of visits (VISIT_COLUMNS)."""
    ROWS = 2


def build_tables(connection: duckdb.DuckDBPyConnection, full: bool = False, root: Path = ROOT) -> BuildReport:
    """Brings staging, conformed tables and metrics up to date; a killed build leaves the warehouse as it was."""
    report = BuildReport()
    connection.execute("begin")
    try:
        if full:
            connection.execute("delete from ledger.builds")
        models, logged = read_models(root), count_restatements(connection)
        tables = build_models(connection, models, report)
        report.removed = remove_abandoned_tables(connection, tables)
        report.restated = count_restatements(connection) - logged
        keep_verdicts(connection, report.built)
        is_redefined = _write_definitions(connection, models)
        if report.built or report.renewed or report.removed or is_redefined:
            _count_build(connection)
        connection.execute("commit")
    except BaseException:
        roll_back(connection)
        raise
    connection.execute("checkpoint")
    return report


def has_changed_definitions(connection: duckdb.DuckDBPyConnection, root: Path = ROOT) -> bool:
    """Tells whether the next build gives figures by another definition than those of the warehouse."""
    return has_changed(connection, _define_models(read_models(root)))


def build_models(connection: duckdb.DuckDBPyConnection, models: list[Model], report: BuildReport) -> set[str]:
    """Brings these tables up to date in order, adds each to the report, and returns all tables that hold them."""
    recorded = _read_records(connection)
    input_hashes = {table: digest_rows(connection, table)[0] for table in INPUTS}
    changes = {table: Change.ROWS for table, hash_ in input_hashes.items() if (table, hash_) not in recorded}
    definitions = _define_models(models)
    old_versions = log_first_definitions(connection, definitions)
    steps = split_models(models)
    hashes = {step.model.table: step.model.hash_ for step in steps}
    read_tables = frozenset[str]().union(*(step.model.reads for step in steps))
    for step in steps:
        model = step.model
        mark = recorded.get((model.table, hashes[model.table]))
        old = old_versions.get(model.table)
        log = nullcontext() if old is None else log_restatements(connection, definitions[model.table], old)
        with _name_failing_table(step.name), log:
            if model.layer == "staging":
                staging = StagingTable(model.table, model.text, model.header)
                has_rows, moved = add_new_rows(connection, staging, mark)
                changes |= dict.fromkeys(moved, Change.ROWS)
                was_built = mark is None or has_rows
                change = Change.ROWS if was_built else Change.NONE
            else:
                was_built = mark is None or _is_stale(model, changes)
                is_read = model.table in read_tables
                change = _build_model(connection, model, mark, is_read) if was_built else Change.NONE
        changes[model.table] = change
        report.add(step, was_built)
    _record_hashes(connection, input_hashes | hashes)
    ((report.set_aside,),) = connection.execute(f"select coalesce(sum(rows_count), 0) from {SET_ASIDE}").fetchall()
    return set(hashes)


def _define_models(models: Sequence[Model]) -> dict[str, Definition]:
    """Defines the public metrics by their whole statements, and by all that they rest on."""
    versions = {model.table: model.header.version for model in models if model.is_public}
    hashes = {model.table: model.hash_ for model in models}
    return define_metrics(versions, hashes, {model.table: model.reads for model in models})


def _is_stale(model: Model, changes: Mapping[str, Change]) -> bool:
    """Tells whether anything changed that a table is made of: what tells of visits counts only where it is taken."""
    changed = {table for table in model.reads if changes.get(table, Change.NONE)}
    return any(changes[table] is Change.ROWS for table in changed) or bool(changed and changed & model.visits)


@contextmanager
def _name_failing_table(table: str) -> Iterator[None]:
    """Turns an error of the database into one that names the table. Raises WarehouseError."""
    try:
        yield
    except STORAGE_FAULTS as error:
        raise type(error)(f"{table}: {error}") from error
    except duckdb.Error as error:
        reason = f"{type(error).__name__}: {str(error)[:300].splitlines()[0]}"
        why = f"cannot be built ({reason}); nothing was changed, and readers keep the last snapshot"
        bug = "This is a bug in Heartbeat: please report this line"
        raise WarehouseError(f"{table}: {why}. {bug}", Fault.INTERNAL) from error


def _count_build(connection: duckdb.DuckDBPyConnection) -> None:
    """Numbers this build, so that publishing can tell whether readers have it."""
    number = read_build(connection).number + 1
    connection.execute("delete from ledger.settings where name in ('build', 'build_id')")
    connection.execute(
        "insert into ledger.settings values ('build', ?), ('build_id', ?)", [str(number), secrets.token_hex(8)]
    )


def _read_records(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], int]:
    """Reads the load up to which each table was last built, by its name and the hash of what made it."""
    rows = connection.execute("select table_name, sql_hash, load_id from ledger.builds").fetchall()
    return {(table, hash_): load_id for table, hash_, load_id in rows}


def digest_rows(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[str, str]:
    """Computes digests of a table's rows, independent of their order and of the last digits of fractions: of all
    columns, and without VISIT_COLUMNS."""
    found = connection.sql(f"from {table}")
    shown = {
        name: f'"{name}" * {SPLITTER} - ("{name}" * {SPLITTER} - "{name}")' if kind == "DOUBLE" else f'"{name}"'
        for name, kind in zip(found.columns, found.types, strict=True)
    }
    others = [words for name, words in shown.items() if name not in VISIT_COLUMNS]
    digests = ", ".join(
        f"coalesce(sum(hash(row({', '.join(columns)}))), 0)::varchar" for columns in (shown.values(), others)
    )
    ((whole, rest, count),) = connection.execute(f"select {digests}, count(*) from {table}").fetchall()
    return f"{whole}/{count}", f"{rest}/{count}"


def _record_hashes(connection: duckdb.DuckDBPyConnection, hashes: dict[str, str]) -> None:
    """Records at once what these tables were made of: a statement for each would take a tenth of a build."""
    connection.execute("delete from ledger.builds where list_contains(?::varchar[], table_name)", [list(hashes)])
    connection.execute(
        "insert into ledger.builds select unnest(?::varchar[]), unnest(?::varchar[]),"
        " (select coalesce(max(load_id), 0) from ledger.files)",
        [list(hashes), list(hashes.values())],
    )


def _build_model(connection: duckdb.DuckDBPyConnection, model: Model, mark: int | None, is_read: bool) -> Change:
    """Builds one table, and tells what of its rows may have changed; `mark` is its last load, if any."""
    # Comparing takes two passes over the table, which pay only if another one need not be built.
    before = digest_rows(connection, model.table) if mark is not None and is_read else None
    if model.path.suffix == ".py":
        connection.register("computed", compute_python_model(model.path, connection))
        connection.execute(f"create or replace table {model.table} as from computed")
        connection.unregister("computed")
    else:
        connection.execute(f"create or replace table {model.table} as {model.text}")
    if before is None:
        return Change.ROWS
    after = digest_rows(connection, model.table)
    return Change.NONE if after == before else Change.VISITS if after[1] == before[1] else Change.ROWS


def compute_python_model(path: Path, connection: duckdb.DuckDBPyConnection) -> object:
    """Computes the rows (an Arrow table) of a Python metric with the function named like its file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path}: cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, path.stem)(connection)


@lru_cache(maxsize=1)
def read_column_comments() -> dict[str, str]:
    """Reads the meaning of each column, by name: one meaning per name in the whole project."""
    sections = tomllib.loads((ROOT / "columns.toml").read_text(encoding="utf-8"))
    flat: dict[str, str] = {}
    for name, value in sections.items():
        flat.update(value if isinstance(value, dict) else {name: value})
    return flat


def _write_definitions(connection: duckdb.DuckDBPyConnection, models: list[Model]) -> bool:
    """Writes the header of each model and the comments on tables and columns; returns whether any of them changed."""
    comments = {model.table: model.header.comment for model in models} | read_column_comments()
    rows = [{"name": name, "comment": comment} for name, comment in comments.items()]
    is_described_anew = _replace_rows(connection, "ledger.comments", rows)
    is_redefined = _replace_rows(connection, "ledger.definitions", [_define_model(model) for model in models])
    return is_described_anew or is_redefined


def _replace_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> bool:
    """Replaces the rows of a table, and returns whether they changed."""
    before = digest_rows(connection, table)
    connection.execute(f"delete from {table}")
    schema = connection.sql(f"from {table} limit 0").to_arrow_table().schema
    connection.register("given_rows", pa.Table.from_pylist(rows, schema))
    connection.execute(f"insert into {table} by name from given_rows")
    connection.unregister("given_rows")
    return digest_rows(connection, table) != before


def _define_model(model: Model) -> dict[str, Any]:
    """Gives the row of `ledger.definitions` that describes a model."""
    header = model.header
    return {
        "name": model.path.stem, "layer": model.layer, "question": header.question, "grain": ", ".join(header.grain),
        "unit": header.unit, "standard": header.standard, "caveats": header.caveats, "version": header.version,
        "is_public": model.is_public, "proof": header.proof,
        "sql": "" if model.path.suffix == ".py" else model.text.strip(), "items_sql": _select_items_query(model),
        "covers": header.covers, "is_published": header.is_published, "title": header.title,
        "titles": list(header.titles.items()), "better": header.better,
    }  # fmt: skip


def _select_items_query(model: Model) -> str:
    """Selects the query for the items behind a metric's figures, one row an item."""
    return model.query.strip() if model.header.shape in ("share", "median") else model.header.items
