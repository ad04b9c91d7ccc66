"""Families side by side: who is ahead, whether that is more than chance, and what each hole says."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dashboards.compare import compare, difference_figures, differences, sentences_compare, side_by_side
from dashboards.frame import measures, snapshot_reader
from dashboards.frame.footer import compose_footer
from dashboards.frame.measures import Measure
from dashboards.frame.story import Story, Words
from dashboards.frame.tables import describe_rows
from dashboards.frame.view import View
from dashboards.words.numbers import strip_markdown
from tests.dashboards.test_pages import opened, texts
from warehouse.snapshot import read_current
from warehouse.wording import GAP

PAGE = "compare/compare.py"
Row = dict[str, Any]
POOLED = ("adjusted_value", "adjusted_low", "adjusted_high")
TITLES = {"qwen": "Qwen", "claude": "Claude", "grok": "Grok", "evil": "[x](javascript:alert(1))"}
SHARE = Measure("answered_share", "within_7d", "anyone")


def pair(effect: float, low: float, high: float, p_adjusted: float | None = 1.0, **more: Any) -> Row:
    """A published difference of Claude and Qwen, in the order of the alphabet."""
    names = {
        "metric": "answered_share",
        "segment": "anyone",
        "statistic": "within_7d",
        "window": "365d",
        "n": 325,
    }
    return {
        **names,
        "first_id": "claude",
        "second_id": "qwen",
        "effect": effect,
        "effect_low": low,
        "effect_high": high,
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
    """The story of a home for some chosen families, made once."""
    return compare.story(seen(home, *chosen, **filters))


def test_a_pair_is_read_from_either_of_its_two() -> None:
    """Turned, the sign and the ends of the interval change places; the one that is ahead comes first."""
    row = pair(-0.07, -0.19, 0.05)
    turned = differences.read_from(row, "qwen")
    assert (turned["first_id"], turned["second_id"]) == ("qwen", "claude")
    assert [turned[name] for name in ("effect", "effect_low", "effect_high")] == [0.07, -0.05, 0.19]
    assert differences.read_from(row, "claude") == row
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
        (pair(0.2, 0.07, 0.33, 0.47), "excludes 0, but among all pairs some would do so by chance."),
        (pair(0.2, 0.07, 0.33, 0.0001), "That is more than chance among all pairs."),
        (None, "The data give no answer: Claude and Qwen have too few matched questions"),
    ],
)
def test_of_two_families_the_answer_says_in_words_whether_the_difference_is_real(row: Row | None, said: str) -> None:
    """The direction, the interval, the cases and what chance does."""
    found = sentences_compare.compare_two(row, ["Claude", "Qwen"])
    assert said in found.replace(GAP, " ")


def ranked(family: str, rank: int | None, low: int = 1, high: int = 5) -> Row:
    """A figure with its place."""
    pooled = {"adjusted_value": 0.74, "adjusted_low": 0.66, "adjusted_high": 0.82}
    place = {"rank": rank, "rank_low": low, "rank_high": high, "families_count": 21, "level_count": 8}
    return figure(family, 0.8, 0.69, 0.89) | pooled | place


def test_of_many_the_answer_says_who_is_first_and_how_sure_that_is() -> None:
    """With the adjusted share that the chart draws, and whom too few questions leave without a rank."""
    rows = [ranked("grok", 1), ranked("claude", 4, 2, 9)]
    said = sentences_compare.compare_many(rows, TITLES, "issue trackers").replace(GAP, " ")
    assert said == (
        "Grok's users hear from a person within a week in 74 % (66–82 %) of cases, adjusted to the same mix of "
        "questions; n = 110, issue trackers, last 12 months. By that it has rank 1 of 21 (range 1–5)."
    )
    assert "give no answer" in sentences_compare.compare_many([], TITLES, "forums")
    rows = [ranked(family, None) | {"no_rank_note": note} for family, note in (("qwen", "as asked"), ("claude", None))]
    assert sentences_compare.name_unranked(rows, TITLES) == " No rank, as asked: Qwen."


def test_one_family_stands_somewhere_among_all_others() -> None:
    """Read from it: whom it is ahead of, behind, or level with."""
    behind = [pair(-0.2, -0.3, -0.1, 0.01, first_id="grok", second_id=other) for other in ("qwen", "claude")]
    assert "it is behind Qwen and Claude." in sentences_compare.describe_standing(behind, TITLES)
    level = [pair(0.1, -0.1, 0.3, first_id="grok", second_id=other) for other in ("qwen", "claude", "qwen", "claude")]
    assert "too close to call against any of the 4 others." in sentences_compare.describe_standing(level, TITLES)
    assert sentences_compare.describe_standing([], TITLES) == ""


def test_one_family_is_given_its_ranks_and_a_few_their_leader_only_if_there_is_one() -> None:
    """Who is alone is not answered most; of a few, ranges that meet leave it open."""
    assert sentences_compare.judge_many([ranked("qwen", 14, 8, 19)], TITLES) == (
        "**Qwen ranks 8 to 19 of 21** by who hears back within a week."
    )
    close = [ranked("grok", 1, 1, 4), ranked("qwen", 4, 4, 9)]
    tie = "**Too close to call**: 2 of 2 families share first place."
    assert sentences_compare.judge_many(close, TITLES) == tie
    clear = [ranked("grok", 2, 1, 4), ranked("qwen", 9, 5, 12)]
    assert sentences_compare.judge_many(clear, TITLES).startswith("**Grok's users are answered most often**")
    whole = [ranked("grok", 1) | {"families_count": 2, "level_count": 0}, ranked("qwen", 2)]
    assert sentences_compare.judge_many(whole, TITLES).startswith("**Grok's users are answered most often**")
    assert sentences_compare.name_first(close, TITLES) == "Grok ranks 1 of 21, Qwen 4"
    assert sentences_compare.judge_many([], TITLES) == ""


def test_a_cell_has_its_number_its_state_or_nothing(sample_home: Path) -> None:
    """A hole is no zero."""
    page = seen(sample_home, "qwen", "claude", "nova")
    figures = [figure("qwen", 0.0, 0.0, 0.03, unit="share"), figure("claude", None, None, None, "not observable")]
    line = side_by_side.make_line(page, SHARE, figures, page.chosen)
    cells = [line[page.titles[family]].replace(GAP, " ") for family in page.chosen]
    assert cells == ["0 % (0–3.0 %)", "? not observable", "no such figure"]
    adjusted = [ranked("qwen", 1) | {"unit": "share"}, ranked("claude", None) | dict.fromkeys(POOLED)]
    line = side_by_side.make_line(page, SHARE, adjusted, page.chosen)
    assert line["measure"].endswith(", adjusted") and line["Qwen"].replace(GAP, " ") == "74 % (66–82 %)"
    assert line["Claude"] == "≈ not enough data", "a share as counted has another name"


def test_two_families_are_answered_by_the_choice_in_the_filter(
    state_home: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who answers Llama's users faster than Claude's, and is it real? Nothing else must be clicked."""
    app = opened(monkeypatch, state_home("sample"), PAGE)
    assert not app.exception and "Choose two to six families" in texts(app)
    app.multiselect[0].set_value(["llama", "claude"]).run()
    said = texts(app).replace(GAP, " ")
    assert not app.exception
    assert app.title[0].value == "Claude's users hear back more often"
    assert re.search(r"^[\d.]+ more in every 100 within a week", said, re.MULTILINE)
    assert re.search(
        r"hear from a person within a week less often than Claude's, by [\d.]+ points \([\d.]+ to [\d.]+\)",
        said.replace("\\", ""),
    )
    assert "That is more than chance" in said
    app.multiselect[0].set_value(["qwen", "kimi"]).run()
    said = texts(app).replace(GAP, " ")
    assert re.search(r"(more|less) often than Kimi's, by [\d.]+ points \(−[\d.]+ to", said.replace("\\", ""))
    assert (
        app.title[0].value == "Too close to call"
        and "it could be the other way round" in said
        and re.search(r"Qwen against Kimi: \d+ are too close to call", said)
    )


