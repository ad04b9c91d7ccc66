"""Intervals under their names: a name and its value in words above, one or several points with whiskers below. It holds on a phone, too."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import altair as alt

from dashboards.axes import Scaled
from dashboards.charts import Spec, data, finish
from dashboards.colours import Palette

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


def intervals(groups: Sequence[Row], looks: Mapping[str, Look], scaled: Scaled, guides: Mapping[float, bool], tone: Palette) -> Spec:
    """Groups have `name`, `said`, `short` and `mark` (the longest that has room is shown) and `lines`.

    Lines have `look`, `value`, `low`, `high` and `note`; one without a value shows its `mark`, if it has one. `guides` are values that
    are marked beside every line, dashed where so said.
    """
    names, lines, height = _placed(groups)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, height], reverse=True, nice=False), axis=None)
    layers = [_guide(lines, at, is_dashed, y, scaled, tone) for at, is_dashed in guides.items()]
    for kind, look in looks.items():
        base = alt.Chart(data([line for line in lines if line["look"] == kind])).encode(
            y=y, tooltip=[alt.Tooltip("name:N", title="of"), alt.Tooltip("note:N", title="value")]
        )
        layers += _drawn(base, look, scaled, tone)
    empty = alt.Chart(data([line for line in lines if line["value"] is None and line.get("mark")])).encode(y=y)
    layers += [empty.mark_text(dx=12, color=tone.ink, fontSize=13).encode(x=alt.XDatum(0, scale=scaled[0], axis=scaled[1]), text="mark:N")]
    return finish([*layers, *_told(names, y, tone)], tone, height)


def _placed(groups: Sequence[Row]) -> tuple[list[Row], list[Row], int]:
    """Where names and lines stand, in pixels from the top."""
    names: list[Row] = []
    lines: list[Row] = []
    top = 0
    for group in groups:
        names.append({"y": top + NAME_PX / 2} | {key: group[key] for key in ("name", "said", "short", "mark")})
        top += NAME_PX
        for line in group["lines"]:
            lines.append(line | {"name": group["name"], "y": top + LINE_PX / 2, "above": top, "below": top + LINE_PX})
            top += LINE_PX
        top += GAP_PX
    return names, lines, top


def _guide(lines: Sequence[Row], at: float, is_dashed: bool, y: alt.Y, scaled: Scaled, tone: Palette) -> alt.Chart:
    """A value marked beside every line, not across the names."""
    shown = data([{"at": at, "y": line["above"], "below": line["below"]} for line in lines])
    colour = tone.context if is_dashed else tone.muted
    drawn: alt.Chart = (
        alt.Chart(shown)
        .mark_rule(strokeDash=[3, 3] if is_dashed else [1, 0], color=colour, strokeWidth=1)
        .encode(y=y, y2="below:Q", x=alt.X("at:Q", scale=scaled[0], axis=scaled[1]))
    )
    return drawn


def _drawn(base: alt.Chart, look: Look, scaled: Scaled, tone: Palette) -> list[alt.Chart]:
    scale, axis = scaled
    shown = base.transform_filter("isValid(datum.value)")
    whiskers = shown.mark_rule(strokeWidth=2, color=look.colour, clip=True)
    points = shown.mark_point(
        shape=look.shape, size=80, filled=False, stroke=look.colour, strokeWidth=2, opacity=1, fillOpacity=1,
        fill=look.colour if look.is_filled else tone.panel,
    )  # fmt: skip
    return [
        whiskers.encode(x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q"),
        points.encode(x=alt.X("value:Q", scale=scale, axis=axis)),
    ]


def _told(names: Sequence[Row], y: alt.Y, tone: Palette) -> list[alt.Chart]:
    """Names at the left; at the right the value in words, as long as there is room for."""
    room = "containerSize()[0] - 8"
    fits = {word: f"(length(datum.name) + length(datum.{word})) * {LETTER_PX} <= {room}" for word in ("said", "short")}
    shown = f"{fits['said']} ? datum.said : {fits['short']} ? datum.short : datum.mark"
    base = alt.Chart(data(names)).transform_calculate(shown=shown).encode(y=y)
    return [
        base.mark_text(align="left", color=tone.ink, fontSize=12, limit=alt.ExprRef("width")).encode(x=alt.value(0), text="name:N"),
        base.mark_text(align="right", color=tone.muted, fontSize=12).encode(x=alt.value("width"), text="shown:N"),
    ]
