"""The stack of who or what comes first by time since asking, as parts of one whole."""

from collections.abc import Sequence
from typing import Any

from dashboards.charts import axes
from dashboards.charts.colours import STROKES, Palette
from dashboards.charts.marks import (
    NARROW,
    Layer,
    Spec,
    encode_quantity,
    encode_text,
    encode_tooltip,
    finish_chart,
    group_layers,
    make_layer,
)
from dashboards.metric_row import Row

HEIGHT = 320
UNTIL = 168
"""Hours drawn: up to the end of the week that the published figures cover."""
TICKS = [0, 1, 6, 24, 168]
GAP = 0.064
"""Least distance of two labels, as a share of the height."""
ROOM = 440
"""Width in pixels from which intervals fit beside the names."""
PICKS = ("family_id", "segment")
WAITING = "waiting"
PEOPLE, OTHERS = (0.95, 0.66, 0.4, 0.22), (0.9, 0.62, 0.4, 0.24, 0.12)
"""Opacities of the shades from the bottom up; adjacent ones differ in grey too."""


def draw_stack(points: Sequence[Row], parts: Sequence[Row], side: str, colour: str, theme: Palette) -> Spec:
    """Draws the parts as stacked areas. `parts` run from the bottom up: segment, name, said, short, value at the end,
    and is_person; `waiting` is the empty rest at the top.

    Points have family_id, segment, hours, value, low and high. People are shades of the family's colour; everything
    else is grey.
    """
    drawn = {part["segment"]: part for part in _fill_parts(parts, colour, theme)}
    fields = ("name", "said", "place", "fill", "density")
    areas = [
        {name: row[name] for name in ("family_id", "segment", "hours", "value")}
        | {name: drawn[row["segment"]][name] for name in fields}
        for row in points
        if row["segment"] in drawn and row["segment"] != WAITING
    ]
    edges = [row for row in points if row["segment"] == WAITING]
    groups = [
        group_layers(areas, [_draw_areas(theme)], x=_encode_time()),
        *_draw_edges(edges, side, theme),
        _draw_labels(list(drawn.values()), theme),
    ]
    return finish_chart(groups, theme, HEIGHT, PICKS)


def _encode_time() -> dict[str, Any]:
    scale = {"type": "symlog", "constant": 1, "domain": [0, UNTIL], "nice": False}
    axis = {
        "values": TICKS, "labelExpr": axes.name_ticks({0: "asked"} | axes.HOURS), "grid": False, "labelFlush": True,
        "labelOverlap": "greedy",
        "labelSeparation": 8, "title": None,
    }  # fmt: skip
    return {"field": "hours", "type": "quantitative", "scale": scale, "axis": axis}


def _fill_parts(parts: Sequence[Row], colour: str, theme: Palette) -> list[dict[str, Any]]:
    """Adds the position, fill and opacity to each part."""
    people, others, filled_parts = iter(PEOPLE), iter(OTHERS), []
    for index, part in enumerate(parts):
        if part["segment"] == WAITING:
            fill, density = theme.panel, 0.0
        else:
            fill, density = (colour, next(people)) if part["is_person"] else (theme.context, next(others))
        filled_parts.append({**part, "place": index, "fill": fill, "density": density})
    return filled_parts


def _encode_style(channel: str, field: str, kind: str) -> dict[str, Any]:
    return {channel: {"field": field, "type": kind, "scale": None}}


def _draw_areas(theme: Palette) -> Layer:
    """Draws all parts with an outline in the background colour, so that they stand apart without colour."""
    encoding = {
        "y": encode_quantity("value", axes.make_share_scale()) | {"stack": "zero"},
        "order": {"field": "place", "type": "quantitative"},
        "detail": encode_text("segment"),
        "tooltip": encode_tooltip({"name": "first came", "said": "within 7 days"}),
        **_encode_style("fill", "fill", "nominal"),
        **_encode_style("fillOpacity", "density", "quantitative"),
    }
    style: dict[str, Any] = {"interpolate": "step-after", "stroke": theme.panel, "strokeWidth": 1, "cursor": "pointer"}
    return make_layer("area", encoding, **style) | {"name": "marks"}


def _draw_edges(waiting: Sequence[Row], side: str, theme: Palette) -> list[Layer]:
    """Draws the upper edge, above which people still wait, in the stroke of the side, with thin lines at the ends of
    its interval."""
    edges = []
    for name, width, dash in (("value", 2, STROKES[side]), ("low", 1, [1, 2]), ("high", 1, [1, 2])):
        # Rows hold the share still waiting; the stack fills the rest from below.
        points = [{"hours": row["hours"], "edge": 1 - row[name]} for row in waiting if row[name] is not None]
        line = make_layer(
            "line",
            {"y": encode_quantity("edge", axes.make_share_scale())},
            interpolate="step-after",
            strokeWidth=width,
            strokeDash=dash,
            color=theme.ink,
        )
        edges.append(group_layers(points, [line], x=_encode_time()))
    return edges


def _draw_labels(parts: Sequence[dict[str, Any]], theme: Palette) -> Layer:
    """Draws the name and the share of each part beside its end, with a key in its shade; narrow charts omit the
    interval."""
    key = {**_encode_style("fill", "fill", "nominal"), **_encode_style("fillOpacity", "density", "quantitative")}
    square = make_layer(
        "point", key, shape="square", size=90, filled=True, opacity=1, stroke=theme.ink, strokeWidth=0.75, xOffset=14
    )
    words = make_layer("text", {"text": encode_text("shown")}, align="left", dx=26, color=theme.ink, fontSize=12)
    words["mark"]["limit"] = {"expr": f"{axes.ROOM_PX} < {NARROW} ? 116 : 400"}
    words["transform"] = [{"calculate": f"{axes.ROOM_PX} < {ROOM} ? datum.brief : datum.label", "as": "shown"}]
    return group_layers(
        _spread_labels(parts), [square, words], x={"value": "width"}, y=encode_quantity("at", axes.make_share_scale())
    )


def _spread_labels(parts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Positions labels at the middle of their parts, moved apart where these are thin, but never beyond the top."""
    bottom, floor = 0.0, 0.0
    labels: list[dict[str, Any]] = []
    for part in parts:
        middle = bottom + part["value"] / 2
        bottom += part["value"]
        floor = max(middle, floor + (GAP if labels else 0))
        labels.append(
            {"at": floor, "label": f"{part['name']} {part['said']}", "brief": f"{part['short']} {part['name']}"}
            | {name: part[name] for name in ("fill", "density")}
        )
    # The pass above may push labels beyond the top; this one brings them back.
    ceiling = 1.0 + GAP
    for label in reversed(labels):
        label["at"] = ceiling = min(label["at"], ceiling - GAP)
    return labels
