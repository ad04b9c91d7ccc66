"""Builds all tables: staging types only new rows; facts are made of them, then the figures of the families whose facts
changed, then what compares families.

Incremental and full builds give the same rows, except that fits over all families wait for a day or a hundredth of new
rows. Everything happens in one transaction.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from analytics.claims.verdict_history import keep_verdicts
from analytics.engine.definitions import write_definitions
from analytics.engine.digests import digest_rows
from analytics.engine.families import Builder, build_here, refresh_families
from analytics.engine.filling import FILLED
from analytics.engine.making import make_table, make_view, name_failing_table
from analytics.engine.models import Model
from analytics.engine.phases import Phases, split_phases
from analytics.engine.records import read_records, record_hashes
from analytics.engine.restating import (
    count_restatements,
    drop_turned_tables,
    log_restatements,
    remove_abandoned_tables,
)
from analytics.engine.staging import StagingTable, add_new_rows
from warehouse.durable import in_transaction
from warehouse.publish import read_build

CATALOG = ("families", "channels", "absences", "facts", "hosts", "listings", "mentions", "accounts")
INPUTS = (
    "raw.ledger__rejected", "raw.ledger__notes", "raw.ledger__runs", *(f"raw.catalog__{name}" for name in CATALOG)
)  # fmt: skip
"""Tables that are replaced or added to outside the staging files."""
DAILY = "daily"
"""Name of the record of all daily models at once."""
VIEWS = "views"
"""Name of the record of all views of figures at once."""
IS_MUCH_NEW = """
select coalesce(100 * sum(row_count) filter (where load_id > ?) >= sum(row_count), false) from ledger.files
"""


@dataclass(slots=True)
class BuildReport:
    """Tables that a build made, kept because their inputs were unchanged, or removed."""

    built: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    """Tables that an earlier version of the code made and this one does not."""
    restated: int = 0
    """Figures of the same data that a changed definition gave another value, interval, number, state or
    coverage."""
    set_aside: int = 0
    """Landed rows that could not be typed and are in no table, now and from earlier builds."""

    def count_tables(self) -> int:
        """Counts the tables that were made or kept."""
        return len(self.built) + len(self.unchanged)

    def add_earlier(self, earlier: "BuildReport") -> None:
        """Adds what a build just before this one made or removed."""
        self.built += [table for table in earlier.built if table not in self.built]
        self.unchanged = [table for table in self.unchanged if table not in self.built]
        self.removed += earlier.removed
        self.restated += earlier.restated


def build_tables(
    connection: duckdb.DuckDBPyConnection, models: list[Model], full: bool = False, builder: Builder = build_here
) -> BuildReport:
    """Brings the tables of all models up to date, in one transaction."""
    report = BuildReport()
    with in_transaction(connection):
        if full:
            connection.execute("delete from ledger.builds")
        logged, phases = count_restatements(connection), split_phases(models)
        with log_restatements(connection, models):
            drop_turned_tables(connection, models)
            _build_phases(connection, phases, report, builder)
        report.removed = remove_abandoned_tables(connection, phases.list_tables())
        report.restated = count_restatements(connection) - logged
        ((report.set_aside,),) = connection.execute("select count(*) from raw.ledger__rejected").fetchall()
        keep_verdicts(connection, report.built)
        is_redefined = write_definitions(connection, models)
        if report.built or report.removed or is_redefined:
            _count_build(connection)
    connection.execute("checkpoint")
    return report


def _build_phases(connection: duckdb.DuckDBPyConnection, phases: Phases, report: BuildReport, builder: Builder) -> None:
    changed = find_changed_inputs(connection)
    build_models(connection, phases.facts, report, changed)
    tables = [model.table for model in phases.families]
    built, moved = refresh_families(connection, phases.families, phases.kept, builder) if tables else ((), set[str]())
    report.built += [table for table in tables if table in built]
    report.unchanged += [table for table in tables if table not in built]
    changed |= moved
    changed.update(model.table for model in phases.shown if not changed.isdisjoint(model.needs))
    build_models(connection, phases.covering, report, changed)
    _make_views(connection, phases.shown)
    build_models(connection, phases.across, report, changed)
    _build_daily(connection, phases, report, changed)


def _make_views(connection: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> None:
    """Makes views anew if the statement of any changed."""
    digest = hashlib.sha256("/".join(model.hash_ for model in models).encode()).hexdigest()
    if (VIEWS, digest) not in read_records(connection):
        for model in models:
            make_view(connection, model)
        record_hashes(connection, {VIEWS: digest})


def find_changed_inputs(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Finds which inputs changed since the last build, and records what they hold."""
    recorded, hashes = read_records(connection), {table: digest_rows(connection, table) for table in INPUTS}
    record_hashes(connection, hashes)
    return {table for table, hash_ in hashes.items() if (table, hash_) not in recorded}


