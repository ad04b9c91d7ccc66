"""Depth as a meter: for each family nested strips of those whose deepest answer earns at least one, two … five points."""

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
    Row,
    Spec,
    finish,
    group,
    layer,
    look,
    own,
    quantity,
    text,
)

POINTS = tuple(f"at_least_{points}" for points in range(1, 6))
HEADLINE = "at_least_3"
"""From so many points on an answer is called deep."""
KEY = "Points, at least"
"""The first row: which shade means how many points."""
SHADES = (0.2, 0.25, 0.33, 0.5, 1.0)
"""One upon the other they darken in even steps up to the full colour."""
KEY_PX, SWATCH_PX, BAR_PX = 38, 16, 14


def strips(rows: Sequence[Row], order: Sequence[str], titles: Mapping[str, str], tone: Palette) -> Spec:
    """One row a family: the deeper, the darker; the interval at the headline, and what it is in words."""
    sides = {row["family_id"]: row["side"] for row in rows}
    names = [KEY, *marks.places([family for family in order if family in sides], sides, titles)]
    # The widest strip comes first, so that the deeper lie upon it.
    known = sorted((row for row in rows if row["statistic"] in POINTS), key=lambda row: POINTS.index(row["statistic"]))
    places = [POINTS.index(row["statistic"]) for row in known]
    shown = [
        row | look(row["side"], tone) | {"points": place + 1, "shade": SHADES[place]}
        for row, place in zip(marks.marked(known, "share", titles), places, strict=True)
    ]
    y = marks.row_axis(names, tone)
    layers = [
        *_strips(),
        *_headline(tone),
        *_words(tone),
        marks.whole_rows() | {"transform": [{"filter": _is(HEADLINE)}]},
    ]
    said = [*TIPS, text("points", "points, at least")]
    return finish([group(shown, layers, y=y, tooltip=said), _key(y, tone)], tone, STEP * len(names), PICKED)


def _is(statistic: str) -> str:
    return f"datum.statistic == '{statistic}'"


def _strips() -> list[Layer]:
    """Nested strips; the outline of the widest tells the sides apart without colour."""
    x = quantity("value", axes.shares()) | {"stack": None}
    bar: dict[str, Any] = {"orient": "horizontal", "height": BAR_PX}
    filled = layer("bar", {"x": x, "fill": own("colour"), "fillOpacity": _as_is("shade")}, "datum.has_point", **bar)
    edge = {"x": x, "stroke": own("colour"), "strokeDash": own("dash")}
    return [filled, layer("bar", edge, f"datum.has_point && {_is(POINTS[0])}", **bar, filled=False, strokeWidth=1)]


def _headline(tone: Palette) -> list[Layer]:
    """The interval with a rim, so that it is seen upon each shade."""
    scaled = axes.shares()
    ends = {"x": quantity("low", scaled), "x2": {"field": "high"}}
    where = f"datum.has_point && {_is(HEADLINE)}"
    point: dict[str, Any] = {
        "size": 80,
        "filled": False,
        "stroke": tone.ink,
        "strokeWidth": 2,
        "fill": tone.panel,
        "fillOpacity": 1,
        "opacity": 1,
    }
    return [
        layer("rule", ends, where, strokeWidth=6, color=tone.panel, opacity=0.85),
        layer("rule", ends | {"strokeDash": own("dash")}, where, strokeWidth=2, color=tone.ink),
        layer("point", {"x": quantity("value", scaled), "shape": own("shape")}, where, **point),
    ]


def _words(tone: Palette) -> list[Layer]:
    """The headline at the right, short where there is little room, or the state where there is no number."""
    state = layer("text", {"x": {"value": 0}, "text": text("said")}, align="left", dx=8, color=tone.muted)
    value = layer("text", {"x": {"value": "width"}, "text": text("shown")}, align="left", dx=12, color=tone.ink)
    fits = {"calculate": f"containerSize()[0] < {NARROW} ? datum.short : datum.said", "as": "shown"}
    return [
        state | {"transform": [{"filter": f"!datum.is_measured && {_is(HEADLINE)}"}]},
        value | {"transform": [{"filter": f"datum.is_measured && {_is(HEADLINE)}"}, fits]},
    ]


def _key(y: Mapping[str, Any], tone: Palette) -> Layer:
    """Five shades with their numbers, in grey since they hold for every side."""
    left_over = list(accumulate(SHADES, lambda left, shade: left * (1 - shade), initial=1.0))[1:]
    swatches = [
        {
            "family": KEY,
            "left": place * KEY_PX,
            "right": place * KEY_PX + SWATCH_PX,
            "shade": 1 - left,
            "points": str(place + 1),
        }
        for place, left in enumerate(left_over)
    ]
    x = {"x": _as_is("left"), "x2": {"field": "right"}}
    look_of: dict[str, Any] = {"height": BAR_PX, "orient": "horizontal"}
    layers = [
        layer("bar", x | {"fillOpacity": _as_is("shade")}, **look_of, fill=tone.muted),
        layer("bar", x, **look_of, filled=False, stroke=tone.muted, strokeWidth=1),
        layer("text", {"x": _as_is("right"), "text": text("points")}, align="left", dx=5, color=tone.ink),
    ]
    return group(swatches, layers, y=y)


def _as_is(field: str) -> dict[str, Any]:
    """A number that is a place in pixels or a strength already."""
    return {"field": field, "type": "quantitative", "scale": None}
