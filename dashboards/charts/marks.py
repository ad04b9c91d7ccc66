"""Comparison charts as plain Vega-Lite. They draw finished rows and compute no figures."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from dashboards.charts import axes
from dashboards.charts.axes import Scaled, Unit
from dashboards.charts.colours import FONT, Palette
from dashboards.metric_row import Row
from dashboards.words import numbers

Spec = dict[str, Any]
"""A chart as plain Vega-Lite: building it with a charting library would take a hundred times as long."""
Layer = dict[str, Any]
NARROW = axes.NARROW_PX
STEP = 26
"""Height of a family's row in pixels."""
HEADS = {"open": "● Open", "proprietary": "□ Proprietary", "host": "△ Hosts"}
"""Row headings that name a side and double as the legend."""
PICK = "pick"
"""The selection that a click makes; its fields identify a row of the figure."""
PICKED = ("family_id", "segment", "statistic")


def finish_chart(layers: Sequence[Layer], theme: Palette, height: int, picks: Sequence[str] = ()) -> Spec:
    """Applies the shared look; `picks` are the row fields reported by a click on the layer `marks`."""
    axis = {
        "labelColor": theme.muted, "titleColor": theme.muted, "gridColor": theme.hairline, "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal", "labelPadding": 8, "domain": False, "ticks": False,
    }  # fmt: skip
    spec: Spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": "container",
        "height": height,
        "background": "transparent",
        "autosize": {"type": "fit-x", "contains": "padding"},
        # Vega leaves no room for the descenders of the last line.
        "padding": {"left": 0, "right": 4, "top": 4, "bottom": 6},
        "layer": list(layers),
        "config": {
            "font": FONT,
            "axis": axis,
            "mark": {"aria": False},  # screen readers get the text of the whole chart, not hundreds of marks
            "view": {"stroke": None},
            "text": {"font": FONT, "fontSize": 12},
        },
    }
    if picks:
        spec["params"] = [{"name": PICK, "select": {"type": "point", "fields": list(picks)}, "views": ["marks"]}]
    return spec


def make_layer(mark: str, encoding: Mapping[str, Any], where: str = "", **style: Any) -> Layer:
    """Makes a layer of one kind of mark; `where` filters its rows, `style` sets its properties."""
    made: Layer = {"mark": {"type": mark, **style}, "encoding": dict(encoding)}
    if where:
        made["transform"] = [{"filter": where}]
    return made


def group_layers(rows: Sequence[Row], layers: Sequence[Layer], **encoding: Any) -> Layer:
    """Groups layers that share rows and an encoding; instants and days become text that the browser reads as UTC."""
    values = [
        {name: _write_day(value) if isinstance(value, date) else value for name, value in row.items()} for row in rows
    ]
    return {"data": {"values": values}, "encoding": encoding, "layer": list(layers)}


def _write_day(value: date) -> str:
    if isinstance(value, datetime):
        value = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return value.isoformat()


def encode_quantity(field: str, scaled: Scaled) -> dict[str, Any]:
    """Encodes a numeric field as a position."""
    return {"field": field, "type": "quantitative", "scale": scaled[0], "axis": scaled[1]}


def encode_text(field: str, title: str = "") -> dict[str, Any]:
    """Encodes a text field as a label or as one line of a tooltip."""
    return {"field": field, "type": "nominal"} | ({"title": title} if title else {})


def encode_tooltip(fields: Mapping[str, str]) -> list[dict[str, Any]]:
    """Encodes the tooltip from fields and their labels."""
    return [encode_text(field, title) for field, title in fields.items()]


TIPS = encode_tooltip({"family": "family", "said": "value", "n": "cases", "why": "note"})


def encode_own(field: str) -> dict[str, Any]:
    """Encodes a look that the row itself carries."""
    return {"field": field, "type": "nominal", "scale": None}


def draw_interval(low: str, high: str, scaled: Scaled, where: str = "", **style: Any) -> Layer:
    """Draws a line from one field to another, in the look of its row."""
    ends = {"x": encode_quantity(low, scaled), "x2": {"field": high}}
    look = {"color": encode_own("colour"), "strokeDash": encode_own("dash")}
    return make_layer("rule", ends | look, where, strokeWidth=2, **style)


def draw_point(field: str, scaled: Scaled, where: str = "", area: int = 80, **further: Any) -> Layer:
    """Draws a field as a point in the look of its row."""
    look = {"shape": encode_own("shape"), "stroke": encode_own("colour"), "fill": encode_own("fill")}
    encoding = {"x": encode_quantity(field, scaled)} | look | further
    style = {"filled": False, "fillOpacity": 1, "strokeWidth": 2, "opacity": 1}
    return make_layer("point", encoding, where, size=area, **style)


def _label_row(row: Row, unit: Unit, titles: Mapping[str, str]) -> dict[str, Any]:
    """Prepares a row for the chart: adds the value in words, or the state."""
    is_measured = row["state"] in numbers.NUMBERED
    has_point = is_measured and row["value"] is not None
    # A long text at the right would leave a phone no room for the chart.
    short = numbers.FORMATS[unit](row["value"]) if has_point else ""
    short = short or numbers.format_interval(row["low"], row["high"], unit) or "not reached"
    return {
        "family": titles[row["family_id"]],
        **{name: row[name] for name in (*PICKED, "side", "value", "low", "high")},
        "is_measured": is_measured,
        "has_point": has_point,
        "has_spread": is_measured and row["low"] != row["high"],
        "said": numbers.format_value(row, unit),
        "short": short + numbers.mark_suspect(row),
        "n": f"{row['n'] or 0:,}",
        "why": row["note"] or "",
    }


