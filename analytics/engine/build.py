"""Builds all tables: staging types only new rows; other tables are rebuilt if rows that they read changed.

A visit without news changes the ledger of runs, which most tables rest on; a rebuild stops at tables whose rows stay
the same. Incremental and full builds give the same rows. Everything happens in one transaction.
"""

import secrets
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from analytics.claims.verdict_history import keep_verdicts
from analytics.engine.definitions import write_definitions
from analytics.engine.digests import digest_rows
from analytics.engine.filling import FILLED
from analytics.engine.making import make_table, name_failing_table
from analytics.engine.models import ROOT, Model, read_models
from analytics.engine.restating import count_restatements, log_restatements, remove_abandoned_tables
from analytics.engine.staging import StagingTable, add_new_rows
from warehouse.durable import in_transaction
from warehouse.publish import read_build

CATALOG = ("families", "channels", "absences", "facts", "hosts", "listings", "mentions", "accounts")
INPUTS = (
    "raw.ledger__rejected", "raw.ledger__notes", "raw.ledger__runs", *(f"raw.catalog__{name}" for name in CATALOG)
)  # fmt: skip
"""Tables that are replaced or added to outside the staging files."""


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


def build_tables(connection: duckdb.DuckDBPyConnection, full: bool = False, root: Path = ROOT) -> BuildReport:
    """Brings staging, conformed tables and metrics up to date; a killed build leaves the warehouse as it was."""
    report = BuildReport()
    with in_transaction(connection):
        if full:
            connection.execute("delete from ledger.builds")
        models, logged = read_models(root), count_restatements(connection)
        with log_restatements(connection, models):
            tables = build_models(connection, models, report)
        report.removed = remove_abandoned_tables(connection, tables)
        report.restated = count_restatements(connection) - logged
        keep_verdicts(connection, report.built)
        is_redefined = write_definitions(connection, models)
        if report.built or report.removed or is_redefined:
            _count_build(connection)
    connection.execute("checkpoint")
    return report


def build_models(connection: duckdb.DuckDBPyConnection, models: list[Model], report: BuildReport) -> set[str]:
    """Brings these tables up to date in order, adds each to the report, and returns all tables that hold them."""
    recorded = _read_records(connection)
    input_hashes = {table: digest_rows(connection, table) for table in INPUTS}
    changed = {item[0] for item in input_hashes.items() if item not in recorded}
    hashes = {model.table: model.hash_ for model in models}
    read_tables = frozenset[str]().union(*(model.needs for model in models))
    for model in models:
        mark = recorded.get((model.table, hashes[model.table]))
        with name_failing_table(model.table):
            if model.layer == "staging":
                was_built = _build_staging(connection, model, mark, changed)
            elif was_built := mark is None or not changed.isdisjoint(model.reads):
                is_compared = mark is not None and model.table in read_tables and model.header.is_stored
                if _build_model(connection, model, is_compared):
                    changed.add(model.table)
            if model.view and not changed.isdisjoint(model.needs):
                # It shows at once what is new of its channels.
                changed.add(model.table)
        (report.built if was_built else report.unchanged).append(model.table)
    _record_hashes(connection, input_hashes | hashes)
    ((report.set_aside,),) = connection.execute("select count(*) from raw.ledger__rejected").fetchall()
    return set(hashes)


def _count_build(connection: duckdb.DuckDBPyConnection) -> None:
    """Numbers this build, so that publishing can say whether readers have it."""
    number = read_build(connection).number + 1
    connection.execute("delete from ledger.settings where name in ('build', 'build_id')")
    connection.execute(
        "insert into ledger.settings values ('build', ?), ('build_id', ?)", [str(number), secrets.token_hex(8)]
    )


def _read_records(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], int]:
    """Reads the load up to which each table was last built, by its name and the hash of what made it."""
    rows = connection.execute("select table_name, sql_hash, load_id from ledger.builds").fetchall()
    return {(table, hash_): load_id for table, hash_, load_id in rows}


def _record_hashes(connection: duckdb.DuckDBPyConnection, hashes: dict[str, str]) -> None:
    """Records at once what these tables were made of: a statement for each would take a tenth of a build."""
    connection.execute("delete from ledger.builds where list_contains(?::varchar[], table_name)", [list(hashes)])
    connection.execute(
        "insert into ledger.builds select unnest(?::varchar[]), unnest(?::varchar[]),"
        " (select coalesce(max(load_id), 0) from ledger.files)",
        [list(hashes), list(hashes.values())],
    )


def _build_staging(connection: duckdb.DuckDBPyConnection, model: Model, mark: int | None, changed: set[str]) -> bool:
    """Brings a staging table up to date, notes what changed, and returns whether any row was merged."""
    has_rows = add_new_rows(connection, StagingTable(model.table, model.text, model.header), mark)
    was_built = mark is None or has_rows
    changed |= {model.table, FILLED} if was_built else set()
    return was_built


def _build_model(connection: duckdb.DuckDBPyConnection, model: Model, is_compared: bool) -> bool:
    """Builds one table; returns whether its rows may have changed."""
    # Comparing takes two skips the table, which pay only if another one need not be built.
    before = digest_rows(connection, model.table) if is_compared else None
    make_table(connection, model)
    return before is None or digest_rows(connection, model.table) != before
