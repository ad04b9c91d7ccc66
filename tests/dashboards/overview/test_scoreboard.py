"""The scoreboard: what each cell says, when a word may be said, and markup in which nothing from elsewhere acts."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from dashboards.compare import compare, ranking
from dashboards.evidence.board import load_claims
from dashboards.frame.measures import Measure
from dashboards.frame.story import Figure, Words
from dashboards.frame.view import View
from dashboards.overview import overview, scoreboard, sentences_overview
from dashboards.overview.scoreboard import QUESTIONS, BoardCell, BoardColumn
from dashboards.overview.scoreboard_table import render_table
from dashboards.words import numbers
from dashboards.words.numbers import strip_markdown
from tests.dashboards.compare.test_compare import figure, pair, seen
from tests.worlds.hostile import HOSTILE
from warehouse.wording import GAP

TITLES = {"qwen": "Qwen", "claude": "Claude", "gpt": "GPT"}


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [(1, 9, "ahead"), (12, 19, "behind"), (1, 10, "too close to call"), (10, 19, "too close to call")],
)
def test_a_family_is_ahead_only_of_most_others_and_by_more_than_chance(low: int, high: int, word: str) -> None:
    """The word is that of the adjusted share beside it: the range of its rank among 19."""
    assert scoreboard.judge_rank({"families_count": 19, "rank_low": low, "rank_high": high}) == word


def test_counted_figures_are_told_apart_at_once_and_estimated_ones_by_an_interval_of_the_difference() -> None:
    """Intervals that touch are no test."""
    cheap, dear = figure("qwen", 0.3, 0.3, 0.3), figure("claude", 2.5, 2.5, 2.5)
    middle = figure("gpt", 2.0, 2.0, 2.0)
    assert scoreboard.judge_figures(cheap, [dear, middle], -1) == "ahead"
    assert scoreboard.judge_figures(dear, [cheap, middle], -1) == "behind"
    assert scoreboard.judge_figures(middle, [cheap, dear], -1) == "in between"
    wide, other = figure("qwen", 0.6, 0.4, 0.8), figure("claude", 0.5, 0.3, 0.7)
    assert scoreboard.judge_figures(wide, [other], 1) == "too close to call"
    assert (
        scoreboard.judge_figures(wide, [figure("gpt", None, None, None, "not observable")], 1) == "nothing to compare"
    )


def test_the_board_of_the_sample_world_says_what_the_pages_say(sample_home: Path) -> None:
    """Each family's published figure, and a word in every cell."""
    page = seen(sample_home)
    columns = scoreboard.make_columns(page, overview.choose_families(page))
    assert len(columns) == 6 and {len(column.cells) for column in columns} == {6}
    assert all(cell.word and cell.said for column in columns for cell in column.cells)
    ranks = {row["family_id"]: row for row in ranking.load_ranks(page, QUESTIONS[0].measure)}
    for cell in columns[0].cells:
        row = ranks[cell.family_id]
        assert (cell.value, cell.low, cell.high) == (row["adjusted_value"], row["adjusted_low"], row["adjusted_high"])
        assert cell.word == scoreboard.judge_rank(row)
    assert columns[0].title.endswith(", adjusted") and {row["value"] for row in columns[0].rows} != {None}
    prices = {row["family_id"]: row["value"] for row in page.load_metric("price_usd", "prices", "blended", ("median",))}
    assert [cell.value for cell in columns[5].cells] == [prices[cell.family_id] for cell in columns[5].cells]
    assert [cell.said for cell in columns[5].cells] == [
        numbers.format_usd(prices[cell.family_id]) for cell in columns[5].cells
    ], "dollars and cents, as where the prices are stated"
    helped_ranks = {row["family_id"]: row for row in ranking.load_ranks(page, Measure("helped_share", "any"))}
    (helped,) = [column for column in columns if column.title.startswith("Helped within 30 days")]
    for cell in helped.cells:
        word = scoreboard.judge_rank(row) if (row := helped_ranks[cell.family_id])["rank"] else "suspect"
        assert cell.word == word and (word == "suspect") == (page.sides[cell.family_id] == "proprietary")


def test_disclosure_stands_beside_the_uptime_of_the_same_part_of_the_page(sample_home: Path) -> None:
    """Of the API, as on the page of outages; what is not known there is said."""
    page = seen(sample_home)
    families = [family["family_id"] for family in page.everyone]
    (up,) = [one for one in scoreboard.make_columns(page, families) if one.title == "Uptime and disclosure"]
    stated = {row["family_id"]: row for row in page.load_metric("disclosure_share", "status", "api", ("with_cause",))}
    cells = [cell for cell in up.cells if cell.value is not None and cell.family_id in stated]
    assert any(stated[cell.family_id]["value"] is None for cell in cells)
    for cell in cells:
        share = stated[cell.family_id]["value"]
        assert cell.spread == (
            "disclosure: not enough data" if share is None else f"gives a cause for {numbers.format_share(share)}"
        )


