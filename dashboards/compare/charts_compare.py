"""The chart of differences around 0."""

import textwrap
from collections.abc import Sequence
from typing import Any

from dashboards.charts import axes
from dashboards.charts.colours import Palette
from dashboards.charts.lines import WRAP_PX, draw_intervals
from dashboards.charts.marks import (
    NARROW,
    Layer,
    Spec,
    encode_text,
    group_layers,
    make_layer,
)
from dashboards.metric_row import Row

HALF_LETTERS = 22
"""Letters of a line in half of a phone's chart."""


def draw_differences(groups: Sequence[dict[str, Any]], left: str, right: str, theme: Palette) -> Spec:
    """Draws one line per difference, in percentage points around 0.

    `left` and `right` say what each direction means; they hold names and are passed as data, never as part of an
    expression.
    """
    lines = [line for group in groups for line in group["lines"] if line["value"] is not None]
    ends = [abs(line[end]) for line in lines for end in ("low", "high")]
    reach = max([0.1, *ends]) * 1.05
    axis = {"values": [0], "labelExpr": "'0'", "grid": False, "title": None}
    scaled: axes.Scaled = ({"domain": [-reach, reach], "nice": False}, axis)
    looks = {
        "more than chance": theme.look("circle", theme.ink, is_filled=True),
        "too close to call": theme.look("diamond", theme.muted, is_filled=False),
    }
    spec = draw_intervals(groups, looks, scaled, {0: False}, theme)
    wrapped = ["\n".join(textwrap.wrap(word, HALF_LETTERS)) for word in (left, right)]
    spec["layer"] += _draw_directions((left, right), wrapped, theme)
    bottom = 6 + WRAP_PX * max(word.count("\n") for word in wrapped)
    return spec | {"padding": {**spec["padding"], "bottom": bottom}}


def _draw_directions(words: Sequence[str], wrapped: Sequence[str], theme: Palette) -> list[Layer]:
    """Draws what each direction means, level with the axis; wrapped on a phone."""
    wording = {"calculate": f"{axes.ROOM_PX} < {NARROW} ? datum.wrapped : datum.word", "as": "shown"}
    style: Row = {"dy": 15, "color": theme.muted, "fontSize": 12, "lineBreak": "\n", "lineHeight": WRAP_PX}
    return [
        group_layers(
            [{"word": word, "wrapped": lines}],
            [make_layer("text", {"x": x, "y": {"value": "height"}, "text": encode_text("shown")}, align=side, **style)],
        )
        | {"transform": [wording]}
        for word, lines, x, side in zip(
            words, wrapped, ({"value": 0}, {"value": "width"}), ("left", "right"), strict=True
        )
    ]