def arrange_rows(order: Sequence[str], sides: Mapping[str, str], titles: Mapping[str, str]) -> list[str]:
    """Orders the rows from top to bottom: those of no side, then each side's heading with its families."""
    names = [titles[family] for family in order if sides[family] not in HEADS]
    for side, head in HEADS.items():
        of_side = [titles[family] for family in order if sides[family] == side]
        names += [head, *of_side] if of_side else []
    return names


def make_row_axis(names: Sequence[str], theme: Palette) -> dict[str, Any]:
    """Makes the axis with one family per row; headings of sides get no grid line."""
    looks = {
        "labelColor": (theme.muted, theme.ink), "labelFontWeight": ("bold", "normal"), "gridOpacity": (0, 1)
    }  # fmt: skip
    is_head = f"indexof({list(HEADS.values())}, datum.value) >= 0"
    axis = {
        "grid": True, "labelLimit": 150, "labelFontSize": 13, "labelPadding": 14, "title": None,
        **{name: {"condition": {"test": is_head, "value": yes}, "value": no} for name, (yes, no) in looks.items()},
    }  # fmt: skip
    return {"field": "family", "type": "nominal", "sort": None, "scale": {"domain": list(names)}, "axis": axis}


def finish_rows(
    rows: Sequence[Row], layers: Sequence[Layer], names: Sequence[str], theme: Palette, tooltip: Sequence[Any] = TIPS
) -> Spec:
    """Finishes a chart with one row per family; `names` are its rows from top to bottom."""
    drawn = group_layers(rows, layers, y=make_row_axis(names, theme), tooltip=list(tooltip))
    return finish_chart([drawn], theme, STEP * len(names), PICKED)


def draw_dots(
    rows: Sequence[Row],
    unit: Unit,
    order: Sequence[str],
    titles: Mapping[str, str],
    theme: Palette,
    statistics: Sequence[str] = (),
) -> Spec:
    """Draws one row per family: a point with its interval as a whisker, and the value in words. Several statistics
    share one row, with marks growing in their order."""
    sides = {row["family_id"]: row["side"] for row in rows}
    names = arrange_rows([family for family in order if family in sides], sides, titles)
    scaled = axes.make_scale(unit, rows)
    looks = {side: theme.look_of(side) for side in set(sides.values())}
    doubtful = theme.look("cross", theme.context, False, (1, 2))
    points = [
        _label_row(row, unit, titles) | (doubtful if row["state"] == "suspect" else looks[row["side"]]) for row in rows
    ]
    if len(statistics) > 1:
        return _draw_steps(points, statistics, scaled, names, theme)
    # The interval is the whisker.
    said = {"x": {"value": "width"}, "text": encode_text("short")}
    value = make_layer("text", said, "datum.is_measured", align="left", dx=12, color=theme.ink)
    return finish_rows(points, [*_draw_known(scaled), value, WHOLE_ROWS], names, theme)


def _draw_steps(
    rows: Sequence[Row], statistics: Sequence[str], scaled: Scaled, names: Sequence[str], theme: Palette
) -> Spec:
    """Draws several statistics a row: marks that grow from the first to the last, joined by a thin line."""
    last = len(statistics) - 1
    steps = {name: {"step": step, "size": 36 + 60 * step // last} for step, name in enumerate(statistics)}
    joined = {
        "x": encode_quantity("value", scaled), "detail": encode_text("family"),
        "order": {"field": "step", "type": "ordinal"}, "color": encode_own("colour"), "strokeDash": encode_own("dash"),
    }  # fmt: skip
    line = make_layer("line", joined, "datum.has_point", strokeWidth=1, opacity=0.6)
    # A click on the row can pick only one of its marks: the last, which says most.
    whole = WHOLE_ROWS | {"transform": [{"filter": f"datum.step == {last}"}]}
    sized = [{**row, **steps[row["statistic"]]} for row in rows if row["statistic"] in steps]
    known = _draw_known(scaled, size={"field": "size", "type": "quantitative", "scale": None})
    return finish_rows(sized, [line, *known, whole], names, theme, [*TIPS, encode_text("statistic", "measure")])


WHOLE_ROWS = make_layer("rect", {"x": {"value": 0}, "x2": {"value": "width"}}, opacity=0, cursor="pointer") | {
    "name": "marks"
}
"""An invisible layer, so that a click anywhere on a row picks it: points alone are too small."""


def _draw_known(scaled: Scaled, **further: Any) -> list[Layer]:
    """Draws points on their intervals; an unknown end extends to the end of the scale, with an arrow there."""
    first, last = scaled[0]["domain"]
    whisker = draw_interval("since", "until", scaled, clip=True) | {
        "transform": [
            {"filter": "datum.has_spread"},
            {"calculate": f"isValid(datum.low) ? datum.low : {first}", "as": "since"},
            {"calculate": f"isValid(datum.high) ? datum.high : {last}", "as": "until"},
        ]
    }
    edge = {"x": encode_quantity("edge", scaled), "color": encode_own("colour"), "shape": encode_own("arrow")}
    arrow = make_layer("point", edge, filled=True, opacity=1, size=64) | {
        "transform": [
            {"filter": "datum.has_spread && isValid(datum.low) != isValid(datum.high)"},
            {"calculate": f"isValid(datum.high) ? {first} : {last}", "as": "edge"},
            {"calculate": "isValid(datum.high) ? 'triangle-left' : 'triangle-right'", "as": "arrow"},
        ]
    }
    return [whisker, draw_point("value", scaled, "datum.has_point", 96, **further), arrow]
