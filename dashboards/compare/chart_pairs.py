"""The chart of pairs: a row per measure with a dot for each of two families, their difference beside it, and in words
whether it is real. On a phone there is room for the words, not for the difference."""

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dashboards.charts import axes, marks
from dashboards.charts.colours import Palette
from dashboards.compare import differences
from dashboards.metric_row import Row
from dashboards.words import numbers

HEAD_PX, ROW_PX, FOOT_PX = 30, 72, 24
"""Heights of the headings, of a measure, and of the numbers below all of them."""
ROOM = f"({axes.ROOM_PX} - 8)"
"""Pixels between the edges. Marks placed by the width of the plot would take room from it, as it is fitted to them."""
IS_WIDE = f"{axes.ROOM_PX} >= 720"
DOTS = (0.21, 0.56)
GAPS = (0.635, 0.815)
"""Where the columns of dots and of differences begin and end, as shares of the width."""
NAME_LETTERS, LINE_PX = 30, 15
"""Letters of a line of a measure's name, and its height."""
PHONE_ROOM = 52
"""Pixels that the words beside the last dot take on a phone."""
PLAIN = {"type": "quantitative", "scale": None, "axis": None}
ACROSS, DOWN = ({"field": field, **PLAIN} for field in ("x", "y"))
SPREAD = {"x": {"field": "x1", **PLAIN}, "x2": {"field": "x2"}}
LOOK = {"shape": marks.encode_own("shape"), "stroke": marks.encode_own("colour"), "fill": marks.encode_own("fill")}
DOT: Row = {"size": 72, "strokeWidth": 2, "filled": False, "fillOpacity": 1, "opacity": 1}


class Line(NamedTuple):
    """A measure with what is drawn of it."""

    name: str
    dots: Sequence[Row]
    difference: Row | None
    verdict: str
    said: str
    """Whether the difference is real, in words."""
    leader: str
    """The name of who leads; empty if nobody is shown to."""


def draw_pairs(
    lines: Sequence[Line], looks: Mapping[str, Mapping[str, Any]], titles: Mapping[str, str], theme: Palette
) -> marks.Spec:
    """Draws all measures of the two families that have a look, in its order."""
    bottom = HEAD_PX + ROW_PX * len(lines)
    drawn = [line.difference for line in lines if line.difference and line.verdict != differences.UNREAD]
    # In steps of a fifth, with zero among them.
    low = min([-1, *(math.floor(row["effect_low"] * 5) for row in drawn)])
    high = max([1, *(math.ceil(row["effect_high"] * 5) for row in drawn)])
    ends = (low / 5, high / 5)
    groups = [
        _draw_grid(bottom, ends, theme),
        *_draw_dots(lines, looks, titles, theme),
        _draw_gaps(lines, ends, theme),
        *_draw_words(lines, theme),
        _draw_heads(looks, titles, theme),
    ]
    return marks.finish_chart(groups, theme, bottom + FOOT_PX, ("family_id", "statistic", "segment"))


def _place_share(field: str) -> str:
    """Returns the expression that places a share in the column of dots."""
    left, right = DOTS
    return f"{IS_WIDE} ? {ROOM} * ({left} + {right - left} * {field}) : ({ROOM} - {PHONE_ROOM}) * {field}"


def _place_gap(field: str, ends: tuple[float, float]) -> str:
    """Returns the expression that places a difference in the column of differences."""
    (left, right), (low, high) = GAPS, ends
    return f"{ROOM} * ({left} + {(right - left) / (high - low)} * ({field} - {low}))"


def _calculate(**places: str) -> list[dict[str, Any]]:
    """Returns transforms that place marks by the width of the chart."""
    return [{"calculate": expression, "as": name} for name, expression in places.items()]


