"""Damaged rows for every staging table: good ones made from the types of its fields, and values that a
reader could get wrong."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from hypothesis import strategies as st

from analytics.engine.models import Model
from tests.worlds.warehouse_rows import MODELS, build_tables
from warehouse.landing import open_writer, open_zone
from warehouse.load import LoadReport, load_new_files
from warehouse.manifest import Outcome
from warehouse.schema.fields import list_fields

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
STAGING = [model for model in MODELS if model.layer == "staging"]
CHANNEL = "family.source.channel"

UNTYPABLE: dict[str, list[str]] = {
    "bigint": ["9223372036854775808", "-9223372036854775809", "1e400", "NaN", '"many"', "{}", "[1]", "true"],
    "integer": ["2147483648", "1e400", "-Infinity", '"many"', '{"a": 1}', "false"],
    "double": ["1e400", "-1e400", "NaN", "Infinity", '"dear"', "{}", "[]", "1e300"],
    "boolean": ['"perhaps"', "{}", "[true]", "7.5"],
    "timestamp": [
        '"yesterday"', '"0000-01-01T00:00:00.000000Z"', '"9999999-01-01T00:00:00Z"', '"2026-01-01T00:00:00+99:99"',
        '"2026-13-01T00:00:00Z"', '"infinity"', '"2026-01-01T00:00:00-08:00"', "{}", "1763985600",
        '"290000-01-01T00:00:00Z"',
    ],
    "date": ['"soon"', '"0000-01-01"', '"9999999-01-01"', '"2026-02-30"', '"infinity"', "{}"],
    "varchar[]": ["{}", '"label"', "7"],
}  # fmt: skip
"""Values as JSON, by the type that cannot hold them."""
SOUND: dict[str, Any] = {
    "bigint": 7, "integer": 3, "double": 0.5, "boolean": True, "timestamp": "2026-11-01T06:00:00.000000Z",
    "date": "2026-11-01", "varchar[]": ["a", "b"],
}  # fmt: skip


def make_body(model: Model, number: int) -> dict[str, Any]:
    """Makes a body with every field of a table; no two numbers have the same key."""
    types, body = list_fields(model.path.stem), {}
    for name, type_ in types.items():
        body[name] = SOUND.get(type_, f"{name} {number}")
        if type_ in ("bigint", "integer"):
            body[name] = number
    return body


def damage_field(body: dict[str, Any], name: str, value: str) -> str:
    """Writes a body as JSON with another value, itself JSON, in a field."""
    return json.dumps(body | {name: "@@"}).replace('"@@"', value)


def list_typed(model: Model) -> list[tuple[str, str]]:
    """Lists the typed fields of a table, with their types."""
    return [(name, type_) for name, type_ in sorted(list_fields(model.path.stem).items()) if type_ in UNTYPABLE]


def any_damage(model: Model) -> st.SearchStrategy[str]:
    """Draws a damaged body: something that no type holds, or anything at all, in a field."""
    body, fields = make_body(model, 1_000), list_typed(model)
    anything = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=5,
    ).map(json.dumps)
    names = st.sampled_from(sorted(list_fields(model.path.stem)))
    in_any_field = st.tuples(names, anything)
    if fields:
        in_any_field |= st.sampled_from(fields).flatmap(
            lambda field: st.tuples(st.just(field[0]), st.sampled_from(UNTYPABLE[field[1]]))
        )
    return in_any_field.map(lambda drawn: damage_field(body, *drawn))


def land(folder: Path, model: Model, rows: Iterable[tuple[str, str]], source_time: datetime | None = None) -> None:
    """Lands rows (key, body) of a table in a file of their own."""
    source, _, thing = model.path.stem.partition("__")
    writer = open_writer(open_zone(str(folder)), CHANNEL, source, NOW)
    listed = [(thing, key, source_time, body) for key, body in rows]
    writer.add_rows(listed, NOW)
    outcome = Outcome("complete", rows=len(listed))
    writer.manifest.outcomes[thing] = {name: getattr(outcome, name) for name in ("state", "rows", "error", "fault")}
    writer.finish(NOW)


def load_and_build(
    connection: duckdb.DuckDBPyConnection, folder: Path, models: Iterable[Model], full: bool = False
) -> LoadReport:
    """Loads what was landed and builds these tables."""
    report = load_new_files(connection, open_zone(str(folder)), NOW)
    build_tables(connection, list(models), full)
    return report
