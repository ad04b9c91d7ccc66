"""Charts of who carries a project: counts of people, differences about nought, and weeks since a release with gaps."""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest

from dashboards.charts.colours import LIGHT
from dashboards.frame import pictures
from dashboards.support.charts import carriers

TITLES = {"qwen": "Qwen", "phi": "Phi", "gpt": "GPT"}


def row(family: str, side: str, value: float | None, **more: Any) -> dict[str, Any]:
    """A published figure."""
    names = {
        "family_id": family,
        "side": side,
        "segment": "people",
        "statistic": "half",
        "state": "measured",
        "note": None,
        "n": 40,
    }
    return names | {"value": value, "low": value, "high": value} | more


def words_in(chart: dict[str, Any], width: int = 700) -> list[str]:
    """What a drawing says."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", pictures.render_chart(chart, width))


COUNTS = [
    row("qwen", "open", 19.0, n=1710),
    row("qwen", "open", 54.0, n=1710, statistic="four_fifths"),
    row("gpt", "proprietary", 12.0),
    row("phi", "open", None, state="not enough data"),
    row("phi", "open", None, state="not enough data", statistic="four_fifths"),
]


def test_both_counts_stand_beside_the_marks_and_a_state_once() -> None:
    """The number of answers stands with them: few people is little to say of few answers."""
    chart = carriers.draw_people(COUNTS, ["qwen", "phi", "gpt"], TITLES, LIGHT)
    said = words_in(chart)
    assert "19 and 54 people, 1,710 answers" in said and "12 people, 40 answers" in said
    assert said.count("≈ not enough data") == 1
    assert {"19 · 54", "12"} <= set(words_in(chart, 300))


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [
        (0.204, 0.013, 0.355, "+20 (+1.3 to +36) points"),
        (-0.05, -0.1, 0.0, "−5.0 (−10 to 0) points"),
        (0.1, None, None, "+10 points"),
        (None, None, None, ""),
    ],
)
def test_a_difference_has_its_sign_and_its_limits(
    value: float | None, low: float | None, high: float | None, said: str
) -> None:
    """Points of percent, not percent."""
    assert carriers.format_difference(row("gpt", "proprietary", value, low=low, high=high)) == said


def test_nought_is_in_the_middle_and_no_limit_beyond_the_edge() -> None:
    """To the left newcomers are worse off."""
    one = row("gpt", "proprietary", 0.3, low=-0.4, high=0.45)
    said = words_in(carriers.draw_differences([one], ["gpt"], TITLES, LIGHT))
    assert said[:5] == ["−50 %", "−25 %", "0 %", "+25 %", "+50 %"]
    wide = words_in(carriers.draw_differences([one | {"high": 0.6}], ["gpt"], TITLES, LIGHT))
    assert wide[0] == "−100 %" and "+30 (−40 to +60) points" in wide


def weekly(family: str, values: Mapping[str, float | None]) -> list[dict[str, Any]]:
    """The four spans of weeks of a family, those without a number in the state of having too few cases."""
    return [
        row(
            family,
            "open",
            value,
            segment=week,
            low=value,
            high=value,
            state="measured" if value is not None else "not enough data",
        )
        for week, value in values.items()
    ]


def test_a_span_without_a_number_is_a_gap() -> None:
    """No line is drawn across what is not known, and no point."""
    values = dict(zip(carriers.WEEKS, (0.4, None, 0.6, 0.7), strict=True))
    svg = pictures.render_chart(carriers.draw_weeks(weekly("qwen", values), {"qwen": "#0b39c9"}, TITLES, LIGHT), 600)
    (line,) = re.findall(r'mark-line[^>]*>\s*<path[^>]* d="([^"]*)"', svg)
    assert (line.count("M"), line.count("L")) == (2, 1), line
    whole = dict.fromkeys(carriers.WEEKS, 0.5)
    svg = pictures.render_chart(carriers.draw_weeks(weekly("qwen", whole), {"qwen": "#0b39c9"}, TITLES, LIGHT), 600)
    (line,) = re.findall(r'mark-line[^>]*>\s*<path[^>]* d="([^"]*)"', svg)
    assert (line.count("M"), line.count("L")) == (1, 3), line


def test_names_at_the_ends_of_lines_do_not_touch_and_keep_their_order() -> None:
    """Families that end level are named apart."""
    rows = [one for family in TITLES for one in weekly(family, dict.fromkeys(carriers.WEEKS, 0.99))]
    chart = carriers.draw_weeks(rows, dict.fromkeys(TITLES, "#000000"), TITLES, LIGHT)
    labels = sorted(one["label"] for one in chart["layer"][-1]["data"]["values"])
    assert all(later - earlier >= carriers.GAP - 1e-9 for earlier, later in pairwise(labels))
    assert labels[-1] <= 1.0
    assert {"Qwen", "Phi", "GPT"} <= set(words_in(chart))


def test_two_families_of_different_sides_share_one_chart_of_weeks() -> None:
    """Each keeps the stroke and the shape of its side, and its name at the end of its line."""
    weeks = dict.fromkeys(carriers.WEEKS, 0.5)
    rows = [*weekly("qwen", weeks), *(one | {"side": "proprietary"} for one in weekly("gpt", weeks))]
    chart = carriers.draw_weeks(rows, {"qwen": "#0b39c9", "gpt": "#aa2211"}, TITLES, LIGHT)
    assert [one["shape"] for one in chart["layer"][-1]["data"]["values"]] == ["circle", "square"]
    dashes = [group["layer"][0]["mark"]["strokeDash"] for group in chart["layer"][:2]]
    assert dashes[0] != dashes[1] and {"Qwen", "GPT"} <= set(words_in(chart))
