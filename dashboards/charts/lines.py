"""Intervals under their names: a name and its value in words above, one or several points with whiskers below. It holds on a phone, too."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dashboards.charts.axes import Scaled
from dashboards.charts.colours import Palette
from dashboards.charts.marks import Layer, Spec, finish, group, layer, own, quantity, text, tips

Row = dict[str, Any]
NAME_PX, LINE_PX, GAP_PX = 20, 16, 12
"""Heights of a name, of a line with its point, and of what parts two names."""
LETTER_PX = 6.4
"""About what a letter takes."""


class Look(NamedTuple):
    """How a kind of point is drawn: by its shape and filling first, by its colour second."""

    shape: str
    is_filled: bool
    colour: str


def intervals(
    groups: Sequence[Row], looks: Mapping[str, Look], scaled: Scaled, guides: Mapping[float, bool], tone: Palette
) -> Spec:
    """Groups have `name`, `said`, `short` and `mark` (the longest that has room is shown) and `lines`.

    Lines have `look`, `value`, `low`, `high` and `note`; one without a value shows its `mark`, if it has one. `guides` are values that
    are marked beside every line, dashed where so said.
    """
    names, lines, height = _placed(groups)
    y = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [0, height], "reverse": True, "nice": False},
        "axis": None,
    }
    shown = [line | _look(looks[line["look"]], tone) for line in lines if line["look"] in looks]
    empty = [line for line in lines if line["value"] is None and line.get("mark")]
    x = {"datum": 0, "type": "quantitative", "scale": scaled[0], "axis": scaled[1]}
    layers = [
        _guides(lines, guides, y, scaled, tone),
        group(shown, _drawn(scaled), y=y, tooltip=tips({"name": "of", "note": "value"})),
        group(empty, [layer("text", {"x": x, "text": text("mark")}, dx=12, color=tone.ink, fontSize=13)], y=y),
        _told(names, y, tone),
    ]
    return finish(layers, tone, height)


def _look(look: Look, tone: Palette) -> Row:
    return {"shape": look.shape, "colour": look.colour, "fill": look.colour if look.is_filled else tone.panel}


def _placed(groups: Sequence[Row]) -> tuple[list[Row], list[Row], int]:
    """Where names and lines stand, in pixels from the top."""
    names: list[Row] = []
    lines: list[Row] = []
    top = 0
    for one in groups:
        names.append({"y": top + NAME_PX / 2} | {key: one[key] for key in ("name", "said", "short", "mark")})
        top += NAME_PX
        for line in one["lines"]:
            lines.append(line | {"name": one["name"], "y": top + LINE_PX / 2, "above": top, "below": top + LINE_PX})
            top += LINE_PX
        top += GAP_PX
    return names, lines, top


def _guides(
    lines: Sequence[Row], guides: Mapping[float, bool], y: Mapping[str, Any], scaled: Scaled, tone: Palette
) -> Layer:
    """Values marked beside every line, not across the names."""
    looks = {
        at: {"dash": [3, 3] if dashed else [1, 0], "colour": tone.context if dashed else tone.muted}
        for at, dashed in guides.items()
    }
    shown = [
        {"at": at, "y": line["above"], "below": line["below"]} | look for line in lines for at, look in looks.items()
    ]
    encoding = {
        "y2": {"field": "below"},
        "x": quantity("at", scaled),
        "color": own("colour"),
        "strokeDash": own("dash"),
    }
    return group(shown, [layer("rule", encoding, strokeWidth=1)], y=y)


def _drawn(scaled: Scaled) -> list[Layer]:
    has_value = "isValid(datum.value)"
    whisker = {"x": quantity("low", scaled), "x2": {"field": "high"}, "color": own("colour")}
    point = {"x": quantity("value", scaled), "shape": own("shape"), "stroke": own("colour"), "fill": own("fill")}
    return [
        layer("rule", whisker, has_value, strokeWidth=2, clip=True),
        layer("point", point, has_value, size=80, filled=False, strokeWidth=2, opacity=1, fillOpacity=1),
    ]


def _told(names: Sequence[Row], y: Mapping[str, Any], tone: Palette) -> Layer:
    """Names at the left; at the right the value in words, as long as there is room for."""
    room = "containerSize()[0] - 8"
    fits = {word: f"(length(datum.name) + length(datum.{word})) * {LETTER_PX} <= {room}" for word in ("said", "short")}
    shown = f"{fits['said']} ? datum.said : {fits['short']} ? datum.short : datum.mark"
    name = layer(
        "text",
        {"x": {"value": 0}, "text": text("name")},
        align="left",
        color=tone.ink,
        fontSize=12,
        limit={"expr": "width"},
    )
    value = layer(
        "text", {"x": {"value": "width"}, "text": text("shown")}, align="right", color=tone.muted, fontSize=12
    )
    return group(names, [name, value | {"transform": [{"calculate": shown, "as": "shown"}]}], y=y)
