"""The charts of comparison. Each takes rows that are ready and draws them; none computes a number."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import altair as alt
import streamlit as st

from dashboards import axes, words
from dashboards.axes import Scaled, Unit
from dashboards.colours import FONT, SHAPES, STROKES, Palette

Row = Mapping[str, Any]
Spec = dict[str, Any]
"""A chart as the browser takes it."""
kept = st.cache_data(max_entries=256, ttl=3600, show_spinner=False)
"""Drawing the same rows again costs nothing, for any number of readers."""
NARROW = 400
"""Below so many pixels a chart says less beside its marks."""
STEP = 28
"""Height of a family's row in pixels."""
HEADS = {"open": "● Open", "proprietary": "□ Proprietary", "host": "△ Hosts"}
"""The rows that name a side stand in for a legend."""


def finish(layers: Sequence[alt.Chart], tone: Palette, height: int) -> Spec:
    """The look shared by all charts, taken from the tokens."""
    axis = {
        "labelColor": tone.muted,
        "titleColor": tone.muted,
        "gridColor": tone.hairline,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelPadding": 8,
        "domain": False,
        "ticks": False,
    }
    fit = alt.AutoSizeParams(type="fit-x", contains="padding")
    chart = alt.layer(*layers).properties(height=height, width="container", background="transparent", autosize=fit)
    chart = chart.configure(font=FONT, padding={"left": 0, "right": 4, "top": 4, "bottom": 0}).configure_axis(**axis)
    spec: Spec = chart.configure_view(stroke=None).configure_text(font=FONT, fontSize=12).to_dict()
    return spec


def data(rows: Sequence[Row]) -> alt.InlineData:
    """Rows inside the chart; instants and days as text that the browser reads as UTC."""
    return alt.InlineData(values=[{name: _plain(value) for name, value in row.items()} for row in rows])


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    return value.isoformat() if hasattr(value, "isoformat") else value


