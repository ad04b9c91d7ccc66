"""Levels for pages: ordered by one of their marks, and left out where none are known."""

from collections.abc import Mapping, Sequence
from typing import Literal

from dashboards.charts.axes import Scaled
from dashboards.charts.marks import Spec
from dashboards.frame.view import View
from dashboards.metric_row import MetricRow
from dashboards.openness.charts import levels
from dashboards.openness.charts.levels import Form


def draw_ordered_levels(
    page: View,
    rows: Sequence[MetricRow],
    names: Sequence[str],
    middle: str,
    form: Form,
    scaled: Scaled,
    by: Literal["statistic", "segment"] = "statistic",
    guides: Mapping[float, str] | None = None,
    *,
    is_least_first: bool = False,
) -> Spec | None:
    """Draws levels by the field `by`, families ordered by their level `middle`; None where no level is known."""
    if not rows:
        return None
    # Hosts without any level would only list gaps; the table below has them.
    levels_shown: list[MetricRow] = [row for row in rows if row["side"] != "host" or row["state"] == "measured"]
    turn = -1 if is_least_first else 1
    order = page.order_families(
        [
            {**row, "value": None if row["value"] is None else turn * row["value"]}
            for row in levels_shown
            if row[by] == middle
        ]
    )
    return levels.draw_levels(levels_shown, by, names, form, scaled, order, page.titles, page.theme, guides)


def describe_scope(page: View, rows: Sequence[MetricRow], where: str) -> str:
    """States what the rows cover; an all-time level is the one last seen."""
    return page.describe_scope(rows, where).replace(", all time", ", as last seen")
