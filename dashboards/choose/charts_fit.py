"""Charts for choosing: ranks with their ranges beside the share of weightings won, and the figures that each rank rests
on."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.charts import axes
from dashboards.charts.axes import Scaled
from dashboards.charts.colours import SHAPES, STROKES, Palette
from dashboards.charts.marks import (
    STEP,
    Layer,
    Spec,
    encode_quantity,
    encode_text,
    encode_tooltip,
    finish_chart,
    finish_rows,
    group_layers,
    make_layer,
    make_row_axis,
)
from dashboards.metric_row import Row

NARROW = 480
"""Charts narrower than this many pixels show the shares won as bars only."""
LEFT, RIGHT = 0.58, 0.68
"""Ranks end at the first fraction of the width; shares won begin at the second."""
SAID = {"name": "family", "said": "rank", "won": "first under", "known": "weight with data", "models": "models"}
LARGEST = 260
COLUMN_PX = 64
"""Columns narrower than this many pixels have no room for values in words; the tooltip still gives them."""


def draw_ranks(rows: Sequence[Row], theme: Palette) -> Spec:
    """Draws a family per row: its rank with its range at the left, the share of weightings under which it is first at
    the right.

    Rows have `name`, `side`, `rank`, `rank_low`, `rank_high`, `wins`, and as text `said`, `won`, `known` and `models`.
    """
    last = max((row["rank_high"] for row in rows), default=1)
    # An invisible layer draws the axis of ranks once for both sides.
    grid = make_layer("point", {"x": encode_quantity("rank", _rank_scale(last))}, opacity=0)
    layers = [
        part
        for side in SHAPES
        for part in (*_draw_ranks_of_side(side, _rank_scale(last)[0], theme), _draw_wins(side, theme))
    ]
    x = encode_quantity("wins", _share_scale())
    words = make_layer(
        "text",
        {"x": x, "text": encode_text("won")},
        f"{axes.ROOM_PX} >= {NARROW}",
        align="left",
        dx=8,
        color=theme.ink,
    )
    families = [dict(row) | {"family": row["name"]} for row in rows]
    drawn = group_layers(
        families,
        [grid, *layers, words],
        y=make_row_axis([row["name"] for row in rows], theme),
        tooltip=encode_tooltip(SAID),
    )
    # The halves measure different things, so each has an axis of its own.
    drawn["resolve"] = {"scale": {"x": "independent"}, "axis": {"x": "independent"}}
    # Leave room for the titles of the axes below the last row.
    return finish_chart([drawn], theme, STEP * len(rows)) | {"padding": {"left": 0, "right": 4, "top": 4, "bottom": 8}}


def _rank_scale(last: int) -> Scaled:
    step = max(1, -(-last // 6))
    scale = {"domain": [0.5, last + 0.5], "nice": False, "zero": False, "range": [0, {"expr": f"width * {LEFT}"}]}
    return scale, {
        "values": sorted({1, *range(step, last + 1, step)}),
        "title": "rank",
        "labelOverlap": "greedy",
        "orient": "bottom",
        "titleAnchor": "start",
    }


def _share_scale() -> Scaled:
    """Returns the scale of shares won, from 0 to 1 with room for the words."""
    scale = {
        "domain": [0, 1],
        "nice": False,
        "range": [{"expr": f"width * {RIGHT}"}, {"expr": f"width * (width < {NARROW} ? 1 : 0.93)"}],
    }
    axis = {
        "values": [0, 0.5, 1],
        "labelExpr": "width < 300 && datum.value == 0.5 ? '' : format(datum.value * 100, '~r') + ' %'",
        "title": "share won",
        "orient": "bottom", "grid": False, "titleAnchor": "start", "labelFlush": True,
    }  # fmt: skip
    return scale, axis


def _encode_at(field: str, scale: Mapping[str, Any]) -> dict[str, Any]:
    """Encodes a position without an axis: in each half one layer draws the axis for all."""
    return {"field": field, "type": "quantitative", "scale": scale, "axis": None}


def _draw_ranks_of_side(side: str, scale: Mapping[str, Any], theme: Palette) -> list[Layer]:
    where = f"datum.side == '{side}'"
    fill = theme.side(side) if side == "open" else theme.panel
    whisker = {"x": _encode_at("rank_low", scale), "x2": {"field": "rank_high"}}
    is_range = f"{where} && datum.rank_low < datum.rank_high"
    return [
        make_layer("rule", whisker, is_range, strokeWidth=2, strokeDash=STROKES[side], color=theme.side(side)),
        make_layer(
            "point", {"x": _encode_at("rank", scale)}, where, shape=SHAPES[side], size=96, filled=False,
            stroke=theme.side(side), fill=fill,
            fillOpacity=1, strokeWidth=2, opacity=1,
        ),
    ]  # fmt: skip


def _draw_wins(side: str, theme: Palette) -> Layer:
    """Draws shares won as bars, since together they make one whole: filled for open, hollow for proprietary."""
    look: Row = {
        "stroke": theme.side(side),
        "fill": theme.side(side) if side == "open" else theme.panel,
        "strokeDash": STROKES[side],
    }
    x = {"x": _encode_at("wins", _share_scale()[0]), "x2": {"datum": 0}}
    return make_layer("bar", x, f"datum.side == '{side}' && datum.wins > 0", height=10, strokeWidth=1.5, **look)


def draw_positions(rows: Sequence[Row], names: Sequence[str], measures: Sequence[str], theme: Palette) -> Spec:
    """Draws families by measure; larger marks are closer to the best, and a missing value has a mark of its own.

    Rows have `name`, `side`, `measure`, `position` (0 to 1, or None), `said`, `short`, `note` and `n`.
    """
    axis = {
        "orient": "top",
        "labelAngle": {"expr": "width < 400 ? -90 : -35"},
        "labelAlign": "left", "labelFontSize": 12, "labelColor": theme.ink, "grid": False, "title": None,
    }  # fmt: skip
    x = {"field": "measure", "type": "nominal", "sort": None, "scale": {"domain": list(measures)}, "axis": axis}
    is_wide = f"width / {max(1, len(measures))} >= {COLUMN_PX}"
    tooltip = encode_tooltip({"name": "family", "measure": "measure", "said": "value", "n": "cases", "note": "note"})
    points = [dict(row) | {"family": row["name"]} for row in rows]
    layers = [*_draw_position_marks(is_wide, theme), *_draw_position_words(is_wide, theme)]
    return finish_rows(points, layers, names, theme, tooltip, picks=(), x=x)


def _draw_position_marks(is_wide: str, theme: Palette) -> list[Layer]:
    """Draws one layer per side, with larger marks for better positions; at the left of the cell where the value fits
    beside it."""
    size = {
        "field": "position",
        "type": "quantitative",
        "scale": {"domain": [0, 1], "range": [16, LARGEST]},
        "legend": None,
    }
    return [
        make_layer(
            "point", {"size": size}, f"datum.side == '{side}' && isValid(datum.position)", shape=shape, filled=False,
            stroke=theme.side(side), fill=theme.side(side) if side == "open" else theme.panel,
            fillOpacity=0.75 if side == "open" else 1,
            strokeWidth=1.5, opacity=1, xOffset={"expr": f"{is_wide} ? -18 : 0"},
        )
        for side, shape in SHAPES.items()
    ]  # fmt: skip


def _draw_position_words(is_wide: str, theme: Palette) -> list[Layer]:
    """Draws the value beside its mark where it fits, or the mark of a state where there is no value."""
    word, offset = {"text": encode_text("short")}, {"expr": f"{is_wide} ? -18 : 0"}
    where = f"isValid(datum.position) && {is_wide}"
    return [
        make_layer("text", word, where, align="left", dx=-6, color=theme.muted, fontSize=11),
        make_layer("text", word, "!isValid(datum.position)", color=theme.muted, fontSize=12, xOffset=offset),
    ]
