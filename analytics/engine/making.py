"""Making one table: from a statement, or from the rows that Python computes."""

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from analytics.engine.models import Model
from warehouse.durable import list_engine_faults
from warehouse.faults import Fault, WarehouseError
from warehouse.schema.tables import FIGURES


def make_table(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Makes the table of a model, or its view."""
    if model.view:
        if model.text:
            connection.execute(f"delete from {FIGURES} where metric = '{model.path.stem}'")
            make_figures(connection, model)
        make_view(connection, model)
        return
    made = model.text if model.path.suffix == ".sql" else compute_python_model(model.path, connection)
    if isinstance(made, str | list):
        first, *others = [made] if isinstance(made, str) else made
        connection.execute(f"create or replace table {model.table} as {first}")
        for other in others:
            connection.execute(f"insert into {model.table} {other}")
        return
    connection.register("computed", made)
    connection.execute(f"create or replace table {model.table} as from computed")
    connection.unregister("computed")


def make_view(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Makes the view of a model."""
    connection.execute(f"create or replace view {model.table} as {model.view}")


def make_figures(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Adds a metric's rows to the figures."""
    connection.execute(f"insert into {FIGURES} by name select '{model.path.stem}' as metric, * from ({model.text})")


def compute_python_model(path: Path, connection: duckdb.DuckDBPyConnection) -> Any:
    """Computes the rows (an Arrow table) or the statements of a model, with the function named like its file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path}: cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, path.stem)(connection)


@contextmanager
def name_failing_table(table: str) -> Iterator[None]:
    """Turns an error of the database into one that names the table. Raises WarehouseError."""
    try:
        yield
    except list_engine_faults() as error:
        raise type(error)(f"{table}: {error}") from error
    except duckdb.Error as error:
        reason = f"{type(error).__name__}: {str(error)[:300].splitlines()[0]}"
        why = f"cannot be built ({reason}); nothing was changed, and readers keep the last snapshot"
        bug = "This is a bug in Heartbeat: please report this line"
        raise WarehouseError(f"{table}: {why}. {bug}", Fault.INTERNAL) from error
