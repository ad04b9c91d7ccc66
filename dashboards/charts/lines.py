"""Intervals with their names at the left and their values in words at the right; on a phone both are above them."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.charts import axes, marks
from dashboards.charts.axes import Scaled
from dashboards.charts.colours import Palette
from dashboards.metric_row import DictRow

NAME_PX, WRAP_PX, LINE_PX, GAP_PX = 16, 14, 14, 8
"""Heights in pixels of a name, of each further line of it, of a line with its point, and of the gap between names."""
LETTER_PX, BOLD_PX = 6.4, 7.2
"""Approximate widths of a letter in pixels."""
PHONE_LETTERS, CARD_LETTERS = 44, 34
"""Letters of a line of a name on a phone, and beside the intervals of a card."""
ROOM = f"({axes.ROOM_PX} - 8)"
"""Pixels between the edges; the width of the plot would depend on what is placed by it."""
WIDE_PX, CARD_PX = 880, 500
STRIPS = ((0.26, 0.62), (0.42, 0.68), (0, 1))
"""Where the intervals begin and end, as shares of the room: in the width of a page, in a card beside another, on a
phone."""
IS_SPLIT = f"{ROOM} >= {CARD_PX}"
"""Whether the names are beside the intervals."""
PLACED = {"transform": [{"calculate": f"{IS_SPLIT} ? datum.beside : datum.under", "as": "y"}]}


def draw_intervals(
    groups: Sequence[DictRow],
    looks: Mapping[str, DictRow],
    scaled: Scaled,
    guides: Mapping[float, bool],
    theme: Palette,
) -> marks.Spec:
    """Draws groups of intervals, each beside or under its name.

    Groups have `name`, whether it `is_head` of those below, `said` and `short` (the longest that fits is shown) and
    `lines`; one without a number has none. Lines have `look`, `value`, `low`, `high` and `note`. `guides` are values
    marked beside every line, dashed if they say so.
    """
    names, lines, height = _place_lines(groups)
    scaled = place_strip(scaled)
    y: dict[str, Any] = {"field": "y", "type": "quantitative", "axis": None}
    y["scale"] = {"domain": [0, height], "reverse": True, "nice": False}
    points = [line | looks[line["look"]] for line in lines if line["look"] in looks]
    has_value = "isValid(datum.value)"
    marked = [
        marks.draw_interval("low", "high", scaled, has_value, clip=True),
        marks.draw_point("value", scaled, has_value),
    ]
    layers = [
        _draw_hairlines(names, y, theme),
        _draw_guides(lines, guides, y, scaled, theme),
        marks.group_layers(points, marked, y=y, tooltip=marks.encode_tooltip({"name": "of", "note": "value"})) | PLACED,
        _draw_names(names, y, theme),
    ]
    return marks.finish_chart(layers, theme, height)


def place_strip(scaled: Scaled) -> Scaled:
    """Returns the scale within the part of the room that the intervals have."""
    ends = [
        {"expr": f"{ROOM} * ({ROOM} >= {WIDE_PX} ? {wide} : {ROOM} >= {CARD_PX} ? {card} : {phone})"}
        for wide, card, phone in zip(*STRIPS, strict=True)
    ]
    return scaled[0] | {"range": ends}, scaled[1]


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
        under, own = top + rise + NAME_PX, family["lines"]
        bottom = under + LINE_PX * len(own)
        middle = (top + bottom) / 2
        names.append(
            {key: family[key] for key in ("name", "said", "short")}
            | {"weight": "bold" if family.get("is_head") else "normal", "wrapped": "\n".join(wrapped)}
            | {"card": "\n".join(textwrap.wrap(family["name"], CARD_LETTERS)), "rise": rise, "top": top - GAP_PX / 2}
            | {"beside": middle, "under": under - NAME_PX / 2}
        )
        row = {"name": family["name"], "above": top - GAP_PX / 2, "below": bottom + GAP_PX / 2}
        for place, line in enumerate(own):
            beside = middle + LINE_PX * (place - (len(own) - 1) / 2)
            lines.append({**line, **row, "beside": beside, "under": under + LINE_PX * (place + 0.5)})
        # On a phone a head stands close above its own.
        top = bottom + (GAP_PX if after.get("is_head") or not family.get("is_head") else 0)
    return names, lines, top


def _draw_hairlines(names: Sequence[DictRow], y: Mapping[str, Any], theme: Palette) -> marks.Layer:
    """Draws a line above each head or, if there is none, above each name but the first."""
    heads = [name for name in names if name["weight"] == "bold"]
    rule = {"x": {"value": 0}, "x2": {"value": "width"}}
    return marks.group_layers(
        (heads or names)[1:], [marks.make_layer("rule", rule, color=theme.hairline)], y={**y, "field": "top"}
    )


def _draw_guides(
    lines: Sequence[DictRow], guides: Mapping[float, bool], y: Mapping[str, Any], scaled: Scaled, theme: Palette
) -> marks.Layer:
    """Draws the guides through the rows or, on a phone, beside every line, but not across the names."""
    segments = [
        {"at": at, **{end: line[end] for end in ("above", "below", "under")}}
        | {"dash": [3, 3] if dashed else [1, 0], "colour": theme.context if dashed else theme.muted}
        for line in lines
        for at, dashed in guides.items()
    ]
    look = {"color": marks.encode_own("colour"), "strokeDash": marks.encode_own("dash")}
    place = {"x": marks.encode_quantity("at", scaled), "y2": {"field": "end"}}
    half = LINE_PX / 2
    ends = {
        "y": f"{IS_SPLIT} ? datum.above : datum.under - {half}",
        "end": f"{IS_SPLIT} ? datum.below : datum.under + {half}",
    }
    moved = [{"calculate": where, "as": name} for name, where in ends.items()]
    return marks.group_layers(segments, [marks.make_layer("rule", place | look, strokeWidth=1)], y=y) | {
        "transform": moved
    }


def _draw_names(names: Sequence[DictRow], y: Mapping[str, Any], theme: Palette) -> marks.Layer:
    """Draws the names at the left, wrapped where they have no room on one line, and at the right the longest of their
    values in words that fits."""
    # Vega cannot measure text before it is drawn, so its width is estimated from its length.
    letter = f"(datum.weight == 'bold' ? {BOLD_PX} : {LETTER_PX})"
    fits_said, fits_short = (
        f"(length(datum.name) + length(datum.{word})) * {letter} <= {ROOM}" for word in ("said", "short")
    )
    wide, card = (1 - strip[1] - 0.02 for strip in STRIPS[:2])
    worded = {
        "shown": f"({IS_SPLIT} ? length(datum.said) * {letter} <= {ROOM} * ({ROOM} >= {WIDE_PX} ? {wide} : {card}) : "
        f"{fits_said}) ? datum.said : datum.short",
        "called": f"{ROOM} >= {WIDE_PX} ? datum.name : {IS_SPLIT} ? datum.card : {fits_short} ? datum.name : "
        "datum.wrapped",
        "lift": f"{IS_SPLIT} ? (length(split(datum.called, '\\n')) - 1) * {WRAP_PX / 2} : "
        f"indexof(datum.called, '\\n') < 0 ? 0 : datum.rise",
    }
    name = marks.make_layer(
        "text",
        {"x": {"value": 0}, "text": marks.encode_text("called")},
        align="left",
        color=theme.ink,
        dy={"expr": "-datum.lift"},
        fontSize={"expr": f"{axes.ROOM_PX} < {marks.NARROW} ? 11 : 12"},
        fontWeight={"expr": "datum.weight"},
        lineBreak="\n",
        lineHeight=WRAP_PX,
    )
    value = marks.make_layer(
        "text", {"x": {"value": "width"}, "text": marks.encode_text("shown")}, align="right", color=theme.muted,
        fontSize=12, fontWeight={"expr": "datum.weight"},
    )  # fmt: skip
    transforms = PLACED["transform"] + [{"calculate": where, "as": field} for field, where in worded.items()]
    return marks.group_layers(names, [name, value], y=y) | {"transform": transforms}
