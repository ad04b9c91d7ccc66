"""What comes first, as parts of one whole."""

import json
from itertools import pairwise
from typing import Any

import vl_convert

from dashboards.charts.colours import DARK, LIGHT
from dashboards.charts.marks import Spec
from dashboards.frame.pictures import freeze_chart
from dashboards.support.charts import stack


def part(segment: str, value: float, is_person: bool = False) -> dict[str, Any]:
    """A part as the page gives it."""
    return {
        "segment": segment,
        "name": f"name of {segment}",
        "value": value,
        "said": f"{value:.0%} long",
        "short": f"{value:.0%}",
        "is_person": is_person,
    }


PARTS = [
    part("staff", 0.3, True),
    part("outsider", 0.2, True),
    part("agent", 0.1),
    part("closed", 0.01),
    part("waiting", 0.39),
]


def point(segment: str, hours: float, value: float) -> dict[str, Any]:
    """A point of the estimate."""
    return {
        "family_id": "qwen",
        "segment": segment,
        "hours": hours,
        "value": value,
        "low": value / 2,
        "high": value + (1 - value) / 2,
    }


POINTS = [point(one["segment"], hours, one["value"] * hours / 168) for one in PARTS[:-1] for hours in (0, 24, 168)]
POINTS += [point("waiting", hours, 1 - 0.61 * hours / 168) for hours in (0, 24, 168)]


def drawn(side: str = "open") -> Spec:
    """The chart of the parts above."""
    return stack.draw_stack(POINTS, PARTS, side, "#0b39c9", LIGHT)


def test_parts_stand_upon_each_other_in_their_order_and_waiting_is_the_empty_rest() -> None:
    """The order is that of the parts, people at the bottom; who still waits is not an area."""
    spec = drawn()
    areas = spec["layer"][0]
    places = {row["segment"]: row["place"] for row in areas["data"]["values"]}
    assert places == {"staff": 0, "outsider": 1, "agent": 2, "closed": 3}
    assert areas["layer"][0]["encoding"]["y"]["stack"] == "zero"
    assert areas["layer"][0]["name"] == "marks" and spec["params"][0]["select"]["fields"] == ["family_id", "segment"]


def test_parts_differ_without_colour() -> None:
    """Neighbours differ in how dense they are, not in hue alone; people are of one colour and the rest is grey."""
    for tone in (LIGHT, DARK):
        filled = stack._fill_parts(PARTS, "#0b39c9", tone)
        assert [row["fill"] for row in filled[:2]] == ["#0b39c9"] * 2
        assert {row["fill"] for row in filled[2:4]} == {tone.context}
        dense = [row["density"] for row in filled]
        assert dense[0] > dense[1] and dense[2] > dense[3] and abs(dense[1] - dense[2]) > 0.1 and dense[4] == 0


def test_the_edge_has_its_interval_and_the_stroke_of_the_side() -> None:
    """Seen from the top: where people still wait."""
    edges = drawn("proprietary")["layer"][1:4]
    ends = [edge["data"]["values"][-1]["edge"] for edge in edges]
    assert [round(end, 3) for end in ends] == [0.61, 0.805, 0.305]
    assert edges[0]["layer"][0]["mark"]["strokeDash"] == [4, 3]
    assert drawn("open")["layer"][1]["layer"][0]["mark"]["strokeDash"] == [1, 0]


def test_labels_never_touch_and_never_leave_the_chart() -> None:
    """Ten parts, most of them thin, and thick ones at the bottom."""
    names = [
        "staff",
        "maintainer",
        "outsider",
        "unknown",
        "agent",
        "fixed",
        "asker_closed",
        "bot_closed",
        "closed",
        "waiting",
    ]
    for values in ([0.91, *[0.01] * 9], [0.0] * 9 + [1.0], [0.1] * 10, [*[0.01] * 9, 0.91]):
        parts = [part(name, value, place < 4) for place, (name, value) in enumerate(zip(names, values, strict=True))]
        at = [label["at"] for label in stack._spread_labels(stack._fill_parts(parts, "#0b39c9", LIGHT))]
        assert all(after - before >= stack.GAP - 1e-9 for before, after in pairwise(at))
        assert min(at) >= 0 and max(at) <= 1


def test_it_is_drawn_with_every_name_beside_it() -> None:
    """The renderer takes it; a narrow chart drops the intervals and shortens the names, not the numbers."""
    wide, narrow = (
        vl_convert.vegalite_to_svg(json.dumps(freeze_chart(drawn(), width)), vl_version="v6.1") for width in (880, 300)
    )
    assert all(f"name of {one['segment']} {one['said']}" in wide for one in PARTS)
    assert all(f">{one['short']} name of" in narrow for one in PARTS)
