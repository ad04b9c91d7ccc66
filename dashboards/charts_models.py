"""The charts of models: downloads by age and by day."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from dashboards import axes
from dashboards.charts import Spec, data, finish, kept
from dashboards.colours import Palette

Row = Mapping[str, Any]
HEIGHT = 320


@kept
def ages(models: Sequence[Row], colours: Mapping[str, str], titles: Mapping[str, str], tone: Palette, height: int) -> Spec:
    """Each model by its age and its downloads of 30 days; families with the most downloaded models carry colour and stand in the key."""
    tops = [row for row in models if row["is_top"] and row["family_id"] in colours]
    shown = [{**row, "family": titles[row["family_id"]]} for row in models]
    scale, axis = axes.powers([max(1, row["downloads_30d"]) for row in models])
    months = alt.Axis(title="months since release", titleAlign="right", titleAnchor="end", tickCount=6, format="d")
    tips = [
        alt.Tooltip("model_id:N", title="model"),
        alt.Tooltip("family:N", title="family"),
        alt.Tooltip("downloads_30d:Q", title="downloads in 30 days", format=","),
    ]
    base = alt.Chart(data(shown)).encode(
        x=alt.X("age_months:Q", scale=alt.Scale(domainMin=0, nice=True), axis=months),
        y=alt.Y("downloads_30d:Q", scale=scale, axis=axis),
        tooltip=tips,
    )
    layers = [base.mark_point(shape="circle", size=48, filled=False, stroke=tone.context, strokeWidth=1.5, opacity=0.8)]
    for place, row in enumerate(tops):
        own = base.transform_filter(alt.FieldEqualPredicate(row["family_id"], "family_id"))
        layers.append(own.mark_point(shape="circle", size=80, filled=True, color=colours[row["family_id"]], opacity=1))
        layers += _key(titles[row["family_id"]], colours[row["family_id"]], place, tone)
    return finish(layers, tone, height)


def _key(title: str, colour: str, place: int, tone: Palette) -> list[alt.Chart]:
    """A name at the right with the mark of its family, since names among the marks would touch."""
    base = alt.Chart(data([{"family": title}])).encode(x=alt.value("width"), y=alt.value(12 + 24 * place))
    point = base.mark_point(shape="circle", filled=True, size=80, opacity=1, color=colour, xOffset=16)
    return [point, base.mark_text(align="left", dx=28, color=tone.ink, fontSize=13).encode(text="family:N")]


@kept
def days(rows: Sequence[Row], coloured: Mapping[str, str], titles: Mapping[str, str], tone: Palette) -> Spec:
    """Downloads a day of one model a family: a break where nobody looked, a cross where the counter fell; pale without a colour."""
    scale, axis = axes.powers([row["downloads_per_day"] for row in rows if row["downloads_per_day"]])
    shown = [
        {
            **row,
            "family": titles[row["family_id"]],
            "colour": coloured.get(row["family_id"], tone.hairline),
            "value": row["downloads_per_day"],
        }
        for row in rows
    ]
    x = alt.X("day_on:T", scale=alt.Scale(type="utc"), axis=alt.Axis(format="%-d %b", tickCount=6, grid=False, title=None))
    colour = alt.Color("colour:N", scale=None)
    base = alt.Chart(data(shown)).encode(x=x)
    tips = [
        alt.Tooltip(f"{field}:N", title=title) for field, title in (("model_id", "model"), ("day_on", "day"), ("said", "downloads a day"))
    ]
    line = base.mark_line(strokeWidth=2, invalid="break-paths-show-path-domains").encode(
        y=alt.Y("value:Q", scale=scale, axis=axis), color=colour, detail="family_id:N", tooltip=tips
    )
    alone = base.mark_point(size=18, filled=True, opacity=1).encode(y=alt.Y("value:Q", scale=scale, axis=axis), color=colour, tooltip=tips)
    fallen = (
        base.transform_filter("datum.is_anomaly")
        .mark_point(shape="cross", angle=45, size=110, filled=True, opacity=1)
        .encode(y=alt.value(HEIGHT - 8), color=colour, tooltip=tips)
    )
    named = {row["family_id"]: row for row in shown if row["value"] and row["family_id"] in coloured}
    ends = sorted(named.values(), key=lambda row: -row["value"])
    keys = [layer for place, row in enumerate(ends) for layer in _key(row["family"], row["colour"], place, tone)]
    return finish([line, alone, fallen, *keys], tone, HEIGHT)
