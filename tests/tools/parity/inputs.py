"""What both engines read: the tables of a built warehouse as Parquet, and the query of each model."""

import json
from pathlib import Path

import duckdb

from analytics.engine.models import Model, read_models
from analytics.spark.newest import render_newest

ADDED = frozenset(("ledger.files",))
"""Tables that queries read beside those of the three layers."""
HASHED = ("_id", "_key")
"""How columns end that hold a hash, of 64 bits without a sign; Spark's numbers have one."""
QUERIES, TABLES = "queries.json", "tables"


def list_models() -> list[Model]:
    """Lists the models that are SQL files, in the order of a build."""
    return [model for model in read_models() if model.path.suffix == ".sql"]


def export_inputs(connection: duckdb.DuckDBPyConnection, models: list[Model], folder: Path) -> None:
    """Writes the tables that these models read, and their queries, into a folder."""
    (folder / TABLES).mkdir()
    kept = {f"{schema}.{name}" for schema, name in connection.execute(
        "select schema_name, table_name from duckdb_tables()").fetchall()}  # fmt: skip
    for table in sorted(kept & ADDED.union(*(model.reads for model in models))):
        path = folder / TABLES / f"{table}.parquet"
        connection.execute(f"copy (select {_render_columns(connection, table)} from {table}) to '{path}'")
    queries = {model.table: _render_query(connection, model) for model in models}
    (folder / QUERIES).write_text(json.dumps(queries), encoding="utf-8")


def list_columns(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, str]:
    """Lists the columns of a query, or of a table, with their types."""
    return {name: type_ for name, type_, *_ in connection.execute(f"describe {query}").fetchall()}


def is_hash(name: str, type_: str) -> bool:
    """Tells whether a column holds a hash."""
    return type_ == "UBIGINT" and name.endswith(HASHED)


def render_signed(name: str) -> str:
    """Renders a hash as a number with a sign."""
    return f'cast(cast("{name}" as hugeint) - {2**63} as bigint)'


def _render_columns(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """Renders the columns of a table in types that Spark reads."""
    casts = {"HUGEINT": "bigint", "UBIGINT": "bigint", "JSON": "varchar"}
    return ", ".join(
        f'{render_signed(name)} as "{name}"' if is_hash(name, type_)
        else f'cast("{name}" as {casts[type_]}) as "{name}"' if type_ in casts else f'"{name}"'
        for name, type_ in list_columns(connection, table).items()
    )  # fmt: skip


def _render_query(connection: duckdb.DuckDBPyConnection, model: Model) -> str:
    """Renders the query for all rows of a model's table."""
    if model.layer != "staging":
        return model.text
    return render_newest(model.text, list(list_columns(connection, model.text)), model.header)
