"""Fills raw tables as the loader would, for tests of what comes after them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa

from analytics.engine.build import BuildReport, build_models, find_changed_inputs
from analytics.engine.models import Model, read_models
from warehouse.database import prepare_connection
from warehouse.load import insert_landed
from warehouse.typed import type_rows

MODELS = read_models()
"""Read once: nearly every test of a table needs them."""
LOWER = [model for model in MODELS if model.layer in ("staging", "conformed")]
RawRow = tuple[str, str, datetime | None, datetime, Mapping[str, Any]]


def empty_warehouse() -> duckdb.DuckDBPyConnection:
    """A warehouse in memory, as `open_warehouse` would give it, but with one thread.

    A few hundred rows give a second one nothing to do, and handing it work takes an eighth of each statement.
    """
    return prepare_connection(duckdb.connect(":memory:", config={"threads": 1}))


def fill(connection: duckdb.DuckDBPyConnection, name: str, rows: Iterable[RawRow]) -> None:
    """One more load of `raw.{name}`: rows of (channel_id, key, source time, seen at, body); instants naive UTC."""
    ((load_id,),) = connection.execute("select coalesce(max(load_id), 0) + 1 from ledger.files").fetchall()
    source, _, thing = name.partition("__")
    given = list(rows)
    landed = type_rows(source, [(thing, key, changed, seen, json.dumps(body)) for _, key, changed, seen, body in given])
    connection.execute(
        "insert into ledger.files values (?, 'test', 'test', 0, ?, ?, now()::timestamp)",
        [f"{name}-{load_id}", len(given), load_id],
    )
    landed = landed.append_column("channel_id", pa.array([channel for channel, *_ in given], pa.string()))
    connection.register("landed", landed.append_column("load_id", pa.array([load_id] * len(given), pa.int64())))
    insert_landed(connection, name, landed.schema.names)
    connection.unregister("landed")


def build_conformed(connection: duckdb.DuckDBPyConnection, *names: str) -> BuildReport:
    """Builds staging and conformed tables only, for tests that look no further: the metrics are many.

    With names, builds these tables and what they rest on.
    """
    return build_tables(connection, select_models(*names) if names else LOWER)


@cache
def select_models(*names: str) -> tuple[Model, ...]:
    """Selects the models of these tables, and of all that they rest on, in their order."""
    wanted = {model.table for model in MODELS if model.path.stem in names}
    assert len(wanted) == len(names), names
    for model in reversed(MODELS):
        if model.table in wanted:
            wanted |= model.needs
    return tuple(model for model in MODELS if model.table in wanted)


def build_tables(connection: duckdb.DuckDBPyConnection, models: Sequence[Model], full: bool = False) -> BuildReport:
    """Builds the tables of these models only, in their order."""
    if full:
        connection.execute("delete from ledger.builds")
    report = BuildReport()
    build_models(connection, list(models), report, find_changed_inputs(connection))
    return report
