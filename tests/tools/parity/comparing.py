"""Compares the rows that two engines give for a query."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analytics.engine.models import Model
from analytics.spark.columns import is_hash, list_columns, render_signed

CLOSE = 1e-9
"""How far two numbers with a fraction may be apart: this, or this share of the larger one."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of one query on the other engine."""

    table: str
    rows: int
    seconds: float
    cause: str
    """Why it is not equal: the error of the engine, or what differs; empty where all rows are equal."""
    apart: float = 0.0
    """How far the two numbers with a fraction that are furthest apart are so, in the measure of `CLOSE`."""


def compare_rows(connection: duckdb.DuckDBPyConnection, model: Model, path: Path) -> tuple[int, str, float]:
    """Compares all rows of a table with those in a file; returns their number, what differs, and by how much at most
    numbers with a fraction do."""
    types, given = list_columns(connection, model.table), list_columns(connection, f"from '{path}'")
    if types.keys() != given.keys():
        return 0, f"columns differ: {', '.join(sorted(types.keys() ^ given.keys()))}", 0.0
    keys = [name for name in model.header.grain if name in types
            and (not is_hash(name, types[name]) or _is_kept(connection, model, name, path))]  # fmt: skip
    _prepare_rows(connection, "ours", f"from {model.table}", types, keys, render_signed)
    _prepare_rows(connection, "theirs", f"from '{path}'", types, keys, lambda name: f'"{name}"')
    ((ours, theirs),) = connection.execute(
        "select (select count(*) from ours), (select count(*) from theirs)").fetchall()  # fmt: skip
    if ours != theirs:
        return ours, f"{theirs} rows instead of {ours}", 0.0
    same = " and ".join([*(f'a."{key}" is not distinct from b."{key}"' for key in keys), "a.place = b.place"])
    pairs = f"from ours as a join theirs as b on {same}"
    return ours, _find_differences(connection, types, keys, ours, pairs), _find_largest(connection, types, pairs)


def _is_kept(connection: duckdb.DuckDBPyConnection, model: Model, name: str, path: Path) -> bool:
    """Tells whether a hash was only read: each engine makes those of its own."""
    made = f"select {render_signed(name)} from {model.table} except select \"{name}\" from '{path}'"
    return connection.execute(f"{made} limit 1").fetchall() == []


def _prepare_rows(
    connection: duckdb.DuckDBPyConnection, name: str, source: str, types: dict[str, str], keys: list[str],
    render_hash: Callable[[str], str],
) -> None:  # fmt: skip
    """Prepares rows in the types of our own table; those of one key, which a hash tells apart, by their order."""
    casts = ", ".join(
        f'{render_hash(column)} as "{column}"' if is_hash(column, type_)
        else f'cast("{column}" as {"varchar" if type_ == "JSON" else type_}) as "{column}"'
        for column, type_ in types.items()
    )  # fmt: skip
    hashes = {column for column, type_ in types.items() if is_hash(column, type_)}
    order = ", ".join(f'"{column}"' for column in types if column not in hashes)
    parted = ", ".join(f'"{key}"' for key in keys) or "1"
    connection.execute(
        f"create or replace temp table {name} as select *, row_number() over (partition by {parted} order by {order})"
        f" as place from (select {casts} {source})"
    )


def _find_differences(
    connection: duckdb.DuckDBPyConnection, types: dict[str, str], keys: list[str], rows: int, pairs: str
) -> str:
    """Finds which columns differ in how many rows, and which hashes, that each engine makes in its way, in number."""
    hashes = [name for name, type_ in types.items() if is_hash(name, type_)]
    compared = [name for name in types if name not in (*keys, *hashes)]
    counts = ", ".join(["count(*)", *(f"count_if({_render_difference(name, types[name])})" for name in compared)])
    ((met, *differing),) = connection.execute(f"select {counts} {pairs}").fetchall()
    found = [f"{count} of {name}" for name, count in zip(compared, differing, strict=True) if count]
    found += [f"{rows - met} keys"] if met != rows else []
    for name in hashes:
        counted = [f'(select count(distinct "{name}") from {side})' for side in ("ours", "theirs")]
        ((ours, theirs),) = connection.execute(f"select {', '.join(counted)}").fetchall()
        found += [f"{theirs} instead of {ours} kinds of {name}"] if ours != theirs else []
    return f"of {rows} rows differ " + ", ".join(found) if found else ""


def _find_largest(connection: duckdb.DuckDBPyConnection, types: dict[str, str], pairs: str) -> float:
    """Finds the largest difference of two numbers with a fraction, of all columns."""
    fractions = [name for name, type_ in types.items() if type_ == "DOUBLE"]
    if not fractions:
        return 0.0
    largest = ", ".join(
        f'max(case when a."{name}" is distinct from b."{name}" then {_render_apart(name)} end)' for name in fractions
    )
    return max(value or 0.0 for value in connection.execute(f"select {largest} {pairs}").fetchall()[0])


def _render_difference(name: str, type_: str) -> str:
    differs = f'a."{name}" is distinct from b."{name}"'
    return f"{differs} and not coalesce({_render_apart(name)} <= {CLOSE}, false)" if type_ == "DOUBLE" else differs


def _render_apart(name: str) -> str:
    ours, theirs = f'a."{name}"', f'b."{name}"'
    return f"abs({ours} - {theirs}) / greatest(1, abs({ours}), abs({theirs}))"
