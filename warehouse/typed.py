"""Types rows as they are landed: their bodies become columns, and a value that does not fit is named beside its row."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from warehouse.manifest import INSTANT, SCHEMA
from warehouse.schema.fields import list_columns, list_fields, list_keys

if TYPE_CHECKING:
    import duckdb

LARGEST = 2**53
"""Largest size of a number: integers up to it are exact in every program, and sums of them overflow nothing."""
EARLIEST, LATEST = "1970-01-01", "2200-01-01"
"""Bounds of instants and days; outside them the arithmetic of figures overflows, or makes a row for each day."""
_WITHIN = f"between -{LARGEST} and {LARGEST}"
_FITS = {
    "bigint": f"try_cast({{0}} as bigint) {_WITHIN}",
    "integer": "try_cast({0} as integer) is not null",
    "double": f"try_cast({{0}} as double) {_WITHIN}",
    "boolean": "try_cast({0} as boolean) is not null",
    # DuckDB drops any offset, so only instants that are in UTC already can be read.
    "timestamp": f"try_cast({{0}} as timestamp) >= timestamp '{EARLIEST}'"
    f" and try_cast({{0}} as timestamp) < timestamp '{LATEST}' and not regexp_matches({{0}}, '[^Z0-9:.T -]|:.*-')",
    "date": f"try_cast({{0}} as date) >= date '{EARLIEST}' and try_cast({{0}} as date) < date '{LATEST}'",
    "varchar[]": "try_cast({0} as varchar[]) is not null",
}
"""Condition by type under which a value (`{0}`) can be typed."""
_WANTED = {
    "bigint": f"a whole number of at most {LARGEST}", "integer": "a whole number of at most 2147483647",
    "double": f"a number of at most {LARGEST}", "boolean": "true or false",
    "timestamp": f"an instant in UTC from {EARLIEST} to {LATEST}", "date": f"a day from {EARLIEST} to {LATEST}",
    "varchar[]": "a list",
}  # fmt: skip
"""What each type asks for, in words."""
_EXCERPT = (
    "if(regexp_full_match({0}::varchar, '[-+.:0-9eETZ ]{{1,60}}|true|false|NaN|-?Infinity'), {0}::varchar,"
    " 'something of ' || length({0}::varchar) || ' characters')"
)
"""A value that does not fit, as it is kept: what is no number and no instant may be a name, or what a person wrote."""
_KEY = "a value, as it is part of the row''s key"
_BOUNDS: dict[pa.DataType, tuple[Any, Any]] = {
    pa.int64(): (-LARGEST, LARGEST),
    pa.float64(): (-LARGEST, LARGEST),
    pa.timestamp("us"): (datetime.fromisoformat(EARLIEST), datetime.fromisoformat(LATEST)),
    INSTANT: (datetime.fromisoformat(f"{EARLIEST}T00:00Z"), datetime.fromisoformat(f"{LATEST}T00:00Z")),
    pa.date32(): (date.fromisoformat(EARLIEST), date.fromisoformat(LATEST)),
}
"""Bounds of the values of landed columns, by their type."""
LandedRow = tuple[str, str, Any, Any, str]
"""Stream, key, source time, visit and body as JSON."""


def type_rows(source: str, rows: Iterable[LandedRow]) -> pa.Table:
    """Types rows of a source's streams (`SCHEMA` and the columns of these streams)."""
    ordered = sorted(rows, key=lambda row: row[0])
    parts = [_type_stream(f"{source}__{thing}", list(own)) for thing, own in groupby(ordered, key=lambda row: row[0])]
    return pa.concat_tables([pa.Table.from_batches([], SCHEMA), *parts], promote_options="default")


def _type_stream(stream: str, rows: list[LandedRow]) -> pa.Table:
    """Types rows of one stream."""
    *columns, bodies = zip(*rows, strict=True)
    table = pa.table({"body": pa.array(bodies, pa.string())})
    with _open_engine().cursor() as connection:
        typed = connection.register("landed", table).sql(_render_query(stream)).to_arrow_table()
    for place, (column, field) in enumerate(zip(columns, SCHEMA, strict=False)):
        typed = typed.add_column(place, field, pa.array(column, field.type))
    return typed.cast(make_schema(stream.split("__")[0], typed.schema.names))


@cache
def _open_engine() -> "duckdb.DuckDBPyConnection":
    """Opens the database in memory that types rows."""
    # Imported late, since most visits bring nothing to type.
    from warehouse.database import open_scratch

    connection = open_scratch()
    # One thread keeps the order of the rows, by which their other columns are put beside them.
    connection.execute("set threads = 1")
    return connection


def make_schema(source: str, names: Iterable[str]) -> pa.Schema:
    """Makes the schema of a source's landed rows with columns of these names."""
    known = list_columns(source)
    return pa.schema([*SCHEMA, *(pa.field(name, known[name]) for name in names if name in known)])


def refuse_unfit(table: pa.Table) -> None:
    """Raises ValueError if a landed column holds what no row is typed to, as a file from elsewhere may."""
    if not table.num_rows:
        return
    for field, column in zip(table.schema, table.columns, strict=True):
        if field.type in _BOUNDS:
            low, high = (pa.scalar(bound, field.type) for bound in _BOUNDS[field.type])
            if pc.any(pc.invert(pc.and_(pc.less_equal(low, column), pc.less_equal(column, high)))).as_py():
                raise ValueError(f"{field.name} is not from {low} to {high}")


@cache
def _render_query(stream: str) -> str:
    """Renders the query that types the bodies of a stream, each with its `misfit`, or null if all of it fits."""
    fields = list_fields(stream)
    if not fields:
        return "select null as misfit from landed"
    # All fields are taken from the body at once: taking them one by one would parse it again for each.
    shape = ", ".join(f'"{name}": "{"JSON" if type_ == "varchar[]" else "VARCHAR"}"' for name, type_ in fields.items())
    typed = ", ".join(_render_value(name, type_) for name, type_ in fields.items())
    return (
        f"select {_render_misfit(stream)} as misfit, {typed}"
        f" from (select json_transform(body, '{{{shape}}}') as raw from landed)"
    )


def _render_value(name: str, type_: str) -> str:
    """Renders the typed value of a field, or null if it does not fit: no reader of a rejected row meets it."""
    fits = _FITS.get(type_, "true").format(f"raw.{name}")
    return f"case when {fits} then try_cast(raw.{name} as {type_}) end as {name}"


def _render_misfit(stream: str) -> str:
    """Renders the first field that cannot be typed, with what its type asks for and its value."""
    typed = {name: type_ for name, type_ in list_fields(stream).items() if type_ in _FITS}
    cases = [
        f"when ({_FITS[type_].format(f'raw.{name}')}) is not true and raw.{name} is not null"
        f" then {{field: '{name}', wanted: '{_WANTED[type_]}', value: {_EXCERPT.format(f'raw.{name}')}}}"
        for name, type_ in typed.items()
    ]
    cases += [
        f"when raw.{name} is null then {{field: '{name}', wanted: '{_KEY}', value: null}}" for name in list_keys(stream)
    ]
    return f"case {' '.join(cases)} end"