def test_an_earliest_day_is_no_end_but_no_calm_either(sample_home: Path) -> None:
    """Models that may end are counted beside those that do."""
    page = seen(sample_home)
    until = page.now.date() + scoreboard.YEAR
    floors = [
        row
        for row in page.load_notices()
        if row["subject_kind"] == "model"
        and row["shutdown_kind"] == "not_before"
        and page.now.date() <= row["shutdown_on"] <= until
    ]
    families = {row["family_id"] for row in floors} & set(page.titles)
    cells = [cell for cell in scoreboard.make_ends(page).cells if cell.family_id in families]
    assert cells and all(
        cell.spread == f"{sum(row['family_id'] == cell.family_id for row in floors)} more may end" for cell in cells
    )


def test_a_month_is_not_told_as_its_first_day(sample_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first to end has a month only."""
    page = seen(sample_home)
    (row, *_) = [row for row in page.load_notices() if row["family_id"] == "gpt"]
    today = page.now.date()
    month = {"model": "g", "subject_kind": "model", "announced_on": today, "shutdown_kind": "month"}
    given = [row | month | {"shutdown_on": today.replace(day=1)}]
    monkeypatch.setattr(View, "load_notices", lambda page: given)
    (cell,) = [cell for cell in scoreboard.make_ends(page).cells if cell.family_id == "gpt"]

    assert (cell.said, cell.why) == ("1", f"First: g, {today:%b %Y}.")


def test_what_other_dashboards_leave_out_is_counted() -> None:
    """The family whom it flatters most; one without both numbers is not named."""
    rows = [
        waits("qwen", 60.0), waits("qwen", 4.0, statistic="answered_only_median", n=60, n_censored=40),
        waits("claude", 10.0), waits("claude", 9.0, statistic="answered_only_median", n=95, n_censored=5),
        waits("gpt", None, n=80), waits("gpt", 3.0, statistic="answered_only_median", n=30, n_censored=50),
    ]  # fmt: skip
    assert sentences_overview.describe_left_out(rows, TITLES).replace(GAP, " ") == (
        "Without the 40 of 100 who still wait, Qwen's median wait would look like 4.0 h instead of 2.5 d"
    )
    assert sentences_overview.describe_left_out(rows[4:], TITLES) == "What leaving out the unanswered would show"
    same = [waits("gpt", 5.08, statistic="answered_only_median", n_censored=2), waits("gpt", 5.12, n=22)]
    assert sentences_overview.describe_left_out(same, TITLES) == "Leaving out the unanswered changes little here"


def waits(family: str, value: float | None, **more: Any) -> dict[str, Any]:
    """A published median."""
    state = "measured" if value is not None else "not enough data"
    found = {"family_id": family, "statistic": "median", "n": 100, "n_censored": 0, "value": value, "state": state}
    return found | more


def test_two_chosen_families_are_the_board_and_every_cell_leads_to_its_page_with_both(sample_home: Path) -> None:
    page = seen(sample_home, "qwen", "claude")
    columns = scoreboard.make_columns(page, overview.choose_families(page))
    named = [(family, page.titles[family], page.sides[family]) for family in page.chosen]
    links = _Links()
    links.feed(render_table(columns, named, "Board", {"family": page.chosen, "window": ["90d"]}))
    addresses = [f"{column.address}?family=qwen&family=claude&window=90d" for _ in named for column in columns]
    assert [link["href"] for link in links.found] == addresses


class _Links(HTMLParser):
    """Collects links, and every element and attribute that is there."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "a":
            self.found.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_nothing_from_elsewhere_acts_in_the_markup() -> None:
    """Titles, notes and ids of families are written by strangers."""
    evil = '"><script>alert(1)</script>'
    cell = BoardCell(evil, evil, evil, evil, evil, 0.5, 0.4, 0.6)
    page = _Links()
    page.feed(render_table([BoardColumn(evil, evil, evil, (cell,))], [(evil, "".join(HOSTILE), "open")], evil))
    assert page.tags <= {
        "table", "thead", "tbody", "tr", "th", "td", "small", "span", "a", "b", "i", "em",
    }  # fmt: skip
    assert page.attributes <= {"class", "scope", "href", "target", "title", "style", "aria-hidden", "aria-label"}
    assert "".join(HOSTILE) in page.text


def test_a_strip_begins_at_zero_and_an_unknown_end_has_no_limit() -> None:
    """6 and 7 would otherwise look like nothing and all."""
    cells = tuple(
        BoardCell(name, "", "", "", "", value, low, high)
        for name, value, low, high in (("a", 6.0, None, None), ("b", 8.0, None, None), ("c", None, 2.0, None))
    )
    table = render_table([BoardColumn("Ends", "", "changes", cells)], [(name, name, "open") for name in "abc"], "Board")
    assert 'class="point" style="left:75.0%"' in table and 'class="point" style="left:100.0%"' in table
    assert table.count('class="spread"') == 1 and 'style="left:25.0%;width:75.0%"' in table


def _difference(effect: float, low: float, high: float) -> dict[str, Any]:
    return pair(effect, low, high) | {"first_id": "open", "second_id": "proprietary", "n": 2494}


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (_difference(-0.3, -0.34, -0.26), "**Proprietary families answer sooner**: 30 more askers in every 100"),
        (_difference(0.12, 0.05, 0.2), "**Open families answer sooner**: 12 more askers in every 100"),
        (_difference(0.02, -0.05, 0.1), "**Too close to call.**"),
        (None, "**The data give no answer**"),
    ],
)
def test_the_answer_comes_in_two_steps(row: dict[str, Any] | None, verdict: str) -> None:
    """Under twenty words and three numbers first, then what it rests on."""
    answer = sentences_overview.answer_page(row, "all public channels, last 12 months")
    first, _, rests = answer.partition("\n\n")
    assert first.startswith(verdict) and len(first.split()) < 25
    assert row is None or f"n{GAP}={GAP}2,494; all public channels, last 12 months" in rests


