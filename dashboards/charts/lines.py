"""Intervals under their names: each name is above its points and whiskers, with the value in words, so that the chart
fits a phone too."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.charts import axes
from dashboards.charts.axes import Scaled
from dashboards.charts.colours import Palette
from dashboards.charts.marks import (
    NARROW,
    Layer,
    Spec,
    draw_interval,
    draw_point,
    encode_own,
    encode_quantity,
    encode_text,
    encode_tooltip,
    finish_chart,
    group_layers,
    make_layer,
)
from dashboards.metric_row import DictRow

NAME_PX, WRAP_PX, LINE_PX, GAP_PX = 20, 14, 16, 12
"""Heights in pixels of a name, of each further line of it, of a line with its point, and of the gap between names."""
LETTER_PX, BOLD_PX = 6.4, 7.2
"""Approximate widths of a letter in pixels."""
PHONE_LETTERS = 44
"""Letters of a line on a phone."""


def draw_intervals(
    groups: Sequence[DictRow],
    looks: Mapping[str, DictRow],
    scaled: Scaled,
    guides: Mapping[float, bool],
    theme: Palette,
) -> Spec:
    """Draws groups of intervals, each under its name.

    Groups have `name`, whether it `is_head` of those below, `said` and `short` (the longest that fits is shown) and
    `lines`; one without a number has none. Lines have `look`, `value`, `low`, `high` and `note`. `guides` are values
    marked beside every line, dashed if they say so.
    """
    names, lines, height = _place_lines(groups)
    scale = {"domain": [0, height], "reverse": True, "nice": False}
    y = {"field": "y", "type": "quantitative", "scale": scale, "axis": None}
    points = [line | looks[line["look"]] for line in lines if line["look"] in looks]
    has_value = "isValid(datum.value)"
    marked = [draw_interval("low", "high", scaled, has_value, clip=True), draw_point("value", scaled, has_value)]
    layers = [
        _draw_guides(lines, guides, y, scaled, theme),
        group_layers(points, marked, y=y, tooltip=encode_tooltip({"name": "of", "note": "value"})),
        _draw_names(names, y, theme),
    ]
    return finish_chart(layers, theme, height)


def _place_lines(groups: Sequence[DictRow]) -> tuple[list[DictRow], list[DictRow], int]:
    """Positions names and lines in pixels from the top; the number is the total height."""
    names: list[DictRow] = []
    lines: list[DictRow] = []
    top = 0
    for family, after in zip(groups, [*groups[1:], {"is_head": True}], strict=True):
        wrapped = textwrap.wrap(family["name"], PHONE_LETTERS) or [""]
        # The last line has room for the value.
        wrapped += [""] if len(wrapped[-1]) + len(family["short"]) >= PHONE_LETTERS else []
        rise = WRAP_PX * (len(wrapped) - 1)
        names.append(
            {key: family[key] for key in ("name", "said", "short")}
            | {"weight": "bold" if family.get("is_head") else "normal", "wrapped": "\n".join(wrapped)}
            | {"y": top + rise + NAME_PX / 2, "rise": rise}
        )
        top += rise + NAME_PX
        for line in family["lines"]:
            lines.append(line | {"name": family["name"], "y": top + LINE_PX / 2, "above": top, "below": top + LINE_PX})
            top += LINE_PX
        # A head stands close above its own.
        top += GAP_PX if after.get("is_head") or not family.get("is_head") else 0
    return names, lines, top


def _draw_guides(
    lines: Sequence[DictRow], guides: Mapping[float, bool], y: Mapping[str, Any], scaled: Scaled, theme: Palette
) -> Layer:
    """Draws the guides beside every line, but not across the names."""
    segments = [
        {"at": at, "y": line["above"], "below": line["below"]}
        | {"dash": [3, 3] if dashed else [1, 0], "colour": theme.context if dashed else theme.muted}
        for line in lines
        for at, dashed in guides.items()
    ]
    look = {"color": encode_own("colour"), "strokeDash": encode_own("dash")}
    place = {"x": encode_quantity("at", scaled), "y2": {"field": "below"}}
    return group_layers(segments, [make_layer("rule", place | look, strokeWidth=1)], y=y)


def _draw_names(names: Sequence[DictRow], y: Mapping[str, Any], theme: Palette) -> Layer:
    """Draws the names at the left, wrapped where they and their values in words at the right have no room on one
    line."""
    # Vega cannot measure text before it is drawn, so its width is estimated from its length.
    letter = f"(datum.weight == 'bold' ? {BOLD_PX} : {LETTER_PX})"
    fits_said, fits_short = (
        f"(length(datum.name) + length(datum.{word})) * {letter} <= {axes.ROOM_PX} - 8" for word in ("said", "short")
    )
    worded = {
        "shown": f"{fits_said} ? datum.said : datum.short",
        "is_wrapped": f"!({fits_short})",
        "called": "datum.is_wrapped ? datum.wrapped : datum.name",
    }
    name = make_layer(
        "text",
        {"x": {"value": 0}, "text": encode_text("called")},
        align="left",
        color=theme.ink,
        dy={"expr": "datum.is_wrapped ? -datum.rise : 0"},
        fontSize={"expr": f"{axes.ROOM_PX} < {NARROW} ? 11 : 12"},
        fontWeight={"expr": "datum.weight"},
        lineBreak="\n",
        lineHeight=WRAP_PX,
    )
    value = make_layer(
        "text", {"x": {"value": "width"}, "text": encode_text("shown")}, align="right", color=theme.muted, fontSize=12,
        fontWeight={"expr": "datum.weight"},
    )  # fmt: skip
    transforms = [{"calculate": expression, "as": field} for field, expression in worded.items()]
    return group_layers(names, [name, value], y=y) | {"transform": transforms}
