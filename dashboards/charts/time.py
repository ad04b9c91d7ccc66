"""The chart of incidents: a strip per status page, with a tick for each."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from dashboards.charts import axes, marks
from dashboards.charts.colours import Palette
from dashboards.charts.marks import Layer, Spec, encode_text, encode_tooltip, finish_chart, group_layers, make_layer
from dashboards.metric_row import Row

SEVERITIES = {3: 22, 2: 17, 1: 12, 0: 7, None: 10}
"""Height of an incident's tick in pixels by severity; unknown severity has a height and look of its own."""
PROVISIONAL = timedelta(days=30)


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
    # One strip needs no heading.
    names = names[-1:] if len(sides) == 1 else names
    scale = {"type": "utc", "domain": [since.isoformat(), until.isoformat()]}
    x = {"field": "started_at", "type": "temporal", "scale": scale, "axis": axes.make_date_axis(until - since)}
    y = marks.make_row_axis(names, theme)
    of_family = {family: {"family": titles[family], "colour": theme.side(side)} for family, side in sides.items()}
    seen = [
        {**row, **of_family[row["family_id"]], "started_at": max(row["observed_from_at"].replace(tzinfo=UTC), since)}
        for row in pages
    ]
    line = make_layer(
        "rule", {"x": x, "x2": {"field": "observed_until_at"}}, strokeWidth=6, color=theme.hairline, clip=True
    )
    fresh = max(since, until - PROVISIONAL)
    coloured = [{**row, **of_family[row["family_id"]], "area": SEVERITIES[row["severity"]] ** 2} for row in incidents]
    tooltip = encode_tooltip({"family": "page", "title": "said", "kind": "kind", "began": "began", "lasted": "lasted"})
    ticks = group_layers(coloured, _draw_incidents(theme), x=x, y=y, tooltip=tooltip)
    layers = [group_layers(seen, [line], y=y), _draw_provisional(fresh, until, x, theme), ticks]
    return finish_chart(layers, theme, max(56, 36 * len(names)))


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


def _draw_incidents(theme: Palette) -> list[Layer]:
    """Draws ticks as upright strokes of point marks, since data can set the size of a point, but not the height of a
    tick; and suspensions as diamonds."""
    encoding = {
        "opacity": {"condition": {"test": "datum.is_api", "value": 0.9}, "value": 0.5},
        "stroke": marks.encode_own("colour"),
        "size": {"field": "area", "type": "quantitative", "scale": None},
    }
    style: Row = {"strokeWidth": 2, "filled": False, "clip": True}
    return [
        make_layer("point", encoding, "datum.kind != 'suspension'", shape="stroke", angle=90, **style),
        make_layer(
            "point", {}, "datum.kind == 'suspension'", shape="diamond", size=110, fill=theme.page, fillOpacity=1,
            stroke=theme.ink, opacity=1, **style,
        ),
    ]  # fmt: skip
