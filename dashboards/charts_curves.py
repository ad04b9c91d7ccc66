"""The curves of waiting."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from dashboards import axes
from dashboards.charts import Spec, data, finish, kept
from dashboards.colours import SHAPES, STROKES, Palette

Row = Mapping[str, Any]

HEIGHT = 320

GAP = 0.065
"""Least distance of two labels at line ends, as a share of the height."""


@kept
def curves(rows: Sequence[Row], coloured: Mapping[str, str], titles: Mapping[str, str], side: str, tone: Palette) -> Spec:
    """Share answered by the time since asking: families in colour have a band and a name, all others are context."""
    shown = [{**row, "family": titles[row["family_id"]]} for row in rows]
    x = alt.X(
        "hours:Q",
        scale=alt.Scale(type="symlog", constant=1, domain=[0, 720], nice=False),
        title=None,
        axis=alt.Axis(values=[0, 1, 6, 24, 72, 168, 720], labelExpr=axes.named({0: "asked"} | axes.HOURS), grid=False, labelFlush=True),
    )
    y = alt.Y("value:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], labelExpr=axes.PERCENT, title=None))
    base = alt.Chart(data(shown)).encode(x=x, detail="family_id:N")
    context = base.transform_filter(
        alt.FieldOneOfPredicate("family_id", [row["family_id"] for row in rows if row["family_id"] not in coloured])
    )
    layers = [context.mark_line(color=tone.context, strokeWidth=1, opacity=0.45, interpolate="monotone").encode(y=y)]
    for family, colour in coloured.items():
        own = base.transform_filter(alt.FieldEqualPredicate(family, "family_id"))
        layers.append(
            own.mark_area(color=colour, opacity=0.16, interpolate="monotone").encode(y=alt.Y("low:Q", axis=y_axis()), y2="high:Q")
        )
        layers.append(
            own.mark_line(color=colour, strokeWidth=2.5, strokeDash=STROKES[side], interpolate="monotone").encode(
                y=y, tooltip=_curve_tooltip()
            )
        )
    ends = _ends([row for row in shown if row["family_id"] in coloured])
    return finish([*layers, *_end_labels(ends, coloured, side, tone)], tone, HEIGHT)


def _end_labels(ends: Sequence[Row], coloured: Mapping[str, str], side: str, tone: Palette) -> list[alt.Chart]:
    """Names in the ink of text, each with a mark in the colour of its line: not every colour of a mark is readable as text."""
    base = alt.Chart(data([{**row, "colour": coloured[row["family_id"]]} for row in ends])).encode(
        x=alt.value("width"), y=alt.Y("label:Q", scale=alt.Scale(domain=[0, 1]), axis=y_axis())
    )
    point = base.mark_point(shape=SHAPES[side], filled=True, size=64, opacity=1, xOffset=12).encode(color=alt.Color("colour:N", scale=None))
    return [point, base.mark_text(align="left", dx=24, color=tone.ink, fontSize=13).encode(text="family:N")]


def y_axis() -> alt.Axis:
    """The share axis, named alike in every layer so that the layers keep one."""
    return alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], labelExpr=axes.PERCENT, title=None)


def _curve_tooltip() -> list[alt.Tooltip]:
    share = ".0%"
    return [
        alt.Tooltip("family:N", title="family"),
        alt.Tooltip("hours:Q", title="hours since asking"),
        alt.Tooltip("value:Q", title="answered", format=share),
        alt.Tooltip("low:Q", title="from", format=share),
        alt.Tooltip("high:Q", title="to", format=share),
        alt.Tooltip("n_at_risk:Q", title="still waiting"),
    ]


def _ends(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The last point of each line, with labels moved apart where lines end close together."""
    last: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row["hours"]):
        last[row["family_id"]] = dict(row)
    ends = sorted(last.values(), key=lambda row: row["value"])
    floor = -1.0
    for row in ends:
        row["label"] = floor = max(row["value"], floor + GAP)
    over = max(0.0, floor - 1.0)
    return [{**row, "label": row["label"] - over} for row in ends]
