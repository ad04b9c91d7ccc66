"""Families side by side: the measures in the rows, and each family's figure as the cell of its column."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from dashboards.compare import ranking
from dashboards.frame import measures
from dashboards.frame.measures import Measure
from dashboards.frame.tables import format_row
from dashboards.frame.view import View
from dashboards.metric_row import MetricRow, Row

HELP = (
    Measure("answered_share", "within_24h", "anyone"),
    Measure("answered_share", "within_7d", "anyone"),
    Measure("first_response_hours", "median", "anyone"),
    Measure("helped_share", "any"),
)
"""Measures of the help that askers get."""
UNSHOWN = ("n_events", "n_censored", "method_version")
"""Columns hidden beside figures of other metrics."""


def load_rows(page: View, measure: Measure, families: Sequence[str]) -> list[MetricRow]:
    """Loads the figures of one measure for these families; a measure by which families are ranked comes with its
    adjusted figures."""
    ranked = [] if measure.kind else ranking.load_ranks(replace(page, chosen=()), measure)
    is_ranked = any(row["rank"] for row in ranked)
    figures = cast("list[MetricRow]", ranked) if is_ranked else page.load_asked(*measure.address)
    return sorted(
        (row for row in figures if row["family_id"] in families), key=lambda row: families.index(row["family_id"])
    )


def is_adjusted(figures: Sequence[Row]) -> bool:
    """Returns whether figures have adjusted ones beside them, which are shown."""
    return any("rank" in row for row in figures)


def show_row(row: Row) -> Row:
    """Returns a figure as it is shown: adjusted if the measure ranks families."""
    return ranking.adjust(dict(row)) if "rank" in row else row


def read_heading_of(page: View, measure: Measure, figures: Sequence[Row]) -> str:
    """Reads the name of a measure, with an arrow if less is better; adjusted figures have another name."""
    heading = measures.read_heading(page.snapshot, measure.metric, measure.statistic, measure.segment)
    return f"{heading}, adjusted" if is_adjusted(figures) else heading


def make_line(page: View, measure: Measure, figures: Sequence[Row], families: Sequence[str]) -> dict[str, str]:
    """Makes the table row of a measure: its name, and a cell for each family."""
    by_family = {row["family_id"]: show_row(row) for row in figures}
    cells = {
        page.titles[family]: format_row(by_family[family], measure.metric) if family in by_family else "no such figure"
        for family in families
    }
    return {"measure": read_heading_of(page, measure, figures)} | cells


def to_table_row(row: Row, heading: str, metric: str) -> dict[str, Any]:
    """Prepares a figure for the table and the downloads, with its measure, since rows of several metrics stand
    together."""
    return {"measure": heading, "metric": metric} | {name: value for name, value in row.items() if name not in UNSHOWN}
