"""The last twelve months of waiting, incidents and price, as small lines: of one family, with its work, or of the two
sides."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from statistics import mean

from dashboards.charts import axes, marks
from dashboards.charts.axes import Unit
from dashboards.charts.colours import SHAPES, STROKES, Palette
from dashboards.frame import snapshot_reader
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import DictRow, Row
from dashboards.words import numbers

DAYS = timedelta(days=30)
"""Length of a month."""
LEAST = 5
"""Questions below which a month of a family has no share."""
HEIGHT, GAP = 132, 0.16
"""Height in pixels, and the least distance of two words at ends of lines as a share of it."""
OF_SIDES = "select * from metrics.side_months where channel_kind = ? order by side, months_ago desc"
OF_FAMILY = "select * from metrics.family_months where channel_kind = ? order by months_ago desc"
SIDES = {"open": "Open", "proprietary": "Proprietary"}


@dataclass(frozen=True, slots=True)
class Trend:
    """A measure that has a value for each month."""

    measure: str
    unit: Unit
    title: str
    subtitle: str
    kind: str = ""
    """Kind of channel; empty for the one that the page is about."""
    source: str = ""
    metric: str = ""
    """The metric that it follows over the months."""


TRENDS = (
    Trend("answered", "share", "Answered within a week", "Share of questions, by the month in which they were asked",
          metric="answered_share"),
    Trend("incidents", "rate", "Incidents", "Posted in a month", "status", "the vendors' own status pages",
          "incident_rate"),
    Trend("price", "usd", "Price", "Of the median model, USD for a million tokens", "prices", "OpenRouter's list",
          "price_usd"),
)  # fmt: skip
WORK = Trend(
    "works", "rate", "Work",
    "Merged changes, and answers by staff or maintainers, in the family's own places. Slowing: the last three months "
    "are under half of the nine before. Silent: none in three",
    "all", "public repositories and forums",
)  # fmt: skip
MONTHS, LATE = 12, 3
"""Months by which work is judged, and those of them that are judged by the others."""
LEAST_WORK = 12
"""Pieces of work below which nothing is judged."""
LEAST_MONTHS = 3
"""Months that make a line."""
TOO_SHORT = {"state": "not enough data", "note": f"A line begins with {LEAST_MONTHS} months."}
TOO_FEW = {"state": "not enough data", "note": f"Fewer than {LEAST_WORK} pieces of work were read in {MONTHS} months."}
ENDED = "select family_id from staging.families where ended_on is not null"


def draw_sides(page: View) -> list[Figure]:
    """Draws the lines of both sides: the mean of their families."""
    return [_draw_trend(page, trend, _load(page, trend, OF_SIDES), SIDES) for trend in TRENDS]


def draw_family(own: View) -> list[Figure]:
    (family,) = own.families
    side, title = family["side"], family["title"]
    loaded = {
        trend: [row for row in _load(own, trend, OF_FAMILY) if row["family_id"] in own.wanted] for trend in TRENDS
    }
    return [
        _draw_trend(own, trend, [{**row, "side": side} for row in rows if is_enough(row)], {side: title})
        for trend, rows in loaded.items()
    ]


def draw_work(own: View) -> Figure:
    """Draws the work on one family, with the state that the rule gives."""
    (family,) = own.families
    rows = [row | {"side": family["side"]} for row in _load(own, WORK, OF_FAMILY) if row["family_id"] in own.wanted]
    counts, names = [row["n"] for row in rows], {family["side"]: family["title"]}
    if len(rows) < MONTHS or sum(counts) < LEAST_WORK:
        return replace(_draw_trend(own, WORK, [], names), rows=[TOO_FEW] if any(counts) else [])
    state = "Ended" if own.load_rows(ENDED) else judge_pace(mean(counts[-LATE:]), mean(counts[:-LATE]))
    return _draw_trend(own, replace(WORK, title=f"Work {state.lower()}"), rows, names)


def judge_pace(late: float, early: float) -> str:
    return "Silent" if not late else "Slowing" if late < early / 2 else "Maintained"


def is_enough(row: Row) -> bool:
    """Returns whether a month of a family has enough items for its value."""
    return bool(row["measure"] != "answered" or row["n"] >= LEAST)


def _load(page: View, trend: Trend, sql: str) -> list[DictRow]:
    rows = snapshot_reader.load_rows(page.snapshot, sql, trend.kind or page.kind)
    return [row for row in rows if row["measure"] == trend.measure]


def _draw_trend(page: View, trend: Trend, rows: Sequence[Row], names: Mapping[str, str]) -> Figure:
    """Draws the line of each side that has enough months; `names` are of the sides, or of the family."""
    lines = {side: own for side in names if len(own := [row for row in rows if row["side"] == side]) >= LEAST_MONTHS}
    counts = [f"{own[-1]['families_count']} {side}" for side, own in lines.items()] if len(names) > 1 else []
    scope = [
        trend.subtitle,
        *([] if trend.kind else [numbers.KINDS[page.kind]]),
        *([f"mean of {numbers.join_words(counts)} families"] if counts else []),
    ]
    return Figure(
        name=f"trend-{trend.measure}",
        title=word_title(trend, lines, names),
        subtitle=f"{'; '.join(scope)}.",
        how="Months are of 30 days; one that was not read whole is a gap. No intervals: few items move by chance.",
        chart=draw_lines(trend.unit, lines, names, page.theme) if lines else None,
        rows=[row for own in lines.values() for row in own] or [TOO_SHORT] * bool(rows),
        metric=trend.metric,
        source=trend.source or page.source,
        alt=f"{trend.title}, the last months: "
        + "; ".join(
            f"{names[side]} {', '.join(format_month(trend.unit, row) for row in own)}" for side, own in lines.items()
        ),
    )


def format_month(unit: Unit, row: Row) -> str:
    """Formats the value of a month; of whole numbers without a decimal."""
    return numbers.FORMATS[unit](row["value"]).removesuffix(".0")


def word_title(trend: Trend, lines: Mapping[str, Sequence[Row]], names: Mapping[str, str]) -> str:
    """Words the last values; of one family also between which ends its months are, or when the last was."""
    if not lines:
        return trend.title
    lasts = {names[side]: format_month(trend.unit, own[-1]) for side, own in lines.items()}
    if len(names) > 1:
        said = ", ".join(f"{name} {value}" for name, value in lasts.items())
        return numbers.escape_dollars(f"{trend.title}: {said}")
    ((last,), (own,)) = lasts.values(), lines.values()
    if own[-1]["months_ago"]:
        return numbers.escape_dollars(f"{trend.title}: {last}, by {numbers.format_day(own[-1]['ends_on'])}")
    values = [row["value"] for row in own]
    spread = re.sub(r"\.0(?!\d)", "", numbers.format_interval(min(values), max(values), trend.unit))
    among = f" ({spread} by month)" if spread else ""
    return numbers.escape_dollars(f"{trend.title}: {last}{among}")


def draw_lines(unit: Unit, lines: Mapping[str, Sequence[Row]], names: Mapping[str, str], theme: Palette) -> marks.Spec:
    """Draws a small line for each side, broken where a month is missing, with its last value in words."""
    scaled = axes.make_scale(unit, [row for own in lines.values() for row in own])
    ends = sorted(row["ends_on"] for own in lines.values() for row in own)
    axis = axes.make_date_axis(ends[-1] - ends[0])
    x = {"field": "ends_on", "type": "temporal", "scale": {"type": "utc"}, "axis": axis | {"grid": False}}
    y = marks.encode_quantity("value", scaled)
    tooltip = marks.encode_tooltip({"family": "of", "to": "30 days to", "said": "value"})
    layers = []
    for side, own in lines.items():
        colour = theme.side(side)
        line = marks.make_layer("line", {"y": y}, strokeWidth=2, strokeDash=STROKES[side], color=colour)
        dot = marks.make_layer("point", {"y": y}, filled=True, size=16, color=colour, opacity=1)
        shown = [
            {"ends_on": row["ends_on"], "value": row["value"], "family": names[side],
             "to": numbers.format_day(row["ends_on"]), "said": format_month(unit, row)}
            for row in own
        ]  # fmt: skip
        layers.append(marks.group_layers([*shown, *_list_gaps(own)], [line, dot], x=x, tooltip=tooltip))
    labels = _place_labels(unit, lines, names, scaled[0]["domain"][1])
    own_look = {"y": y, "shape": marks.encode_own("shape"), "color": marks.encode_own("colour")}
    point = marks.make_layer("point", own_look, filled=True, size=64, opacity=1)
    words = {"y": y | {"field": "label"}, "text": marks.encode_text("said")}
    text = marks.make_layer("text", words, align="left", dx=9, color=theme.ink, fontSize=13)
    marked = [{**row, "colour": theme.side(row["side"]), "shape": SHAPES[row["side"]]} for row in labels]
    return marks.finish_chart([*layers, marks.group_layers(marked, [point, text], x=x)], theme, HEIGHT)


def _list_gaps(own: Sequence[Row]) -> list[DictRow]:
    """Lists the months between the first and the last of a line that have no value, at which it breaks."""
    there = {row["months_ago"] for row in own}
    last = own[-1]
    return [
        {"ends_on": last["ends_on"] - DAYS * (ago - last["months_ago"]), "value": None}
        for ago in range(last["months_ago"], own[0]["months_ago"])
        if ago not in there
    ]


def _place_labels(
    unit: Unit, lines: Mapping[str, Sequence[Row]], names: Mapping[str, str], top: float
) -> list[DictRow]:
    """Places the last values in words, the upper one moved up if two would touch."""
    ends = sorted((own[-1] for own in lines.values()), key=lambda row: row["value"])
    labels, floor = [], -top
    for row in ends:
        floor = max(row["value"], floor + GAP * top)
        name = f"{names[row['side']]} " if len(names) > 1 else ""
        labels.append(
            {name_: row[name_] for name_ in ("side", "ends_on", "value")}
            | {"label": floor, "said": f"{name}{format_month(unit, row)}", "family": names[row["side"]]}
        )
    return labels
