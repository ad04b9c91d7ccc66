"""Build of all tables: staging adds only new rows; conformed tables and metrics follow if rows that they read changed.

A visit that brings no news changes the ledger of runs, which most tables rest on; what it leaves as it was ends there.
Incremental and full builds give the same rows. Everything happens in one transaction.
"""

import hashlib
import importlib.util
import re
import secrets
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from analytics.claims.verdict_history import keep_verdicts
from analytics.engine.headers import Header, read_header
from analytics.engine.restating import define_metrics, log_first_definitions, log_restatements, remove_abandoned_tables
from analytics.engine.shapes import render_query
from analytics.engine.staging import LEDGERS, SET_ASIDE, StagingTable, add_new_rows
from warehouse.database import WarehouseError
from warehouse.durable import STORAGE_FAULTS, roll_back
from warehouse.faults import Fault
from warehouse.publish import read_build

ROOT = Path(__file__).parents[1]
PUBLIC = "metrics"
"""Folder of the metrics that are shown and exported; the other folders hold intermediate steps."""
LAYERS = {
    "staging": "staging", "conformed": "conformed", "intermediate": "metrics", "estimates": "metrics",
    "claims/tables": "metrics", PUBLIC: "metrics",
}  # fmt: skip
"""Layer of a table by the folder of its file. Subfolders are subjects."""
SCHEMAS = {"staging": "staging", "conformed": "staging", "metrics": "metrics"}
"""Schema of a table by layer."""

TABLE = r"\b(?:raw|staging|metrics)\.[a-z]\w*"
"""Pattern of a table's name in a statement."""
CATALOG = ("families", "channels", "absences", "facts", "hosts", "listings", "mentions", "accounts")
INPUTS = ("raw.ledger__runs", "raw.ledger__notes", *(f"raw.catalog__{name}" for name in CATALOG))
"""Tables that are replaced or added to outside the staging files."""


@dataclass(frozen=True, slots=True)
class Model:
    """SQL file or Python metric, and the table that it makes."""

    path: Path
    layer: str
    table: str
    header: Header
    reads: frozenset[str]
    query: str
    """The content of the file, without comments."""
    text: str
    """The statement that makes the table: the query within its shape."""
    is_public: bool
    """True for metrics that are shown and exported."""

    @property
    def hash_(self) -> str:
        """Returns a digest of the statement and of the files that a Python metric reads."""
        digest = hashlib.sha256(self.text.encode())
        for pattern in self.header.data:
            for path in sorted(ROOT.glob(pattern)):
                digest.update(path.name.encode() + path.read_bytes())
        return digest.hexdigest()


@dataclass(slots=True)
class BuildReport:
    """Tables that a build made, kept because their inputs were unchanged, or removed."""

    built: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    """Tables that an earlier version of the code made and this one does not."""
    set_aside: int = 0
    """Landed rows that could not be typed and are in no table, now and from earlier builds."""


def read_models(root: Path = ROOT) -> list[Model]:
    """Reads all models, each after those that it reads."""
    models = {
        model.table: model
        for folder in LAYERS
        for path in find_models(root / folder)
        for model in [_read_model(path, folder)]
    }
    staging = {table for table, model in models.items() if model.layer == "staging"}
    # Which rows are set aside, and what is filled, is known only when all staging tables are up to date.
    order = TopologicalSorter(
        {table: model.reads | (staging if model.reads & LEDGERS else set()) for table, model in models.items()}
    ).static_order()
    return [models[table] for table in order if table in models]


def _read_model(path: Path, folder: str) -> Model:
    text = path.read_text(encoding="utf-8")
    query, header = text if path.suffix == ".py" else re.sub(r"--.*", "", text), read_header(path)
    body = render_query(query, header)
    reads = frozenset(re.findall(TABLE, body)) | _find_named_tables(header)
    layer = LAYERS[folder]
    table = f"{SCHEMAS[layer]}.{path.stem}"
    return Model(path, layer, table, header, reads - {table}, query, body, folder == PUBLIC)


def find_models(folder: Path) -> list[Path]:
    """Finds the files of a folder and its subfolders that make a table each, sorted by name."""
    files = [path for path in folder.rglob("*.*") if path.suffix in (".sql", ".py") and path.name != "__init__.py"]
    return sorted(files, key=lambda path: path.name)


