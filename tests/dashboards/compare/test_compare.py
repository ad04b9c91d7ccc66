"""Families side by side: who is ahead, whether that is more than chance, and what each hole says."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dashboards.compare import compare, difference_figures, differences, sentences_compare, side_by_side
from dashboards.compare.side_by_side import ComparedMeasure
from dashboards.frame import measures, snapshot_reader
from dashboards.frame.story import Story
from dashboards.frame.view import View
from tests.dashboards.test_pages import opened, texts
from warehouse.snapshot import read_current
from warehouse.wording import GAP

PAGE = "compare/compare.py"
Row = dict[str, Any]
TITLES = {"qwen": "Qwen", "claude": "Claude", "grok": "Grok", "evil": "[x](javascript:alert(1))"}
SHARE = ComparedMeasure("answered_share", "within_7d", "anyone")


def pair(effect: float, low: float, high: float, p_adjusted: float | None = 1.0, **more: Any) -> Row:
    """A published difference of Claude and Qwen, in the order of the alphabet."""
    names = {
        "metric": "answered_share",
        "segment": "anyone",
        "statistic": "within_7d",
        "window": "365d",
        "n": 325,
    }
    general = {"general_effect": effect / 2, "general_low": low / 2, "general_high": high / 2}
    return {
        **names,
        "first_id": "claude",
        "second_id": "qwen",
        "effect": effect,
        "effect_low": low,
        "effect_high": high,
        **general,
        "p_adjusted": p_adjusted,
        **more,
    }


def figure(
    family: str, value: float | None, low: float | None, high: float | None, state: str = "measured", **more: Any
) -> Row:
    """A published figure of a family."""
    key = {
        "family_id": family,
        "segment": "anyone",
        "statistic": "within_7d",
        "window": "365d",
        "channel_kind": "tracker",
    }
    return {
        **key,
        "side": "open",
        "value": value,
        "low": low,
        "high": high,
        "n": 110,
        "state": state,
        "note": None,
        **more,
    }


def seen(home: Path, *chosen: str, **filters: str) -> View:
    """What the page sees of a home for some chosen families."""
    snapshot = read_current(home)
    assert snapshot is not None
    return View(snapshot, snapshot.published_at, snapshot_reader.load_families(snapshot), chosen, **filters)  # type: ignore[arg-type]


@cache
def stated(home: Path, *chosen: str, **filters: str) -> Story:
    """The story of a home for some chosen families, stated once."""
    return compare.story(seen(home, *chosen, **filters))


def test_a_pair_is_read_from_either_of_its_two() -> None:
    """Turned, the sign and the ends of the interval change places; the one that is ahead comes first."""
    row = pair(-0.07, -0.19, 0.05)
    turned = differences.read_from(row, "qwen")
    assert (turned["first_id"], turned["second_id"]) == ("qwen", "claude")
    assert [turned[name] for name in ("effect", "effect_low", "effect_high", "general_low", "general_high")] == [
        0.07,
        -0.05,
        0.19,
        -0.025,
        0.095,
    ]
    assert differences.read_from(row, "claude") == row and differences.read_from_ahead(row) == turned
    assert differences.format_difference(turned).replace(GAP, " ") == "+7.0 points (−5.0 to +19)"


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (pair(-0.07, -0.19, 0.05), "too close to call"),
        (pair(0.2, 0.0, 0.3, 0.01), "too close to call"),
        (pair(-0.2, -0.33, -0.07, 0.47), "too close to call among all pairs"),
        (pair(-0.2, -0.33, -0.07, None), "more than chance"),
        (pair(-0.2, -0.33, 0.07, None), "too close to call"),
        (pair(-0.2, -0.33, -0.07, 0.01), "more than chance"),
    ],
)
def test_a_difference_is_more_than_chance_only_among_all_pairs(row: Row, verdict: str) -> None:
    """An interval beyond 0 is not enough where so many pairs are compared; the two sides are one pair."""
    assert differences.judge_pair(row) == verdict


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            pair(-0.07, -0.19, 0.05),
            "Claude's users hear from a person within a week less often than Qwen's, by 7.0 points (−5.0 to 19), with",
        ),
        (pair(-0.07, -0.19, 0.05), "last 12 months; n = 325. The interval includes 0"),
        (pair(0.07, -0.05, 0.19), "more often than Qwen's, by 7.0 points (−5.0 to 19)"),
        (pair(0.0, -0.05, 0.05), "as often as Qwen's, with like"),
        (pair(0.2, 0.07, 0.33, 0.47), "among the 171 pairs compared, some would do so by chance; adjusted p = 0.47."),
        (
            pair(0.2, 0.07, 0.33, 0.0001),
            "That is more than chance among the 171 pairs compared; adjusted p below 0.001.",
        ),
        (None, "The data give no answer: Claude and Qwen have too few matched questions"),
    ],
)
def test_of_two_families_the_answer_says_in_words_whether_the_difference_is_real(row: Row | None, said: str) -> None:
    """The direction, the interval, the cases and what chance does."""
    found = sentences_compare.compare_two(row, ["Claude", "Qwen"], 171)
    assert said in found.replace(GAP, " ")


def ranked(family: str, rank: int | None, low: int = 1, high: int = 5) -> Row:
    """A figure with its place."""
    pooled = {"pooled_value": 0.74, "pooled_low": 0.66, "pooled_high": 0.82}
    place = {"rank": rank, "rank_low": low, "rank_high": high, "families_count": 21, "level_count": 8}
    return figure(family, 0.8, 0.69, 0.89) | pooled | place | {"comparison": None}


def test_of_many_the_answer_says_who_is_first_and_how_sure_that_is() -> None:
    """The pooled figure leads, the family's own is beside it, and being first is a probability."""
    rows = [ranked("grok", 1), ranked("claude", 4, 2, 9), ranked("qwen", None)]
    pairs = [pair(0.2, 0.1, 0.3, 0.01, first_id="grok", second_id="claude"), pair(0.1, -0.1, 0.3, first_id="grok")]
    said = sentences_compare.compare_many(rows, pairs, TITLES, "issue trackers").replace(GAP, " ")
    assert said.startswith(
        "74 % (66–82 %) of Grok's users hear from a person within a week, adjusted to the same mix of questions and "
        "drawn towards the mean; n = 110, issue trackers, last 12 months."
    )
    assert "By that it has rank 1 of 21 (range 1–5)." in said
    assert "it is ahead of Claude and too close to call against Qwen." in said
    behind = [pair(-0.2, -0.3, -0.1, 0.01, first_id="grok", second_id=other) for other in ("qwen", "claude")]
    assert "it is behind Qwen and Claude." in sentences_compare.describe_standing(behind, TITLES, "grok")
    level = [pair(0.1, -0.1, 0.3, first_id="grok", second_id=other) for other in ("qwen", "claude", "qwen", "claude")]
    assert "too close to call against any of the 4 others." in sentences_compare.describe_standing(
        level, TITLES, "grok"
    )
    assert "give no answer" in sentences_compare.compare_many([ranked("qwen", None)], [], TITLES, "forums")
    other = sentences_compare.compare_many(rows, pairs, TITLES, "issue trackers", "claude")
    assert "of Claude's users" in other and "rank 4 of 21" in other and "it is behind Grok." in other
    unranked = sentences_compare.compare_many([rows[2]], pairs, TITLES, "forums", "grok")
    assert unranked.endswith("too close to call against Qwen. In forums it has no rank: too few questions.")
    assert "The others have too few questions there" in sentences_compare.compare_many(
        [rows[0], rows[2]], [], TITLES, "forums"
    )


