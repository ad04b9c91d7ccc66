"""What is compared of a warehouse and of what is published."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.worlds.warehouse_rows import select_models
from warehouse.snapshot import Snapshot, query

TABLES = ("staging.packages_daily", "staging.collections", "staging.channels")
MODELS = tuple(
    replace(model, header=replace(model.header, is_published=True))
    for model in select_models(*(table.removeprefix("staging.") for table in TABLES))
)
Rows = dict[str, list[tuple[Any, ...]]]


def read_rows(fetch: Callable[[str], list[tuple[Any, ...]]]) -> Rows:
    """The rows of the tables that readers and oracles compare."""
    return {table: fetch(f"from {table} order by all") for table in TABLES}


def fetch_published(snapshot: Snapshot, sql: str) -> list[tuple[Any, ...]]:
    """Runs a statement on what is published."""
    return [tuple(row.values()) for row in query(snapshot, sql).to_pylist()]
