"""Builds all tables on Spark: typed rows go there as Parquet, and each table comes back into the warehouse as soon as
it is made. Whole builds only.

DuckDB loads what was landed, and types the rows that can be; Spark lets the newest of each key win, and joins them.
What Python computes, it computes here, over the tables that came back. All is one transaction of the warehouse, as in a
build of its own.
"""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from analytics.engine.making import make_table, name_failing_table, prepare_table
from analytics.engine.models import Model
from analytics.engine.staging import StagingTable, type_rows
from analytics.spark.columns import Columns, list_columns, render_fetched, render_handed
from analytics.spark.newest import render_newest
from analytics.spark.running import SparkQueries, SparkQuery
from analytics.spark.session import SparkServer
from warehouse.database import open_scratch, quote_literal

INPUTS = frozenset(("ledger.files",))
"""Tables that queries read beside those of the three layers."""
SCHEMAS = ("raw", "ledger", "typed", "staging", "metrics")


class SparkBuild:
    """One build: the tables that are there, and those that wait for what they read."""

    def __init__(self, session: Any, server: SparkServer, folder: Path) -> None:
        """Takes the folder for the files of this build."""
        self._folder, self._queries = folder, SparkQueries(session, server, folder)
        self._columns: dict[str, Columns] = {}
        self._waiting: list[Model] = []
        self._made = set[str]()
        # Tables without rows: by them DuckDB tells the types that a query would give.
        self._shapes = open_scratch()
        for schema in SCHEMAS:
            self._shapes.execute(f"create schema {schema}")

    def begin(self, connection: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> None:
        """Hands over what was loaded, and starts with the tables that rest on nothing else."""
        # One that was killed left its files.
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(mode=0o770, parents=True)
        for model in models:
            if model.layer == "staging":
                staging = StagingTable(model.table, model.text, model.header)
                with name_failing_table(model.table), type_rows(connection, staging) as typed:
                    self._hand_over(connection, _name_typed(model) if typed else model.table, typed)
        for table in _list_inputs(connection, models):
            self._hand_over(connection, table)
        self._waiting = [model for model in models if _is_query(model) and model.table not in self._made]
        self._add_described()

    def make(self, connection: duckdb.DuckDBPyConnection, model: Model) -> None:
        """Brings a table into the warehouse when Spark has made it; one that Python computes is handed over."""
        if model.table in self._made:
            return
        if not _is_query(model):
            made = prepare_table(connection, model)
            if not isinstance(made, str):
                make_table(connection, model.table, made)
                self._hand_over(connection, model.table)
                self._add_described()
                return
            self._queries.add([self._describe(model, made)])
            self._add_described()
        self._queries.wait_for(model.table)
        files = quote_literal(str(self._queries.find_path(model.table) / "*.parquet"))
        columns = render_fetched(self._columns[model.table])
        connection.execute(f"create or replace table {model.table} as select {columns} from read_parquet({files})")

    def close(self) -> None:
        """Ends what still runs, and removes all files."""
        self._queries.close()
        self._shapes.close()

    def _hand_over(self, connection: duckdb.DuckDBPyConnection, table: str, source: str = "") -> None:
        """Writes a table of the warehouse, or of these rows, to where Spark reads it."""
        self._keep_columns(table, list_columns(connection, source or table))
        path = self._queries.find_path(table)
        path.mkdir()
        rows = f"select {render_handed(self._columns[table])} from {source or table}"
        connection.execute(f"copy ({rows}) to {quote_literal(str(path / 'all.parquet'))}")
        self._queries.announce(table)
        self._made.add(table)

    def _keep_columns(self, table: str, columns: Columns) -> None:
        self._columns[table] = columns
        listed = ", ".join(f'"{name}" {type_}' for name, type_ in columns.items())
        self._shapes.execute(f"create table {table} ({listed})")

    def _add_described(self) -> None:
        """Adds the queries of which all that they read has known types."""
        queries = []
        for model in list(self._waiting):
            if _list_reads(model) <= self._columns.keys():
                self._waiting.remove(model)
                queries.append(self._describe(model, model.text))
        self._queries.add(queries)

    def _describe(self, model: Model, text: str) -> SparkQuery:
        with name_failing_table(model.table):
            if model.layer == "staging":
                typed = _name_typed(model)
                text = render_newest(f"select * from {typed}", list(self._columns[typed]), model.header)
            self._keep_columns(model.table, list_columns(self._shapes, text))
            columns = self._columns[model.table]
            empty = self._shapes.sql(f"select {render_handed(columns)} from {model.table}").to_arrow_table()
        return SparkQuery(model.table, text, _list_reads(model), columns, empty)


@contextmanager
def open_build(session: Any, server: SparkServer, shared: Path, home: Path) -> Iterator[SparkBuild]:
    """Opens a build of a home, with a folder of its own below one that the server sees, too."""
    name = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]
    build = SparkBuild(session, server, shared.resolve() / f"build-{name}")
    try:
        yield build
    finally:
        build.close()


def _is_query(model: Model) -> bool:
    return model.path.suffix == ".sql"


def _name_typed(model: Model) -> str:
    """Names the typed rows of a staging table, of which the newest of each key win."""
    return f"typed.{model.path.stem}"


def _list_reads(model: Model) -> frozenset[str]:
    """Lists what Spark reads for a model: of a staging file's raw rows, what DuckDB typed."""
    return frozenset({_name_typed(model)}) if model.layer == "staging" else model.reads


def _list_inputs(connection: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> list[str]:
    """Lists the tables that are loaded, and not made, which these models read."""
    made = {model.table for model in models}
    found = connection.execute("select concat(schema_name, '.', table_name) from duckdb_tables()").fetchall()
    read = INPUTS.union(*(_list_reads(model) for model in models)) - made
    return sorted(table for (table,) in found if table in read)
