"""Committed tables of simulations: written by the tests, which draw the worlds, and published as they are."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

FOLDER = Path(__file__).parents[1]


def read_simulations(name: str, types: Mapping[str, str]) -> pa.Table:
    """Reads a table of `analytics/` with these columns; empty cells are null. Raises ValueError on other columns,
    and on a line with more or fewer cells."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file)
        if lines.fieldnames != list(types):
            raise ValueError(f"{name}: has the columns {lines.fieldnames}, not {list(types)}")
        columns: dict[str, list[str | None]] = {column: [] for column in types}
        for line in lines:
            if None in line or None in line.values():
                raise ValueError(f"{name}:{lines.line_num}: does not have {len(types)} cells")
            for column in types:
                columns[column].append(line[column] or None)
    return pa.table({column: pc.cast(pa.array(cells, "string"), types[column]) for column, cells in columns.items()})
