"""The curves of waiting."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.charts import axes, marks
from dashboards.charts.colours import SHAPES, STROKES, Palette
from dashboards.metric_row import Row
from dashboards.words import numbers

HEIGHT = 320
LIMIT = 128
"""Width in pixels of a name at the end of a line; a longer one would take the room of the curves."""
GAP = 0.065
"""Least distance of two labels at line ends, as a share of the height."""
LAST = 720
"""The hours at which the curves end."""
HALVES = {True: ("right", 0, -14), False: ("left", 0, 16)}
"""Where it is written when half are answered: of the sooner one at its left, of the later one at its right."""
FIELDS = ("family_id", "hours", "value", "low", "high", "n_at_risk")
"""Fields of each point that the browser receives."""
TICKS = [0, 1, 6, 24, 72, 168, 720]


def draw_curves(
    rows: Sequence[Row], coloured: Mapping[str, str], medians: Sequence[Row], titles: Mapping[str, str], theme: Palette
) -> marks.Spec:
    """Draws the share answered by time since asking: coloured families have a band, their name with the last share at
    the end, and a mark where half are answered; others are thin lines behind them."""
    sides = {row["family_id"]: row["side"] for row in rows}
    points = [{**{name: row.get(name) for name in FIELDS}, "family": titles[row["family_id"]]} for row in rows]
    y = marks.encode_quantity("value", axes.make_share_scale())
    along = {"x": encode_time_asked(), "detail": marks.encode_text("family_id")}
    named = [row for row in points if row["family_id"] in coloured]
    others = [row for row in points if row["family_id"] not in coloured]
    thin = marks.make_layer(
        "line", {"y": y}, color=theme.context, strokeWidth=1, opacity=0.45, interpolate="step-after"
    )
    groups = [marks.group_layers(others, [thin], **along)] if others else []
    for family, colour in coloured.items():
        own = [row for row in named if row["family_id"] == family]
        groups.append(marks.group_layers(own, _draw_curve(colour, sides[family], y), **along))
    # Thin lines are hard to hit, so broad invisible ones take the clicks.
    clicked = {"y": y, "tooltip": _curve_tooltip(named)}
    broad = marks.make_layer("line", clicked, strokeWidth=14, opacity=0, interpolate="step-after", cursor="pointer")
    broad["name"] = "marks"
    labels = _draw_end_labels(_spread_labels(named), coloured, sides, theme)
    groups += [marks.group_layers(named, [broad], **along), *_draw_halves(medians, coloured, titles, theme), labels]
    return marks.finish_chart(groups, theme, HEIGHT, ("family_id",))


def _draw_halves(
    medians: Sequence[Row], coloured: Mapping[str, str], titles: Mapping[str, str], theme: Palette
) -> list[marks.Layer]:
    """Draws when half of a family's askers are answered, as published; of one or two with the interval and in words,
    the sooner on the left."""
    known = sorted((row for row in medians if row["value"] is not None), key=lambda row: row["value"])
    drawn = [
        {
            "family": titles[row["family_id"]], "value": row["value"], "half": 0.5, "low": row["low"],
            "high": min(row["high"] or LAST, LAST), "said": numbers.format_value(row, "hours"),
            "short": f"half within {numbers.format_hours(row['value'])}",
            "colour": coloured[row["family_id"]], "shape": SHAPES[row["side"]],
        }
        for row in known
    ]  # fmt: skip
    x, y = encode_time_asked() | {"field": "value"}, marks.encode_quantity("half", axes.make_share_scale())
    look = {"fill": marks.encode_own("colour"), "shape": marks.encode_own("shape")}
    # Its interval is a line from the lower to the upper end, or to the edge if that is not known.
    ends = {"x": x | {"field": "low"}, "x2": {"field": "high"}, "color": marks.encode_own("colour")}
    is_few = len(drawn) <= len(HALVES)
    layers = [
        marks.make_layer("rule", ends, strokeWidth=2.5, clip=True),
        marks.make_layer("point", look, filled=True, size=80, opacity=1, stroke=theme.page, strokeWidth=1, clip=True),
    ]
    tips = marks.encode_tooltip({"family": "family", "said": "half within"})
    words = [
        marks.group_layers([mark], _write_half(is_left, theme), x=x, y=y)
        for mark, is_left in zip(drawn, (True, False), strict=False)
        if is_few
    ]
    return [marks.group_layers(drawn, layers, x=x, y=y, tooltip=tips), *words]


def _write_half(is_left: bool, theme: Palette) -> list[marks.Layer]:
    """Writes beside a mark when half are answered, above its line on the left or below it on the right; the paper
    around the letters keeps them readable on a band."""
    align, dx, dy = HALVES[is_left]
    style: Row = {"align": align, "dx": dx, "dy": dy, "fontSize": 13, "fontWeight": 600}
    text = {"text": marks.encode_text("short")}
    halo = marks.make_layer("text", text, stroke=theme.page, strokeWidth=4, color=theme.page, **style)
    return [halo, marks.make_layer("text", text | {"color": marks.encode_own("colour")}, **style)]


def encode_time_asked() -> dict[str, Any]:
    """Encodes the time since a question was asked, up to thirty days."""
    scale = {"type": "symlog", "constant": 1, "domain": [0, LAST], "nice": False}
    axis = {
        "values": TICKS,
        "labelExpr": axes.name_ticks({0: "asked"} | axes.HOURS),
        "grid": False,
        "labelFlush": True,
        "title": None,
    }
    return {"field": "hours", "type": "quantitative", "scale": scale, "axis": axis}


def _draw_curve(colour: str, side: str, y: dict[str, Any]) -> list[marks.Layer]:
    band = {"y": y | {"field": "low"}, "y2": {"field": "high"}}
    return [
        marks.make_layer("area", band, color=colour, opacity=0.16, interpolate="step-after"),
        marks.make_layer(
            "line", {"y": y}, color=colour, strokeWidth=2.5, strokeDash=STROKES[side], interpolate="step-after"
        ),
    ]


def _draw_end_labels(
    ends: Sequence[Row], coloured: Mapping[str, str], sides: Mapping[str, str], theme: Palette
) -> marks.Layer:
    """Draws names in the colour of text, each with a mark in the colour of its line, since not every line colour is
    readable as text."""
    looks = {family: {"colour": colour, "shape": SHAPES[sides[family]]} for family, colour in coloured.items()}
    labels = [
        {
            "family": row["family"],
            "label": row["label"],
            "said": f"{row['family']} {numbers.format_share(row['value'])}",
        }
        | looks[row["family_id"]]
        for row in ends
    ]
    own = {"color": marks.encode_own("colour"), "shape": marks.encode_own("shape")}
    point = marks.make_layer("point", own, filled=True, size=64, opacity=1, xOffset=12)
    name = marks.make_layer(
        "text", {"text": marks.encode_text("said")}, align="left", dx=24, color=theme.ink, fontSize=13, limit=LIMIT
    )
    return marks.group_layers(
        labels, [point, name], x={"value": "width"}, y=marks.encode_quantity("label", axes.make_share_scale())
    )


def _curve_tooltip(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Makes the tooltip; of a mean nobody counts who still waits."""
    share = {"type": "quantitative", "format": ".0%"}
    waiting = {"field": "n_at_risk", "type": "quantitative", "title": "still waiting"}
    return [
        marks.encode_text("family", "of"),
        {"field": "hours", "type": "quantitative", "title": "hours since asking"},
        {"field": "value", "title": "answered"} | share,
        {"field": "low", "title": "from"} | share,
        {"field": "high", "title": "to"} | share,
        *([waiting] if rows and rows[0]["n_at_risk"] is not None else []),
    ]


def _spread_labels(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Returns the last point of each line, with labels moved apart if lines end close together."""
    last: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row["hours"]):
        last[row["family_id"]] = dict(row)
    ends = sorted(last.values(), key=lambda row: row["value"])
    floor = -1.0
    for row in ends:
        row["label"] = floor = max(row["value"], floor + GAP)
    # If the topmost label would leave the chart, all labels move down together.
    over = max(0.0, floor - 1.0)
    return [{**row, "label": row["label"] - over} for row in ends]
