"""Figures in words as a table, one line per family and one column per measure, for context that needs no chart."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dashboards.frame import measures
from dashboards.frame.view import View
from dashboards.metric_row import MetricRow
from dashboards.words import numbers, sentences

TableRow = dict[str, Any]
"""A published figure with the name of its metric, for tables of several metrics."""
SHARED_COLUMNS = (
    "family_id", "channel_kind", "channel_role", "statistic", "window", "value", "low", "high", "unit", "n",
    "coverage_share", "as_of_at", "state", "note",
)  # fmt: skip
SHORT = "≈ too few cases, — not applicable, ○ not collected, ⊘ closed by policy, ? not observable"
"""The meaning of the marks in cells."""


class Column(NamedTuple):
    """A column: which published figures it holds, under the title from their metric."""

    metric: str
    statistic: str
    segment: str
    kind: str = ""
    """Kind of channel where it is not the page's own."""


def name_most(rows: Sequence[MetricRow], titles: Mapping[str, str], best: str) -> str:
    """Words a chart's finding for shares that may be 0 everywhere, in which case no one ranks first."""
    measured_rows = sentences.select_measured(rows)
    if measured_rows and not any(row["value"] for row in measured_rows):
        return f"{best}: 0{numbers.GAP}% wherever there is a number"
    return sentences.name_leader(rows, "share", titles, best)


def make_cells(
    page: View, columns: Sequence[Column], order: Sequence[str]
) -> tuple[list[dict[str, str]], list[TableRow]]:
    """Makes the lines of the table, and the published figures in them as rows of another table."""
    figures = {column: _load_column(page, column) for column in columns}
    titles = {
        column: measures.read_title(page.snapshot, column.metric, column.statistic, column.segment)
        for column in columns
    }
    families = [family for family in order if any(family in of_column for of_column in figures.values())]
    lines = [
        {"family": page.titles[family]}
        | {titles[column]: format_cell(figures[column].get(family)) for column in columns}
        for family in families
    ]
    rows = [
        _to_table_row(column, figures[column][family])
        for column in columns
        for family in families
        if family in figures[column]
    ]
    return lines, rows


def _load_column(page: View, column: Column) -> dict[str, MetricRow]:
    rows = (
        page.load_metric(column.metric, column.kind, column.segment, (column.statistic,))
        if column.kind
        else page.load_asked(column.metric, (column.statistic,), column.segment)
    )
    return {row["family_id"]: row for row in rows}


def format_cell(row: Mapping[str, Any] | None) -> str:
    """Formats the value with its interval, or the mark of its state; empty where there is no such figure."""
    if row is None:
        return ""
    return (
        numbers.format_value(row, measures.format_of(row["unit"]))
        if row["state"] == "measured"
        else numbers.STATES.get(row["state"], (row["state"], ""))[0]
    )


def _to_table_row(column: Column, row: MetricRow) -> TableRow:
    """Adds the measure's name to a published figure, since figures of several measures share no receipt."""
    published: Mapping[str, Any] = row
    return {"metric": column.metric, "part": row["segment"]} | {name: published[name] for name in SHARED_COLUMNS}
