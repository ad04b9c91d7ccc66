"""Charts of who carries a project: how few people give half of the answers, differences around zero, and support after
a release."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.charts import axes, marks
from dashboards.charts.colours import SHAPES, STROKES, Palette
from dashboards.charts.lines import PointStyle, draw_intervals
from dashboards.charts.marks import (
    NARROW,
    Layer,
    Spec,
    arrange_rows,
    encode_own,
    encode_quantity,
    encode_text,
    encode_tooltip,
    finish_chart,
    group_layers,
    make_layer,
    make_row_axis,
)
from dashboards.charts.steps import draw_steps
from dashboards.metric_row import Row
from dashboards.support.charts.curves import LIMIT
from dashboards.words import numbers

FEW = ("half", "four_fifths")
WEEKS = ("week 00-03", "week 04-12", "week 13-25", "week 26+")
NAMES = ("0–3", "4–12", "13–25", "26 on")
ENDS = ("value", "low", "high")
HEIGHT, GAP, SPREAD = 340, 0.065, 0.1
"""Height in pixels of the chart of weeks, least distance of its labels, and spacing of families within one span of
weeks."""


def draw_people(rows: Sequence[Row], order: Sequence[str], titles: Mapping[str, str], theme: Palette) -> Spec:
    """Draws how many people give half and four fifths of the answers, with both numbers at the right."""
    spec = draw_steps(rows, "count", order, titles, theme, FEW)
    sides = {row["family_id"]: row["side"] for row in rows}
    names = arrange_rows([family for family in order if family in sides], sides, titles)
    labels = [words_of_counts | {"family": titles[family]} for family, words_of_counts in _word_counts(rows).items()]
    label = make_layer(
        "text", {"x": {"value": "width"}, "text": encode_text("shown")}, align="left", dx=12, color=theme.ink
    )
    fits = {"calculate": f"{axes.ROOM_PX} < {NARROW} ? datum.short : datum.said", "as": "shown"}
    return spec | {
        "layer": [*spec["layer"], group_layers(labels, [label | {"transform": [fits]}], y=make_row_axis(names, theme))]
    }


def _word_counts(rows: Sequence[Row]) -> dict[str, dict[str, str]]:
    """Words the counts, `7 and 24 people, of 279 answers`, and in short `7 · 24`."""
    words_by_family: dict[str, dict[str, str]] = {}
    values = {
        (row["family_id"], row["statistic"]): row
        for row in rows
        if row["state"] == "measured" and row["value"] is not None
    }
    for family in dict.fromkeys(family for family, _ in values):
        both = [values[family, name] for name in FEW if (family, name) in values]
        counts = [numbers.format_count(row["value"]) for row in both]
        words_by_family[family] = {
            "said": f"{' and '.join(counts)} people, {numbers.format_count(both[0]['n'])} answers",
            "short": " · ".join(counts),
        }
    return words_by_family


def draw_differences(rows: Sequence[Row], order: Sequence[str], titles: Mapping[str, str], theme: Palette) -> Spec:
    """Draws measured differences of shares around zero; below it newcomers are worse off."""
    by_family = {row["family_id"]: row for row in rows}
    groups = [_difference_group(by_family[family], titles) for family in order if family in by_family]
    looks = {side: PointStyle(shape, side == "open", theme.side(side)) for side, shape in SHAPES.items()}
    ends = [abs(line[name]) for group in groups for line in group["lines"] for name in ENDS if line[name] is not None]
    edge = next((edge for edge in (0.1, 0.25, 0.5) if edge >= max(ends, default=0.1)), 1.0)
    label = "(datum.value > 0 ? '+' : '') + format(datum.value * 100, '~r') + ' %'"
    axis = {"values": [-edge, -edge / 2, 0, edge / 2, edge], "labelExpr": label, "title": None, "grid": False}
    return draw_intervals(groups, looks, ({"domain": [-edge, edge]}, axis), {0: False}, theme)


def _difference_group(row: Row, titles: Mapping[str, str]) -> dict[str, Any]:
    long, short = format_difference(row), format_difference(row, has_limits=False)
    line = {"look": row["side"], "note": long} | {name: row[name] for name in ENDS}
    return {"name": titles[row["family_id"]], "said": long, "short": short, "mark": "", "lines": [line]}


def format_difference(row: Row, has_limits: bool = True) -> str:
    """Formats a difference in percentage points, `+20 (+1.3 to +36) points`; empty where there is no value."""
    if row["state"] != "measured" or row["value"] is None:
        return ""
    value, low, high = ("" if row[name] is None else _format_signed(row[name] * 100) for name in ENDS)
    return f"{value} ({low} to {high}) points" if has_limits and low and high else f"{value} points"


def _format_signed(points: float) -> str:
    return ("+" if points > 0 else "−" if points < 0 else "") + numbers.format_two_digits(abs(points))


def draw_weeks(rows: Sequence[Row], coloured: Mapping[str, str], titles: Mapping[str, str], theme: Palette) -> Spec:
    """Draws the share answered within a week by weeks since the newest model: a line per family, with a break where
    there is no number."""
    families = list(coloured)
    points = [
        {name: row[name] for name in ("family_id", "side", "segment", "statistic", "value", "low", "high")}
        | {
            "at": _shift_within_week(row, families),
            "family": titles[row["family_id"]],
            "said": numbers.format_value(row, "share"),
            "n": f"{row['n'] or 0:,}",
        }
        | {"weeks": NAMES[WEEKS.index(row["segment"])], "colour": (colour := coloured[row["family_id"]])}
        | {"fill": colour if row["side"] == "open" else theme.panel}
        for row in sorted(rows, key=lambda row: row["segment"])
        if row["family_id"] in coloured and row["segment"] in WEEKS
    ]
    x = _encode_weeks(len(families))
    y = encode_quantity("value", axes.make_share_scale())
    layers = [
        group_layers([row for row in points if row["side"] == side], _draw_lines(side, y), x=x)
        for side in dict.fromkeys(row["side"] for row in points)
    ]
    # Points alone are hard to hit.
    hit = make_layer("point", {"y": y}, "isValid(datum.value)", size=500, opacity=0, filled=True, cursor="pointer") | {
        "name": "marks"
    }
    tooltip = encode_tooltip(
        {"family": "family", "weeks": "weeks since the newest model", "said": "answered within a week", "n": "cases"}
    )
    layers += [
        group_layers(points, [hit | {"encoding": {"y": y, "tooltip": tooltip}}], x=x),
        _draw_end_labels(points, coloured, theme),
    ]
    return finish_chart(layers, theme, HEIGHT, marks.PICKED)


def _shift_within_week(row: Row, families: Sequence[str]) -> float:
    """Returns a point's horizontal offset, which keeps the intervals of families apart."""
    return WEEKS.index(row["segment"]) + (families.index(row["family_id"]) - (len(families) - 1) / 2) * SPREAD