def _find_named_tables(header: Header) -> frozenset[str]:
    """Finds the tables that a Python metric reads: named in the code of its files, or in data as `metric = "…"`."""
    files = [path for pattern in header.data if pattern.endswith((".py", ".toml")) for path in ROOT.glob(pattern)]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    data = {f"metrics.{name}" for name in re.findall(r'^metric = "(\w+)"', text, re.MULTILINE)}
    return frozenset(re.findall(TABLE, text)) | data


def build_tables(connection: duckdb.DuckDBPyConnection, full: bool = False, root: Path = ROOT) -> BuildReport:
    """Brings staging, conformed tables and metrics up to date; a killed build leaves the warehouse as it was."""
    report = BuildReport()
    connection.execute("begin")
    try:
        if full:
            connection.execute("delete from ledger.builds")
        models = read_models(root)
        build_models(connection, models, report)
        report.removed = remove_abandoned_tables(connection, {model.table for model in models})
        keep_verdicts(connection, report.built)
        is_redefined = _write_definitions(connection, models)
        if report.built or report.removed or is_redefined:
            _count_build(connection)
        connection.execute("commit")
    except BaseException:
        roll_back(connection)
        raise
    connection.execute("checkpoint")
    return report


def build_models(connection: duckdb.DuckDBPyConnection, models: list[Model], report: BuildReport) -> None:
    """Brings these tables up to date in order, and adds each to the report."""
    recorded = _read_records(connection)
    input_hashes = {table: _digest_rows(connection, table) for table in INPUTS}
    changed = {table for table, hash_ in input_hashes.items() if (table, hash_) not in recorded}
    model_hashes = {model.table: model.hash_ for model in models}
    versions = {model.table: model.header.version for model in models if model.is_public}
    definitions = define_metrics(versions, model_hashes, {model.table: model.reads for model in models})
    old_versions = log_first_definitions(connection, definitions)
    read_tables = frozenset[str]().union(*(model.reads for model in models))
    for model in models:
        mark = recorded.get((model.table, model_hashes[model.table]))
        old = old_versions.get(model.table)
        log = nullcontext() if old is None else log_restatements(connection, definitions[model.table], old)
        with _name_failing_table(model.table), log:
            if model.layer == "staging":
                staging = StagingTable(model.table, model.text, model.header)
                has_rows, moved = add_new_rows(connection, staging, mark)
                changed |= moved
                was_built = has_changed = mark is None or has_rows
            else:
                was_built = mark is None or bool(changed & model.reads)
                has_changed = was_built and _build_model(connection, model, mark, model.table in read_tables)
        if has_changed:
            changed.add(model.table)
        (report.built if was_built else report.unchanged).append(model.table)
    _record_hashes(connection, input_hashes | model_hashes)
    ((report.set_aside,),) = connection.execute(f"select coalesce(sum(rows_count), 0) from {SET_ASIDE}").fetchall()


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


def _digest_rows(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """Computes a digest of a table's rows, independent of their order."""
    ((digest,),) = connection.execute(
        f"select coalesce(sum(hash(t)), 0)::varchar || '/' || count(*) from {table} t"
    ).fetchall()
    return str(digest)


def _record_hashes(connection: duckdb.DuckDBPyConnection, hashes: dict[str, str]) -> None:
    """Records at once what these tables were made of: a statement for each would take a tenth of a build."""
    connection.execute("delete from ledger.builds where list_contains(?::varchar[], table_name)", [list(hashes)])
    connection.execute(
        "insert into ledger.builds select unnest(?::varchar[]), unnest(?::varchar[]),"
        " (select coalesce(max(load_id), 0) from ledger.files)",
        [list(hashes), list(hashes.values())],
    )


def _build_model(connection: duckdb.DuckDBPyConnection, model: Model, mark: int | None, is_read: bool) -> bool:
    """Builds one table, and tells whether its rows may have changed; `mark` is its last load, if any."""
    # Comparing takes two passes over the table, which pay only if another one need not be built.
    before = _digest_rows(connection, model.table) if mark is not None and is_read else None
    if model.path.suffix == ".py":
        connection.register("computed", compute_python_model(model.path, connection))
        connection.execute(f"create or replace table {model.table} as from computed")
        connection.unregister("computed")
    else:
        connection.execute(f"create or replace table {model.table} as {model.text}")
    return before is None or _digest_rows(connection, model.table) != before


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
    before = _digest_rows(connection, table)
    connection.execute(f"delete from {table}")
    schema = connection.sql(f"from {table} limit 0").to_arrow_table().schema
    connection.register("given_rows", pa.Table.from_pylist(rows, schema))
    connection.execute(f"insert into {table} by name from given_rows")
    connection.unregister("given_rows")
    return _digest_rows(connection, table) != before


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
