"""Charts of models: downloads by age and by day."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from dashboards.charts import axes
from dashboards.charts.colours import Palette
from dashboards.charts.marks import (
    Layer,
    Spec,
    encode_own,
    encode_quantity,
    encode_text,
    encode_tooltip,
    finish_chart,
    group_layers,
    make_layer,
)
from dashboards.metric_row import Row

HEIGHT = 320


SIZES = {"type": "threshold", "domain": [2e9, 9e9, 40e9, 150e9], "range": [20, 50, 110, 210, 360]}
"""Area of marks by number of parameters, at the steps that metrics use to compare models of similar size."""
PROVISIONAL = 30
"""Number of last days that may still change."""


def draw_ages(
    models: Sequence[Row], colours: Mapping[str, str], titles: Mapping[str, str], theme: Palette, height: int
) -> Spec:
    """Draws each model by age, 30-day downloads and size; only the families with the most downloaded models are
    coloured and listed in the key."""
    tops = [row for row in models if row["is_top"] and row["family_id"] in colours]
    months = {
        "title": "months since release",
        "titleAlign": "right",
        "titleAnchor": "end",
        "tickCount": 6,
        "format": "d",
    }
    encoding = {
        "x": encode_quantity(
            "age_months", ({"domain": [0, max(1, *(row["age_months"] for row in models))], "nice": True}, months)
        ),
        "y": encode_quantity("downloads_30d", axes.make_powers_scale([max(1, row["downloads_30d"]) for row in models])),
        "size": {"field": "parameters", "type": "quantitative", "scale": SIZES, "legend": None},
        "tooltip": [encode_text("model_id", "model"), encode_text("family", "family"), *_numbers_tooltip()],
    }
    points = [
        _draw_cloud("circle", "isValid(datum.parameters)"),
        _draw_cloud("diamond", "!isValid(datum.parameters)", size={"value": 50}),
    ]
    names = [
        draw_key(titles[row["family_id"]], colours[row["family_id"]], index, theme) for index, row in enumerate(tops)
    ]
    coloured = _colour_models(models, colours, titles, theme)
    return finish_chart([group_layers(coloured, points, **encoding), *names], theme, height)


def _colour_models(
    models: Sequence[Row], colours: Mapping[str, str], titles: Mapping[str, str], theme: Palette
) -> list[dict[str, Any]]:
    """Adds colours to models and puts those of coloured families last, so that they lie on top."""
    fields = ("model_id", "family_id", "age_months", "downloads_30d", "parameters")
    return [
        {**{name: row[name] for name in fields}, "family": titles[row["family_id"]]}
        | {
            "colour": colours.get(row["family_id"], theme.context),
            "strength": 0.75 if row["family_id"] in colours else 0,
        }
        for row in sorted(models, key=lambda row: row["family_id"] in colours)
    ]


def _draw_cloud(shape: str, where: str, **further: Any) -> Layer:
    """Draws known sizes as circles and unknown ones as diamonds; hollow without a colour of its own."""
    strength = {"field": "strength", "type": "quantitative", "scale": None}
    look = {"stroke": encode_own("colour"), "fill": encode_own("colour"), "fillOpacity": strength}
    return make_layer("point", look | further, where, shape=shape, filled=False, strokeWidth=1.5, strokeOpacity=0.8)


def _numbers_tooltip() -> list[dict[str, Any]]:
    fields = {"age_months": "months old", "downloads_30d": "downloads in 30 days", "parameters": "parameters"}
    return [{"field": field, "type": "quantitative", "title": title, "format": ","} for field, title in fields.items()]


def draw_key(title: str, colour: str, index: int, theme: Palette) -> Layer:
    """Draws a name at the right with its family's mark, since names among the marks would touch."""
    point = make_layer("point", {}, shape="circle", filled=True, size=80, opacity=1, color=colour, xOffset=16)
    name = make_layer("text", {"text": encode_text("family")}, align="left", dx=28, color=theme.ink, fontSize=13)
    return group_layers([{"family": title}], [point, name], x={"value": "width"}, y={"value": 12 + 24 * index})


def draw_days(rows: Sequence[Row], coloured: Mapping[str, str], titles: Mapping[str, str], theme: Palette) -> Spec:
    """Draws daily downloads of one model per family: a break where no one looked, a cross where the counter fell, pale
    without a colour.

    The part that may still change is dashed, on a labelled band.
    """
    first, until = (end(row["day_on"] for row in rows) for end in (min, max))
    since = max(first, until - timedelta(days=PROVISIONAL))
    points = _to_points(rows, since, coloured, titles, theme)
    x = {
        "field": "day_on",
        "type": "temporal",
        "scale": {"type": "utc", "domain": [first.isoformat(), until.isoformat()]},
    }
    x["axis"] = {"format": "%-d %b", "tickCount": 6, "grid": False, "title": None}
    y = encode_quantity(
        "value", axes.make_powers_scale([row["downloads_per_day"] for row in rows if row["downloads_per_day"]])
    )
    named = {row["family_id"]: row for row in points if row["value"] and row["family_id"] in coloured}
    ends = sorted(named.values(), key=lambda row: -row["value"])
    keys = [draw_key(row["family"], row["colour"], index, theme) for index, row in enumerate(ends)]
    tooltip = encode_tooltip({"model_id": "model", "day_on": "day", "said": "downloads per day"})
    return finish_chart(
        [
            _draw_provisional(since, until, x, theme),
            group_layers(points, _draw_day_marks(y), x=x, color=encode_own("colour"), tooltip=tooltip),
            *keys,
        ],
        theme,
        HEIGHT,
    )


def _draw_day_marks(y: dict[str, Any]) -> list[Layer]:
    """Draws lines that break where no one looked, dashed where they may still change, with a cross where the counter
    fell."""
    line: dict[str, Any] = {"strokeWidth": 2, "invalid": "break-paths-show-path-domains"}
    each = {"y": y, "detail": encode_text("family_id")}
    fall = {"y": {"value": HEIGHT - 8}}
    return [
        make_layer("line", each, "datum.is_early", **line),
        make_layer("line", each, "datum.is_late", **line, strokeDash=[4, 2]),
        make_layer("point", {"y": y}, size=10, filled=True, opacity=1),
        make_layer("point", fall, "datum.is_anomaly", shape="cross", angle=45, size=110, filled=True, opacity=1),
    ]


def _to_points(
    rows: Sequence[Row], since: date, coloured: Mapping[str, str], titles: Mapping[str, str], theme: Palette
) -> list[dict[str, Any]]:
    fields = ("family_id", "model_id", "day_on", "said", "is_anomaly")
    return [
        {**{name: row[name] for name in fields}, "family": titles[row["family_id"]], "value": row["downloads_per_day"]}
        | {
            "colour": coloured.get(row["family_id"], theme.hairline),
            "is_early": row["day_on"] <= since,
            "is_late": row["day_on"] >= since,
        }
        for row in rows
    ]


def _draw_provisional(since: date, until: date, x: dict[str, Any], theme: Palette) -> Layer:
    """Draws the days that may still change as a labelled band."""
    band = make_layer("rect", {"x2": {"field": "until"}}, color=theme.hairline, opacity=0.35)
    word = make_layer(
        "text", {"text": encode_text("word"), "y": {"value": 12}}, align="left", dx=8, color=theme.muted, fontSize=11
    )
    return group_layers([{"day_on": since, "until": until, "word": "provisional"}], [band, word], x=x)
