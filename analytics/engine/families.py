"""Building families: the figures of a family are made of its own facts and of what is common to all, and of no more.

So a family whose facts stayed the same is not built again, and families can be built together or apart, here or
elsewhere: facts go in as Parquet files, one a table, and figures come out likewise.
"""

import hashlib
import os
import shutil
import signal
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import active_children, get_context, parent_process
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import duckdb

from analytics.engine.digests import digest_parts, render_row_hash
from analytics.engine.making import make_figures, make_table, name_failing_table
from analytics.engine.models import Model
from analytics.engine.records import read_records, record_hashes, remove_records
from warehouse.database import open_builder, quote_literal
from warehouse.faults import Fault, WarehouseError
from warehouse.schema.tables import FIGURES, FIGURES_TABLE

COMMON = "_shared"
"""Whose facts those of shared channels are: every family may read them."""
RECORD = "family/"
"""What the names of a family and a table of its facts follow in the records."""
ALL = "all"
"""What stands for a table in the record of all statements."""
FOLDER = "building"
"""Folder of a home for what is on its way while families are built."""
FAMILIES = f"""
select family_id from staging.families
union select family_id from staging.channels
union select '{COMMON}'
order by family_id
"""
BY_CHANNEL = "(select c.family_id from staging.channels as c where c.channel_id = f.channel_id)"
BY_THREAD = (
    "coalesce((select a.family_id from staging.attributions as a where a.channel_id = f.channel_id"
    f" and a.thread_code = f.thread_code), nullif({BY_CHANNEL}, '{COMMON}'))"
)
"""Whose a row is that names no family, by its channel or thread."""
SIZES = """
select c.family_id, sum(r.row_count) from ledger.files as r join staging.channels as c using (channel_id) group by all
"""
PROCESSES = """
select greatest(1, least(
    current_setting('threads'), parse_formatted_bytes(current_setting('memory_limit')) // (200_000_000 + 60 * ?)
))
"""
"""How many processes build families: one a core, as far as each has memory for so many landed rows."""
BATCH = 500_000
"""Landed rows of the families that are built at once, so that they fit in memory; more if one family has more."""
FEW_ROWS = 400_000
"""Landed rows that are not worth a process: 600,000 in two took a quarter more CPU than in one, and 2 of 26 seconds
less."""


@dataclass(frozen=True, slots=True)
class Work:
    """Families to build of the facts of a warehouse."""

    connection: duckdb.DuckDBPyConnection
    families: Sequence[str]
    models: Sequence[Model]
    kept: Sequence[str]
    folder: Path
    """Where the kept tables come into folders named `figures-…`, one file a table."""


Builder = Callable[[Work], None]
Begin = Callable[[int, list[str], Path], Any]
"""Begins to build a batch, by its number, its families and the folder of its facts; returns what waits for it."""


def build_here(work: Work) -> None:
    """Builds families on this machine: many in processes, one a core, few in this process."""
    ((most,),) = work.connection.execute(PROCESSES, [max(read_sizes(work).values())]).fetchall()
    batches = split_batches(work, most)
    processes = min(most, len(batches))
    build = partial(_build_batch, work.models, work.kept, processes)
    if processes == 1:
        begin_batches(work, batches, build)
        return
    with open_processes(processes) as pool:
        for future in as_completed(begin_batches(work, batches, partial(pool.submit, build))):
            future.result()


def begin_batches(work: Work, batches: Iterable[list[str]], begin: Begin) -> list[Any]:
    """Exports the facts of each batch and begins to build it."""
    begun = []
    for number, batch in enumerate(batches):
        facts = work.folder / f"facts-{number}"
        export_facts(work.connection, list_facts(keep_needed(work.models, work.kept)), batch, facts)
        begun.append(begin(number, batch, facts))
    return begun


def _build_batch(
    models: Sequence[Model], kept: Sequence[str], processes: int, number: int, batch: list[str], facts: Path
) -> None:
    build_families(facts, batch, models, kept, facts.with_name(f"figures-{number}"), processes)
    shutil.rmtree(facts)


