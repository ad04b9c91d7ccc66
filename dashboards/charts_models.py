"""The charts of models: downloads by age and by day."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards import axes
from dashboards.charts import Layer, Spec, finish, group, layer, quantity, text, tips
from dashboards.colours import Palette

Row = Mapping[str, Any]
HEIGHT = 320


def ages(models: Sequence[Row], colours: Mapping[str, str], titles: Mapping[str, str], tone: Palette, height: int) -> Spec:
    """Each model by its age and its downloads of 30 days; families with the most downloaded models carry colour and stand in the key."""
    tops = [row for row in models if row["is_top"] and row["family_id"] in colours]
    fields = ("model_id", "family_id", "age_months", "downloads_30d")
    shown = [{**{name: row[name] for name in fields}, "family": titles[row["family_id"]]} for row in models]
    months = {"title": "months since release", "titleAlign": "right", "titleAnchor": "end", "tickCount": 6, "format": "d"}
    count = {"field": "downloads_30d", "type": "quantitative", "title": "downloads in 30 days", "format": ","}
    encoding = {
        "x": quantity("age_months", ({"domainMin": 0, "nice": True}, months)),
        "y": quantity("downloads_30d", axes.powers([max(1, row["downloads_30d"]) for row in models])),
        "tooltip": [text("model_id", "model"), text("family", "family"), count],
    }
    points = [layer("point", {}, shape="circle", size=48, filled=False, stroke=tone.context, strokeWidth=1.5, opacity=0.8)]
    for row in tops:
        own = f"datum.family_id == '{row['family_id']}'"
        points.append(layer("point", {}, own, shape="circle", size=80, filled=True, color=colours[row["family_id"]], opacity=1))
    names = [key(titles[row["family_id"]], colours[row["family_id"]], place, tone) for place, row in enumerate(tops)]
    return finish([group(shown, points, **encoding), *names], tone, height)


def key(title: str, colour: str, place: int, tone: Palette) -> Layer:
    """A name at the right with the mark of its family, since names among the marks would touch."""
    point = layer("point", {}, shape="circle", filled=True, size=80, opacity=1, color=colour, xOffset=16)
    name = layer("text", {"text": text("family")}, align="left", dx=28, color=tone.ink, fontSize=13)
    return group([{"family": title}], [point, name], x={"value": "width"}, y={"value": 12 + 24 * place})


def days(rows: Sequence[Row], coloured: Mapping[str, str], titles: Mapping[str, str], tone: Palette) -> Spec:
    """Downloads a day of one model a family: a break where nobody looked, a cross where the counter fell; pale without a colour."""
    scaled = axes.powers([row["downloads_per_day"] for row in rows if row["downloads_per_day"]])
    kept = ("family_id", "model_id", "day_on", "said", "is_anomaly")
    shown = [
        {**{name: row[name] for name in kept}, "family": titles[row["family_id"]], "value": row["downloads_per_day"]}
        | {"colour": coloured.get(row["family_id"], tone.hairline)}
        for row in rows
    ]
    x = {"field": "day_on", "type": "temporal", "scale": {"type": "utc"}}
    x["axis"] = {"format": "%-d %b", "tickCount": 6, "grid": False, "title": None}
    colour = {"field": "colour", "type": "nominal", "scale": None}
    said = tips({"model_id": "model", "day_on": "day", "said": "downloads a day"})
    y = quantity("value", scaled)
    layers = [
        layer("line", {"y": y, "detail": text("family_id")}, strokeWidth=2, invalid="break-paths-show-path-domains"),
        layer("point", {"y": y}, size=18, filled=True, opacity=1),
        layer("point", {"y": {"value": HEIGHT - 8}}, "datum.is_anomaly", shape="cross", angle=45, size=110, filled=True, opacity=1),
    ]
    named = {row["family_id"]: row for row in shown if row["value"] and row["family_id"] in coloured}
    ends = sorted(named.values(), key=lambda row: -row["value"])
    keys = [key(row["family"], row["colour"], place, tone) for place, row in enumerate(ends)]
    return finish([group(shown, layers, x=x, color=colour, tooltip=said), *keys], tone, HEIGHT)
