"""Sentences of support about rows that are known: gaps, who answers, and newcomers."""

from pathlib import Path
from typing import Any

import pytest

from dashboards.frame.dots import draw_dots
from dashboards.frame.pictures import render_chart
from dashboards.frame.view import View
from dashboards.support import sentences_support, support
from dashboards.words import numbers
from tests.worlds.hostile import HOSTILE
from tests.worlds.page_worlds import NOW
from warehouse.snapshot import Snapshot

TITLES = {"qwen": "Qwen", "llama": "Llama", "gpt": "GPT", "claude": "Claude_", "phi": "Phi", "evil": HOSTILE[0]}


def row(family: str, value: float | None, spread: float = 0.05, **more: Any) -> dict[str, Any]:
    """A published figure; its interval reaches `spread` to both sides."""
    side = "proprietary" if family in ("gpt", "claude") else "open"
    low, high = (None, None) if value is None else (value - spread, value + spread)
    found = {
        "family_id": family,
        "side": side,
        "segment": "all",
        "statistic": "in_30d",
        "n": 100,
        "note": None,
        "window": "90d",
    }
    state = "measured" if value is not None else "not enough data"
    return found | {"value": value, "low": low, "high": high, "state": state} | more


BOTH = [
    row(family, value, statistic=name)
    for family, closed, helped in (("qwen", 0.4, 0.1), ("gpt", 0.6, 0.2))
    for name, value in (("closed", closed), ("helped", helped))
]