def test_one_family_is_given_its_ranks_and_a_few_their_leader_only_if_there_is_one() -> None:
    """Who is alone is not answered most."""
    assert sentences_compare.judge_many([ranked("qwen", 14, 8, 19), ranked("claude", None)], TITLES) == (
        "**Qwen ranks 8 to 19 of 21** by who hears back within a week."
    )
    assert "Too close to call" in sentences_compare.judge_many([ranked("grok", 1), ranked("qwen", 4)], TITLES)
    pairs = [
        pair(0.2, 0.1, 0.3, 0.01, first_id="grok", second_id="claude"),
        pair(0.1, -0.1, 0.3, first_id="grok"),
        pair(-0.2, -0.3, -0.1, 0.01),
    ]
    few = ["grok", "claude", "qwen"]
    assert sentences_compare.judge_chosen(few, pairs, TITLES) == (
        "**Too close to call** which is first; Grok is ahead of 1 of 2 others within a week."
    )
    assert "none is ahead of another within a week" in sentences_compare.judge_chosen(few, [], TITLES)
    clear = [pairs[0], pairs[1] | {"effect_low": 0.05, "p_adjusted": 0.01}, pairs[2]]
    assert sentences_compare.judge_chosen(few, clear, TITLES).startswith(
        "**Grok's users are answered most often** of these"
    )