def test_the_figure_of_the_answer_comes_first(state_home: Callable[[str], Path]) -> None:
    """Of two the differences, else the places; then the measures side by side."""
    for chosen, shown in (
        (("qwen", "claude"), ["differences", "ranks", "support"]),
        (("qwen",), ["ranks", "differences", "support"]),
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
    values = [row["adjusted_value"] for row in points]
    assert values == sorted(values, reverse=True) and names == [row["family"] for row in points]
    assert len({row["side"] for row in points}) > 1


def test_the_share_as_counted_is_a_column_of_the_table_behind(state_home: Callable[[str], Path]) -> None:
    """The adjusted one is drawn; nobody has to take the adjustment on trust."""
    home = state_home("sample")
    for figure in stated(home).figures():
        cells = describe_rows(figure.rows, figure.metric, TITLES, seen(home).snapshot)
        (line,) = [
            line
            for line, row in zip(cells, figure.rows, strict=True)
            if (row["family_id"], row["statistic"]) == ("qwen", "within_7d")
        ]
        both = line["adjusted (95 % interval)"], line["value (95 % interval)"]
        assert all(both) and both[0] != both[1]


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
        ("no rows", "in issue trackers none of these families has enough questions whose answers were read"),
        ("older version", "in issue trackers none of these families has enough questions whose answers were read"),
    ],
)
def test_what_a_snapshot_lacks_is_said(state_home: Callable[[str], Path], state: str, said: str) -> None:
    """No answer is made up."""
    story = stated(state_home(state))
    assert story.answer.startswith("The data give no answer: ") and said in story.answer
    assert story.figures()[0].chart is None


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


def test_the_rows_behind_differences_say_of_whom_and_in_words(state_home: Callable[[str], Path]) -> None:
    """Ids are left out of tables, and with them went the name of the other family."""
    page = seen(state_home("sample"), "claude")
    figure = difference_figures.draw_differences(page)
    (row, *_) = describe_rows(figure.rows, figure.metric, page.titles, page.snapshot)
    assert row["first"] == "Claude" and row["second"] in page.titles.values()
    assert (row["measure"], row["what"], row["window"]) == ("answered share", "within 7d", "12 months")


def test_who_has_a_value_and_no_rank_is_named_with_the_reason(sample_home: Path) -> None:
    """Two hosts and an ended family were in neither list, and their questions in the range of n."""
    page = seen(sample_home)
    story = compare.story(page)
    said = [strip_markdown(part.text) for part in story.parts if isinstance(part, Words)]
    assert (
        "No rank, as hosts serve the models of others: Fireworks and Groq. No rank, as they have ended: Sonar (ended)."
    ) in said
    (ranks, _) = story.figures()
    cases = sorted(row["n"] for row in ranks.rows if row["rank"])
    footer = compose_footer(page, ranks.rows, "s").replace(GAP, " ")
    assert f"n = {cases[0]} to {cases[-1]} ·" in footer and cases[0] > min(row["n"] for row in ranks.rows if row["n"])
