"""The charts of events: ticks of incidents, and the state of every collection."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import altair as alt

from dashboards import charts
from dashboards.charts import Spec, data, finish, kept
from dashboards.colours import SHAPES, Palette

Row = Mapping[str, Any]
NARROW = 640
"""Below so many pixels the ages of collections have no room; hovering still says them."""
MOST_AGED = 10
"""With more columns than these the ages would touch."""
SEVERITIES = {3: 22, 2: 17, 1: 12, 0: 7, None: 10}
"""Height of an incident's tick by its severity; unknown has a height and a look of its own."""
CONDITIONS = {
    "complete": ("circle", "good"),
    "stale": ("diamond", "warn"),
    "partial": ("triangle-up", "warn"),
    "failed": ("cross", "bad"),
    "skipped": ("stroke", "muted"),
    "never": ("stroke", "muted"),
}
"""Shape first, colour second, for the condition of a collection."""
SAID = (
    ("family", "family"),
    ("target", "channel"),
    ("thing", "what"),
    ("condition", "condition"),
    ("said", "last good"),
    ("why", "reason"),
)
"""What hovering over a collection says, with its names."""


@kept
def timeline(
    incidents: Sequence[Row], pages: Sequence[Row], titles: Mapping[str, str], since: datetime, until: datetime, tone: Palette
) -> Spec:
    """A strip of ticks per status page: where the page was read, a line; each incident a tick, the taller the more severe."""
    sides = {row["family_id"]: row["side"] for row in pages}
    names = charts.places(list(sides), sides, titles)
    x = alt.X(
        "started_at:T",
        scale=alt.Scale(type="utc", domain=[since.isoformat(), until.isoformat()]),
        axis=alt.Axis(format="%b %Y", tickCount=6, grid=True, title=None),
    )
    y = charts.row_axis(names, tone)
    seen = [
        {**row, "family": titles[row["family_id"]], "started_at": max(row["observed_from_at"].replace(tzinfo=until.tzinfo), since)}
        for row in pages
    ]
    line = alt.Chart(data(seen)).mark_rule(strokeWidth=6, color=tone.hairline, clip=True).encode(x=x, x2="observed_until_at:T", y=y)
    shown = [
        {**row, "family": titles[row["family_id"]], "side": sides[row["family_id"]], "size": SEVERITIES[row["severity"]]}
        for row in incidents
    ]
    base = alt.Chart(data(shown)).encode(x=x, y=y, tooltip=_incident_tooltip())
    suspended = base.transform_filter("datum.kind == 'suspension'").mark_point(
        shape="diamond", size=110, filled=False, fill=tone.panel, fillOpacity=1, stroke=tone.ink, strokeWidth=2, opacity=1, clip=True
    )
    return finish([line, *_ticks(base, tone), suspended], tone, 36 * len(names))


def _ticks(base: alt.Chart, tone: Palette) -> list[alt.Chart]:
    """A layer for each side and height: a tick's size cannot be read from the data."""
    strength = alt.condition("datum.is_api", alt.value(0.9), alt.value(0.5))
    return [
        base.transform_filter(f"datum.side == '{side}' && datum.size == {height} && datum.kind != 'suspension'")
        .mark_tick(orient="vertical", size=height, thickness=2, color=tone.side(side), clip=True)
        .encode(opacity=strength)
        for side in SHAPES
        for height in sorted(set(SEVERITIES.values()))
    ]


def _incident_tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("family:N", title="page"),
        alt.Tooltip("title:N", title="said"),
        alt.Tooltip("kind:N", title="kind"),
        alt.Tooltip("began:N", title="began"),
        alt.Tooltip("lasted:N", title="lasted"),
    ]


@kept
def matrix(rows: Sequence[Row], titles: Mapping[str, str], tone: Palette) -> Spec:
    """Families by the sources that are read of them: the condition as a shape and the age as a word."""
    shown = [{**row, "family": titles[row["family_id"]]} for row in rows]
    sides = {row["family_id"]: row["side"] for row in shown}
    names = charts.places(sorted(sides, key=lambda family: titles[family].lower()), sides, titles)
    x = alt.X(
        "source:N",
        sort=None,
        axis=alt.Axis(orient="top", labelAngle=-45, labelAlign="left", labelFontSize=13, labelColor=tone.ink, grid=False, title=None),
    )
    y = charts.row_axis(names, tone)
    base = alt.Chart(data(shown)).encode(
        x=x,
        y=y,
        tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in SAID],
    )
    is_crowded = len({row["source"] for row in shown}) > MOST_AGED
    is_narrow = "true" if is_crowded else f"containerSize()[0] < {NARROW}"
    offset = alt.ExprRef(f"{is_narrow} ? 0 : -14")
    layers = []
    for condition, (shape, token) in CONDITIONS.items():
        own = base.transform_filter(f"datum.condition == '{condition}'")
        layers.append(own.mark_point(shape=shape, size=110, filled=True, color=getattr(tone, token), opacity=1, xOffset=offset))
    ages = base.transform_filter(f"!({is_narrow})").mark_text(align="left", dx=-4, color=tone.muted, fontSize=11)
    layers.append(ages.encode(text="said:N"))
    return finish(layers, tone, 30 * len(names))
