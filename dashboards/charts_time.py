"""The charts in which something happens over time: curves of waiting, ticks of incidents, days of downloads, the state of collections."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import altair as alt

from dashboards import axes, charts
from dashboards.charts import Chart, data, finish
from dashboards.colours import STROKES, Palette

Row = Mapping[str, Any]
CURVE_HEIGHT = 320
MOST_NAMED = 6
GAP = 0.065
"""Least distance of two labels at line ends, as a share of the height."""
SEVERITIES = {3: 22, 2: 17, 1: 12, 0: 7, None: 10}
"""Height of an incident's tick by its severity; unknown has a height and a look of its own."""
CONDITIONS = {
    "complete": ("circle", "good"), "stale": ("diamond", "warn"), "partial": ("triangle-up", "warn"), "failed": ("cross", "bad"),
    "skipped": ("stroke", "muted"), "never": ("stroke", "muted"),
}
"""Shape first, colour second, for the condition of a collection."""


def curves(rows: Sequence[Row], coloured: Mapping[str, str], titles: Mapping[str, str], side: str, tone: Palette) -> Chart:
    """Share answered by the time since asking: families in colour have their band and their name at the line's end, all others are context."""
    shown = [row | {"family": titles[row["family_id"]]} for row in rows]
    x = alt.X("hours:Q", scale=alt.Scale(type="symlog", constant=1, domain=[0, 720], nice=False), title=None, axis=alt.Axis(
        values=[0, 1, 6, 24, 72, 168, 720], labelExpr=axes.named({0: "asked"} | axes.HOURS), grid=False, labelFlush=True))
    y = alt.Y("value:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], labelExpr=axes.PERCENT, title=None))
    base = alt.Chart(data(shown)).encode(x=x, detail="family_id:N")
    context = base.transform_filter(alt.FieldOneOfPredicate("family_id", [row["family_id"] for row in rows if row["family_id"] not in coloured]))
    layers = [context.mark_line(color=tone.context, strokeWidth=1, opacity=0.45, interpolate="monotone").encode(y=y)]
    for family, colour in coloured.items():
        own = base.transform_filter(alt.FieldEqualPredicate(family, "family_id"))
        layers.append(own.mark_area(color=colour, opacity=0.16, interpolate="monotone").encode(y=alt.Y("low:Q", axis=y_axis()), y2="high:Q"))
        layers.append(own.mark_line(color=colour, strokeWidth=2.5, strokeDash=STROKES[side], interpolate="monotone").encode(y=y, tooltip=_curve_tooltip()))
    return finish(alt.layer(*layers, *_end_labels(_ends([row for row in shown if row["family_id"] in coloured]), coloured, side, tone)), tone, CURVE_HEIGHT)


def _end_labels(ends: Sequence[Row], coloured: Mapping[str, str], side: str, tone: Palette) -> list[alt.Chart]:
    """Names in the ink of text, each with a mark in the colour of its line: not every colour of a mark is readable as text."""
    base = alt.Chart(data([row | {"colour": coloured[row["family_id"]]} for row in ends])).encode(
        x=alt.value("width"), y=alt.Y("label:Q", scale=alt.Scale(domain=[0, 1]), axis=y_axis()))
    point = base.mark_point(shape=charts.SHAPES[side], filled=True, size=64, opacity=1, xOffset=12).encode(color=alt.Color("colour:N", scale=None))
    return [point, base.mark_text(align="left", dx=24, color=tone.ink, fontSize=13).encode(text="family:N")]


def y_axis() -> alt.Axis:
    """The share axis, named alike in every layer so that the layers keep one."""
    return alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], labelExpr=axes.PERCENT, title=None)


def _curve_tooltip() -> list[alt.Tooltip]:
    share = ".0%"
    return [
        alt.Tooltip("family:N", title="family"), alt.Tooltip("hours:Q", title="hours since asking"), alt.Tooltip("value:Q", title="answered", format=share),
        alt.Tooltip("low:Q", title="from", format=share), alt.Tooltip("high:Q", title="to", format=share), alt.Tooltip("n_at_risk:Q", title="still waiting"),
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
    return [row | {"label": row["label"] - over} for row in ends]


def timeline(incidents: Sequence[Row], pages: Sequence[Row], titles: Mapping[str, str], since: datetime, until: datetime, tone: Palette) -> Chart:
    """A strip of ticks per status page: where the page was read, a line; each incident a tick, the taller the more severe."""
    sides = {row["family_id"]: row["side"] for row in pages}
    names = charts.places(list(sides), sides, titles)
    x = alt.X("started_at:T", scale=alt.Scale(type="utc", domain=[since.isoformat(), until.isoformat()]), axis=alt.Axis(format="%b %Y", tickCount=6, grid=True, title=None))
    y = charts.row_axis(names, tone)
    seen = [row | {"family": titles[row["family_id"]], "started_at": max(row["observed_from_at"].replace(tzinfo=until.tzinfo), since)} for row in pages]
    line = alt.Chart(data(seen)).mark_rule(strokeWidth=6, color=tone.hairline, clip=True).encode(x=x, x2="observed_until_at:T", y=y)
    shown = [row | {"family": titles[row["family_id"]], "side": sides[row["family_id"]], "size": SEVERITIES[row["severity"]]} for row in incidents]
    base = alt.Chart(data(shown)).encode(x=x, y=y, tooltip=_incident_tooltip())
    layers: list[alt.Chart] = [line]
    for side in charts.SHAPES:
        for height in sorted(set(SEVERITIES.values())):
            own = base.transform_filter(f"datum.side == '{side}' && datum.size == {height} && datum.kind != 'suspension'")
            layers.append(own.mark_tick(orient="vertical", size=height, thickness=2, color=tone.side(side), opacity=0.75, clip=True))
    suspended = base.transform_filter("datum.kind == 'suspension'")
    layers.append(suspended.mark_point(shape="diamond", size=110, filled=False, fill=tone.panel, fillOpacity=1, stroke=tone.ink, strokeWidth=2, opacity=1, clip=True))
    return finish(alt.layer(*layers), tone, 36 * len(names))


def _incident_tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("family:N", title="page"), alt.Tooltip("title:N", title="said"), alt.Tooltip("kind:N", title="kind"),
        alt.Tooltip("began:N", title="began"), alt.Tooltip("lasted:N", title="lasted"),
    ]


