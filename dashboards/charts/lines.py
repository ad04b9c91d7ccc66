"""Intervals under their names: each name stands above its points and whiskers, with the value in words, so that the
chart fits a phone too."""

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

NAME_PX, LINE_PX, GAP_PX = 20, 16, 12
"""Heights in pixels of a name, of a line with its point, and of the gap between two names."""
LETTER_PX = 6.4
"""Approximate width of a letter in pixels."""


def draw_intervals(
    groups: Sequence[DictRow],
    looks: Mapping[str, DictRow],
    scaled: Scaled,
    guides: Mapping[float, bool],
    theme: Palette,
) -> Spec:
    """Draws groups of intervals, each under its name.

    Groups have `name`, whether it `is_head` of those below, `said`, `short`
    and `mark` (the longest that fits is shown) and `lines`. Lines have `look`, `value`, `low`, `high` and `note`; a
    line without a value shows its `mark`, if it has one. `guides` are values marked beside every line, dashed if they
    say so.
    """
    names, lines, height = _place_lines(groups)
    y = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [0, height], "reverse": True, "nice": False},
        "axis": None,
    }
    points = [line | looks[line["look"]] for line in lines if line["look"] in looks]
    empty = [line for line in lines if line["value"] is None and line.get("mark")]
    x = {"datum": 0, "type": "quantitative", "scale": scaled[0], "axis": scaled[1]}
    has_value = "isValid(datum.value)"
    marked = [draw_interval("low", "high", scaled, has_value, clip=True), draw_point("value", scaled, has_value)]
    layers = [
        _draw_guides(lines, guides, y, scaled, theme),
        group_layers(points, marked, y=y, tooltip=encode_tooltip({"name": "of", "note": "value"})),
        group_layers(
            empty, [make_layer("text", {"x": x, "text": encode_text("mark")}, dx=12, color=theme.ink, fontSize=13)], y=y
        ),
        _draw_names(names, y, theme),
    ]
    return finish_chart(layers, theme, height)


def _place_lines(groups: Sequence[DictRow]) -> tuple[list[DictRow], list[DictRow], int]:
    """Positions names and lines in pixels from the top; the number is the total height."""
    names: list[DictRow] = []
    lines: list[DictRow] = []
    top = 0
    for family, after in zip(groups, [*groups[1:], {"is_head": True}], strict=True):
        texts = {key: family[key] for key in ("name", "said", "short", "mark")}
        weight = "bold" if family.get("is_head") else "normal"
        names.append({"y": top + NAME_PX / 2, "weight": weight} | texts)
        top += NAME_PX
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


def _draw_names(names: Sequence[DictRow], y: Mapping[str, Any], theme: Palette) -> Layer:
    """Draws the names at the left and, if there is room, the values in words at the right."""
    # Vega cannot measure text before it is drawn, so its width is estimated from its length.
    room = f"{axes.ROOM_PX} - 8"

    def fits(word: str) -> str:
        return f"(length(datum.name) + length(datum.{word})) * {LETTER_PX} <= {room}"

    wording = f"{fits('said')} ? datum.said : {fits('short')} ? datum.short : datum.mark"
    name = make_layer(
        "text",
        {"x": {"value": 0}, "text": encode_text("name")},
        align="left",
        color=theme.ink,
        fontSize={"expr": f"{axes.ROOM_PX} < {NARROW} ? 11 : 12"},
        fontWeight={"expr": "datum.weight"},
        limit={"expr": f"width - 16 - {LETTER_PX} * length(datum.shown)"},
    )
    value = make_layer(
        "text", {"x": {"value": "width"}, "text": encode_text("shown")}, align="right", color=theme.muted, fontSize=12,
        fontWeight={"expr": "datum.weight"},
    )  # fmt: skip
    worded = [{"calculate": wording, "as": "shown"}]
    return group_layers(names, [name, value], y=y) | {"transform": worded}
