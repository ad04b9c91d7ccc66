"""Columns of similar marks: several parts of one measure side by side, one family per row."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.charts import axes, marks
from dashboards.charts.axes import Scaled, Unit
from dashboards.charts.colours import Palette
from dashboards.charts.marks import (
    PICKED,
    STEP,
    TIPS,
    Layer,
    Spec,
    encode_quantity,
    encode_text,
    finish_chart,
    group_layers,
    make_layer,
)
from dashboards.metric_row import Row

ROOM = 100
"""Width in pixels that a column needs for numbers beside its marks; in narrower ones the tooltip and the table still
give them."""


def draw_panels(
    rows: Sequence[Row], unit: Unit, columns: Mapping[str, str], by: str, order: Sequence[str],
    titles: Mapping[str, str], theme: Palette,
    is_alike: bool = True,
) -> Spec:  # fmt: skip
    """Draws one column for each value of the field `by`, under its name; unless `is_alike`, columns have scales of
    their own."""
    panel_rows = [row for row in rows if row[by] in columns]
    sides = {row["family_id"]: row["side"] for row in panel_rows}
    names = marks.arrange_rows([family for family in order if family in sides], sides, titles)
    points = [
        row | marks.style_side(row["side"], theme) for row in _place_rows(panel_rows, unit, list(columns), by, titles)
    ]
    lines = make_layer("rule", {"x": {"value": 0}, "x2": {"value": "width"}}, color=theme.hairline)
    y = marks.make_row_axis(names, theme)
    y["axis"]["grid"] = False
    layers = [group_layers(points, [lines, _draw_cell_areas(len(columns))], y=y, tooltip=TIPS)]
    for index, (key, name) in enumerate(columns.items()):
        scaled = make_scale(
            unit, [row for row in panel_rows if row["state"] == "measured" and (is_alike or row[by] == key)]
        )
        x = encode_quantity("value", _make_column(scaled, name, index, len(columns), theme))
        own = [row for row in points if row["column"] == index]
        drawn = [*_draw_marks(x, scaled[0]["domain"], len(columns), theme), _draw_states(index, len(columns), theme)]
        layers.append(group_layers(own, drawn, y=_encode_rows(names), tooltip=TIPS))
    spec = finish_chart(layers, theme, STEP * len(names), PICKED)
    return spec | {"resolve": {"scale": {"x": "independent"}}}


def make_scale(unit: Unit, rows: Sequence[Row]) -> Scaled:
    """Returns the scale of a column; rates may all lie far below one, so their logarithmic scale begins lower."""
    if unit != "rate":
        return axes.make_scale(unit, rows)
    ends = [row[name] for row in rows for name in ("value", "low", "high") if row[name] is not None]
    top = max(ends, default=1) or 1
    least = min((row["value"] for row in rows if row["value"]), default=top)
    if least * 50 >= top:
        return {"domain": [0, top * 1.05], "nice": False}, {"format": "~r", "title": None}
    ticks = [10.0**power for power in range(-6, 7) if least <= 10.0**power <= top]
    scale = {"type": "symlog", "constant": least, "domain": [0, top * 1.1], "nice": False}
    return scale, {"values": [0, *ticks[-2:]], "format": "~r", "title": None}


def _make_column(scaled: Scaled, name: str, index: int, count: int, theme: Palette) -> Scaled:
    """Makes the scale of a column within its share of the width, and its axis with the name above; on two lines
    where it has two words; on a phone every second one of a single word is raised."""
    edges = [{"expr": f"width * {(index + end) / count:.4f}"} for end in (0.03, 0.72)]
    is_raised = index % 2 and " " not in name
    raised = {"expr": f"width < {ROOM * count} ? {18 if is_raised else 2} : 2"}
    head: dict[str, Any] = {
        "orient": "top", "title": name.split(" ", 1), "titleAlign": "left", "titleAnchor": "start",
        "titleColor": theme.ink,
        "titleFontSize": 12,
        "titleFontWeight": "bold", "titlePadding": raised, "labelOverlap": "greedy",
        # Vega drops ticks beyond this number, even given ones.
        "tickCount": len(scaled[1].get("values", (0, 1))), "grid": True,
    }  # fmt: skip
    if scaled[1].get("labelExpr") == axes.PERCENT:
        # On a phone the percent signs of neighbouring columns would touch.
        short = f"width < {ROOM * count} ? format(datum.value * 100, '~r') : {axes.PERCENT}"
        head |= {"values": [0, 1], "labelExpr": short}
    return scaled[0] | {"range": edges}, scaled[1] | head


def _place_rows(
    rows: Sequence[Row], unit: Unit, columns: Sequence[str], by: str, titles: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Assigns rows to columns. A family without any number states the reason once; one that lacks a part shows only the
    mark of its state."""
    some = {row["family_id"] for row in rows if row["state"] == "measured"}
    placed = []
    for row, labelled in zip(rows, marks.label_rows(rows, unit, titles), strict=True):
        column = columns.index(row[by])
        missing = (
            labelled["said"].split(" ", 1)[0] if row["family_id"] in some else labelled["said"] if column == 0 else ""
        )
        word = "" if labelled["is_measured"] else missing
        placed.append(labelled | {"column": column, "word": word})
    return placed


def _encode_rows(names: Sequence[str]) -> dict[str, Any]:
    return {"field": "family", "type": "nominal", "sort": None, "scale": {"domain": list(names)}}


def _draw_cell_areas(count: int) -> Layer:
    """Draws the cells as areas to click."""
    edges = {
        name: {"value": {"expr": f"width * (datum.column + {end}) / {count}"}} for name, end in (("x", 0), ("x2", 1))
    }
    return make_layer("rect", edges, opacity=0, cursor="pointer") | {"name": "marks"}


def _draw_marks(x: dict[str, Any], domain: Sequence[float], count: int, theme: Palette) -> list[Layer]:
    """Draws interval, point and number of a cell; an unknown end extends to the end of the scale."""
    until = f"isValid(datum.high) ? datum.high : {domain[1]}"
    ends = {
        "x": x | {"field": "since"},
        "x2": {"field": "until"},
        "color": marks.encode_own("colour"),
        "strokeDash": marks.encode_own("dash"),
    }
    whisker = make_layer("rule", ends, strokeWidth=2)
    whisker["transform"] = [
        {"filter": "datum.has_spread"},
        {"calculate": f"isValid(datum.low) ? datum.low : {domain[0]}", "as": "since"},
        {"calculate": until, "as": "until"},
    ]
    look = {"shape": marks.encode_own("shape"), "stroke": marks.encode_own("colour"), "fill": marks.encode_own("fill")}
    point = make_layer(
        "point", {"x": x} | look, "datum.has_point", size=72, filled=False, fillOpacity=1, strokeWidth=2, opacity=1
    )
    number = make_layer(
        "text",
        {"x": x | {"field": "edge"}, "text": encode_text("short")},
        align="left",
        dx=9,
        color=theme.muted,
        fontSize=11,
    )
    number["transform"] = [
        {"filter": f"datum.has_point && width >= {ROOM * count}"},
        {"calculate": f"!datum.has_spread ? datum.value : {until}", "as": "edge"},
    ]
    return [whisker, point, number]


def _draw_states(index: int, count: int, theme: Palette) -> Layer:
    at = {"value": {"expr": f"width * {(index + 0.03) / count:.4f}"}}
    return make_layer(
        "text", {"x": at, "text": encode_text("word")}, "datum.word != ''", align="left", dx=6, color=theme.muted
    )
