"""The chart of differences: around zero, each verdict with a look of its own, and names are data."""

import json
from typing import Any

from dashboards.charts.colours import LIGHT
from dashboards.compare import difference_figures

Row = dict[str, Any]


def layers_of(spec: Row) -> list[Row]:
    """Every mark of a chart with its rows."""
    return [
        {"rows": (one.get("data") or part["data"])["values"], **one}
        for part in spec["layer"]
        for one in part.get("layer", [part])
    ]


def difference(value: float, look: str) -> Row:
    """One line around 0."""
    line = {"look": look, "value": value, "low": value - 0.1, "high": value + 0.1, "note": ""}
    return {"name": "Answered", "said": "", "short": "", "lines": [line]}


def test_differences_lie_around_zero_and_differ_by_shape_and_fill() -> None:
    """What each direction means is written at the axis."""
    looks = ("more than chance", "too close to call")
    groups = [difference(value, look) for value, look in zip((0.3, -0.2), looks, strict=True)]
    spec = difference_figures.draw_around_zero(groups, LIGHT)
    drawn = layers_of(spec)
    points = [row for one in drawn if one["mark"]["type"] == "point" for row in one["rows"]]
    shapes = {row["look"]: (row["shape"], row["fill"]) for row in points}
    assert len(set(shapes.values())) == 2 and shapes["too close to call"][0] == "diamond"
    assert "open →" in json.dumps(spec, ensure_ascii=False)