def build_models(
    connection: duckdb.DuckDBPyConnection, models: Sequence[Model], report: BuildReport, changed: set[str]
) -> None:
    """Builds, in order, the tables whose statement or inputs changed."""
    recorded = read_records(connection)
    for model in models:
        mark = recorded.get((model.table, model.hash_))
        with name_failing_table(model.table):
            if model.layer == "staging":
                was_built = _build_staging(connection, model, mark, changed)
            elif was_built := mark is None or not changed.isdisjoint(model.reads):
                changed |= {model.table} if _make_anew(connection, model, mark) else set()
        (report.built if was_built else report.unchanged).append(model.table)
    record_hashes(connection, {model.table: model.hash_ for model in models})


def _build_daily(connection: duckdb.DuckDBPyConnection, phases: Phases, report: BuildReport, changed: set[str]) -> None:
    """Builds what is fitted over all families, unless it is of this day and nothing but a few rows is new since."""
    if not phases.daily:
        return
    basis = _digest_basis(connection, phases)
    mark = read_records(connection).get((DAILY, basis))
    ((is_much,),) = connection.execute(IS_MUCH_NEW, [mark]).fetchall()
    if mark is not None and not is_much:
        report.unchanged += [model.table for model in phases.daily]
        return
    build_models(connection, phases.daily, report, changed.union(*(model.reads for model in phases.daily)))
    record_hashes(connection, {DAILY: basis})


def _digest_basis(connection: duckdb.DuckDBPyConnection, phases: Phases) -> str:
    """Computes a digest of all that daily models rest on, but for landed rows: inputs, clocks and statements."""
    given = {*INPUTS} - {"raw.ledger__runs"}
    parts = sorted(hash_ for table, hash_ in read_records(connection) if table in given)
    parts += [digest_rows(connection, "(select channel_id, thing, clock_at from staging.visits)")]
    for models in (phases.facts, phases.families, phases.covering, phases.across, phases.daily):
        parts += [model.hash_ for model in models]
    return hashlib.sha256("/".join(parts).encode()).hexdigest()


def _make_anew(connection: duckdb.DuckDBPyConnection, model: Model, mark: int | None) -> bool:
    """Makes a table anew and returns whether it changed; a view may have."""
    is_asked = mark is not None and not model.view
    before = digest_rows(connection, model.table) if is_asked else ""
    make_table(connection, model)
    return not is_asked or digest_rows(connection, model.table) != before


def _count_build(connection: duckdb.DuckDBPyConnection) -> None:
    """Numbers this build, so that publishing can say whether readers have it."""
    number = read_build(connection).number + 1
    connection.execute("delete from ledger.settings where name in ('build', 'build_id')")
    connection.execute(
        "insert into ledger.settings values ('build', ?), ('build_id', ?)", [str(number), secrets.token_hex(8)]
    )


def _build_staging(connection: duckdb.DuckDBPyConnection, model: Model, mark: int | None, changed: set[str]) -> bool:
    """Brings a staging table up to date, notes what changed, and returns whether any row was merged."""
    has_rows = add_new_rows(connection, StagingTable(model.table, model.text, model.header), mark)
    was_built = mark is None or has_rows
    changed |= {model.table, FILLED} if was_built else set()
    return was_built
