"""Slices: a table that reads many rows is made a few families at a time, so that joins and sorts fit in memory. Only
where the rows of one family rest on none of another one (`families.py`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

import duckdb

from analytics.engine.families import KEYS, Layout
from analytics.engine.making import add_rows, make_table, prepare_table
from analytics.engine.models import Model

SLICE_ROWS = 3_000_000
"""Most rows of the longest table that a slice reads; a family with more of them is a slice of its own."""
SHORT_ROWS = 100_000
"""Rows of a shorter table are not counted by family: that would cost more than it tells."""


@dataclass(frozen=True, slots=True)
class RowCounts:
    """Rows of each family in the tables that a build reads. A table is counted once, as it is read only when it is up
    to date."""

    connection: duckdb.DuckDBPyConnection
    layout: Layout
    _counted: dict[str, Mapping[str, int]] = field(default_factory=dict)

    def count_longest(self, model: Model) -> Mapping[str, int]:
        """Counts the rows of each family in the longest table that another one reads; none in a short one."""
        for table in model.reads - self._counted.keys():
            self._counted[table] = self._count_rows(table)
        return max((self._counted[table] for table in sorted(model.reads)), key=_sum_rows, default={})

    def _count_rows(self, table: str) -> Mapping[str, int]:
        by = self.layout.tables.get(table)
        if not by or self.connection.execute(f"select count(*) from {table}").fetchall()[0][0] < SHORT_ROWS:
            return {}
        counts = dict.fromkeys(self.layout.list_families(), 0)
        rows = self.connection.execute(f"select {KEYS[by]}, count(*) from {table} group by all").fetchall()
        for key, count in rows:
            for family in counts.keys() & (self.layout.find_families(by, [key]) or frozenset()):
                counts[family] += count
        return counts


def _sum_rows(counts: Mapping[str, int]) -> int:
    return sum(counts.values())


def make_table_in_slices(model: Model, counts: RowCounts) -> None:
    """Makes a table anew: at once, or slice by slice where it reads more than a slice holds."""
    connection, layout = counts.connection, counts.layout
    slices = divide_families(counts.count_longest(model)) if layout.is_apart(model) else []
    if len(slices) < 2:
        make_table(connection, model.table, prepare_table(connection, model))
        return
    # The last slice holds the rows of no family or many.
    for number, families in enumerate((*slices, frozenset[str]())):
        made = prepare_table(connection, model, partial(layout.render_query_for, families=families))
        add = add_rows if number else make_table
        add(connection, model.table, made, layout.render_rows_of(model.by, families))


def divide_families(counts: Mapping[str, int]) -> list[frozenset[str]]:
    """Divides families, by the rows of each, into slices of at most SLICE_ROWS, or of one family."""
    slices: list[list[str]] = []
    room = 0
    for family, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
        if not slices or count > max(room, 0):
            slices.append([])
            room = SLICE_ROWS
        slices[-1].append(family)
        room -= count
    return [frozenset(slice_) for slice_ in slices]
