"""The chart of one family's figure among those of its side."""

from collections.abc import Mapping, Sequence

from dashboards.charts import axes
from dashboards.charts.axes import Unit
from dashboards.charts.colours import Palette
from dashboards.charts.marks import (
    Spec,
    draw_interval,
    draw_point,
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
