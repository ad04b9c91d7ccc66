"""Making one table: from a statement, or from the rows that Python computes."""

import importlib.util
from pathlib import Path
from typing import Any

import duckdb

from analytics.engine.models import Model


def prepare_table(connection: duckdb.DuckDBPyConnection, model: Model) -> str | Any:
    """Prepares what a table is made of: the statement, which a Python metric may write, or the rows that it computes
    (an Arrow table)."""
    return model.text if model.path.suffix == ".sql" else compute_python_model(model.path, connection)


def make_table(connection: duckdb.DuckDBPyConnection, table: str, made: str | Any) -> None:
    """Makes a table of a statement, or of rows."""
    if isinstance(made, str):
        connection.execute(f"create or replace table {table} as {made}")
        return
    connection.register("computed", made)
    connection.execute(f"create or replace table {table} as from computed")
    connection.unregister("computed")


def compute_python_model(path: Path, connection: duckdb.DuckDBPyConnection) -> Any:
    """Computes the rows (an Arrow table) of a Python metric, or its statement, with the function named like its
    file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path}: cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, path.stem)(connection)