def marked(rows: Sequence[Row], unit: Unit, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows with the words that are drawn beside them: a value with its interval, or the state with its own mark."""
    found = []
    for row in rows:
        is_measured = row["state"] == "measured"
        mark, _ = words.STATES.get(row["state"], ("", ""))
        found.append(
            {
                "family": titles[row["family_id"]],
                "side": row["side"],
                "statistic": row["statistic"],
                "value": row["value"],
                "low": row["low"],
                "high": row["high"],
                "is_measured": is_measured,
                "has_point": is_measured and row["value"] is not None,
                "has_spread": is_measured and row["low"] != row["high"],
                "said": words.say(row, unit) if is_measured else f"{mark} {row['state']}",
                "short": words.FORMATS[unit](row["value"]) if is_measured and row["value"] is not None else words.say(row, unit),
                "n": f"{row['n'] or 0:,}",
                "why": row["note"] or "",
            }
        )
    return found


def places(order: Sequence[str], sides: Mapping[str, str], titles: Mapping[str, str]) -> list[str]:
    """The rows from top to bottom: what is of no side, then each side's head with its families."""
    found = [titles[family] for family in order if sides[family] not in HEADS]
    for side, head in HEADS.items():
        of_side = [titles[family] for family in order if sides[family] == side]
        found += [head, *of_side] if of_side else []
    return found


def row_axis(names: Sequence[str], tone: Palette, limit: int = 128) -> alt.Y:
    """A family a row; the heads of the sides without a line of their own."""
    heads = list(HEADS.values())
    is_head = f"indexof({heads}, datum.value) >= 0"
    axis = alt.Axis(
        grid=True,
        labelLimit=limit,
        labelFontSize=13,
        title=None,
        labelColor=alt.condition(is_head, alt.value(tone.muted), alt.value(tone.ink)),
        labelFontWeight=alt.condition(is_head, alt.value("bold"), alt.value("normal")),
        gridOpacity=alt.condition(is_head, alt.value(0), alt.value(1)),
    )
    return alt.Y("family:N", sort=None, scale=alt.Scale(domain=list(names)), axis=axis)


@kept
def dots(rows: Sequence[Row], unit: Unit, order: Sequence[str], titles: Mapping[str, str], tone: Palette, is_narrow: bool = False) -> Spec:
    """One row a family: its value as a point, its interval as a whisker, its state as a word where there is no value."""
    sides = {row["family_id"]: row["side"] for row in rows}
    names = places([family for family in order if family in sides], sides, titles)
    scaled = axes.scale_of(unit, [row for row in rows if row["state"] == "measured"])
    base = alt.Chart(data(marked(rows, unit, titles))).encode(y=row_axis(names, tone), tooltip=tooltip())
    layers = [layer for side in SHAPES for layer in (_whiskers(base, side, scaled, tone), _points(base, side, scaled, tone))]
    layers += [_states(base, tone), _values(base, is_narrow, tone)]
    return finish(layers, tone, STEP * len(names))


def _whiskers(base: alt.Chart, side: str, scaled: Scaled, tone: Palette) -> alt.Chart:
    first, last = scaled[0].to_dict()["domain"]
    ends = base.transform_filter(f"datum.side == '{side}' && datum.has_spread").transform_calculate(
        since=f"isValid(datum.low) ? datum.low : {first}", until=f"isValid(datum.high) ? datum.high : {last}"
    )
    drawn: alt.Chart = ends.mark_rule(strokeWidth=2, strokeDash=STROKES[side], color=tone.side(side), clip=True).encode(
        x=alt.X("since:Q", scale=scaled[0], axis=scaled[1]), x2="until:Q"
    )
    return drawn


def _points(base: alt.Chart, side: str, scaled: Scaled, tone: Palette, size: int = 96) -> alt.Chart:
    fill = tone.side(side) if side == "open" else tone.panel
    drawn: alt.Chart = (
        base.transform_filter(f"datum.side == '{side}' && datum.has_point")
        .mark_point(shape=SHAPES[side], size=size, filled=False, stroke=tone.side(side), fill=fill, fillOpacity=1, strokeWidth=2, opacity=1)
        .encode(x=alt.X("value:Q", scale=scaled[0], axis=scaled[1]))
    )
    return drawn


def _states(base: alt.Chart, tone: Palette) -> alt.Chart:
    drawn: alt.Chart = (
        base.transform_filter("!datum.is_measured").mark_text(align="left", dx=8, color=tone.muted).encode(x=alt.value(0), text="said:N")
    )
    return drawn


def _values(base: alt.Chart, is_narrow: bool, tone: Palette) -> alt.Chart:
    """The value with its interval at the right; on a narrow chart the value alone, as the whisker shows the rest."""
    is_short = "true" if is_narrow else f"containerSize()[0] < {NARROW}"
    shown = base.transform_filter("datum.is_measured").transform_calculate(shown=f"{is_short} ? datum.short : datum.said")
    drawn: alt.Chart = shown.mark_text(align="left", dx=12, color=tone.ink).encode(x=alt.value("width"), text="shown:N")
    return drawn


def tooltip() -> list[alt.Tooltip]:
    """What hovering says."""
    return [
        alt.Tooltip(field, title=title)
        for field, title in (("family:N", "family"), ("said:N", "value"), ("n:N", "cases"), ("why:N", "note"))
    ]


@kept
def steps(rows: Sequence[Row], unit: Unit, order: Sequence[str], titles: Mapping[str, str], tone: Palette, names: Sequence[str]) -> Spec:
    """Several statistics of a family on one line, from the smallest mark to the largest, in the order of their names."""
    sides = {row["family_id"]: row["side"] for row in rows}
    listed = places([family for family in order if family in sides], sides, titles)
    measured = [row for row in rows if row["state"] == "measured"]
    scaled = axes.scale_of(unit, measured)
    shown = [row | {"step": list(names).index(row["statistic"])} for row in marked(rows, unit, titles) if row["statistic"] in names]
    base = alt.Chart(data(shown)).encode(y=row_axis(listed, tone), tooltip=[*tooltip(), alt.Tooltip("statistic:N", title="measure")])
    layers = []
    for side in SHAPES:
        joined = base.transform_filter(f"datum.side == '{side}' && datum.has_point")
        layers.append(
            joined.mark_line(strokeWidth=1, strokeDash=STROKES[side], color=tone.side(side), opacity=0.6).encode(
                x=alt.X("value:Q", scale=scaled[0], axis=scaled[1]), detail="family:N", order="step:O"
            )
        )
        layers += [_whiskers(base, side, scaled, tone)]
        for step in range(len(names)):
            layers.append(
                _points(base.transform_filter(f"datum.step == {step}"), side, scaled, tone, 36 + 60 * step // max(1, len(names) - 1))
            )
    layers.append(_states(base, tone))
    return finish(layers, tone, STEP * len(listed))
