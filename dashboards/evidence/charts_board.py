"""The board of claims: each claim with its verdict at the left, and the tests that decide it as intervals at the right."""

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

Row = Mapping[str, Any]
NAME_PX, LINE_PX, GAP_PX = 22, 18, 14
"""Heights of a claim's name, of a test, and of what parts two claims."""
WIDE = "width >= 720"
"""Where there is room for the names of the tests."""
FIRST = {"expr": f"{WIDE} ? 0.54 * width : 164"}
"""Where the plot begins; left of it stand the verdict and, where there is room, the tests' names."""


def board(groups: Sequence[Row], looks: Mapping[str, PointStyle], reach: float, tone: Palette) -> Spec:
    """Groups have `name`, `verdict`, `mark`, `tally`, `is_decided` and `lines`.

    Lines have `look`, `value`, `low`, `high`, `mark`, `name` and `note`. Values are in units of the smallest effect that matters;
    `reach` is how far the axis goes either way.
    """
    heads, lines, height = _placed(groups)
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
    layers = [_parting(heads, y, tone), _guides(lines, y, scaled, tone)]
    said = encode_tooltip({"claim": "claim", "name": "test", "note": "effect"})
    judged = [{**line, **_look(looks[line["look"]], tone)} for line in lines if line["value"] is not None]
    layers.append(group_layers(judged, _drawn(scaled), y=y, tooltip=said))
    drawn = finish_chart(
        [*layers, _missing(lines, y, scaled, tone), _names(lines, y, tone), *_heads(heads, looks, y, tone)],
        tone,
        height,
    )
    # The words of the axis reach below its line.
    return drawn | {"padding": {**drawn["padding"], "bottom": 6}}


def _placed(groups: Sequence[Row]) -> tuple[list[Row], list[Row], int]:
    """Where claims and tests stand, in pixels from the top."""
    heads: list[Row] = []
    lines: list[Row] = []
    top = 0
    for place, one in enumerate(groups):
        words = {key: one[key] for key in ("name", "verdict", "mark", "tally", "is_decided")}
        heads.append(
            words
            | {
                "top": top - GAP_PX / 2,
                "y": top + NAME_PX / 2,
                "second": top + NAME_PX + LINE_PX / 2,
                "third": top + NAME_PX + 1.5 * LINE_PX,
                "place": place,
            }
        )
        top += NAME_PX
        for number, line in enumerate(one["lines"]):
            first = top + number * LINE_PX
            lines.append(
                {**line, "claim": one["name"], "y": first + LINE_PX / 2, "above": first, "below": first + LINE_PX}
            )
        # Verdict and tally need two lines, however few tests there are.
        top += max(2, len(one["lines"])) * LINE_PX + GAP_PX
    return heads, lines, top


def _parting(heads: Sequence[Row], y: Mapping[str, Any], tone: Palette) -> Layer:
    """A hairline between two claims."""
    return group_layers(
        [head for head in heads if head["place"]],
        [make_layer("rule", {"x": {"value": 0}, "x2": {"value": "width"}}, color=tone.hairline)],
        y={**y, "field": "top"},
    )


def _guides(lines: Sequence[Row], y: Mapping[str, Any], scaled: Any, tone: Palette) -> Layer:
    """No effect, and dashed the smallest that matters, beside every test."""
    looks = {0: {"dash": [1, 0], "colour": tone.muted}, -1: {"dash": [3, 3], "colour": tone.context}}
    shown = [
        {"at": at, "y": line["above"], "below": line["below"], **looks[-abs(at)]} for line in lines for at in (-1, 0, 1)
    ]
    place = {
        "y2": {"field": "below"},
        "x": encode_quantity("at", scaled),
        "color": encode_own("colour"),
        "strokeDash": encode_own("dash"),
    }
    return group_layers(shown, [make_layer("rule", place, strokeWidth=1)], y=y)


def _look(look: PointStyle, tone: Palette) -> dict[str, Any]:
    """How a verdict is drawn, as fields of a row."""
    return {"shape": look.shape, "colour": look.colour, "fill": look.colour if look.is_filled else tone.panel}


def _drawn(scaled: Any) -> list[Layer]:
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


def _missing(lines: Sequence[Row], y: Mapping[str, Any], scaled: Any, tone: Palette) -> Layer:
    """The mark of a test that could not be judged."""
    x = {"datum": 0, "type": "quantitative", "scale": scaled[0], "axis": scaled[1]}
    empty = [line for line in lines if line["value"] is None]
    return group_layers(
        empty, [make_layer("text", {"x": x, "text": encode_text("mark")}, dx=12, color=tone.ink, fontSize=13)], y=y
    )


def _names(lines: Sequence[Row], y: Mapping[str, Any], tone: Palette) -> Layer:
    """What each test asks, beside its line."""
    named = make_layer(
        "text", {"text": encode_text("name")}, WIDE, align="right", dx=-12, color=tone.muted, fontSize=12, x=FIRST
    )
    return group_layers(lines, [named], y=y)


def _heads(heads: Sequence[Row], looks: Mapping[str, PointStyle], y: Mapping[str, Any], tone: Palette) -> list[Layer]:
    """The claim, its verdict in bold, and how many tests say so."""

    def said(word: str, place: str, where: str = "", **look: Any) -> Layer:
        return make_layer(
            "text",
            {"x": {"value": 0}, "y": {**y, "field": place}, "text": encode_text(word)},
            where,
            align="left",
            **look,
        )

    def narrow(yes: str, no: str) -> dict[str, str]:
        return {"expr": f"width < 360 ? {yes} : {no}"}

    colour = {"expr": f"datum.is_decided ? '{tone.ink}' : '{tone.muted}'"}
    # Not every font has these shapes, so they are drawn, as beside the tests; only the marks of what is unknown are letters.
    place = {
        "x": {"value": 6},
        "y": {**y, "field": "second"},
        "shape": encode_own("shape"),
        "stroke": encode_own("colour"),
        "fill": encode_own("fill"),
    }
    drawn = [
        make_layer("point", place, "datum.shape", size=80, filled=False, strokeWidth=2, opacity=1, fillOpacity=1),
        said(
            "name",
            "y",
            color=tone.ink,
            fontSize=narrow("11", "13"),
            fontWeight=narrow("'normal'", "'bold'"),
            limit={"expr": "width"},
        ),
        said("verdict", "second", color=colour, fontSize=13, fontWeight="bold", dx=16),
        said("mark", "second", "!datum.shape", color=tone.ink, fontSize=13),
        said("tally", "third", color=tone.muted, fontSize=12),
    ]
    return [
        group_layers(
            [{**one, **(_look(looks[one["verdict"]], tone) if one["verdict"] in looks else {})} for one in heads], drawn
        )
    ]
