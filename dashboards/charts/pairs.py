"""Two figures of each family on one row, a hollow mark and a filled one, with what lies between them."""

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
    finish,
    group,
    layer,
    look,
    marked,
    own,
    places,
    quantity,
    row_axis,
    text,
    tips,
    whole_rows,
)

Row = Mapping[str, Any]
STEP = 36
"""Height of a row: two marks stand in it, one a little above the other."""
APART = 6
"""Pixels of each mark from the middle of its row, so that neither hides the other's interval."""
NO_TEXT = ("", "")


def pairs(
    rows: Sequence[Row], unit: Unit, order: Sequence[str], titles: Mapping[str, str], tone: Palette,
    said: Mapping[str, str], told: Mapping[str, tuple[str, str]],
) -> Spec:  # fmt: skip
    """`said` names the two statistics, the hollow one first; `told` stands at the right of a family's row, long and short."""
    sides = {row["family_id"]: row["side"] for row in rows}
    names = places([family for family in order if family in sides], sides, titles)
    scaled = axes.scale_of(unit, [row for row in rows if row["state"] == "measured"])
    shown = [
        row | _look(row, tuple(said), tone)
        for row in marked([row for row in rows if row["statistic"] in said], unit, titles)
    ]
    layers = [part for place, name in enumerate(said) for part in _marks(name, APART if place else -APART, scaled)]
    points = group(shown, layers, y=row_axis(names, tone), tooltip=_tips(said))
    whole = group(_rows(shown, tuple(said), told), _texts(scaled, tone), y=row_axis(names, tone), tooltip=_tips(said))
    return finish([whole, points], tone, STEP * len(names), PICKED)


def _tips(said: Mapping[str, str]) -> list[dict[str, Any]]:
    return tips(
        {
            "family": "family",
            "one": next(iter(said.values())),
            "two": list(said.values())[1],
            "told": "so",
            "why": "note",
        }
    )


def _rows(
    shown: list[dict[str, Any]], statistics: Sequence[str], told: Mapping[str, tuple[str, str]]
) -> list[dict[str, Any]]:
    """One a family: from which mark to which, what stands at the right, or why there is nothing."""
    first, second = ({row["family_id"]: row for row in shown if row["statistic"] == name} for name in statistics)
    found = []
    for family in {row["family_id"]: None for row in shown}:
        one, two = first.get(family, {}), second.get(family, {})
        long, short = told.get(family, NO_TEXT)
        for row in (one, two):
            row.update({"one": one.get("said"), "two": two.get("said"), "told": long})
        has_both = one.get("has_point") and two.get("has_point")
        empty = "" if one.get("is_measured") or two.get("is_measured") else (two or one).get("said", "")
        ends = {"since": one.get("value"), "until": two.get("value")} if has_both else {"since": None, "until": None}
        found.append({**(two or one), **ends, "long": long, "brief": short, "empty": empty})
    return found


def _look(row: Row, statistics: Sequence[str], tone: Palette) -> dict[str, Any]:
    """The shape and the stroke of the side, hollow for the first statistic, filled for the second."""
    return look(row["side"], tone) | {
        "fill": tone.panel if row["statistic"] == statistics[0] else tone.side(row["side"])
    }


def _marks(statistic: str, shift: int, scaled: Scaled) -> list[Layer]:
    """Intervals and points of one of the two, so many pixels from the middle of their rows."""
    first, last = scaled[0]["domain"]
    is_own = f"datum.statistic == '{statistic}'"
    ends = {"x": quantity("since", scaled), "x2": {"field": "until"}, "color": own("colour"), "strokeDash": own("dash")}
    line = layer("rule", ends, clip=True, strokeWidth=1.5, yOffset=shift)
    line["transform"] = [
        {"filter": f"{is_own} && datum.has_spread"},
        {"calculate": f"isValid(datum.low) ? datum.low : {first}", "as": "since"},
        {"calculate": f"isValid(datum.high) ? datum.high : {last}", "as": "until"},
    ]
    drawn = {"x": quantity("value", scaled), "shape": own("shape"), "stroke": own("colour"), "fill": own("fill")}
    look_of: dict[str, Any] = {
        "size": 72,
        "filled": False,
        "fillOpacity": 1,
        "strokeWidth": 2,
        "opacity": 1,
        "yOffset": shift,
    }
    return [line, layer("point", drawn, f"{is_own} && datum.has_point", **look_of)]


def _texts(scaled: Scaled, tone: Palette) -> list[Layer]:
    """What lies between the two marks, the words at the right, and the state where there is no mark at all."""
    between = layer(
        "rule", {"x": quantity("since", scaled), "x2": {"field": "until"}}, "isValid(datum.since)", strokeWidth=STEP / 2, opacity=0.22,
        color=tone.context,
    )  # fmt: skip
    right = layer("text", {"x": {"value": "width"}, "text": text("shown")}, align="left", dx=12, color=tone.ink)
    right["transform"] = [{"calculate": f"containerSize()[0] < {NARROW} ? datum.brief : datum.long", "as": "shown"}]
    empty = layer("text", {"x": {"value": 0}, "text": text("empty")}, align="left", dx=8, color=tone.muted)
    return [between, right, empty, whole_rows()]