def _draw_grid(bottom: int, ends: tuple[float, float], theme: Palette) -> marks.Layer:
    """Draws the hairlines of both columns with their numbers, none of differences if these have no room."""
    shares = [
        {"at": at, "said": f"{at:.0%}".replace("%", " %" if at == 1 else ""), "is_gap": False, "colour": theme.hairline}
        for at in (0, 0.25, 0.5, 0.75, 1)
    ]
    gaps = [
        {"at": at, "said": numbers.format_points(at) if at else "0", "is_gap": True,
         "colour": theme.hairline if at else theme.context}
        for at in (ends[0], 0, ends[1])
    ]  # fmt: skip
    rule = {"y": {"value": HEAD_PX}, "y2": {"value": bottom}, "color": marks.encode_own("colour")}
    text = {"y": {"value": bottom + 14}, "text": marks.encode_text("said")}
    grid = marks.group_layers(
        [*shares, *gaps],
        [marks.make_layer("rule", rule, strokeWidth=1), marks.make_layer("text", text, color=theme.muted)],
        x=ACROSS,
    )
    place = f"datum.is_gap ? {_place_gap('datum.at', ends)} : {_place_share('datum.at')}"
    return grid | {"transform": [{"filter": f"!datum.is_gap || {IS_WIDE}"}, *_calculate(x=place)]}


def _draw_dots(
    lines: Sequence[Line], looks: Mapping[str, Mapping[str, Any]], titles: Mapping[str, str], theme: Palette
) -> list[marks.Layer]:
    """Draws each family's figure with its interval and its number, in its own half of the row."""
    order = list(looks)
    points = [
        {**dot, **looks[dot["family_id"]], "family": titles[dot["family_id"]], "measure": line.name,
         "top": HEAD_PX + ROW_PX * index, "half": order.index(dot["family_id"])}
        | ({"colour": theme.muted, "fill": theme.page, "shape": "cross"} if dot["is_suspect"] else {})
        for index, line in enumerate(lines)
        for dot in line.dots
    ]  # fmt: skip
    placed = _calculate(
        x=_place_share("datum.value"), x1=_place_share("datum.low"), x2=_place_share("datum.high"),
        y=f"datum.top + ({IS_WIDE} ? 27 : 44) + 18 * datum.half",
    )  # fmt: skip
    said = {"x": {"field": "x2", **PLAIN}, "text": marks.encode_text("said"), "color": marks.encode_own("colour")}
    layers = [
        marks.make_layer("rule", SPREAD | {"color": marks.encode_own("colour")}, strokeWidth=2),
        marks.make_layer("point", {"x": ACROSS, **LOOK}, **DOT),
        marks.make_layer("text", said, align="left", dx=8, fontWeight=600, fontSize=13),
    ]
    tips = marks.encode_tooltip({"family": "family", "measure": "measure", "said": "share"})
    # A point alone is too small to click.
    spread = SPREAD | {"y2": {"field": "below"}}
    broad = marks.make_layer("rect", spread, opacity=0, cursor="pointer") | {"name": "marks"}
    clicked = marks.group_layers(points, [broad], y={"field": "above", **PLAIN}, tooltip=tips)
    drawn = marks.group_layers(points, layers, y=DOWN, tooltip=tips) | {"transform": placed}
    return [drawn, clicked | {"transform": [*placed, *_calculate(above="datum.y - 9", below="datum.y + 9")]}]


def _draw_gaps(lines: Sequence[Line], ends: tuple[float, float], theme: Palette) -> marks.Layer:
    """Draws the differences: filled if they are more than chance, grey if they may be chance."""
    gaps = [
        {"measure": line.name, "value": row["effect"], "low": row["effect_low"], "high": row["effect_high"],
         "said": differences.format_difference(row), "y": HEAD_PX + ROW_PX * (index + 0.5),
         "colour": theme.ink if line.verdict in differences.SHOWN else theme.context,
         "fill": theme.ink if line.verdict == differences.APART else theme.page}
        for index, line in enumerate(lines)
        if (row := line.difference) and line.verdict != differences.UNREAD
    ]  # fmt: skip
    own = {"stroke": marks.encode_own("colour"), "fill": marks.encode_own("fill")}
    layers = [
        marks.make_layer("rule", SPREAD | {"color": marks.encode_own("colour")}, strokeWidth=2),
        marks.make_layer("point", {"x": ACROSS, **own}, **DOT),
    ]
    tips = marks.encode_tooltip({"measure": "measure", "said": "difference"})
    fields = {"x": "datum.value", "x1": "datum.low", "x2": "datum.high"}
    placed = _calculate(**{name: _place_gap(field, ends) for name, field in fields.items()})
    return marks.group_layers(gaps, layers, y=DOWN, tooltip=tips) | {"transform": [{"filter": IS_WIDE}, *placed]}


