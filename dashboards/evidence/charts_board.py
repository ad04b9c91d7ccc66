"""The chart of the board: each claim with its verdict at the left, and the tests that decide it as intervals at the
right."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.charts.colours import Palette
from dashboards.charts.lines import PointStyle
from dashboards.charts.marks import (
    Layer,
    Spec,
    encode_own,
    encode_quantity,
    encode_text,
    encode_tooltip,
    finish_chart,
    group_layers,
    make_layer,
)
from dashboards.metric_row import Row

NAME_PX, LINE_PX, GAP_PX = 22, 18, 14
"""Heights in pixels of a claim's name, of a test, and of the gap between two claims."""
WIDE = "width >= 720"
"""The condition under which the tests' names fit."""
FIRST = {"expr": f"{WIDE} ? 0.54 * width : 164"}
"""The left edge of the plot; left of it stand the verdict and, if they fit, the tests' names."""


def draw_board(groups: Sequence[Row], styles: Mapping[str, PointStyle], reach: float, theme: Palette) -> Spec:
    """Draws one block per claim.

    Groups have `name`, `verdict`, `mark`, `tally`, `is_decided` and `lines`. Lines have `look`, `value`, `low`, `high`,
    `mark`, `name` and `note`. Values are in units of the smallest effect that matters; `reach` is how far the axis
    extends in both directions.
    """
    heads, lines, height = _place_lines(groups)
    y = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [0, height], "reverse": True, "nice": False},
        "axis": None,
    }
    claim = f"({WIDE} ? ' the claim' : '')"
    says = f"datum.value < 0 ? '← against' + {claim} : datum.value > 0 ? 'for' + {claim} + ' →' : '0'"
    axis = {"values": [-reach, 0, reach], "labelExpr": says, "labelFlush": True, "grid": False, "title": None}
    scaled = {"domain": [-reach, reach], "nice": False, "range": [FIRST, {"expr": "width"}]}, axis
    layers = [_draw_partings(heads, y, theme), _draw_guides(lines, y, scaled, theme)]
    tooltip = encode_tooltip({"claim": "claim", "name": "test", "note": "effect"})
    judged = [{**line, **_style_verdict(styles[line["look"]], theme)} for line in lines if line["value"] is not None]
    layers.append(group_layers(judged, _draw_lines(scaled), y=y, tooltip=tooltip))
    return finish_chart(
        [
            *layers,
            _draw_missing(lines, y, scaled, theme),
            _draw_names(lines, y, theme),
            *_draw_heads(heads, styles, y, theme),
        ],
        theme,
        height,
    )


def _place_lines(groups: Sequence[Row]) -> tuple[list[Row], list[Row], int]:
    """Positions claims and tests in pixels from the top; the number is the total height."""
    heads: list[Row] = []
    lines: list[Row] = []
    top = 0
    for index, claim in enumerate(groups):
        words = {key: claim[key] for key in ("name", "verdict", "mark", "tally", "is_decided")}
        heads.append(
            words
            | {
                "top": top - GAP_PX / 2,
                "y": top + NAME_PX / 2,
                "second": top + NAME_PX + LINE_PX / 2,
                "third": top + NAME_PX + 1.5 * LINE_PX,
                "place": index,
            }
        )
        top += NAME_PX
        for number, line in enumerate(claim["lines"]):
            first = top + number * LINE_PX
            lines.append(
                {**line, "claim": claim["name"], "y": first + LINE_PX / 2, "above": first, "below": first + LINE_PX}
            )
        # Verdict and tally take two lines even if there is only one test.
        top += max(2, len(claim["lines"])) * LINE_PX + GAP_PX
    return heads, lines, top


def _draw_partings(heads: Sequence[Row], y: Mapping[str, Any], theme: Palette) -> Layer:
    """Draws a hairline between two claims."""
    return group_layers(
        [head for head in heads if head["place"]],
        [make_layer("rule", {"x": {"value": 0}, "x2": {"value": "width"}}, color=theme.hairline)],
        y={**y, "field": "top"},
    )


