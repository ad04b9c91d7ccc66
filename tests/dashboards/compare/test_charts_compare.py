"""The charts of comparison: nothing leaves its place, sides differ without colour, and holes are no zeros."""

import json
from typing import Any

import pytest

from dashboards.charts.colours import DARK, LIGHT, Palette
from dashboards.compare import charts_compare

Row = dict[str, Any]
TITLES = {"qwen": "Qwen", "claude": "Claude", "nova": "Nova"}
SIDES = {"qwen": "open", "claude": "proprietary", "nova": "proprietary"}


def ranked(family: str, rank: int | None, low: int | None = None, high: int | None = None) -> Row:
    """A family with its place."""
    key = {
        "family_id": family,
        "segment": "anyone",
        "statistic": "within_7d",
        "side": SIDES[family],
        "families_count": 21,
    }
    return key | {
        "rank": rank,
        "rank_low": low,
        "rank_high": high,
        "said": f"{rank}",
        "short": f"{rank}",
        "cases": "9",
        "why": "",
        "adjusted_value": 0.6,
        "adjusted_low": 0.5,
        "adjusted_high": 0.7,
    }


def layers_of(spec: Row) -> list[Row]:
    """Every mark of a chart with its rows."""
    return [
        {"rows": (one.get("data") or part["data"])["values"], **one}
        for part in spec["layer"]
        for one in part.get("layer", [part])
    ]


@pytest.mark.parametrize("tone", [LIGHT, DARK])
def test_shares_have_intervals_and_the_look_of_their_side(tone: Palette) -> None:
    """One list in the order given; a whisker from end to end."""
    rows = [ranked("claude", 6, 1, 10), ranked("qwen", 13, 6, 19), ranked("nova", 15, 6, 19)]
    spec = charts_compare.draw_shares(rows, TITLES, tone)
    drawn = layers_of(spec)
    (whisker,) = [one for one in drawn if one["mark"]["type"] == "rule"]
    assert (whisker["encoding"]["x"]["field"], whisker["encoding"]["x2"]["field"]) == ("adjusted_low", "adjusted_high")
    looks = {row["family"]: (row["shape"], tuple(row["dash"])) for row in whisker["rows"]}
    assert looks == {"Claude": ("square", (4, 3)), "Qwen": ("circle", (1, 0)), "Nova": ("square", (4, 3))}
    assert whisker["encoding"]["x"]["scale"]["domain"] == [0, 1]
    assert spec["layer"][0]["encoding"]["y"]["scale"]["domain"] == ["Claude", "Qwen", "Nova"]
    assert spec["params"][0]["select"]["fields"] == ["family_id", "segment", "statistic"]


def difference(value: float, look: str) -> Row:
    """One line around 0."""
    line = {"look": look, "value": value, "low": value - 0.1, "high": value + 0.1, "note": ""}
    return {"name": "Answered", "said": "", "short": "", "lines": [line]}


def test_differences_lie_around_zero_and_differ_by_shape_and_fill() -> None:
    """Names are data, never part of an expression."""
    looks = ("more than chance", "too close to call", "too close to call among all pairs")
    groups = [difference(value, look) for value, look in zip((0.3, -0.2, 0.2), looks, strict=True)]
    spec = charts_compare.draw_differences(groups, "← [x](javascript:alert(1)) better", "'; evil() // better →", LIGHT)
    drawn = layers_of(spec)
    points = [row for one in drawn if one["mark"]["type"] == "point" for row in one["rows"]]
    shapes = {row["look"]: (row["shape"], row["fill"]) for row in points}
    assert len(set(shapes.values())) == 3 and shapes["too close to call"][0] == "diamond"
    said = [row["word"] for one in drawn for row in one["rows"] if "word" in row]
    assert said == ["← [x](javascript:alert(1)) better", "'; evil() // better →"]
    encoded = [one.get("transform", []) for one in drawn] + [one["encoding"] for one in drawn]
    assert "evil" not in json.dumps(encoded)