def _draw_words(lines: Sequence[Line], theme: Palette) -> list[marks.Layer]:
    """Draws the names of the measures, whether each difference is real, and the hairlines between them; on a phone the
    words stand above the dots."""
    rows = [
        {"measure": "\n".join(textwrap.wrap(line.name, NAME_LETTERS)), "said": line.said, "name": line.leader,
         "top": HEAD_PX + ROW_PX * index,
         "colour": theme.ink if line.verdict in differences.SHOWN else theme.muted,
         "weight": 600 if line.verdict in differences.SHOWN else 400}
        for index, line in enumerate(lines)
    ]  # fmt: skip
    size = {"expr": f"{IS_WIDE} ? 13 : 12"}
    name = marks.make_layer(
        "text", {"x": {"value": 0}, "text": marks.encode_text("measure")}, align="left", color=theme.ink, fontSize=size,
        fontWeight=600, lineBreak="\n", lineHeight=LINE_PX,
        dy={"expr": f"{IS_WIDE} && indexof(datum.measure, '\\n') > 0 ? -{LINE_PX / 2} : 0"},
    )  # fmt: skip
    verdict = marks.make_layer(
        "text", {"x": ACROSS, "text": marks.encode_text("said"), "color": marks.encode_own("colour")}, fontSize=size,
        fontWeight={"expr": "datum.weight"}, align={"expr": f"{IS_WIDE} ? 'left' : 'right'"},
    )  # fmt: skip
    words = marks.group_layers(rows, [name, verdict], y=DOWN)
    placed = _calculate(
        y=f"datum.top + ({IS_WIDE} ? {ROW_PX // 2} : 10)", x=f"{IS_WIDE} ? {ROOM} * {GAPS[1] + 0.03} : {ROOM}"
    )
    whole = {"x": {"field": "edge", **PLAIN}, "x2": {"field": "room"}}
    hairline = marks.make_layer("rule", whole, color=theme.hairline, strokeWidth=1)
    hairlines = marks.group_layers(rows, [hairline], y={"field": "top", **PLAIN})
    return [hairlines | {"transform": _calculate(edge="0", room=ROOM)}, words | {"transform": placed}]


def _draw_heads(looks: Mapping[str, Mapping[str, Any]], titles: Mapping[str, str], theme: Palette) -> marks.Layer:
    """Draws the headings; that of the dots names the two by their marks."""
    (first, one), (second, other) = looks.items()
    heads = [
        {"said": titles[first], **one, "shift": 6, "at": DOTS[0], "is_gap": False},
        {"said": titles[second], **other, "shift": 34 + 8 * len(titles[first]), "at": DOTS[0], "is_gap": False},
        {"said": f"{titles[second]} minus {titles[first]}, points", "shift": 0, "at": GAPS[0], "is_gap": True},
        {"said": "Is it real?", "shift": 0, "at": GAPS[1] + 0.03, "is_gap": True},
    ]
    layers = [
        marks.make_layer("point", LOOK, "!datum.is_gap", **DOT),
        marks.make_layer(
            "text", {"text": marks.encode_text("said")}, align="left", color=theme.ink, fontSize=13, fontWeight=600,
            dx={"expr": "datum.is_gap ? 0 : 12"},
        ),
    ]  # fmt: skip
    placed = _calculate(x=f"{IS_WIDE} ? {ROOM} * datum.at + datum.shift : datum.shift")
    shown = {"filter": f"!datum.is_gap || {IS_WIDE}"}
    return marks.group_layers(heads, layers, x=ACROSS, y={"value": 12}) | {"transform": [shown, *placed]}