def plain(text: str) -> str:
    """Without what keeps numbers and units together."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_families_that_leave_most_waiting_are_counted() -> None:
    """Not reaching half is an answer; of the known medians those with most questions on each side are named."""
    rows = [
        row("qwen", 9.0, 1, n=800), row("phi", 26.0, 4, n=300), row("gpt", 40.0, 5, n=400),
        row("llama", None, low=300.0, n=5000, state="measured"),
    ]  # fmt: skip
    assert [plain(said) for said in sentences_support.answer_waits(rows, TITLES, "forums")] == [
        "**Half of Qwen's users hear back within 9.0 h, half of GPT's within 40 h.**",
        "They hear from a person; n = 800 and 400; forums.",
    ]


def test_the_title_counts_gaps_and_names_no_widest() -> None:
    """The widest of 23 was named, though it rested on 24 threads and an interval of 40 points."""
    turned = [row("phi", value, statistic=name) for name, value in (("closed", 0.1), ("helped", 0.6))]
    said = sentences_support.count_unhelped([*BOTH, *turned], TITLES)
    assert said == "Closed more often than helped in 2 of 3 families"
    alone = [row("gpt", 0.6, statistic="closed"), row("gpt", 0.46, statistic="helped", state="suspect")]
    said = sentences_support.count_unhelped(alone, TITLES).replace("\N{NO-BREAK SPACE}", " ")
    assert said == "GPT: 60 % closed, 46 % ! helped"
    assert sentences_support.count_unhelped([], TITLES) == "Closed beside helped: no family has both"


def test_the_largest_part_is_that_of_most_families() -> None:
    """Ties within a family go to the first part; a family without any, or with a suspect one, is not counted."""
    rows = [
        row("qwen", 0.5, segment="outsider"), row("qwen", 0.2, segment="staff"), row("gpt", 0.4, segment="outsider"),
        row("phi", 0.1, segment="staff"), row("claude", 0.0, segment="staff"),
    ]  # fmt: skip
    assert sentences_support.name_largest(rows) == "Other users answer first in 2 of 3 families"
    assert sentences_support.name_largest([]).endswith(": no family has a number")
    doubtful = [one | {"state": "suspect"} if one["segment"] == "outsider" else one for one in rows]
    said = sentences_support.name_largest(doubtful)
    assert said == "The vendor's staff answer first most often"
    said = sentences_support.name_largest(doubtful[:1])
    assert said.endswith(": every family has a suspect part")


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ([(0.01, 0.3), (-0.1, 0.1)], "Newcomers are better off at Qwen; no difference shown at 1 other family"),
        ([(-0.3, -0.01), (0.1, 0.2)], "Newcomers are worse off at Qwen and better off at Phi"),
        ([(-0.1, 0.1), (0.0, 0.2)], "Newcomers: no difference shown at any of 2 families"),
        ([(-0.35, 0.25)], "Qwen's newcomers: 5.0 fewer in 100 answered (−35 to +25)"),
        ([], "Newcomers: no family has enough of both groups"),
    ],
)
def test_only_intervals_beyond_nought_are_a_difference(ends: list[tuple[float, float]], said: str) -> None:
    """An interval that touches nought shows none."""
    rows = [
        row(family, sum(pair) / 2, low=pair[0], high=pair[1])
        for family, pair in zip(("qwen", "phi"), ends, strict=False)
    ]
    assert sentences_support.describe_penalty(rows, TITLES) == said


def test_the_doubt_about_newcomers_is_with_those_of_whom_less_is_known() -> None:
    """One sentence says of whom more questions would settle it, and none where a difference is shown."""
    few, many = row("qwen", 0.4, n=21, low=0.2, high=0.7), row("qwen", 0.4, n=86, low=0.3, high=0.5)
    groups = [many | {"segment": "newcomer"}, few | {"segment": "known"}]
    said = sentences_support.explain_doubt(row("qwen", 0.0, low=-0.3, high=0.2), groups)
    assert said.startswith(" Only 21 questions are by people who asked before: more of them would decide")
    assert sentences_support.explain_doubt(row("qwen", 0.2, low=0.1, high=0.3), groups) == ""


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [
        (0.204, 0.013, 0.355, "+20 points (+1.3 to +36 points)"),
        (-0.05, -0.1, 0.0, "−5.0 points (−10 to 0 points)"),
        (0.1, None, None, "+10 points"),
    ],
)
def test_a_difference_has_its_sign_and_its_limits(
    value: float, low: float | None, high: float | None, said: str
) -> None:
    """Points of percent, not percent."""
    assert plain(numbers.format_value(row("gpt", value, low=low, high=high), "difference")) == said


def test_the_axis_of_differences_is_in_points_too() -> None:
    """A gap of 25 points is no gap of 25 %."""
    found = {"family_id": "gpt", "title": "GPT", "side": "proprietary"}
    page = View(Snapshot(Path("none"), 1, NOW, False), NOW, [found])
    rows: Any = [row("gpt", 0.1, channel_kind="tracker", channel_role="all")]
    drawn = render_chart(draw_dots(page, support.NEWCOMERS, rows=rows).chart or {}, 300)
    assert "−25 points" in drawn and "+25 points" in drawn and " %" not in drawn


def test_an_answer_without_waits_gives_one_reason() -> None:
    """It gave two with "or", and one of them was wrong."""
    unreached = row("qwen", None, state="measured") | {"low": 40.0}
    for rows, why in (
        ([unreached, row("gpt", None)], "fewer than half have an answer"),
        ([row("gpt", None)], "no family has enough questions"),
    ):
        verdict, said = sentences_support.answer_waits(rows, TITLES, "forums")
        assert not verdict and why in said


def test_the_longest_time_with_numbers_is_in_the_title_as_counted() -> None:
    """Over the last 30 days nobody had a number within 30 days, and the title said so above two numbers within 7."""
    week = [row("qwen", 0.9, statistic="within_7d"), row("gpt", 0.4, statistic="within_7d")]
    month = [row(family, None, statistic="within_30d") for family in ("qwen", "gpt")]
    assert plain(sentences_support.name_most_answered([*week, *month], TITLES)) == (
        "Answered within 7 days: Qwen, 90 %"
    )
    assert "within 30 days: no family has a number" in sentences_support.name_most_answered(month, TITLES)