def test_beside_a_measure_stands_who_is_ahead_in_like_cases() -> None:
    """The one with most others behind it; of two, its name is enough."""
    pairs = [
        pair(0.2, 0.1, 0.3, 0.01, first_id="grok", second_id="claude"),
        pair(0.2, 0.1, 0.3, 0.5, first_id="grok"),
        pair(0.0, -0.1, 0.1),
    ]
    assert sentences_compare.describe_lead(["qwen", "claude", "grok"], pairs, TITLES, 1) == "Grok ahead of Claude"
    assert sentences_compare.describe_lead(["qwen", "claude", "grok"], pairs, TITLES, -1) == "Claude ahead of Grok"
    assert sentences_compare.describe_lead(["claude", "grok"], pairs[:1], TITLES, 1) == "Grok ahead"
    assert sentences_compare.describe_lead(["claude", "qwen"], pairs[2:], TITLES, 1) == "too close to call"
    assert sentences_compare.describe_lead(["claude", "grok"], pairs[:1], TITLES, 1) == "Grok ahead"
    others = [pair(0.2, 0.1, 0.3, 0.01, second_id=name) for name in ("qwen", "grok", "evil")]
    assert sentences_compare.describe_lead(list(TITLES), others, TITLES, 1) == "Claude ahead of all 3 others"


def test_a_cell_has_its_number_its_state_or_nothing(sample_home: Path) -> None:
    """A hole is no zero."""
    page = seen(sample_home, "qwen", "claude", "nova")
    figures = [figure("qwen", 0.0, 0.0, 0.03, unit="share"), figure("claude", None, None, None, "not observable")]
    line = side_by_side.make_line(page, SHARE, figures, page.chosen)
    cells = [line[page.titles[family]].replace(GAP, " ") for family in page.chosen]
    assert cells == ["0 % (0–3.0 %)", "? not observable", "no such figure"] and line["who is ahead"] == ""
    assert side_by_side.name_table([line]) == "What askers get: nothing to judge"
    ahead = [line | {"who is ahead": words} for words in ("Qwen ahead", "too close to call", "a trial")]
    assert side_by_side.name_table(ahead).endswith("some family is ahead in 1 of 2 judged measures")


