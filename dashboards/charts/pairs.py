"""Two figures per family on one row, as a hollow and a filled mark, with the difference between them."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.charts import axes
from dashboards.charts.axes import Scaled, Unit
from dashboards.charts.colours import Palette
from dashboards.charts.marks import (
    NARROW,
    PICKED,
    Layer,
    Spec,
    arrange_rows,
    draw_whole_rows,
    encode_own,
    encode_quantity,
    encode_text,
    encode_tooltip,
    finish_chart,
    group_layers,
    label_rows,
    make_layer,
    make_row_axis,
    style_side,
)
from dashboards.metric_row import Row

STEP = 36
"""Height of a row in pixels: its two marks stand slightly above one another."""
APART = 6
"""Offset in pixels of each mark from the middle of its row, so that neither hides the other's interval."""
NO_TEXT = ("", "")


def draw_pairs(
    rows: Sequence[Row], unit: Unit, order: Sequence[str], titles: Mapping[str, str], theme: Palette,
    statistics: Mapping[str, str], end_words: Mapping[str, tuple[str, str]],
) -> Spec:  # fmt: skip
    """Draws both statistics of each family. `statistics` names the two, the hollow one first; `end_words` stand at the
    right of each row, in a long and a short form."""
    sides = {row["family_id"]: row["side"] for row in rows}
    names = arrange_rows([family for family in order if family in sides], sides, titles)
    scaled = axes.make_scale(unit, [row for row in rows if row["state"] == "measured"])
    marks = [
        row | _style_mark(row, tuple(statistics), theme)
        for row in label_rows([row for row in rows if row["statistic"] in statistics], unit, titles)
    ]
    layers = [
        part for index, name in enumerate(statistics) for part in _draw_marks(name, APART if index else -APART, scaled)
    ]
    points = group_layers(marks, layers, y=make_row_axis(names, theme), tooltip=_pair_tooltip(statistics))
    whole = group_layers(
        _join_pairs(marks, tuple(statistics), end_words),
        _draw_texts(scaled, theme),
        y=make_row_axis(names, theme),
        tooltip=_pair_tooltip(statistics),
    )
    return finish_chart([whole, points], theme, STEP * len(names), PICKED)


def _pair_tooltip(statistics: Mapping[str, str]) -> list[dict[str, Any]]:
    return encode_tooltip(
        {
            "family": "family",
            "one": next(iter(statistics.values())),
            "two": list(statistics.values())[1],
            "told": "so",
            "why": "note",
        }
    )


def _join_pairs(
    marks: list[dict[str, Any]], statistics: Sequence[str], end_words: Mapping[str, tuple[str, str]]
) -> list[dict[str, Any]]:
    """Joins the marks of each family into one row: both ends, the words at the right, or the reason why there is
    nothing."""
    first, second = ({row["family_id"]: row for row in marks if row["statistic"] == name} for name in statistics)
    joined = []
    for family in {row["family_id"]: None for row in marks}:
        hollow, filled = first.get(family, {}), second.get(family, {})
        long, short = end_words.get(family, NO_TEXT)
        for row in (hollow, filled):
            row.update({"one": hollow.get("said"), "two": filled.get("said"), "told": long})
        has_both = hollow.get("has_point") and filled.get("has_point")
        empty = "" if hollow.get("is_measured") or filled.get("is_measured") else (filled or hollow).get("said", "")
        ends = (
            {"since": hollow.get("value"), "until": filled.get("value")} if has_both else {"since": None, "until": None}
        )
        joined.append({**(filled or hollow), **ends, "long": long, "brief": short, "empty": empty})
    return joined


def _style_mark(row: Row, statistics: Sequence[str], theme: Palette) -> dict[str, Any]:
    """Returns the shape and stroke of the side: hollow for the first statistic, filled for the second."""
    return style_side(row["side"], theme) | {
        "fill": theme.panel if row["statistic"] == statistics[0] else theme.side(row["side"])
    }


def _draw_marks(statistic: str, shift: int, scaled: Scaled) -> list[Layer]:
    """Draws intervals and points of one statistic, `shift` pixels from the middle of their rows."""
    first, last = scaled[0]["domain"]
    is_own = f"datum.statistic == '{statistic}'"
    ends = {
        "x": encode_quantity("since", scaled),
        "x2": {"field": "until"},
        "color": encode_own("colour"),
        "strokeDash": encode_own("dash"),
    }
    line = make_layer("rule", ends, clip=True, strokeWidth=1.5, yOffset=shift)
    line["transform"] = [
        {"filter": f"{is_own} && datum.has_spread"},
        {"calculate": f"isValid(datum.low) ? datum.low : {first}", "as": "since"},
        {"calculate": f"isValid(datum.high) ? datum.high : {last}", "as": "until"},
    ]
    drawn = {
        "x": encode_quantity("value", scaled),
        "shape": encode_own("shape"),
        "stroke": encode_own("colour"),
        "fill": encode_own("fill"),
    }
    look_of: dict[str, Any] = {
        "size": 72,
        "filled": False,
        "fillOpacity": 1,
        "strokeWidth": 2,
        "opacity": 1,
        "yOffset": shift,
    }
    return [line, make_layer("point", drawn, f"{is_own} && datum.has_point", **look_of)]


def _draw_texts(scaled: Scaled, theme: Palette) -> list[Layer]:
    """Draws the difference between the two marks, the words at the right, and the state where there is no mark."""
    between = make_layer(
        "rule", {"x": encode_quantity("since", scaled), "x2": {"field": "until"}}, "isValid(datum.since)",
        strokeWidth=STEP / 2, opacity=0.22,
        color=theme.context,
    )  # fmt: skip
    right = make_layer(
        "text", {"x": {"value": "width"}, "text": encode_text("shown")}, align="left", dx=12, color=theme.ink
    )
    right["transform"] = [{"calculate": f"{axes.ROOM_PX} < {NARROW} ? datum.brief : datum.long", "as": "shown"}]
    empty = make_layer("text", {"x": {"value": 0}, "text": encode_text("empty")}, align="left", dx=8, color=theme.muted)
    return [between, right, empty, draw_whole_rows()]
