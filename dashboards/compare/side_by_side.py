"""The figures of a measure, adjusted where families are ranked by it, and its name."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from dashboards.compare import ranking
from dashboards.frame import measures
from dashboards.frame.measures import Measure
from dashboards.frame.view import View
from dashboards.metric_row import MetricRow, Row


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
