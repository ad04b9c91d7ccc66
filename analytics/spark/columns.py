"""Types of columns on both sides: what Parquet hands over, and what each engine makes of it."""

import duckdb
from sqlglot import exp

HASHED = ("_id", "_key")
"""How columns end that hold a hash, of 64 bits without a sign; Spark's numbers have one."""
_HANDED = {"HUGEINT": "bigint", "UBIGINT": "bigint", "JSON": "varchar"}
"""Types that Spark lacks, and what it gets in their place."""
_MADE = {"JSON": "string", "HUGEINT": "bigint", "UBIGINT": "bigint"}
"""The same in the words of Spark, where the translator has others."""
Columns = dict[str, str]
"""Types of DuckDB by the name of the column."""


def list_columns(connection: duckdb.DuckDBPyConnection, query: str) -> Columns:
    """Lists the columns of a query, or of a table, with their types."""
    return {name: type_ for name, type_, *_ in connection.execute(f"describe {query}").fetchall()}


def is_hash(name: str, type_: str) -> bool:
    """Tells whether a column holds a hash."""
    return type_ == "UBIGINT" and name.endswith(HASHED)


def render_signed(name: str) -> str:
    """Renders a hash as a number with a sign."""
    return f'cast(cast("{name}" as hugeint) - {2**63} as bigint)'


def render_handed(columns: Columns) -> str:
    """Renders the columns of a table in types that Spark reads."""
    return ", ".join(
        f'{render_signed(name)} as "{name}"' if is_hash(name, type_)
        else f'cast("{name}" as {_HANDED[type_]}) as "{name}"' if type_ in _HANDED else f'"{name}"'
        for name, type_ in columns.items()
    )  # fmt: skip


def render_fetched(columns: Columns) -> str:
    """Renders the columns that Spark made in the types that DuckDB would have given them."""
    return ", ".join(
        f'cast(cast("{name}" as hugeint) + {2**63} as ubigint) as "{name}"' if is_hash(name, type_)
        else f'cast("{name}" as {type_}) as "{name}"'
        for name, type_ in columns.items()
    )  # fmt: skip


def render_made(columns: Columns) -> str:
    """Renders, in Spark's SQL, the columns of a query in types that stand for those of DuckDB: what one query makes
    the next one reads."""
    return ", ".join(f"cast(`{name}` as {_name_type(type_)}) as `{name}`" for name, type_ in columns.items())


def _name_type(type_: str) -> str:
    return _MADE.get(type_) or str(exp.DataType.build(type_, dialect="duckdb").sql("spark"))
