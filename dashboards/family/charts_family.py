"""Charts of one family: its figure among those of its side, and twelve months of work."""

from collections.abc import Mapping, Sequence

from dashboards.charts import axes
from dashboards.charts.axes import Unit
from dashboards.charts.colours import Palette
from dashboards.charts.marks import (
    Spec,
    draw_interval,
    draw_point,
    encode_own,
    encode_quantity,
    encode_tooltip,
    finish_chart,
    group_layers,
    make_layer,
)
from dashboards.metric_row import Row
from dashboards.words import numbers

ROW = 34
"""Height of the one row in pixels."""
BARS = 132


def draw_among(
    mine: Sequence[Row], others: Sequence[Row], unit: Unit, titles: Mapping[str, str], theme: Palette
) -> Spec:
    """Draws one row: grey ticks for the others, and the family's own point with its interval."""
    scaled = axes.make_scale(unit, [*mine, *others])
    names = ("family_id", "segment", "statistic", "value", "low", "high")
    grey, own = (
        [
            {name: row[name] for name in names}
            | {"family": titles[row["family_id"]], "said": numbers.format_value(row, unit)}
            | (theme.look_suspect() if row["state"] == "suspect" else theme.look_of(row["side"]))
            for row in rows
        ]
        for rows in (others, mine)
    )
    has_value, x = "isValid(datum.value)", encode_quantity("value", scaled)
    tick = make_layer("tick", {"x": x}, has_value, color=theme.context, size=16, thickness=2, opacity=0.7)
    marked = [draw_interval("low", "high", scaled, clip=True), draw_point("value", scaled, has_value, 110)]
    shared = {"y": {"value": ROW / 2}, "tooltip": encode_tooltip({"family": "family", "said": "value"})}
    return finish_chart([group_layers(grey, [tick], **shared), group_layers(own, marked, **shared)], theme, ROW)


def draw_months(months: Sequence[Row], means: Sequence[Row], side: str, theme: Palette) -> Spec:
    """Draws work by month as bars, the judged months in the colour of the side, with the mean of each period."""
    top = max([row["count"] for row in months], default=1) or 1
    # Every third bar has its month as a label.
    label = "floor(datum.index * 11 + 0.5) % 3 == 2 ? substring(datum.label, length(datum.label) - 8) : ''"
    axis = {"title": None, "labelAngle": 0, "labelExpr": label, "labelOverlap": False, "grid": False}
    x = {"field": "month", "type": "ordinal", "sort": None, "axis": axis}
    y = encode_quantity("count", axes.make_count_scale([top]))
    bars = [
        {**row, "colour": theme.side(side) if row["is_late"] else theme.context, "said": f"{row['count']:,}"}
        for row in months
    ]
    bar = make_layer("bar", {"y": y, "fill": encode_own("colour")}, opacity=0.7)
    line = {"x": x | {"field": "first"}, "x2": {"field": "last"}, "y": y | {"field": "mean"}}
    rule = make_layer("rule", line, strokeWidth=2, color=theme.ink)
    tooltip = encode_tooltip({"month": "30 days to", "said": "pieces of work"})
    return finish_chart([group_layers(bars, [bar], x=x, tooltip=tooltip), group_layers(means, [rule])], theme, BARS)