def test_two_families_are_answered_by_the_choice_in_the_filter(
    state_home: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who answers Llama's users faster than GPT's, and is it real? Nothing else must be clicked."""
    app = opened(monkeypatch, state_home("sample"), PAGE)
    assert not app.exception and "Choose two to six families" in texts(app)
    app.multiselect[0].set_value(["llama", "gpt"]).run()
    said = texts(app).replace(GAP, " ")
    assert not app.exception
    assert re.search(r"\*\*GPT's users hear back more often\*\*: [\d.]+ more in every 100 within a week", said)
    assert re.search(
        r"hear from a person within a week less often than GPT's, by [\d.]+ points \([\d.]+ to [\d.]+\)",
        said.replace("\\", ""),
    )
    assert "That is more than chance" in said
    app.multiselect[0].set_value(["qwen", "kimi"]).run()
    said = texts(app).replace(GAP, " ")
    assert re.search(r"(more|less) often than Kimi's, by [\d.]+ points \(−[\d.]+ to", said.replace("\\", ""))
    assert (
        "**Too close to call.**" in said
        and "it could be the other way round" in said
        and re.search(r"Qwen against Kimi: \d+ are too close to call", said)
    )


def test_the_figure_of_the_answer_comes_first(state_home: Callable[[str], Path]) -> None:
    """Of one or two the differences, of more the places; then the measures side by side."""
    for chosen, shown in (
        (("qwen", "claude"), ["differences", "ranks", "support"]),
        (("qwen",), ["differences", "support"]),
        ((), ["ranks", "support"]),
        (("qwen", "claude", "grok"), ["ranks", "support"]),
    ):
        figures = stated(state_home("sample"), *chosen).figures()
        assert [one.name for one in figures] == shown and all(one.chart or one.shown for one in figures)


def test_the_shares_are_one_list_sorted_by_value_whatever_the_side(state_home: Callable[[str], Path]) -> None:
    """Who is first stands first."""
    (ranks,) = [one for one in stated(state_home("sample")).figures() if one.name == "ranks"]
    assert ranks.chart is not None
    points = ranks.chart["layer"][0]["data"]["values"]
    names = ranks.chart["layer"][0]["encoding"]["y"]["scale"]["domain"]
    values = [row["pooled_value"] for row in points]
    assert values == sorted(values, reverse=True) and names == [row["family"] for row in points]
    assert len({row["side"] for row in points}) > 1


def test_any_two_to_six_families_stand_side_by_side(state_home: Callable[[str], Path]) -> None:
    """None chosen: three of each side; more than six: the first six, and that is said."""
    home = state_home("sample")
    for chosen, columns in (
        ((), 6),
        (("qwen",), 1),
        (("qwen", "claude", "grok"), 3),
        (("qwen", "claude", "grok", "gpt", "llama", "nova", "phi"), 6),
    ):
        story = stated(home, *chosen)
        rows = next(one.rows for one in story.figures() if one.name == "support")
        assert len({row["family_id"] for row in rows}) == columns
    assert "The first 6 of the 7 families" in story.parts[0].text  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("no rows", "in issue trackers none of these families has enough questions for a rank"),
        ("older version", "in issue trackers none of these families has enough questions for a rank"),
    ],
)
def test_what_a_snapshot_lacks_is_said(state_home: Callable[[str], Path], state: str, said: str) -> None:
    """No answer is made up."""
    story = stated(state_home(state))
    assert story.answer.startswith("The data give no answer: ") and said in story.answer
    assert story.figures()[0].chart is None
    # Without differences in like cases no measure that has them may be judged by other figures.
    page = seen(state_home(state), "qwen", "claude")
    rows = side_by_side.load_rows(page, SHARE, page.chosen)
    assert "ahead" not in side_by_side.judge_measure(page, SHARE, rows)


def test_less_is_better_only_where_it_is(state_home: Callable[[str], Path]) -> None:
    """A turned sign would call the worse one better."""
    home = state_home("sample")
    snapshot = read_current(home)
    assert snapshot is not None
    assert {metric for metric, _ in differences.ORDER if measures.read_direction(snapshot, metric) < 0} == {
        "closed_unhelped_share",
    }
    loaded = {(row["metric"], row["statistic"]) for row in differences.load_pair(seen(home), "qwen", "claude")}
    assert loaded <= set(differences.ORDER)
    names: Row = {"metric": "closed_unhelped_share", "statistic": "bot_closed_unanswered", "segment": "all"}
    row = differences.read_from(pair(-0.1, -0.2, 0.05, **names), "claude")
    shown = difference_figures.group_difference(row, seen(home), True)
    line = shown["lines"][0]
    assert (line["value"], line["low"], line["high"]) == (0.1, -0.05, 0.2)
    assert shown["name"].endswith("↓")
