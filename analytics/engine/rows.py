"""Tables made of rows that Python computes."""

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa


def make_rows(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> pa.Table:
    """Makes a table of rows; `columns` names its columns by type, as in `{"string": "metric unit", "int64": "n"}`. What
    a row lacks is empty, and what is no column is not kept."""
    types = [(name, pa.type_for_alias(kind)) for kind, names in columns.items() for name in names.split()]
    return pa.Table.from_pylist(list(rows), pa.schema(types))
