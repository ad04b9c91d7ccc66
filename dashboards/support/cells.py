"""Figures in words as a table, one line per family and one column per measure, for context that needs no chart."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

from dashboards.frame import measures, trials
from dashboards.frame.story import Figure, LateRows
from dashboards.frame.view import View
from dashboards.metric_row import MetricRow
from dashboards.words import numbers, sentences
from warehouse.wording import GAP

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
    window: str = ""
    """Window where it is not the page's own."""
    heading: str = ""
    """Heading where the metric has one title for all its statistics."""


def name_most(rows: Sequence[MetricRow], titles: Mapping[str, str], best: str) -> str:
    """Words a chart's finding for shares that may be 0 everywhere, in which case no one ranks first."""
    measured_rows = sentences.select_measured(rows)
    if measured_rows and not any(row["value"] for row in measured_rows):
        return f"{best}: 0{GAP}% wherever there is a number"
    return sentences.name_leader(rows, "share", titles, best)


def make_cells(
    page: View, columns: Sequence[Column], order: Sequence[str]
) -> tuple[list[dict[str, str]], list[TableRow]]:
    """Makes the lines of the table, and the published figures in them as rows of another table."""
    figures = _load_columns(page, columns)
    titles = {column: _name_column(page, column) for column in columns}
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


def draw_table(
    page: View, columns: Sequence[Column], order: Sequence[str], *, name: str, title: str, measure: str, how: str,
    source: str = "",
) -> Figure:  # fmt: skip
    """Draws the columns, one line per family, and reads them when the table is looked at; states the scope of the first
    one, and what makes any of them a trial."""
    lines_and_rows = cache(lambda: make_cells(page, columns, order))
    scope = page.describe_scope(_load_rows(page, columns[0], [columns[0].statistic]))
    metrics = dict.fromkeys(column.metric for column in columns)
    reasons = "".join(trials.describe_trial(page, metric).replace("**", "") for metric in metrics)
    return Figure(
        name=name,
        title=title,
        subtitle=f"{measure}; {scope}; 95 % intervals in brackets.",
        how=f"{how} {reasons}{SHORT}.",
        chart=None,
        rows=LateRows(lambda: lines_and_rows()[1]),
        metric=columns[0].metric,
        source=source or page.source,
        shown=LateRows(lambda: lines_and_rows()[0]),
    )


def _name_column(page: View, column: Column) -> str:
    """Names a column by its metric's title; one that rests on what is not read well enough is called a trial."""
    title = column.heading or measures.read_title(page.snapshot, column.metric, column.statistic, column.segment)
    return f"{title} (a trial)" if column.metric in trials.load_trials(page) else title


def _load_columns(page: View, columns: Sequence[Column]) -> dict[Column, dict[str, MetricRow]]:
    """Loads the rows of each column by family; columns that differ in their statistic only are loaded together."""
    alike: dict[Column, list[Column]] = {}
    for column in columns:
        alike.setdefault(column._replace(statistic="", heading=""), []).append(column)
    figures: dict[Column, dict[str, MetricRow]] = {}
    for column, own in alike.items():
        rows = _load_rows(page, column, [one.statistic for one in own])
        for one in own:
            figures[one] = {row["family_id"]: row for row in rows if row["statistic"] == one.statistic}
    return figures


def _load_rows(page: View, column: Column, statistics: Sequence[str]) -> list[MetricRow]:
    view = replace(page, window=column.window or page.window)
    if column.kind:
        return view.load_metric(column.metric, column.kind, column.segment, statistics)
    return view.load_asked(column.metric, statistics, column.segment)


def format_cell(row: Mapping[str, Any] | None) -> str:
    """Formats the value with its interval, or the mark of its state; empty where there is no such figure."""
    if row is None:
        return ""
    if row["state"] != "measured":
        return numbers.STATES.get(row["state"], (str(row["state"]), ""))[0]
    if row["unit"] != "days":
        return numbers.format_value(row, measures.format_of(row["unit"]))
    ends = {name: None if row[name] is None else 24 * row[name] for name in ("value", "low", "high")}
    return numbers.format_value({**row, **ends}, "hours")


def _to_table_row(column: Column, row: MetricRow) -> TableRow:
    """Adds the measure's name to a published figure, since figures of several measures share no receipt."""
    published: Mapping[str, Any] = row
    return {"metric": column.metric, "part": row["segment"]} | {name: published[name] for name in SHARED_COLUMNS}