@contextmanager
def open_processes(count: int) -> Iterator[ProcessPoolExecutor]:
    """Opens processes for the block; if it fails they end at once."""
    pool = ProcessPoolExecutor(count, get_context("spawn"), _end_with_parent)
    try:
        yield pool
    except BaseException as error:
        for process in active_children():
            process.kill()
        if isinstance(error, BrokenProcessPool):
            why = "a process that built families was killed; nothing was changed. Free some memory, then run it again"
            raise WarehouseError(why, Fault.INTERRUPTED) from None
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """Lets this process end when its parent does: it says so on Ctrl-C, and cannot if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_exit_after_parent, daemon=True).start()


def _exit_after_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)


def refresh_families(
    connection: duckdb.DuckDBPyConnection,
    models: Sequence[Model],
    kept: Collection[str],
    builder: Builder = build_here,
) -> tuple[set[str], set[str]]:
    """Builds what rests on changed facts or statements, of the families of which any changed; returns the tables that
    were built, and those of which this changed a row.

    `kept` are the tables and views of the models that stay in the warehouse.
    """
    recorded = {record for record in read_records(connection) if record[0].startswith(RECORD)}
    digests = {RECORD + name: digest for name, digest in digest_facts(connection, models).items()}
    stale = {name.removeprefix(RECORD).partition("/")[::2] for name, _ in recorded ^ digests.items()}
    if not stale:
        return set(), set()
    families = [family for (family,) in connection.execute(FAMILIES).fetchall()]
    own = {family for family, _ in stale}
    changed = families if COMMON in own else [family for family in families if family in own]
    built = find_readers(models, {table for _, table in stale})
    stored = {model.table for model in models if model.text or not model.view}
    tables = sorted(built & stored & {*kept})
    with _open_folder(connection) as folder:
        builder(Work(connection, changed, models, tables, folder))
        if len(changed) == len(families) and len(built) == len(models):
            _replace_tables(connection, name_files(models, tables), folder)
            moved = set(tables)
        else:
            moved = _import_rows(connection, models, tables, changed, folder)
    remove_records(connection, [name for name, _ in recorded])
    record_hashes(connection, digests)
    return built, moved


def digest_facts(connection: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> dict[str, str]:
    """Computes digests of all that figures are made of: by family and table of its own facts and of those common to
    all, and of the statements, of which the table is ALL."""
    families = [family for (family,) in connection.execute(FAMILIES).fetchall()]
    statements = "/".join([*families, *(model.hash_ for model in models)])
    digests = {f"{COMMON}/{ALL}": hashlib.sha256(statements.encode()).hexdigest()}
    for table in list_facts(models):
        row_hash, family_id = render_row_hash(connection, table), _find_family(connection, table)
        query = f"select {family_id} as family_id, sum({row_hash})::varchar from {table} as f group by 1 order by 1"
        for family, digest in connection.execute(query).fetchall():
            if family:
                name = f"{family if family in families else COMMON}/{table}"
                digests[name] = f"{digests.get(name, '')}/{digest}"
    return digests


def find_readers(models: Sequence[Model], facts: Collection[str]) -> set[str]:
    """Finds the tables that rest on any of these facts."""
    found = set[str]()
    for model in models:
        if ALL in facts or not model.reads.isdisjoint(found.union(facts)):
            found.add(model.table)
    return found


def keep_needed(models: Sequence[Model], tables: Collection[str]) -> list[Model]:
    """Keeps the models of these tables and of all that they rest on."""
    needed = set(tables)
    for model in reversed(models):
        if model.table in needed:
            needed |= model.reads
    return [model for model in models if model.table in needed]


def name_files(models: Iterable[Model], tables: Collection[str]) -> list[str]:
    """Names the files of built tables: all figures are in one."""
    return sorted({FIGURES if model.view else model.table for model in models if model.table in tables})


def list_facts(models: Iterable[Model]) -> list[str]:
    """Lists the tables that these models read and do not make."""
    made = {model.table for model in models}
    return sorted({table for model in models for table in model.reads} - made)


def split_batches(work: Work, workers: int) -> list[list[str]]:
    """Splits families into batches of about as many landed rows: one for each worker that has enough to do, and more
    if they would not fit in memory."""
    sizes = read_sizes(work)
    rows = sum(sizes.values())
    batches = [list[str]() for _ in range(max(1, rows // BATCH, min(workers, rows // FEW_ROWS)))]
    for family in sorted(work.families, key=lambda family: -sizes[family]):
        min(batches, key=lambda batch: sum(sizes[other] for other in batch)).append(family)
    return [batch for batch in batches if batch]


def read_sizes(work: Work) -> dict[str, int]:
    """Reads how many landed rows each family has."""
    sizes = dict(work.connection.execute(SIZES).fetchall())
    return {family: sizes.get(family, 0) for family in work.families}


def export_facts(
    connection: duckdb.DuckDBPyConnection, tables: Iterable[str], families: Collection[str], folder: Path
) -> None:
    """Writes the facts of some families, and those common to all, into a folder, one file a table."""
    folder.mkdir(parents=True)
    for table in tables:
        chosen = _list_words((*families, COMMON))
        rows = f"select * from {table} as f where {_find_family(connection, table)} in {chosen}"
        connection.execute(f"copy ({rows}) to {quote_literal(str(folder / table))} (format parquet)")


def build_families(
    facts: Path,
    families: Collection[str],
    models: Sequence[Model],
    kept: Collection[str],
    into: Path,
    processes: int = 1,
) -> None:
    """Builds tables of some families of their facts alone, and writes those that are kept, one file a table."""
    into.mkdir(parents=True)
    models = keep_needed(models, kept)
    with closing(open_builder(into / "spill", processes)) as connection:
        connection.execute(f"create schema raw; create schema staging; create schema metrics; {FIGURES_TABLE}")
        for table in list_facts(models):
            connection.execute(f"create view {table} as from read_parquet({quote_literal(str(facts / table))})")
        last = find_last_readers(models)
        for model in models:
            with name_failing_table(model.table):
                if model.view and model.text:
                    make_figures(connection, model)
                else:
                    make_table(connection, model)
            for table in [table for table in last if last[table] == model.table and table not in kept]:
                connection.execute(f"drop table {table}")
        for table in name_files(models, kept):
            rows = f"select * from {table} where family_id in {_list_words(families)}"
            connection.execute(f"copy ({rows}) to {quote_literal(str(into / table))} (format parquet)")


def find_last_readers(models: Sequence[Model]) -> dict[str, str]:
    """Finds, for each stored table of these models, the last that reads it, itself or by a view; for what nobody reads,
    the table itself."""
    last, views = dict[str, str](), dict[str, frozenset[str]]()
    for model in models:
        seen = model.needs.union(*(views.get(table, ()) for table in model.needs))
        if model.view:
            views[model.table] = seen
        last |= dict.fromkeys((seen & last.keys()) | ({model.table} if not model.view else set()), model.table)
    return last


def _import_rows(
    connection: duckdb.DuckDBPyConnection,
    models: Sequence[Model],
    tables: Collection[str],
    families: Collection[str],
    folder: Path,
) -> set[str]:
    """Replaces the rows of some families where any changed, and returns of which of the tables: of what happened after
    the clock, of none."""
    moved, own = set[str](), f"where family_id in {_list_words(families)}"
    for file in name_files(models, tables):
        made, name = _read_files(folder, file), "'metrics.' || metric" if file == FIGURES else quote_literal(file)
        former = f"from {file} {own} and {name} in {_list_words(tables)}"
        changed = {name for name, _ in digest_parts(connection, former, name) ^ digest_parts(connection, made, name)}
        if changed:
            chosen = f"{own} and {name} in {_list_words(changed)}"
            connection.execute(f"delete from {file} {chosen}")
            connection.execute(f"insert into {file} by name {made} {chosen}")
        moved |= changed
    return moved


def _replace_tables(connection: duckdb.DuckDBPyConnection, files: Iterable[str], folder: Path) -> None:
    """Replaces tables by the rows of all families."""
    for table in files:
        connection.execute(f"create or replace table {table} as {_read_files(folder, table)}")


@contextmanager
def _open_folder(connection: duckdb.DuckDBPyConnection) -> Iterator[Path]:
    """Opens an empty folder beside the warehouse, for the block; what a killed build left there goes."""
    ((file,),) = connection.sql(
        "select path from duckdb_databases() where database_name = current_database()"
    ).fetchall()
    if file is None:
        with TemporaryDirectory() as folder:
            yield Path(folder)
        return
    beside = Path(file).with_name(FOLDER)
    shutil.rmtree(beside, ignore_errors=True)
    try:
        yield beside
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _list_words(words: Iterable[str]) -> str:
    return f"({', '.join(map(quote_literal, words))})"


def _read_files(folder: Path, table: str) -> str:
    return f"from read_parquet({quote_literal(f'{folder}/figures-*/{table}')})"


def _find_family(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """Writes whose the rows of a table are: their own family's, or that of their thread, or of their channel.

    Rows that concern no family, as threads of shared channels that name none, are nobody's (null).
    """
    columns = connection.sql(f"from {table}").columns
    if "family_id" in columns:
        return "f.family_id"
    if "channel_id" not in columns:
        return quote_literal(COMMON)
    return BY_THREAD if "thread_code" in columns else BY_CHANNEL
