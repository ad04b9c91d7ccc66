"""Charts for comparing side by side: shares in one list, differences around 0, and a grid of families by
measures."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.charts import axes, marks
from dashboards.charts.colours import Palette
from dashboards.charts.lines import PointStyle, draw_intervals
from dashboards.charts.marks import (
    NARROW,
    Layer,
    Spec,
    encode_own,
    encode_quantity,
    encode_text,
    encode_tooltip,
    finish_chart,
    group_layers,
    make_layer,
)
from dashboards.metric_row import Row

HEADS = {"open": "●", "proprietary": "□", "host": "△"}
LETTER_PX = 6.8
"""Approximate width of a letter in pixels."""
HEAD_PX, TITLE_PX, VALUE_PX, STRIP_PX, REST_PX = 36, 20, 18, 14, 14
"""Heights in pixels of the families' names, of a measure's name, of a value, of its strip, and of the gap between two
measures."""
FEW = 3
"""Columns up to which a cell has its interval in words too."""
CELL = 0.9
"""Fraction of its column that a cell takes up."""


def draw_shares(rows: Sequence[Row], titles: Mapping[str, str], theme: Palette) -> Spec:
    """Draws a family per row in the order given, whatever its side: its pooled share with its interval, and `said` or
    `short` at the right."""
    scale, axis = axes.make_scale("share", [{"value": row["pooled_high"]} for row in rows])
    scaled: axes.Scaled = (scale, axis | {"labelOverlap": True, "labelSeparation": 8})
    points = [{**row, "family": titles[row["family_id"]], **marks.style_side(row["side"], theme)} for row in rows]
    x = {
        "value": encode_quantity("pooled_value", scaled),
        "low": encode_quantity("pooled_low", scaled),
        "high": {"field": "pooled_high"},
    }
    value = make_layer(
        "text", {"x": {"value": "width"}, "text": encode_text("shown")}, align="left", dx=12, color=theme.ink
    )
    wording = {"calculate": f"{axes.ROOM_PX} < {NARROW} ? datum.short : datum.said", "as": "shown"}
    layers = [*_draw_marks(x, "pooled_value", "pooled_low"), value | {"transform": [wording]}, marks.draw_whole_rows()]
    tooltip = encode_tooltip({"family": "family", "said": "share · rank (range)", "cases": "cases"})
    names = [point["family"] for point in points]
    return marks.finish_rows(points, layers, names, theme, tooltip)


def _draw_marks(x: Mapping[str, Any], value: str, low: str) -> list[Layer]:
    """Draws a whisker and a point in the look of their side, each where `low` or `value` names a field that is not
    null."""
    whisker = {"x": x["low"], "x2": x["high"], "color": encode_own("colour"), "strokeDash": encode_own("dash")}
    point = {"x": x["value"], "shape": encode_own("shape"), "stroke": encode_own("colour"), "fill": encode_own("fill")}
    return [
        make_layer("rule", whisker, f"isValid(datum.{low})", strokeWidth=2),
        make_layer(
            "point", point, f"isValid(datum.{value})", size=80, filled=False, strokeWidth=2, fillOpacity=1, opacity=1
        ),
    ]


def draw_differences(groups: Sequence[dict[str, Any]], left: str, right: str, theme: Palette) -> Spec:
    """Draws one line per difference, in percentage points around 0.

    `left` and `right` say what each direction means; they hold names and are passed as data, never as part of an
    expression.
    """
    ends = [abs(line[end]) for group in groups for line in group["lines"] for end in ("low", "high")]
    reach = max([0.1, *ends]) * 1.05
    axis = {"values": [0], "labelExpr": "'0'", "grid": False, "title": None}
    scaled: axes.Scaled = ({"domain": [-reach, reach], "nice": False}, axis)
    looks = {
        "more than chance": PointStyle("circle", True, theme.ink),
        "too close to call among all pairs": PointStyle("circle", False, theme.ink),
        "too close to call": PointStyle("diamond", False, theme.muted),
    }
    spec = draw_intervals(groups, looks, scaled, {0: False}, theme)
    spec["layer"] += _draw_directions(left, right, theme)
    return spec | {"padding": {**spec["padding"], "bottom": 6}}


def _encode_height(height: float) -> dict[str, Any]:
    """Encodes a position in pixels from the top."""
    scale = {"domain": [0, height], "reverse": True, "nice": False}
    return {"field": "y", "type": "quantitative", "scale": scale, "axis": None}


def _draw_directions(left: str, right: str, theme: Palette) -> list[Layer]:
    """Draws what each direction means, level with the axis."""
    directions = []
    for word, x, align in ((left, {"value": 0}, "left"), (right, {"value": "width"}, "right")):
        style: Row = {
            "align": align,
            "dy": 15,
            "color": theme.muted,
            "fontSize": 12,
            "limit": {"expr": "width / 2 - 16"},
        }
        directions.append(
            group_layers(
                [{"word": word}],
                [make_layer("text", {"x": x, "y": {"value": "height"}, "text": encode_text("word")}, **style)],
            )
        )
    return directions


def draw_cells(columns: Sequence[tuple[str, str]], measures: Sequence[Row], theme: Palette) -> Spec:
    """Draws a column per family (title and side) and a block per measure with its `name`, `verdict` and a cell for each
    column.

    Cells have `said`, `short`, `is_measured` and the positions `value`, `low` and `high`, from 0 to 1 on the strip of
    their measure.
    """
    block = TITLE_PX + VALUE_PX + STRIP_PX + REST_PX
    height = HEAD_PX + block * len(measures)
    tops = [HEAD_PX + block * index for index in range(len(measures))]
    named = [
        {name: measure[name] for name in ("name", "verdict")} | {"top": top - REST_PX / 4, "y": top + TITLE_PX / 2 + 2}
        for measure, top in zip(measures, tops, strict=True)
    ]
    drawn_cells = [
        _place_cell(cell, column, top) | {"measure": measure["name"], "family": columns[column][0]}
        for measure, top in zip(measures, tops, strict=True)
        for column, cell in enumerate(measure["cells"])
    ]
    y = _encode_height(height)
    room = f"({axes.ROOM_PX} * {CELL / max(1, len(columns))})"
    layers = [
        _draw_partings(named, y, theme),
        _draw_columns(columns, y, room, theme),
        _draw_measure_names(named, y, theme),
        _draw_values(drawn_cells, y, room, len(columns), theme),
        _draw_strips(drawn_cells, y, len(columns), theme),
    ]
    drawn = finish_chart(layers, theme, height)
    return drawn | {"config": {**drawn["config"], "axis": {**drawn["config"]["axis"], "grid": False}}}


def _place_cell(cell: Row, column: int, top: float) -> dict[str, Any]:
    """Positions a cell and the marks on its strip."""
    at = {end: None if cell[end] is None else column + CELL * cell[end] for end in ("value", "low", "high")}
    y = top + TITLE_PX + VALUE_PX / 2
    fields = {name: cell[name] for name in ("said", "short", "is_measured", "side", "n", "why")}
    return fields | {
        "column": column,
        "end": column + CELL,
        **at,
        "y": y,
        "strip": top + TITLE_PX + VALUE_PX + STRIP_PX / 2,
    }


def _encode_across(field: str, count: int) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "scale": {"domain": [0, count], "nice": False}, "axis": None}


def _draw_partings(named: Sequence[Row], y: Row, theme: Palette) -> Layer:
    rule = make_layer("rule", {"x": {"value": 0}, "x2": {"value": "width"}}, color=theme.hairline)
    return group_layers(named, [rule], y={**y, "field": "top"})


def _draw_columns(columns: Sequence[tuple[str, str]], y: Row, room: str, theme: Palette) -> Layer:
    """Draws the families' names, each with the mark of its side; in narrow columns every second name is set lower."""
    rows = [
        {"family": f"{HEADS.get(side, '')} {title}", "column": encoding, "y": 10}
        for encoding, (title, side) in enumerate(columns)
    ]
    narrow = f"{room} < 104"
    drawn = []
    for turn in (0, 1):
        style: Row = {
            "align": "left",
            "color": theme.ink,
            "fontSize": {"expr": f"{narrow} ? 11 : 13"},
            "fontWeight": "bold",
        }
        limit, down = {"expr": f"{narrow} ? 2 * {room} : {room}"}, {"expr": f"{narrow} ? {14 * turn} : 0"}
        encoding = {"x": _encode_across("column", len(columns)), "text": encode_text("family")}
        drawn.append(make_layer("text", encoding, f"datum.column % 2 == {turn}", **style, limit=limit, dy=down))
    return group_layers(rows, drawn, y=y)


