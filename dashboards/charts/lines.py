"""Intervals under their names: a name and its value in words above, one or several points with whiskers below. It holds
on a phone, too."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dashboards.charts.axes import Scaled
from dashboards.charts.colours import Palette
from dashboards.charts.marks import (
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

Row = dict[str, Any]
NAME_PX, LINE_PX, GAP_PX = 20, 16, 12
"""Heights of a name, of a line with its point, and of what parts two names."""
LETTER_PX = 6.4
"""About what a letter takes."""


class PointStyle(NamedTuple):
    """How a kind of point is drawn: by its shape and filling first, by its colour second."""

    shape: str
    is_filled: bool
    colour: str


def draw_intervals(
    groups: Sequence[Row],
    styles: Mapping[str, PointStyle],
    scaled: Scaled,
    guides: Mapping[float, bool],
    theme: Palette,
) -> Spec:
    """Groups have `name`, `said`, `short` and `mark` (the longest that has room is shown) and `lines`.

    Lines have `look`, `value`, `low`, `high` and `note`; one without a value shows its `mark`, if it has one. `guides`
    are values that
    are marked beside every line, dashed where so said.
    """
    names, lines, height = _place_lines(groups)
    y = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [0, height], "reverse": True, "nice": False},
        "axis": None,
    }
    points = [line | _style_fields(styles[line["look"]], theme) for line in lines if line["look"] in styles]
    empty = [line for line in lines if line["value"] is None and line.get("mark")]
    x = {"datum": 0, "type": "quantitative", "scale": scaled[0], "axis": scaled[1]}
    layers = [
        _draw_guides(lines, guides, y, scaled, theme),
        group_layers(points, _draw_lines(scaled), y=y, tooltip=encode_tooltip({"name": "of", "note": "value"})),
        group_layers(
            empty, [make_layer("text", {"x": x, "text": encode_text("mark")}, dx=12, color=theme.ink, fontSize=13)], y=y
        ),
        _draw_names(names, y, theme),
    ]
    return finish_chart(layers, theme, height)


def _style_fields(style: PointStyle, theme: Palette) -> Row:
    return {"shape": style.shape, "colour": style.colour, "fill": style.colour if style.is_filled else theme.panel}


def _place_lines(groups: Sequence[Row]) -> tuple[list[Row], list[Row], int]:
    """Where names and lines stand, in pixels from the top."""
    names: list[Row] = []
    lines: list[Row] = []
    top = 0
    for family in groups:
        names.append({"y": top + NAME_PX / 2} | {key: family[key] for key in ("name", "said", "short", "mark")})
        top += NAME_PX
        for line in family["lines"]:
            lines.append(line | {"name": family["name"], "y": top + LINE_PX / 2, "above": top, "below": top + LINE_PX})
            top += LINE_PX
        top += GAP_PX
    return names, lines, top


def _draw_guides(
    lines: Sequence[Row], guides: Mapping[float, bool], y: Mapping[str, Any], scaled: Scaled, theme: Palette
) -> Layer:
    """Values marked beside every line, not across the names."""
    styles = {
        at: {"dash": [3, 3] if dashed else [1, 0], "colour": theme.context if dashed else theme.muted}
        for at, dashed in guides.items()
    }
    segments = [
        {"at": at, "y": line["above"], "below": line["below"]} | style for line in lines for at, style in styles.items()
    ]
    encoding = {
        "y2": {"field": "below"},
        "x": encode_quantity("at", scaled),
        "color": encode_own("colour"),
        "strokeDash": encode_own("dash"),
    }
    return group_layers(segments, [make_layer("rule", encoding, strokeWidth=1)], y=y)


def _draw_lines(scaled: Scaled) -> list[Layer]:
    has_value = "isValid(datum.value)"
    whisker = {"x": encode_quantity("low", scaled), "x2": {"field": "high"}, "color": encode_own("colour")}
    point = {
        "x": encode_quantity("value", scaled),
        "shape": encode_own("shape"),
        "stroke": encode_own("colour"),
        "fill": encode_own("fill"),
    }
    return [
        make_layer("rule", whisker, has_value, strokeWidth=2, clip=True),
        make_layer("point", point, has_value, size=80, filled=False, strokeWidth=2, opacity=1, fillOpacity=1),
    ]


def _draw_names(names: Sequence[Row], y: Mapping[str, Any], theme: Palette) -> Layer:
    """Names at the left; at the right the value in words, as long as there is room for."""
    room = "containerSize()[0] - 8"
    fits = {word: f"(length(datum.name) + length(datum.{word})) * {LETTER_PX} <= {room}" for word in ("said", "short")}
    wording = f"{fits['said']} ? datum.said : {fits['short']} ? datum.short : datum.mark"
    name = make_layer(
        "text",
        {"x": {"value": 0}, "text": encode_text("name")},
        align="left",
        color=theme.ink,
        fontSize=12,
        limit={"expr": "width"},
    )
    value = make_layer(
        "text", {"x": {"value": "width"}, "text": encode_text("shown")}, align="right", color=theme.muted, fontSize=12
    )
    return group_layers(names, [name, value | {"transform": [{"calculate": wording, "as": "shown"}]}], y=y)