def _draw_guides(lines: Sequence[Row], y: Mapping[str, Any], scaled: Any, theme: Palette) -> Layer:
    """Draws the line of no effect and, dashed, the smallest effect that matters beside every test."""
    looks = {0: {"dash": [1, 0], "colour": theme.muted}, -1: {"dash": [3, 3], "colour": theme.context}}
    segments = [
        {"at": at, "y": line["above"], "below": line["below"], **looks[-abs(at)]} for line in lines for at in (-1, 0, 1)
    ]
    encoding = {
        "y2": {"field": "below"},
        "x": encode_quantity("at", scaled),
        "color": encode_own("colour"),
        "strokeDash": encode_own("dash"),
    }
    return group_layers(segments, [make_layer("rule", encoding, strokeWidth=1)], y=y)


def _style_verdict(style: PointStyle, theme: Palette) -> dict[str, Any]:
    """Returns the look of a verdict as row fields."""
    return {"shape": style.shape, "colour": style.colour, "fill": style.colour if style.is_filled else theme.panel}


def _draw_lines(scaled: Any) -> list[Layer]:
    colour = encode_own("colour")
    point = {
        "x": encode_quantity("value", scaled),
        "shape": encode_own("shape"),
        "stroke": colour,
        "fill": encode_own("fill"),
    }
    return [
        make_layer(
            "rule",
            {"x": encode_quantity("low", scaled), "x2": {"field": "high"}, "color": colour},
            strokeWidth=2,
            clip=True,
        ),
        make_layer("point", point, size=80, filled=False, strokeWidth=2, opacity=1, fillOpacity=1),
    ]


def _draw_missing(lines: Sequence[Row], y: Mapping[str, Any], scaled: Any, theme: Palette) -> Layer:
    """Draws the mark of a test that could not be judged."""
    x = {"datum": 0, "type": "quantitative", "scale": scaled[0], "axis": scaled[1]}
    empty = [line for line in lines if line["value"] is None]
    return group_layers(
        empty, [make_layer("text", {"x": x, "text": encode_text("mark")}, dx=12, color=theme.ink, fontSize=13)], y=y
    )


def _draw_names(lines: Sequence[Row], y: Mapping[str, Any], theme: Palette) -> Layer:
    """Draws the name of each test beside its line."""
    named = make_layer(
        "text", {"text": encode_text("name")}, WIDE, align="right", dx=-12, color=theme.muted, fontSize=12, x=FIRST
    )
    return group_layers(lines, [named], y=y)


def _draw_heads(
    heads: Sequence[Row], styles: Mapping[str, PointStyle], y: Mapping[str, Any], theme: Palette
) -> list[Layer]:
    """Draws the claim, its verdict in bold, and how many tests agree."""
    colour = {"expr": f"datum.is_decided ? '{theme.ink}' : '{theme.muted}'"}
    name: dict[str, Any] = {"fontSize": _narrow("11", "13"), "fontWeight": _narrow("'normal'", "'bold'")}
    layers = [
        _draw_shape(y),
        _draw_word("name", "y", y, color=theme.ink, limit={"expr": "width"}, **name),
        _draw_word("verdict", "second", y, color=colour, fontSize=13, fontWeight="bold", dx=16),
        _draw_word("mark", "second", y, "!datum.shape", color=theme.ink, fontSize=13),
        _draw_word("tally", "third", y, color=theme.muted, fontSize=12),
    ]
    styled = [
        {**head, **(_style_verdict(styles[head["verdict"]], theme) if head["verdict"] in styles else {})}
        for head in heads
    ]
    return [group_layers(styled, layers)]


def _narrow(yes: str, no: str) -> dict[str, str]:
    return {"expr": f"width < 360 ? {yes} : {no}"}


def _draw_word(word: str, line: str, y: Mapping[str, Any], where: str = "", **style: Any) -> Layer:
    encoding = {"x": {"value": 0}, "y": {**y, "field": line}, "text": encode_text(word)}
    return make_layer("text", encoding, where, align="left", **style)


def _draw_shape(y: Mapping[str, Any]) -> Layer:
    """Draws the shape of a verdict, since not every font has it; the marks of unknown verdicts are letters."""
    encoding = {
        "x": {"value": 6},
        "y": {**y, "field": "second"},
        "shape": encode_own("shape"),
        "stroke": encode_own("colour"),
        "fill": encode_own("fill"),
    }
    return make_layer("point", encoding, "datum.shape", size=80, filled=False, strokeWidth=2, opacity=1, fillOpacity=1)
