"""The chart of what ends next: a line per name, from its announcement past today to its end."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from dashboards.charts import axes, marks
from dashboards.charts.colours import SHAPES, Palette
from dashboards.metric_row import Row

LINE = 28
"""Height of a line in pixels."""
TOP = 24
"""Height in pixels of the label that marks today."""
BAR = 8
SAID = {
    "model": "name", "title": "of", "said": "ends", "left": "from now", "announced": "announced", "notice": "notice",
    "instead": "instead",
}  # fmt: skip
"""Fields of the tooltip with their labels."""
LETTERS = 18
"""Letters of a name that fit beside a narrow chart."""
LEAST = timedelta(days=30)
"""Shortest span of time shown."""
# Vega-Lite would merge lines with equal labels; invisible joiners keep them apart.
JOINER = "\N{WORD JOINER}"


def draw_gantt(rows: Sequence[Row], today: date, theme: Palette) -> marks.Spec:
    """Draws rows in order: a thin line from the announcement, a bar from today to the end.

    A known day is a full bar that ends in the mark of its side; a month or an earliest day is a hollow bar that ends in
    an arrow.
    """
    bars = [row | _style_row(row, theme) for row in _label_rows(rows)]
    # The first, empty name keeps a line free for the label of today.
    names = ["", *(row["label"] for row in bars)]
    axis = {
        "title": None, "labelColor": theme.ink, "labelFontSize": 12, "grid": True, "gridColor": theme.hairline,
        "labelLimit": 224,
    } | _wrap_labels()  # fmt: skip
    y = {"field": "label", "type": "nominal", "sort": None, "scale": {"domain": names}, "axis": axis}
    first, last = _span_of(rows, today)
    scale = {"type": "utc", "domain": [first.isoformat(), last.isoformat()], "nice": False}
    x = {"type": "temporal", "scale": scale, "axis": axes.make_date_axis(last - first)}
    drawn = marks.group_layers(bars, _draw_bars(x, theme), y=y, tooltip=marks.encode_tooltip(SAID))
    return marks.finish_chart([_draw_present(x, today, theme), drawn], theme, LINE * len(names))


def _wrap_labels() -> dict[str, Any]:
    """Wraps long names at a hyphen if there is little room, around the middle of their line."""
    is_long = f"{axes.ROOM_PX} < {marks.NARROW} && length(datum.value) > {LETTERS}"
    end = f"(lastindexof(substring(datum.value, 0, {LETTERS}), '-') + 1 || {LETTERS})"
    return {
        "labelExpr": f"{is_long} ? [substring(datum.value, 0, {end}), substring(datum.value, {end})] : datum.value",
        "labelBaseline": {"condition": {"test": is_long, "value": "bottom"}, "value": "middle"},
        "labelLineHeight": 13,
    }


def _span_of(rows: Sequence[Row], today: date) -> tuple[date, date]:
    """Returns the first and last day shown: everything ahead, and at most as much of the past, since the question is
    about the future."""
    last = max([today + LEAST, *(row["shutdown_on"] for row in rows)])
    first = min([today, *(row["announced_on"] for row in rows if row["announced_on"])])
    return max(first, today - (last - today)), last


def _label_rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Gives each line a label of its own: repeated names get their family, or invisible characters."""
    names = [row["model"] for row in rows]
    taken: dict[str, int] = {}
    labelled = []
    for row in rows:
        label = f"{row['model']} ({row['title']})" if names.count(row["model"]) > 1 else row["model"]
        taken[label] = taken.get(label, -1) + 1
        labelled.append({**row, "label": label + JOINER * taken[label]})
    return labelled


def _draw_bars(x: Mapping[str, Any], theme: Palette) -> list[marks.Layer]:
    since = {"x": {**x, "field": "announced_on"}}
    now = {"field": "today"}
    is_told = "isValid(datum.announced_on)"
    look: dict[str, Any] = {"color": theme.context, "clip": True}
    end = {"x": {**x, "field": "shutdown_on"}, "stroke": marks.encode_own("colour")}
    mark = {"shape": marks.encode_own("shape"), "fill": marks.encode_own("fill")}
    line: dict[str, Any] = {"strokeWidth": 1.5, "opacity": 1}
    return [
        marks.make_layer("rule", since | {"x2": now}, is_told, strokeWidth=1.5, **look),
        marks.make_layer("tick", since, is_told, size=10, thickness=1.5, **look),
        marks.make_layer("bar", end | {"x2": now, "fill": marks.encode_own("bar")}, height=BAR, **line),
        marks.make_layer("point", end | mark, size=110, fillOpacity=1, **line),
        _draw_ends(theme),
    ]


def _style_row(row: Row, theme: Palette) -> dict[str, str]:
    """Returns bar and end mark of a side: full if a day is known, else hollow with an arrow."""
    side, colour = row["side"], theme.side(row["side"])
    if not row["is_day"]:
        return {"colour": colour, "bar": theme.page, "fill": theme.page, "shape": "triangle-right"}
    fill = colour if side == "open" else theme.page
    return {"colour": colour, "bar": colour, "fill": fill, "shape": SHAPES.get(side, "diamond")}


def _draw_ends(theme: Palette) -> marks.Layer:
    """Draws the time left and, if it fits, the family and the day."""
    wording = {"calculate": f"{axes.ROOM_PX} < {2 * marks.NARROW} ? datum.short : datum.beside", "as": "shown"}
    limit, size = (
        {"expr": f"{axes.ROOM_PX} < {marks.NARROW} ? {few} : {many}"} for few, many in ((100, 320), (11, 12))
    )
    place = {"x": {"value": "width"}, "text": marks.encode_text("shown")}
    drawn = marks.make_layer("text", place, align="left", dx=12, color=theme.ink, limit=limit, fontSize=size)
    return drawn | {"transform": [wording]}


def _draw_present(x: Mapping[str, Any], today: date, theme: Palette) -> marks.Layer:
    at = {"x": {**x, "field": "day"}}
    rule = marks.make_layer("rule", at, color=theme.muted, strokeWidth=1)
    word = marks.make_layer(
        "text",
        {**at, "y": {"value": TOP / 2}, "text": marks.encode_text("word")},
        align="left",
        dx=4,
        color=theme.muted,
    )
    return {"data": {"values": [{"day": today.isoformat(), "word": "today"}]}, "layer": [rule, word]}