def ages(models: Sequence[Row], colours: Mapping[str, str], titles: Mapping[str, str], tone: Palette) -> Chart:
    """Each model by its age and its downloads of 30 days; families whose top model has room for its name carry colour and name."""
    named = _with_room(models)
    shown = [row | {"family": titles[row["family_id"]], "is_named": row["model_id"] in named.values()} for row in models]
    scale, axis = axes.powers([max(1, row["downloads_30d"]) for row in models])
    x = alt.X("age_months:Q", scale=alt.Scale(domainMin=0, nice=True), axis=alt.Axis(title="months since release", titleAlign="right", titleAnchor="end", tickCount=6, format="d"))
    base = alt.Chart(data(shown)).encode(x=x, y=alt.Y("downloads_30d:Q", scale=scale, axis=axis), tooltip=[
        alt.Tooltip("model_id:N", title="model"), alt.Tooltip("family:N", title="family"), alt.Tooltip("downloads_30d:Q", title="downloads in 30 days", format=",")])
    layers = [base.mark_point(shape="circle", size=48, filled=False, stroke=tone.context, strokeWidth=1.5, opacity=0.8)]
    for family in named:
        own = base.transform_filter(alt.FieldEqualPredicate(family, "family_id"))
        layers.append(own.mark_point(shape="circle", size=80, filled=True, color=colours[family], opacity=1))
    layers.append(base.transform_filter("datum.is_named").mark_text(align="left", dx=12, color=tone.ink, fontSize=13).encode(text="family:N"))
    return finish(alt.layer(*layers), tone, 392)


def _with_room(models: Sequence[Row]) -> dict[str, str]:
    """Top model by family, for as many families, from the most downloaded on, as can be named without names touching."""
    widest = max((row["age_months"] for row in models), default=0) or 1
    kept: list[Row] = []
    for row in sorted(models, key=lambda row: -row["downloads_30d"]):
        is_near = any(_touch(row, other, widest) for other in models if other is not row and (other in kept or other["age_months"] >= row["age_months"]))
        if row["is_top"] and not is_near and len(kept) < MOST_NAMED:
            kept.append(row)
    return {row["family_id"]: row["model_id"] for row in kept}


def _touch(row: Row, other: Row, widest: float) -> bool:
    """Whether a name at one mark would run into another mark, or into its name."""
    ratio = max(1, row["downloads_30d"]) / max(1, other["downloads_30d"])
    return abs(row["age_months"] - other["age_months"]) < 0.25 * widest and 0.75 < ratio < 1.33


def matrix(rows: Sequence[Row], titles: Mapping[str, str], tone: Palette) -> Chart:
    """Families by what is collected of them: the condition as a shape and the age as a word."""
    shown = [row | {"family": titles[row["family_id"]]} for row in rows]
    sides = {row["family_id"]: row["side"] for row in shown}
    names = charts.places(sorted(sides, key=lambda family: titles[family].lower()), sides, titles)
    x = alt.X("thing:N", sort=None, axis=alt.Axis(orient="top", labelAngle=-35, labelAlign="left", labelFontSize=13, labelColor=tone.ink, grid=False, title=None))
    y = charts.row_axis(names, tone)
    base = alt.Chart(data(shown)).encode(x=x, y=y, tooltip=[
        alt.Tooltip(f"{field}:N", title=title) for field, title in (("family", "family"), ("target", "channel"), ("thing", "what"), ("condition", "condition"), ("said", "last good"), ("why", "reason"))])
    layers = []
    for condition, (shape, token) in CONDITIONS.items():
        own = base.transform_filter(f"datum.condition == '{condition}'")
        layers.append(own.mark_point(shape=shape, size=110, filled=True, color=getattr(tone, token), opacity=1, xOffset=-14))
    layers.append(base.mark_text(align="left", dx=-4, color=tone.muted, fontSize=11).encode(text="said:N"))
    return finish(alt.layer(*layers), tone, 30 * len(names))
