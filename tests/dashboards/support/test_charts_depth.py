"""The meter of depth: nested strips, the interval of the headline, and states that are no numbers."""

import re
from itertools import pairwise
from typing import Any

from dashboards.charts.colours import DARK, LIGHT, Palette
from dashboards.frame import pictures
from dashboards.support.charts import depth as charts_depth
from warehouse.wording import GAP

TITLES = {"qwen": "Qwen", "gpt": "GPT <b>", "grok": "Grok"}
SHARES = (0.8, 0.5, 0.2, 0.04)


def depth(family: str, side: str, points: int, value: float | None, state: str = "measured") -> dict[str, Any]:
    """A published figure of deep_answer_share."""
    ends = {"low": None, "high": None} if value is None else {"low": max(0.0, value - 0.1), "high": value + 0.1}
    names = {"family_id": family, "side": side, "segment": "all", "statistic": f"at_least_{points}", "note": None}
    return names | {"value": value, "state": state, "n": 60} | ends


ROWS = [
    *(depth("qwen", "open", points, value) for points, value in enumerate(SHARES, 1)),
    *(depth("gpt", "proprietary", points, value / 2) for points, value in enumerate(SHARES, 1)),
    *(depth("grok", "proprietary", points, None, "not enough data") for points in range(1, 5)),
]


def words_in(svg: str) -> list[str]:
    """What a drawing says."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def drawn(width: int = 700) -> str:
    """The meter as it is drawn."""
    return pictures.render_chart(charts_depth.draw_strips(ROWS, list(TITLES), TITLES, LIGHT), width)


def test_each_family_says_its_headline_and_its_state_once() -> None:
    """Of four statistics only that of at least three points is put into words."""
    said = words_in(drawn())
    assert said.count(f"20{GAP}% (10–30{GAP}%)") == 1 and said.count(f"10{GAP}% (0–20{GAP}%)") == 1
    assert said.count("≈ not enough data") == 1
    assert not any(one.startswith(f"80{GAP}%") for one in said)
    assert f"20{GAP}%" in words_in(drawn(300)), "where there is little room the value stands alone"


def strips(tone: Palette = LIGHT) -> dict[str, Any]:
    """The layers that draw the rows."""
    return next(
        one
        for one in charts_depth.draw_strips(list(reversed(ROWS)), list(TITLES), TITLES, tone)["layer"]
        if "Points" not in str(one["data"])
    )


def test_the_strips_are_nested_from_one_point_to_four() -> None:
    """The widest is drawn first, so that the deeper lie upon it, darker step by step."""
    values = [one for one in strips()["data"]["values"] if one["family_id"] == "qwen"]
    assert [(one["points"], one["value"]) for one in values] == list(enumerate(SHARES, 1))
    left, seen = 1.0, [0.0]
    for one in values:
        left *= 1 - one["shade"]
        seen.append(1 - left)
    assert all(later - earlier > 0.15 for earlier, later in pairwise(seen))


def test_the_sides_differ_without_colour_on_both_themes() -> None:
    """Solid and round against dashed and square, also in grey."""
    for tone in (LIGHT, DARK):
        looks = {one["side"]: (one["shape"], tuple(one["dash"])) for one in strips(tone)["data"]["values"]}
        assert looks == {"open": ("circle", (1, 0)), "proprietary": ("square", (4, 3))}
        drawn_by = [one["encoding"] for one in strips(tone)["layer"]]
        assert sum("strokeDash" in one for one in drawn_by) == 2 and sum("shape" in one for one in drawn_by) == 1


def test_the_key_numbers_the_shades_and_names_stay_text() -> None:
    """The first row says which shade means how many points."""
    svg = drawn()
    said = words_in(svg)
    assert charts_depth.KEY in said and said[-4:] == ["1", "2", "3", "4"]
    assert "GPT &lt;b&gt;" in svg and "<b>" not in svg
