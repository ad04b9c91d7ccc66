"""Charts of events: incidents as ticks, and the state of every collection."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from dashboards.charts import axes, marks
from dashboards.charts.colours import Palette
from dashboards.charts.marks import Layer, Spec, encode_text, encode_tooltip, finish_chart, group_layers, make_layer
from dashboards.metric_row import MetricRow, Row

NARROW = 640
"""Narrower charts (pixels) have no room for the ages of collections; the tooltip still gives them."""
MOST_AGED = 10
"""With more columns than this the ages would touch."""
SEVERITIES = {3: 22, 2: 17, 1: 12, 0: 7, None: 10}
"""Height of an incident's tick in pixels by severity; unknown severity has a height and look of its own."""
CONDITIONS = {
    "complete": ("circle", "good"),
    "stale": ("diamond", "warn"),
    "overdue": ("diamond", "bad"),
    "partial": ("triangle-up", "warn"),
    "failed": ("cross", "bad"),
    "skipped": ("stroke", "muted"),
    "never": ("stroke", "muted"),
}
"""Shape first, colour second, by condition of a collection."""
PROVISIONAL = timedelta(days=30)
TOOLTIP = {
    "family": "family",
    "target": "channel",
    "thing": "what",
    "condition": "condition",
    "said": "last good",
    "why": "reason",
}
"""Fields of a collection's tooltip with their labels."""


def draw_timeline(
    incidents: Sequence[Row],
    pages: Sequence[Row],
    titles: Mapping[str, str],
    since: datetime,
    until: datetime,
    theme: Palette,
) -> Spec:
    """Draws a strip per status page: a line while the page was read, and a tick per incident, taller for higher
    severity."""
    sides = {row["family_id"]: row["side"] for row in pages}
    names = marks.arrange_rows(list(sides), sides, titles)
    scale = {"type": "utc", "domain": [since.isoformat(), until.isoformat()]}
    x = {"field": "started_at", "type": "temporal", "scale": scale, "axis": axes.make_date_axis(until - since)}
    y = marks.make_row_axis(names, theme)
    seen = [
        {
            **row,
            "family": titles[row["family_id"]],
            "started_at": max(row["observed_from_at"].replace(tzinfo=until.tzinfo), since),
        }
        for row in pages
    ]
    line = make_layer(
        "rule", {"x": x, "x2": {"field": "observed_until_at"}}, strokeWidth=6, color=theme.hairline, clip=True
    )
    fresh = max(since, until - PROVISIONAL)
    coloured = [row | {"colour": theme.side(sides[row["family_id"]])} for row in _size_incidents(incidents, titles)]
    tooltip = encode_tooltip({"family": "page", "title": "said", "kind": "kind", "began": "began", "lasted": "lasted"})
    ticks = group_layers(coloured, [_draw_ticks(), _draw_suspensions(theme)], x=x, y=y, tooltip=tooltip)
    return finish_chart(
        [group_layers(seen, [line], y=y), _draw_provisional(fresh, until, x, theme), ticks], theme, 36 * len(names)
    )


def _size_incidents(incidents: Sequence[Row], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Adds the family's title and the area of the tick to each incident."""
    return [{**row, "family": titles[row["family_id"]], "area": SEVERITIES[row["severity"]] ** 2} for row in incidents]


def _draw_suspensions(theme: Palette) -> Layer:
    return make_layer(
        "point", {}, "datum.kind == 'suspension'", shape="diamond", size=110, filled=False, fill=theme.panel,
        fillOpacity=1,
        stroke=theme.ink, strokeWidth=2, opacity=1, clip=True,
    )  # fmt: skip


def _draw_provisional(since: datetime, until: datetime, x: Mapping[str, Any], theme: Palette) -> Layer:
    """Draws the last days between dashed lines with a label: incidents are still being posted and edited."""
    rows = [{"started_at": since, "until": until, "word": "provisional"}]
    edge = make_layer("rule", {"x": {**x}}, strokeWidth=1, strokeDash=[3, 3], color=theme.muted)
    shade = make_layer("rect", {"x": {**x}, "x2": {"field": "until"}}, fill=theme.context, opacity=0.1)
    word = make_layer(
        "text",
        {"x": {**x, "field": "until"}, "y": {"value": 10}, "text": encode_text("word")},
        align="right",
        dx=-4,
        color=theme.muted,
    )
    return group_layers(rows, [shade, edge, word])


def _draw_ticks() -> Layer:
    """Draws ticks as upright strokes of point marks: data can set the size of a point, but not the height of a tick."""
    encoding = {
        "opacity": {"condition": {"test": "datum.is_api", "value": 0.9}, "value": 0.5},
        "stroke": marks.encode_own("colour"),
        "size": {"field": "area", "type": "quantitative", "scale": None},
    }  # fmt: skip
    return make_layer(
        "point",
        encoding,
        "datum.kind != 'suspension'",
        shape="stroke",
        angle=90,
        strokeWidth=2,
        filled=False,
        clip=True,
    )


def draw_matrix(rows: Sequence[Row], titles: Mapping[str, str], theme: Palette) -> Spec:
    """Draws families by source, with the condition as a shape and the age in words."""
    cells = [{**row, "family": titles[row["family_id"]]} for row in rows]
    sides = {row["family_id"]: row["side"] for row in cells}
    names = marks.arrange_rows(sorted(sides, key=lambda family: titles[family].lower()), sides, titles)
    axis = {
        "orient": "top",
        "labelAngle": marks.SLANT, "labelAlign": "left", "labelFontSize": 13,
        "labelColor": theme.ink, "grid": False, "title": None,
    }  # fmt: skip
    is_crowded = len({row["source"] for row in cells}) > MOST_AGED
    is_narrow = "true" if is_crowded else f"{axes.ROOM_PX} < {NARROW}"
    ages = make_layer(
        "text", {"text": encode_text("said")}, f"!({is_narrow})", align="left", dx=-4, color=theme.muted, fontSize=11
    )
    x = {"field": "source", "type": "nominal", "sort": None, "axis": axis}
    layers = [*_draw_conditions(is_narrow, theme), ages]
    drawn = marks.finish_rows(cells, layers, names, theme, encode_tooltip(TOOLTIP), picks=(), step=30, x=x)
    return marks.make_room(drawn)


def _draw_conditions(is_narrow: str, theme: Palette) -> list[Layer]:
    """Draws one mark per condition, told apart by shape first and colour second; centred in its cell where no age fits
    beside it."""
    offset = {"expr": f"{is_narrow} ? 0 : -14"}
    return [
        make_layer(
            "point",
            {},
            f"datum.condition == '{condition}'",
            shape=shape,
            size=110,
            filled=True,
            color=getattr(theme, token),
            opacity=1,
            xOffset=offset,
        )
        for condition, (shape, token) in CONDITIONS.items()
    ]


def convert_to_hours(rows: Sequence[MetricRow], hours: float) -> list[MetricRow]:
    """Converts rows in another unit of time to hours; nothing else changes."""

    def convert(number: float | None) -> float | None:
        return None if number is None else number * hours

    return [
        {
            **row,
            "value": convert(row["value"]),
            "low": convert(row["low"]),
            "high": convert(row["high"]),
            "unit": "hours",
        }
        for row in rows
    ]