def _encode_weeks(count: int) -> dict[str, Any]:
    edge = 0.15 + count * SPREAD / 2
    names = axes.name_ticks({float(index): name for index, name in enumerate(NAMES)})
    axis = {
        "values": list(range(len(WEEKS))),
        "labelExpr": names,
        "grid": False,
        "title": "weeks since the newest model",
    }
    return {
        "field": "at",
        "type": "quantitative",
        "scale": {"domain": [-edge, len(WEEKS) - 1 + edge], "nice": False},
        "axis": axis,
    }


def _draw_lines(side: str, y: dict[str, Any]) -> list[Layer]:
    """Draws lines, intervals and points of a side in its shape and stroke, with each family's colour."""
    colour, has_value = encode_own("colour"), "isValid(datum.value)"
    ends = {"y": y | {"field": "low"}, "y2": {"field": "high"}, "color": colour}
    point: dict[str, Any] = {
        "shape": SHAPES[side],
        "size": 80,
        "filled": False,
        "strokeWidth": 2,
        "opacity": 1,
        "fillOpacity": 1,
    }
    joined = {"y": y, "color": colour, "detail": encode_text("family_id")}
    return [
        make_layer("line", joined, strokeWidth=1.5, opacity=0.7, strokeDash=STROKES[side]),
        make_layer("rule", ends, has_value, strokeWidth=2, strokeDash=STROKES[side]),
        make_layer("point", {"y": y, "stroke": colour, "fill": encode_own("fill")}, has_value, **point),
    ]


def _draw_end_labels(points: Sequence[Row], coloured: Mapping[str, str], theme: Palette) -> Layer:
    """Draws names at the right, each beside its last value and moved apart where they would touch."""
    last = {row["family_id"]: row for row in points if row["value"] is not None}
    floor, ends = -1.0, []
    for row in sorted(last.values(), key=lambda row: row["value"]):
        floor = max(row["value"], floor + GAP)
        look = {"colour": coloured[row["family_id"]], "shape": SHAPES[row["side"]], "fill": row["fill"]}
        ends.append({"family": row["family"], "label": floor} | look)
    # If the topmost label would leave the chart, all labels move down together.
    over = max(0.0, floor - 1.0)
    ends = [end | {"label": end["label"] - over} for end in ends]
    look = {"stroke": encode_own("colour"), "fill": encode_own("fill"), "shape": encode_own("shape")}
    point = make_layer("point", look, size=64, xOffset=12, fillOpacity=1, opacity=1)
    name = make_layer(
        "text", {"text": encode_text("family")}, align="left", dx=24, color=theme.ink, fontSize=13, limit=LIMIT
    )
    return group_layers(ends, [point, name], x={"value": "width"}, y=encode_quantity("label", axes.make_share_scale()))
