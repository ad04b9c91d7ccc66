"""Charts of support: shares as parts of a bar, and differences around zero."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.charts import axes, marks
from dashboards.charts.colours import SHAPES, Palette
from dashboards.charts.lines import draw_intervals
from dashboards.metric_row import Row
from dashboards.words import numbers

SHADES = (0.95, 0.66, 0.4, 0.22, 0.1)
"""Opacities of the parts from the left; adjacent ones differ in grey too."""
ENDS = ("value", "low", "high")


def draw_parts(
    rows: Sequence[Row], names: Mapping[str, str], order: Sequence[str], titles: Mapping[str, str], theme: Palette
) -> marks.Spec:
    """Draws one bar per family; `names` gives its parts from the left, by their segment."""
    sides = {row["family_id"]: row["side"] for row in rows}
    families = marks.arrange_rows([family for family in order if family in sides], sides, titles)
    colours = {family: theme.side(side) for family, side in sides.items()}
    places = {key: place for place, key in enumerate(names)}
    points = [
        {
            **{name: row[name] for name in (*marks.PICKED, "value")},
            "family": titles[row["family_id"]],
            "part": names[row["segment"]],
            "place": places[row["segment"]],
            "shade": SHADES[places[row["segment"]]],
            "colour": colours[row["family_id"]],
            "said": numbers.format_value(row, "share"),
            "n": numbers.format_count(row["n"]),
        }
        for row in rows
    ]
    encoding = {
        "x": marks.encode_quantity("value", axes.make_share_scale()) | {"stack": "zero"},
        "order": {"field": "place", "type": "quantitative"},
        "detail": marks.encode_text("part"),
        "fill": marks.encode_own("colour"),
        "fillOpacity": {"field": "shade", "type": "quantitative", "scale": None},
    }
    bar = marks.make_layer("bar", encoding, height=16, stroke=theme.page, cursor="pointer")
    tooltip = marks.encode_tooltip({"family": "family", "part": "part", "said": "share", "n": "cases"})
    return marks.finish_rows(points, [bar | {"name": "marks"}], families, theme, tooltip)


def draw_differences(
    rows: Sequence[Row], order: Sequence[str], titles: Mapping[str, str], theme: Palette
) -> marks.Spec:
    """Draws measured differences of shares around zero; left of it newcomers are worse off."""
    by_family = {row["family_id"]: row for row in rows}
    groups = [_make_group(by_family[family], titles) for family in order if family in by_family]
    looks = {side: theme.look(shape, theme.side(side), side == "open") for side, shape in SHAPES.items()}
    ends = [abs(line[name]) for group in groups for line in group["lines"] for name in ENDS if line[name] is not None]
    edge = next((edge for edge in (0.1, 0.25, 0.5) if edge >= max(ends, default=0.1)), 1.0)
    label = "datum.value ? format(datum.value * 100, '+~r') + ' points' : '0'"
    axis = {"values": [-edge, 0, edge], "labelExpr": label, "labelFlush": True, "title": None, "grid": False}
    return draw_intervals(groups, looks, ({"domain": [-edge, edge]}, axis), {0: False}, theme)


def _make_group(row: Row, titles: Mapping[str, str]) -> dict[str, Any]:
    long, short = format_difference(row), format_difference(row, has_limits=False)
    line = {"look": row["side"], "note": long} | {name: row[name] for name in ENDS}
    return {"name": titles[row["family_id"]], "said": long, "short": short, "lines": [line]}


def format_difference(row: Row, has_limits: bool = True) -> str:
    """Formats a difference in percentage points, `+20 (+1.3 to +36) points`; empty if there is no value."""
    if row["state"] not in numbers.NUMBERED or row["value"] is None:
        return ""
    value, low, high = ("" if row[name] is None else numbers.format_points(row[name]) for name in ENDS)
    return f"{value} ({low} to {high}) points" if has_limits and low and high else f"{value} points"
