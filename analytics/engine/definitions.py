"""What the warehouse says of its tables and columns: the definitions of models, and comments."""

import hashlib
import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import duckdb

from analytics.engine.headers import read_header
from analytics.engine.models import ROOT, TABLE, Model
from analytics.engine.records import read_records, record_hashes
from analytics.engine.shapes import fill_parts
from warehouse.load import insert_rows
from warehouse.schema.tables import FIGURES

STEP = re.compile(r"^(?:with )?((\w+) as \(\n.*?\n\))", re.DOTALL | re.MULTILINE)
"""A step (CTE) of a query, with its name."""


@lru_cache(maxsize=1)
def read_column_comments() -> dict[str, str]:
    """Reads the meaning of each column, by name: one meaning per name in the whole project."""
    return tomllib.loads((ROOT / "columns.toml").read_text(encoding="utf-8"))


def write_definitions(connection: duckdb.DuckDBPyConnection, models: list[Model]) -> bool:
    """Writes the header of each model and the comments on tables and columns; returns whether any of them changed."""
    comments = {model.table: model.header.comment for model in models} | read_column_comments()
    comments[FIGURES] = read_header(ROOT / "shapes" / "figure.sql").comment
    rows = [{"name": name, "comment": comment} for name, comment in comments.items()]
    is_described_anew = _replace_rows(connection, "ledger.comments", rows)
    by_receipts = list_receipt_tables(models)
    is_redefined = _replace_rows(
        connection, "ledger.definitions", [_define_model(model, model.table in by_receipts) for model in models]
    )
    return is_described_anew or is_redefined


def list_receipt_tables(models: Sequence[Model]) -> set[str]:
    """Lists the tables that receipts read, with those that such views are made of."""
    tables = set(re.findall(TABLE, "\n".join(select_items_query(model) for model in models if model.is_public)))
    for model in models:
        if model.table in tables and not model.header.is_stored:
            tables |= model.reads
    return tables


def _replace_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> bool:
    """Replaces the rows of a table if they changed, and returns whether they did."""
    digest = hashlib.sha256(repr(rows).encode()).hexdigest()
    if (table, digest) in read_records(connection):
        return False
    connection.execute(f"delete from {table}")
    insert_rows(connection, table, rows)
    record_hashes(connection, {table: digest})
    return True


def _define_model(model: Model, is_listed: bool) -> dict[str, Any]:
    """Gives the row of `ledger.definitions` that describes a model, and whether receipts list rows of its table."""
    header = model.header
    return {
        "name": model.path.stem, "layer": model.layer, "question": header.question, "grain": ", ".join(header.grain),
        "unit": header.unit, "standard": header.standard, "caveats": header.caveats, "version": header.version,
        "is_public": model.is_public, "proof": header.proof,
        "items_sql": select_items_query(model), "covers": header.covers,
        "is_published": header.is_published or model.is_public or is_listed, "title": header.title,
        "titles": dict(header.titles), "better": header.better,
    }  # fmt: skip


def select_items_query(model: Model) -> str:
    """Selects the query for the items behind a metric's figures, one row an item.

    The header's `items:` may read the steps (CTEs) of the metric's own query.
    """
    query, items = fill_parts(model.query.strip()), model.header.items
    if model.header.shape in ("share", "median"):
        return query
    steps = list[str]()
    for step, name in reversed(STEP.findall(query)):
        if re.search(rf"\b{name}\b", "\n".join([items, *steps])):
            steps.insert(0, step)
    return "with " + ",\n\n".join(steps) + f"\n\n{items}" if steps else items