def test_the_verdict_says_what_is_not_compared_in_the_words_of_the_claim(sample_home: Path) -> None:
    """Claims left runtimes out of the same difference, and Overview said that it was of all public channels."""
    page = seen(sample_home)
    (claim,) = [one for one in load_claims(page.snapshot) if one["claim_id"] == "h6"]
    verdict = strip_markdown(overview.story(page).answer.partition("\n\n")[0])
    assert "Runtimes such as llama.cpp and vLLM" in verdict and verdict.endswith(" is support behind a login.")
    assert claim["wording"].startswith(verdict.partition("a day. ")[2])


@pytest.mark.parametrize("chosen", [("qwen", "claude"), ("claude",), ("qwen", "claude", "grok")])
def test_of_chosen_families_the_answer_is_that_of_the_comparison(sample_home: Path, chosen: tuple[str, ...]) -> None:
    """One question has one answer."""
    page = seen(sample_home, *chosen)
    assert overview.story(page).answer == compare.story(page).answer


def test_the_verdict_is_of_all_chosen_families_and_says_where_fewer_are_shown(sample_home: Path) -> None:
    """Six stand side by side; the seventh and eighth were cut without a word, of the verdict, too."""
    eight = ("qwen", "claude", "grok", "gpt", "llama", "gemini", "kimi", "mistral")
    stated = overview.story(seen(sample_home, *eight))
    cut, ranks, board, _, waits, *_ = stated.parts
    assert isinstance(ranks, Figure) and len(ranks.rows) == len(eight)
    assert isinstance(cut, Words) and cut.text == "The first 6 of the 8 families chosen are shown side by side."
    assert isinstance(board, Figure) and len(board.shown) == 6
    assert isinstance(waits, Figure) and {row["family_id"] for row in waits.rows} == set(eight)


def test_a_family_alone_on_the_board_is_judged_beside_all_others(sample_home: Path) -> None:
    """Nobody else is shown, and yet it is ahead or behind."""
    columns = scoreboard.make_columns(seen(sample_home, "claude"), ["claude"])
    assert all(len(column.cells) == 1 and column.cells[0].word != "nothing to compare" for column in columns)
    alone = {column.title: column.cells[0].said for column in columns}
    both = scoreboard.make_columns(seen(sample_home, "claude", "qwen"), ["claude", "qwen"])
    assert alone == {column.title: column.cells[0].said for column in both}


def test_no_family_leads_where_too_many_do() -> None:
    """A title names a leader only if there is one."""

    def column(*words: str) -> BoardColumn:
        cells = [BoardCell(name, "1", "", word, "") for name, word in zip(TITLES, words, strict=True)]
        return BoardColumn("Up", "", "", tuple(cells))

    assert sentences_overview.name_board([column("ahead", "behind", "behind")], TITLES) == (
        "Qwen is ahead of most others in 1 of 1 judged questions"
    )
    assert sentences_overview.name_board([column("ahead", "ahead", "ahead")], TITLES).startswith("No family leads")
    close, few = column(*["too close to call"] * 3), column(*["not enough data"] * 3)
    assert sentences_overview.name_board([close], TITLES).startswith("No family here is ahead")
    assert sentences_overview.name_board([few], TITLES) == "No question can be judged here"
    # Who is ahead in one question of three leads in none but that.
    assert sentences_overview.name_board([column("ahead", "behind", "behind"), few, few], TITLES) == (
        "No family leads: only 1 of 3 questions can be judged here"
    )
