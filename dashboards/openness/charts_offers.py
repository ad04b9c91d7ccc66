"""Dated offers as bars: from when, until when, and up to which day they were verified."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dashboards.charts import axes, marks
from dashboards.charts.colours import Palette
from dashboards.charts.marks import (
    HEADS,
    NARROW,
    Layer,
    Spec,
    encode_text,
    encode_tooltip,
    finish_chart,
    group_layers,
    make_layer,
)
from dashboards.metric_row import Row

STEP, THICK, LIMIT = 26, 12, 168
"""Height of a row, height of a bar, and maximum width of its name, in pixels."""
GLYPHS = {"own weights": "circle", "maker": "square", "cloud": "diamond"}
"""The shape at the start of a bar, by who provides the tuning."""
SAID = {
    "family": "family",
    "method": "how",
    "through": "through",
    "words": "in the maker's words",
    "began": "since",
    "ends": "until",
    "read": "read on",
}


def draw_gantt(
    offers: Sequence[Row], titles: Mapping[str, str], sides: Mapping[str, str], today: date, theme: Palette
) -> Spec:
    """Draws a bar per offer, from its first to its last day."""
    bars = _name_channels([make_bar(row, titles, sides, today) for row in offers])
    days = [row[name] for row in bars for name in ("since", "until") if row[name]]
    first = min(days)
    bars = [_style_bar(row, first, theme) for row in bars]
    x = {"type": "temporal", "scale": {"type": "utc", "domain": [first.isoformat(), max(*days, today).isoformat()]}}
    x["axis"] = {"format": "%Y", "tickCount": "year", "grid": True, "title": None, "orient": "top", "labelFlush": True}
    names = _arrange_names(bars, sides)
    y = marks.make_row_axis(names, theme, LIMIT) | {"field": "place"}
    layers = [
        group_layers(bars, [*_draw_bars(x), *_draw_ends(x, theme)], y=y, tooltip=encode_tooltip(SAID)),
        group_layers([{"day": today, "word": "today"}], _draw_today(theme), x=x | {"field": "day"}),
    ]
    return finish_chart(layers, theme, STEP * len(names))


def _style_bar(row: dict[str, Any], first: date, theme: Palette) -> dict[str, Any]:
    """Adds the bar's start on the chart and the shape and colours of its side."""
    glyph = {"shape": GLYPHS.get(row["through"], "cross"), "panel": theme.panel}
    ends = {"from_here": row["since"] or first, "glyph": row["since"] or row["sure"]}
    return row | ends | marks.style_side(row["side"], theme) | glyph


def make_bar(row: Row, titles: Mapping[str, str], sides: Mapping[str, str], today: date) -> dict[str, Any]:
    """Prepares an offer for drawing: certain up to the day on which it was read, or up to today where that is
    recent."""
    until = row["ended_on"] or today
    sure = row["as_of_on"] if row["is_stale"] and not row["ended_on"] else until
    title, method = titles[row["family_id"]], str(row["tuning_method"])
    through = str(row["offer_channel"])
    name = title if through == "own weights" else f"{title} · {method}"
    return {
        "family_id": row["family_id"], "family": title, "side": sides[row["family_id"]], "place": name,
        "method": method,
        "through": through, "since": row["from_on"], "sure": sure, "until": until, "is_stale": bool(row["is_stale"]),
        "words": row["fact_words"] or "", "began": _format_day(row["from_on"], "start not stated"),
        "ends": _format_day(row["ended_on"], "no known end"), "read": _format_day(row["as_of_on"], "not stated"),
        "word": _describe_end(row, today),
    }  # fmt: skip


def _name_channels(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Adds the provider to the names of rows that offer the same kind of tuning through two places."""
    through: dict[str, set[str]] = {}
    for row in rows:
        through.setdefault(row["place"], set()).add(row["through"])
    return [
        row | ({"place": f"{row['place']}, {row['through']}"} if len(through[row["place"]]) > 1 else {}) for row in rows
    ]


def _format_day(day: date | None, instead: str) -> str:
    return f"{day.day} {day:%b %Y}" if day else instead


def _describe_end(row: Row, today: date) -> str:
    """Describes the end of an offer, or says that it was last read long ago."""
    if row["ended_on"]:
        return f"{'ended' if row['ended_on'] <= today else 'ends'} {row['ended_on']:%b %Y}"
    return f"read {row['as_of_on']:%b %Y}" if row["is_stale"] else ""


def _draw_today(theme: Palette) -> list[Layer]:
    word = make_layer(
        "text",
        {"text": encode_text("word"), "y": {"value": 0}},
        align="right",
        dx=-4,
        dy=6,
        color=theme.muted,
        fontSize=11,
    )
    return [make_layer("rule", {}, color=theme.muted, strokeWidth=1), word]


def _arrange_names(rows: Sequence[Row], sides: Mapping[str, str]) -> list[str]:
    """Orders the rows from top to bottom under the headings of their sides; each name once."""
    names = []
    for side, head in HEADS.items():
        of_side = list(dict.fromkeys(row["place"] for row in rows if sides[row["family_id"]] == side))
        names += [head, *of_side] if of_side else []
    return names


def _draw_bars(x: dict[str, Any]) -> list[Layer]:
    """Draws the verified part solid and the part not known to have ended pale; a dotted line leads to an unknown
    beginning."""
    bar: dict[str, Any] = {"height": THICK, "cornerRadius": THICK // 2, "clip": True}
    colour, until = marks.encode_own("colour"), {"x": x | {"field": "sure"}, "x2": {"field": "until"}}
    firm = {
        "x": x | {"field": "since"},
        "x2": {"field": "sure"},
        "fill": marks.encode_own("fill"),
        "stroke": colour,
        "strokeDash": marks.encode_own("dash"),
    }
    start = {
        "x": x | {"field": "glyph"},
        "shape": marks.encode_own("shape"),
        "stroke": colour,
        "fill": marks.encode_own("panel"),
    }
    dotted = {"x": x | {"field": "from_here"}, "x2": {"field": "sure"}, "color": colour}
    return [
        make_layer("bar", until | {"color": colour}, "datum.is_stale && datum.sure < datum.until", **bar, opacity=0.22),
        make_layer("rule", dotted, "!isValid(datum.since)", strokeDash=[1, 4], strokeWidth=2),
        make_layer("bar", firm, "isValid(datum.since)", **bar, strokeWidth=2, fillOpacity=1),
        make_layer("point", start, size=110, filled=False, fillOpacity=1, strokeWidth=2, opacity=1),
    ]


def _draw_ends(x: dict[str, Any], theme: Palette) -> list[Layer]:
    """Draws an arrow where no end is known and a bar across where one is, with its label."""
    until, sure = {"x": x | {"field": "until"}}, {"x": x | {"field": "sure"}, "text": encode_text("word")}
    ends, read = (
        "indexof(datum.word, 'end') == 0",
        f"indexof(datum.word, 'read') == 0 && {axes.ROOM_PX} >= {NARROW}",
    )
    style: dict[str, Any] = {"align": "left", "dx": 10, "color": theme.ink, "fontSize": 11}
    return [
        make_layer(
            "point", until, f"!({ends})", shape="triangle-right", size=60, filled=True, color=theme.muted, opacity=1
        ),
        make_layer("tick", until, ends, orient="vertical", size=20, thickness=3, color=theme.ink),
        make_layer("text", until | {"text": encode_text("word")}, ends, **style),
        make_layer("text", sure, read, **style),
    ]
