"""Builds all tables: staging types only new rows; other tables are rebuilt if rows that they read changed.

A visit without news changes the ledger of runs, which most tables rest on; a rebuild stops at tables that it leaves
unchanged. Incremental and full builds give the same rows. Everything happens in one transaction.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from analytics.claims.verdict_history import keep_verdicts
from analytics.engine.definitions import write_definitions
from analytics.engine.digests import digest_parts, digest_rows
from analytics.engine.families import (
    EVERY_FAMILY,
    KEYS,
    NO_FAMILY,
    Families,
    Layout,
    find_changed_families,
    find_changed_parts,
    make_rows_of,
)
from analytics.engine.making import make_table, name_failing_table, prepare_table
from analytics.engine.models import ROOT, Model, read_models
from analytics.engine.restating import (
    Definition,
    count_restatements,
    define_metrics,
    find_changed,
    log_first_definitions,
    log_restatements,
    remove_abandoned_tables,
)
from analytics.engine.staging import SET_ASIDE, StagingTable, add_new_rows
from warehouse.durable import roll_back
from warehouse.publish import read_build

CATALOG = ("families", "channels", "absences", "facts", "hosts", "listings", "mentions", "accounts")
INPUTS = ("raw.ledger__notes", *(f"raw.catalog__{name}" for name in CATALOG))
"""Tables that are replaced or added to outside the staging files."""
VISITS = "raw.ledger__runs"
"""One more, of which a build looks at each channel on its own."""


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
    connection.execute("begin")
    try:
        if full:
            connection.execute("delete from ledger.builds")
        models, logged = read_models(root), count_restatements(connection)
        tables = build_models(connection, models, report)
        report.removed = remove_abandoned_tables(connection, tables)
        report.restated = count_restatements(connection) - logged
        keep_verdicts(connection, report.built)
        is_redefined = write_definitions(connection, models)
        if report.built or report.removed or is_redefined:
            _count_build(connection)
        connection.execute("commit")
    except BaseException:
        roll_back(connection)
        raise
    connection.execute("checkpoint")
    return report


def has_changed_definitions(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tells whether the next build gives figures by another definition than those of the warehouse."""
    return bool(find_changed(connection, _define_models(read_models())))


def build_models(connection: duckdb.DuckDBPyConnection, models: list[Model], report: BuildReport) -> set[str]:
    """Brings these tables up to date in order, adds each to the report, and returns all tables that hold them."""
    recorded = _read_records(connection)
    input_hashes = _digest_inputs(connection)
    definitions = _define_models(models)
    log_first_definitions(connection, definitions)
    old_versions = find_changed(connection, definitions)
    layout = _read_layout(connection, models)
    changes = _find_changed_inputs(input_hashes, recorded, layout)
    hashes = {model.table: model.hash_ for model in models}
    read_tables = frozenset[str]().union(*(model.reads for model in models))
    for model in models:
        mark = recorded.get((model.table, hashes[model.table]))
        old = old_versions.get(model.table)
        log = nullcontext() if old is None else log_restatements(connection, definitions[model.table], old)
        with name_failing_table(model.table), log:
            if model.layer == "staging":
                was_built = _build_staging(connection, model, mark, changes, layout)
            else:
                stale = EVERY_FAMILY if mark is None else find_changed_families(model, changes)
                was_built = stale != NO_FAMILY
                is_compared = mark is not None and model.table in read_tables
                if was_built:
                    changes[model.table] = _build_model(connection, model, is_compared, stale, layout)
        (report.built if was_built else report.unchanged).append(model.table)
    _record_hashes(connection, input_hashes | hashes, [name for name, _ in recorded if name.startswith(VISITS)])
    ((report.set_aside,),) = connection.execute(f"select coalesce(sum(rows_count), 0) from {SET_ASIDE}").fetchall()
    return set(hashes)


def _define_models(models: Sequence[Model]) -> dict[str, Definition]:
    """Defines the public metrics by their whole statements, and by all that they rest on."""
    versions = {model.table: model.header.version for model in models if model.is_public}
    hashes = {model.table: model.hash_ for model in models}
    return define_metrics(versions, hashes, {model.table: model.reads for model in models})


def _digest_inputs(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Digests what is replaced or added to outside the staging files; the visits of each channel on their own."""
    digests = {table: digest_rows(connection, table) for table in INPUTS}
    visits = digest_parts(connection, VISITS, "channel_id")
    return digests | {f"{VISITS} {channel}": digest for channel, digest in visits.items()}


def _find_changed_inputs(
    hashes: Mapping[str, str], recorded: Mapping[tuple[str, str], int], layout: Layout
) -> dict[str, Families]:
    """Finds which of these inputs changed, by table."""
    changes: dict[str, Families] = {table: EVERY_FAMILY for table in INPUTS if (table, hashes[table]) not in recorded}
    told = {(name, hash_) for name, hash_ in hashes.items() if name.startswith(VISITS)}
    visited = told ^ {record for record in recorded if record[0].startswith(VISITS)}
    channels = [name.removeprefix(f"{VISITS} ") for name, _ in visited]
    return changes | {VISITS: layout.find_families("channel", channels)}


def _read_layout(connection: duckdb.DuckDBPyConnection, models: Iterable[Model]) -> Layout:
    """Reads the families of channels from the loaded catalog, and of which family the rows of each table are."""
    homes = connection.execute("select channel_id, family_id from raw.catalog__channels").fetchall()
    return Layout(dict(homes), {model.table: model.by for model in models})


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


def _record_hashes(connection: duckdb.DuckDBPyConnection, hashes: dict[str, str], former: Sequence[str]) -> None:
    """Records at once what these tables were made of: a statement for each would take a tenth of a build. Forgets the
    former records."""
    forgotten = [*hashes, *former]
    connection.execute("delete from ledger.builds where list_contains(?::varchar[], table_name)", [forgotten])
    connection.execute(
        "insert into ledger.builds select unnest(?::varchar[]), unnest(?::varchar[]),"
        " (select coalesce(max(load_id), 0) from ledger.files)",
        [list(hashes), list(hashes.values())],
    )


def _build_staging(
    connection: duckdb.DuckDBPyConnection, model: Model, mark: int | None, changes: dict[str, Families], layout: Layout
) -> bool:
    """Brings a staging table up to date, notes what changed, and tells whether any row was typed."""
    typed = add_new_rows(connection, StagingTable(model.table, model.text, model.header), mark)
    changes |= dict.fromkeys(typed.ledgers, EVERY_FAMILY)
    changes[model.table] = EVERY_FAMILY if mark is None else layout.find_families("channel", typed.channels)
    return mark is None or bool(typed.channels)


def _build_model(
    connection: duckdb.DuckDBPyConnection, model: Model, is_compared: bool, stale: Families, layout: Layout
) -> Families:
    """Builds one table, or the rows of the stale families; returns the families whose rows may have changed."""
    if stale is not None and layout.can_rebuild(model, stale):
        return make_rows_of(connection, model, stale, layout)
    key = KEYS.get(model.by, "''")
    # Comparing takes two passes over the table, which pay only if another one need not be built.
    before = digest_parts(connection, model.table, key) if is_compared else None
    make_table(connection, model.table, prepare_table(connection, model))
    if before is None:
        return EVERY_FAMILY
    changed = find_changed_parts(before, digest_parts(connection, model.table, key))
    return layout.find_families(model.by, changed)
