"""Depth as a meter: for each family, nested strips of the shares whose deepest answer earns at least one to four
points."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from dashboards.charts import axes, marks
from dashboards.charts.colours import Palette
from dashboards.charts.marks import (
    NARROW,
    PICKED,
    STEP,
    TIPS,
    Layer,
    Spec,
    encode_own,
    encode_quantity,
    encode_text,
    finish_chart,
    group_layers,
    make_layer,
    style_side,
)
from dashboards.metric_row import Row

POINTS = tuple(f"at_least_{points}" for points in range(1, 5))
HEADLINE = "at_least_3"
"""From this many points on an answer is called deep."""
KEY = "Points, at least"
"""Label of the first row, the key of shades to points."""
SHADES = (0.25, 1 / 3, 0.5, 1.0)
"""Opacities that, stacked, darken in even steps up to the full colour."""
KEY_PX, SWATCH_PX, BAR_PX = 38, 16, 14


def draw_strips(rows: Sequence[Row], order: Sequence[str], titles: Mapping[str, str], theme: Palette) -> Spec:
    """Draws one row per family, darker for deeper answers, with the interval of the headline and its value in words."""
    sides = {row["family_id"]: row["side"] for row in rows}
    names = [KEY, *marks.arrange_rows([family for family in order if family in sides], sides, titles)]
    # Draw the widest strip first, so that deeper ones lie on top.
    nested = sorted((row for row in rows if row["statistic"] in POINTS), key=lambda row: POINTS.index(row["statistic"]))
    levels = [POINTS.index(row["statistic"]) for row in nested]
    strips_by_family = [
        row | style_side(row["side"], theme) | {"points": level + 1, "shade": SHADES[level]}
        for row, level in zip(marks.label_rows(nested, "share", titles), levels, strict=True)
    ]
    y = marks.make_row_axis(names, theme)
    layers = [
        *_draw_strips(),
        *_draw_headline(theme),
        *_draw_words(theme),
        marks.draw_whole_rows() | {"transform": [{"filter": _is_statistic(HEADLINE)}]},
    ]
    tooltip = [*TIPS, encode_text("points", "points, at least")]
    return finish_chart(
        [group_layers(strips_by_family, layers, y=y, tooltip=tooltip), _draw_key(y, theme)],
        theme,
        STEP * len(names),
        PICKED,
    )


def _is_statistic(statistic: str) -> str:
    return f"datum.statistic == '{statistic}'"


def _draw_strips() -> list[Layer]:
    """Draws the nested strips; the outline of the widest tells the sides apart without colour."""
    x = encode_quantity("value", axes.make_share_scale()) | {"stack": None}
    bar: dict[str, Any] = {"orient": "horizontal", "height": BAR_PX}
    filled = make_layer(
        "bar", {"x": x, "fill": encode_own("colour"), "fillOpacity": _encode_as_is("shade")}, "datum.has_point", **bar
    )
    edge = {"x": x, "stroke": encode_own("colour"), "strokeDash": encode_own("dash")}
    return [
        filled,
        make_layer("bar", edge, f"datum.has_point && {_is_statistic(POINTS[0])}", **bar, filled=False, strokeWidth=1),
    ]


def _draw_headline(theme: Palette) -> list[Layer]:
    """Draws the interval with a rim, so that it is visible on every shade."""
    scaled = axes.make_share_scale()
    ends = {"x": encode_quantity("low", scaled), "x2": {"field": "high"}}
    where = f"datum.has_point && {_is_statistic(HEADLINE)}"
    point: dict[str, Any] = {
        "size": 80,
        "filled": False,
        "stroke": theme.ink,
        "strokeWidth": 2,
        "fill": theme.panel,
        "fillOpacity": 1,
        "opacity": 1,
    }
    return [
        make_layer("rule", ends, where, strokeWidth=6, color=theme.panel, opacity=0.85),
        make_layer("rule", ends | {"strokeDash": encode_own("dash")}, where, strokeWidth=2, color=theme.ink),
        make_layer("point", {"x": encode_quantity("value", scaled), "shape": encode_own("shape")}, where, **point),
    ]


def _draw_words(theme: Palette) -> list[Layer]:
    """Draws the headline at the right, shortened on narrow charts, or the state where there is no number."""
    state = make_layer("text", {"x": {"value": 0}, "text": encode_text("said")}, align="left", dx=8, color=theme.muted)
    value = make_layer(
        "text", {"x": {"value": "width"}, "text": encode_text("shown")}, align="left", dx=12, color=theme.ink
    )
    fits = {"calculate": f"{axes.ROOM_PX} < {NARROW} ? datum.short : datum.said", "as": "shown"}
    return [
        state | {"transform": [{"filter": f"!datum.is_measured && {_is_statistic(HEADLINE)}"}]},
        value | {"transform": [{"filter": f"datum.is_measured && {_is_statistic(HEADLINE)}"}, fits]},
    ]


def _draw_key(y: Mapping[str, Any], theme: Palette) -> Layer:
    """Draws the shades with their numbers, in grey since they apply to both sides."""
    # Strips lie on top of each other, so the key shows the opacity that they add up to.
    left_over = list(accumulate(SHADES, lambda left, shade: left * (1 - shade), initial=1.0))[1:]
    swatches = [
        {
            "family": KEY,
            "left": index * KEY_PX,
            "right": index * KEY_PX + SWATCH_PX,
            "shade": 1 - left,
            "points": str(index + 1),
        }
        for index, left in enumerate(left_over)
    ]
    x = {"x": _encode_as_is("left"), "x2": {"field": "right"}}
    style: dict[str, Any] = {"height": BAR_PX, "orient": "horizontal"}
    layers = [
        make_layer("bar", x | {"fillOpacity": _encode_as_is("shade")}, **style, fill=theme.muted),
        make_layer("bar", x, **style, filled=False, stroke=theme.muted, strokeWidth=1),
        make_layer(
            "text", {"x": _encode_as_is("right"), "text": encode_text("points")}, align="left", dx=5, color=theme.ink
        ),
    ]
    return group_layers(swatches, layers, y=y)


def _encode_as_is(field: str) -> dict[str, Any]:
    """Encodes a number that is already a pixel position or an opacity."""
    return {"field": field, "type": "quantitative", "scale": None}