def _draw_measure_names(named: Sequence[Row], y: Row, theme: Palette) -> Layer:
    """Draws the name of each measure and, at the right where it fits, what can be told apart."""
    name = make_layer(
        "text",
        {"x": {"value": 0}, "text": encode_text("name")},
        align="left",
        color=theme.muted,
        fontSize=12,
        limit={"expr": "width"},
    )
    fits = f"(length(datum.name) + length(datum.verdict)) * {LETTER_PX} + 16 <= {axes.ROOM_PX}"
    verdict = make_layer(
        "text",
        {"x": {"value": "width"}, "text": encode_text("verdict")},
        fits,
        align="right",
        color=theme.muted,
        fontSize=12,
        fontStyle="italic",
    )
    return group_layers(named, [name, verdict], y=y)


def _draw_values(drawn_cells: Sequence[Row], y: Row, room: str, count: int, theme: Palette) -> Layer:
    """Draws the value with its interval, or alone in narrow columns; a state as its mark."""
    # Many columns are read across, and their strips show the intervals.
    fits = f"{count} <= {FEW} && length(datum.said) * {LETTER_PX} <= {room}"
    # A state is explained once below the title, so that its mark is enough in each cell.
    wording = {"calculate": f"datum.is_measured && {fits} ? datum.said : datum.short", "as": "shown"}
    tooltip = encode_tooltip({"measure": "measure", "family": "family", "said": "value", "n": "cases", "why": "note"})
    encoding = {"x": _encode_across("column", count), "text": encode_text("shown"), "tooltip": tooltip}
    # In the narrowest columns a percentage would reach into the next one.
    size = {"expr": f"{room} < 56 ? 11 : 13"}
    value = make_layer("text", encoding | {"color": encode_own("ink")}, align="left", fontSize=size) | {
        "transform": [wording]
    }
    return group_layers(
        [{**cell, "ink": theme.ink if cell["is_measured"] else theme.muted} for cell in drawn_cells], [value], y=y
    )


def _draw_strips(drawn_cells: Sequence[Row], y: Row, count: int, theme: Palette) -> Layer:
    """Draws the scale of each cell as a line, with the point and its whisker."""
    measured = [cell for cell in drawn_cells if cell["value"] is not None or cell["low"] is not None]
    strip = {**y, "field": "strip"}
    x = {"value": _encode_across("value", count), "low": _encode_across("low", count), "high": {"field": "high"}}
    track = make_layer(
        "rule", {"x": _encode_across("column", count), "x2": {"field": "end"}}, color=theme.hairline, strokeWidth=2
    )
    return group_layers(
        [{**cell, **marks.style_side(cell["side"], theme)} for cell in measured],
        [track, *_draw_marks(x, "value", "low")],
        y=strip,
    )
