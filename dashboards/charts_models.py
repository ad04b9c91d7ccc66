"""The charts of models: downloads by age and by day."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from dashboards import axes
from dashboards.charts import data, finish
from dashboards.colours import Palette

Row = Mapping[str, Any]
HEIGHT = 320

MOST_NAMED = 6


def ages(models: Sequence[Row], colours: Mapping[str, str], titles: Mapping[str, str], tone: Palette) -> alt.LayerChart:
    """Each model by its age and its downloads of 30 days; families whose top model has room for its name carry colour and name."""
    named = _with_room(models)
    shown = [{**row, "family": titles[row["family_id"]], "is_named": row["model_id"] in named.values()} for row in models]
    scale, axis = axes.powers([max(1, row["downloads_30d"]) for row in models])
    x = alt.X(
        "age_months:Q",
        scale=alt.Scale(domainMin=0, nice=True),
        axis=alt.Axis(title="months since release", titleAlign="right", titleAnchor="end", tickCount=6, format="d"),
    )
    base = alt.Chart(data(shown)).encode(
        x=x,
        y=alt.Y("downloads_30d:Q", scale=scale, axis=axis),
        tooltip=[
            alt.Tooltip("model_id:N", title="model"),
            alt.Tooltip("family:N", title="family"),
            alt.Tooltip("downloads_30d:Q", title="downloads in 30 days", format=","),
        ],
    )
    layers = [base.mark_point(shape="circle", size=48, filled=False, stroke=tone.context, strokeWidth=1.5, opacity=0.8)]
    for family in named:
        own = base.transform_filter(alt.FieldEqualPredicate(family, "family_id"))
        layers.append(own.mark_point(shape="circle", size=80, filled=True, color=colours[family], opacity=1))
    layers.append(
        base.transform_filter("datum.is_named").mark_text(align="left", dx=12, color=tone.ink, fontSize=13).encode(text="family:N")
    )
    return finish(layers, tone, 392)


def _with_room(models: Sequence[Row]) -> dict[str, str]:
    """Top model by family, for as many families, from the most downloaded on, as can be named without names touching."""
    widest = max((row["age_months"] for row in models), default=0) or 1
    kept: list[Row] = []
    for row in sorted(models, key=lambda row: -row["downloads_30d"]):
        is_near = any(
            _touch(row, other, widest)
            for other in models
            if other is not row and (other in kept or other["age_months"] >= row["age_months"])
        )
        if row["is_top"] and not is_near and len(kept) < MOST_NAMED:
            kept.append(row)
    return {row["family_id"]: row["model_id"] for row in kept}


def days(rows: Sequence[Row], coloured: Mapping[str, str], titles: Mapping[str, str], tone: Palette) -> alt.LayerChart:
    """Downloads a day of one model a family: a break where nobody looked, a cross where the counter fell."""
    scale, axis = axes.powers([row["downloads_per_day"] for row in rows if row["downloads_per_day"]])
    shown = [
        {**row, "family": titles[row["family_id"]], "colour": coloured[row["family_id"]], "value": row["downloads_per_day"]} for row in rows
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
    return finish([line, alone, fallen, *_day_names(shown, scale, axis, tone)], tone, HEIGHT)


def _day_names(shown: Sequence[Row], scale: alt.Scale, axis: alt.Axis, tone: Palette) -> list[alt.Chart]:
    """Names at the last value of each line, those that would touch left out: hovering still says them."""
    last = sorted({row["family_id"]: row for row in shown if row["value"]}.values(), key=lambda row: -row["value"])
    kept: list[Row] = []
    for row in last:
        if all(other["value"] > row["value"] * 1.25 for other in kept):
            kept.append(row)
    return [
        alt.Chart(data(kept))
        .mark_text(align="left", dx=12, color=tone.ink, fontSize=13)
        .encode(x=alt.value("width"), y=alt.Y("value:Q", scale=scale, axis=axis), text="family:N")
    ]


def _touch(row: Row, other: Row, widest: float) -> bool:
    """Whether a name at one mark would run into another mark, or into its name."""
    ratio = max(1, row["downloads_30d"]) / max(1, other["downloads_30d"])
    return bool(abs(row["age_months"] - other["age_months"]) < 0.16 * widest and 0.85 < ratio < 1.18)
