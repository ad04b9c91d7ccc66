"""What both engines read: the tables of a built warehouse as Parquet, and the query of each model."""

import json
from pathlib import Path

import duckdb

from analytics.engine.models import Model, read_models
from analytics.spark.building import INPUTS
from analytics.spark.columns import list_columns, render_handed
from analytics.spark.newest import render_newest

QUERIES, TABLES = "queries.json", "tables"


def list_models() -> list[Model]:
    """Lists the models that are SQL files, in the order of a build."""
    return [model for model in read_models() if model.path.suffix == ".sql"]


def export_inputs(connection: duckdb.DuckDBPyConnection, models: list[Model], folder: Path) -> None:
    """Writes the tables that these models read, and their queries, into a folder."""
    (folder / TABLES).mkdir()
    kept = {f"{schema}.{name}" for schema, name in connection.execute(
        "select schema_name, table_name from duckdb_tables()").fetchall()}  # fmt: skip
    for table in sorted(kept & INPUTS.union(*(model.reads for model in models))):
        path = folder / TABLES / f"{table}.parquet"
        connection.execute(f"copy (select {render_handed(list_columns(connection, table))} from {table}) to '{path}'")
    queries = {model.table: _render_query(connection, model) for model in models}
    (folder / QUERIES).write_text(json.dumps(queries), encoding="utf-8")


def _render_query(connection: duckdb.DuckDBPyConnection, model: Model) -> str:
    """Renders the query for all rows of a model's table."""
    if model.layer != "staging":
        return model.text
    return render_newest(model.text, list(list_columns(connection, model.text)), model.header)
