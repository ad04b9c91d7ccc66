"""Current levels of a family on one line, from least to most or by precision, with guides across all rows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from dashboards.charts import axes, marks
from dashboards.charts.axes import Scaled
from dashboards.charts.colours import Palette
from dashboards.charts.marks import NARROW, Layer, Spec, encode_quantity, encode_text, group_layers, make_layer
from dashboards.frame.view import View
from dashboards.metric_row import MetricRow, Row
from warehouse.wording import GAP

Form = Callable[[float | None], str]
HEAD = 20
"""Height in pixels of the guides' names above the rows."""


def draw_ordered_levels(
    page: View,
    rows: Sequence[MetricRow],
    names: Sequence[str],
    middle: str,
    form: Form,
    scaled: Scaled,
    by: Literal["statistic", "segment"] = "statistic",
    guides: Mapping[float, str] | None = None,
    *,
    is_least_first: bool = False,
) -> Spec | None:
    """Draws levels by the field `by`, families ordered by their level `middle`; None if no level is known."""
    if not rows:
        return None
    # Hosts without any level would only list gaps; the table below has them.
    shown: list[MetricRow] = [row for row in rows if row["side"] != "host" or row["state"] == "measured"]
    turn = -1 if is_least_first else 1
    order = page.order_families(
        [{**row, "value": None if row["value"] is None else turn * row["value"]} for row in shown if row[by] == middle]
    )
    return draw_levels(shown, by, names, form, scaled, order, page.titles, page.theme, guides)


def draw_levels(
    rows: Sequence[Row], by: str, names: Sequence[str], form: Form, scaled: Scaled, order: Sequence[str],
    titles: Mapping[str, str],
    theme: Palette, guides: Mapping[float, str] | None = None,
) -> Spec:  # fmt: skip
    """Draws a mark for each of `names`, the values of the field `by`, growing in that order; `form` formats a value.

    Full counts have no interval: the line joins the levels of a family and is not one.
    """
    level_rows = [row for row in rows if row[by] in names]
    sides = {row["family_id"]: row["side"] for row in level_rows}
    listed = marks.arrange_rows([family for family in order if family in sides], sides, titles)
    points = [row | marks.style_side(row["side"], theme) for row in _step_rows(level_rows, by, names, form, titles)]
    layers = [
        *_draw_marks(scaled),
        _draw_states(theme),
        _draw_values(theme),
        marks.draw_whole_rows() | {"transform": [{"filter": f"datum.step == {len(names) - 1}"}]},
    ]
    lines = [_draw_guide(at, name, index, scaled, theme) for index, (at, name) in enumerate((guides or {}).items())]
    head = HEAD if guides else 0
    spec = marks.finish_rows(points, layers, listed, theme)
    spec["layer"] = [*lines, *spec["layer"]]
    return spec | {"padding": spec["padding"] | {"top": 4 + head}}


def _step_rows(
    rows: Sequence[Row], by: str, names: Sequence[str], form: Form, titles: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Adds to each row its step and its value in words, and to the last step the family's whole range."""
    ends: dict[str, list[float]] = {}
    for row in rows:
        if row["state"] == "measured" and row["value"] is not None:
            ends.setdefault(row["family_id"], []).append(row["value"])
    stepped = []
    for row, labelled in zip(rows, marks.label_rows(rows, "rate", titles), strict=True):
        words = f"{str(row[by]).replace('_', ' ')}: {form(row['value'])}" if labelled["has_point"] else labelled["said"]
        reach = _describe_reach(ends[row["family_id"]], form) if labelled["has_point"] else ""
        step = list(names).index(row[by])
        size = 36 + 60 * step // max(1, len(names) - 1)
        stepped.append(labelled | {"step": step, "size": size, "said": words, "reach": reach})
    return stepped


def _describe_reach(values: Sequence[float], form: Form) -> str:
    first, last = form(min(values)), form(max(values))
    number, gap, unit = first.partition(GAP)
    is_same = gap and last.endswith(f"{gap}{unit}")
    return first if first == last else f"{number if is_same else first}–{last}"


def _draw_marks(scaled: Scaled) -> list[Layer]:
    """Draws the line that joins a family's levels, and their marks."""
    x = {"x": encode_quantity("value", scaled)}
    joined = {"detail": encode_text("family"), "order": {"field": "step", "type": "ordinal"}}
    look = {"shape": marks.encode_own("shape"), "stroke": marks.encode_own("colour"), "fill": marks.encode_own("fill")}
    size = {"size": {"field": "size", "type": "quantitative", "scale": None}}
    return [
        make_layer(
            "line",
            x | joined | {"color": marks.encode_own("colour"), "strokeDash": marks.encode_own("dash")},
            "datum.has_point",
            strokeWidth=1,
            opacity=0.6,
        ),
        make_layer("point", x | look | size, "datum.has_point", filled=False, fillOpacity=1, strokeWidth=2, opacity=1),
    ]


def _draw_states(theme: Palette) -> Layer:
    # All levels of a family share one state, so it is written once.
    return make_layer(
        "text",
        {"x": {"value": 0}, "text": encode_text("said")},
        "!datum.is_measured && datum.step == 0",
        align="left",
        dx=8,
        color=theme.muted,
    )


def _draw_values(theme: Palette) -> Layer:
    drawn = make_layer(
        "text",
        {"x": {"value": "width"}, "text": encode_text("reach")},
        "datum.step == 0",
        align="left",
        dx=12,
        color=theme.ink,
    )
    return drawn | {"transform": [{"filter": f"datum.step == 0 && {axes.ROOM_PX} >= {NARROW // 2}"}]}


def _draw_guide(at: float, name: str, index: int, scaled: Scaled, theme: Palette) -> Layer:
    rule = make_layer("rule", {}, color=theme.context, strokeWidth=1, strokeDash=[3, 3])
    # Guides may be close together: the first is labelled at its left, the others at their right.
    side: dict[str, Any] = {"align": "left" if index else "right", "dx": 3 if index else -3}
    label = make_layer(
        "text", {"y": {"value": 0}, "text": encode_text("name")}, **side, dy=-8, color=theme.muted, fontSize=11
    )
    return group_layers([{"at": at, "name": name}], [rule, label], x=encode_quantity("at", scaled))
