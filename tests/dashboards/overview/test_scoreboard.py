"""The scoreboard: what each cell says, when a word may be said, and markup in which nothing from elsewhere acts."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from dashboards.compare import ranking
from dashboards.evidence.board import load_claims
from dashboards.frame.story import Words
from dashboards.frame.view import View
from dashboards.overview import overview, scoreboard, sentences_overview
from dashboards.overview.scoreboard import QUESTIONS, Board, BoardCell, BoardColumn, Question
from dashboards.overview.scoreboard_table import choose_ticks, render_board
from dashboards.words import numbers
from tests.dashboards.compare.test_compare import figure, pair, seen
from tests.worlds.hostile import HOSTILE
from warehouse.wording import GAP

TITLES = {"qwen": "Qwen", "claude": "Claude", "gpt": "GPT"}


def cells(*figures: Any) -> list[BoardCell]:
    """Cells with these figures."""
    names = ("value", "low", "high")
    return [
        BoardCell(row["family_id"], "", state=row["state"], **{name: row[name] for name in names}) for row in figures
    ]


def test_shading_is_for_the_best_and_what_is_too_close_to_it_to_tell() -> None:
    """Counted figures differ at once, estimated ones by an interval of the difference: intervals that touch are no
    test. Nobody is best alone, or where neither more nor less is better."""
    cheap, dear = figure("qwen", 0.3, 0.3, 0.3), figure("claude", 2.5, 2.5, 2.5)
    assert scoreboard.find_best(cells(cheap, dear), -1) == {"qwen"}
    assert scoreboard.find_best(cells(cheap, dear), 1) == {"claude"}
    assert scoreboard.find_best(cells(cheap, dear), 0) == scoreboard.find_best(cells(cheap), -1) == set()
    assert scoreboard.find_best(cells(cheap, figure("gpt", 0.3, 0.3, 0.3)), 1) == set(), "all alike"
    wide, near, far = figure("qwen", 0.6, 0.4, 0.8), figure("claude", 0.5, 0.3, 0.7), figure("gpt", 0.1, 0.05, 0.15)
    unread = figure("grok", None, None, None, "not observable")
    assert scoreboard.find_best(cells(wide, near, far, unread), 1) == {"qwen", "claude"}
    suspect = figure("grok", 0.2, 0.1, 0.3, "suspect")
    assert scoreboard.find_best(cells(wide, suspect), 1) == set(), "nobody else whom it could beat"


def test_the_board_of_the_sample_world_says_what_the_pages_say(sample_home: Path) -> None:
    """Each family's published figure; what is suspect is never best."""
    page = seen(sample_home)
    board = scoreboard.make_board(page)
    assert len(board.columns) == 6 and {len(column.cells) for column in board.columns} == {6}
    assert all(cell.said for column in board.columns for cell in column.cells) and not (board.absent or board.lacking)
    answered, helped, *_, costs = board.columns
    ranks = {row["family_id"]: row for row in ranking.load_ranks(page, QUESTIONS[0].measure)}
    for cell in answered.cells:
        row = ranks[cell.family_id]
        assert (cell.value, cell.low, cell.high) == (row["adjusted_value"], row["adjusted_low"], row["adjusted_high"])
    assert answered.heading.endswith(", adjusted") and {row["value"] for row in answered.rows} != {None}
    prices = {row["family_id"]: row["value"] for row in page.load_metric("price_usd", "prices", "blended", ("median",))}
    assert [(cell.value, cell.said) for cell in costs.cells] == [
        (prices[family], numbers.format_usd(prices[family])) for family in board.families
    ], "dollars and cents, as where the prices are stated"
    assert [cell.family_id for cell in costs.cells if cell.is_best] == [
        min(board.families, key=lambda family: prices[family] or 0)
    ]
    suspect = {cell.family_id for cell in helped.cells if cell.state == "suspect"}
    assert suspect == {family for family in board.families if page.sides[family] == "proprietary"}
    assert not any(cell.is_best for cell in helped.cells), "the best number is suspect"


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
    found = [cell for cell in scoreboard.make_ends(page).cells if cell.family_id in families]
    assert found and all(
        (cell.high or 0) - (cell.low or 0) == sum(row["family_id"] == cell.family_id for row in floors)
        and cell.said == f"{cell.low}\N{EN DASH}{cell.high}"
        for cell in found
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
        "Qwen's 2.5 d look like 4.0 h without the unanswered"
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
    board = scoreboard.make_board(page)
    links = _Links()
    links.feed(render_board(board, page.titles, page.sides, "Board", {"family": page.chosen, "window": ["90d"]}))
    addresses = [
        f"{column.question.address}?family=qwen&family=claude&window=90d" for column in board.columns for _ in range(2)
    ]
    assert board.families == page.chosen and [link["href"] for link in links.found] == addresses


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


def make_column(found: Sequence[BoardCell], form: Any, words: str = "price", better: int = 0) -> BoardColumn:
    """A column with these cells."""
    question = Question(title=words, unit=words, short=words, address=words, form=form)
    return BoardColumn(question, tuple(found), better=better)


def make_board(*columns: BoardColumn) -> Board:
    """A board of these columns."""
    return Board(tuple(cell.family_id for cell in columns[0].cells), columns, (), ())


def test_nothing_from_elsewhere_acts_in_the_markup() -> None:
    """Titles, notes and ids of families are written by strangers."""
    evil = '"><script>alert(1)</script>'
    cell = BoardCell(evil, evil, evil, evil, "measured", 0.5, 0.4, 0.6, is_best=True)
    page = _Links()
    board = make_board(make_column([cell], "share", evil))
    page.feed(render_board(board, {evil: "".join(HOSTILE)}, {evil: "open"}, evil))
    assert page.tags <= {"div", "section", "h3", "small", "span", "a", "b", "i", "em"}
    assert page.attributes <= {"class", "role", "href", "target", "title", "style", "aria-hidden", "aria-label"}
    assert "".join(HOSTILE) in page.text


@pytest.mark.parametrize(
    ("form", "ends", "ticks"),
    [
        ("count", [(6, None, None), (8, 6, 8)], [0, 5, 10]),
        ("count", [(0, 0, 0)], [0, 1]),
        ("share", [(0.23, 0.14, 0.32), (0.57, 0.46, 1.0)], [0, 50, 100]),
        ("uptime", [(0.9954, 0.9893, 0.9954), (0.9995, None, 0.9995)], [98.5, 99, 99.5, 100]),
        ("usd", [(0.21, 0.21, 0.21), (1.69, 1.69, 1.69)], [0, 1, 2]),
        ("share", [(None, None, None)], []),
    ],
)
def test_every_strip_has_an_axis_that_begins_at_zero_and_ends_behind_the_last_mark(
    form: Any, ends: list[Any], ticks: list[float]
) -> None:
    """Except those of uptimes; without any number there is none. The axis of an interval up to 100 % went to 120 %."""
    drawn = tuple(BoardCell(str(place), "", "", "", "measured", *one) for place, one in enumerate(ends))
    assert choose_ticks(make_column(drawn, form)) == ticks


def test_an_unknown_end_has_no_limit() -> None:
    """Its line ends where the strip does."""
    drawn = cells(figure("a", 8.0, 8.0, 8.0), figure("b", None, 2.0, None))
    board = make_board(make_column(drawn, "usd"))
    markup = render_board(board, {"a": "a", "b": "b"}, {"a": "open", "b": "open"}, "Board")
    assert '<section class="">' in markup
    ranged = replace(drawn[0], said="98.49–99.84 %")
    wide = make_board(make_column([ranged, drawn[1]], "uptime"))
    assert '<section class="wide">' in render_board(wide, {"a": "a", "b": "b"}, {"a": "open", "b": "open"}, "Board")
    assert markup.count('class="spread"') == 1 and 'style="left:20.0%;width:80.0%"' in markup


def _difference(effect: float, low: float, high: float) -> dict[str, Any]:
    return pair(effect, low, high) | {"first_id": "open", "second_id": "proprietary", "n": 2494}


@pytest.mark.parametrize(
    ("row", "cheaper", "changeable", "verdict"),
    [
        (_difference(-0.3, -0.34, -0.26), "open", "open",
         "Proprietary families answer sooner; open ones are cheaper and yours to change"),
        (_difference(0.12, 0.05, 0.2), "open", "open",
         "Open families answer sooner and are cheaper and yours to change"),
        (_difference(0.12, 0.05, 0.2), "proprietary", "", "Open families answer sooner; proprietary ones are cheaper"),
        (_difference(-0.3, -0.34, -0.26), "", "", "Proprietary families answer sooner"),
        (_difference(0.02, -0.05, 0.1), "open", "",
         "Who answers sooner is too close to call; open families are cheaper"),
    ],
)  # fmt: skip
def test_the_headline_says_what_the_sides_differ_in(
    row: dict[str, Any], cheaper: str, changeable: str, verdict: str
) -> None:
    """In one sentence, then what it rests on."""
    answer = sentences_overview.answer_page(row, cheaper, changeable, "like questions, last 12 months")
    first, _, rests = answer.partition("\n\n")
    assert first == f"**{verdict}.**" and len(first.split()) < 15
    assert f"n{GAP}={GAP}2,494 like questions, last 12 months" in rests


def test_each_part_of_the_headline_is_judged_by_its_own_figures(sample_home: Path) -> None:
    """Prices as the claim about them judges; what can be changed if no family of one side reaches one of the other."""
    page = seen(sample_home)
    assert overview.find_cheaper(page) == "open"
    few = cells(figure("qwen", 4, 4, 4), figure("claude", 0, 0, 0), figure("gpt", 3, 3, 3))
    points = make_column(few, "count", better=1)
    assert sentences_overview.find_apart(points, page.sides) == "open"
    level = replace(points, cells=(*few, *cells(figure("llama", 3, 3, 3))))
    assert sentences_overview.find_apart(level, page.sides) == ""


def test_the_board_says_what_is_not_compared_in_the_words_of_the_claim(sample_home: Path) -> None:
    """Claims left runtimes out of the same difference, and Overview said that it was of all public channels."""
    page = seen(sample_home)
    (claim,) = [one for one in load_claims(page.snapshot) if one["claim_id"] == "h6"]
    said = overview.draw_board(page, scoreboard.make_board(page)).figure.how
    left_out = said[said.index("Runtimes such as llama.cpp and vLLM") :]
    assert left_out.endswith(" is support behind a login.") and claim["wording"].startswith(left_out)


def test_what_is_not_collected_takes_one_line_and_no_row_column_or_chart(state_home: Callable[[str], Path]) -> None:
    """An hour after the start 27 cells said that they were not collected."""
    page = seen(state_home("begun"))
    page_story, board = overview.story(page), scoreboard.make_board(page)
    first, _, rest = page_story.answer.partition("\n\n")
    assert board.families == ("llama", "mistral", "claude", "mistral-api") and len(board.columns) == 4
    assert first == "**Too early to compare the sides: four of 35 families have data.**"
    assert rest.startswith("Known so far: Mistral leads on answers")
    assert sentences_overview.name_missing(board, page.titles) == (
        "**Not collected yet:** GPT, Gemini, Qwen and 28 more. "
        "**Helped within 30 days and Median price** have no figures here. [Why](#missing)"
    )
    drawn = [one.name for one in page_story.figures() if not one.name.startswith("trend-")]
    assert drawn == ["scoreboard", "waits"][: len(drawn)]
    assert sentences_overview.explain_lacking(board.lacking[1]).startswith("not collected;")


def test_of_chosen_families_the_answer_is_what_the_board_shows(sample_home: Path) -> None:
    """Compare has the differences themselves, and both judge a pair alike."""
    page = seen(sample_home, "qwen", "claude")
    told, board = overview.story(page), scoreboard.make_board(page)
    assert told.answer.startswith(f"**{sentences_overview.name_board(board, page.titles, page.sides)}.**")
    assert "Claude seems to lead on answers" in told.answer and told.answer.endswith(overview.CHANCE)
    assert [figure.name for figure in told.figures()] == ["scoreboard"]


def test_the_board_says_where_fewer_families_are_shown_than_were_chosen(sample_home: Path) -> None:
    """Six stand side by side; the seventh and eighth were cut without a word."""
    eight = ("qwen", "claude", "grok", "gpt", "llama", "gemini", "kimi", "mistral")
    stated = overview.story(seen(sample_home, *eight))
    cut, *_ = stated.parts
    (board,) = stated.figures()
    assert isinstance(cut, Words) and cut.text == "The first 6 of the 8 families chosen are shown side by side."
    assert len(board.shown) == 6


def test_a_title_names_who_leads_by_side_if_each_of_its_families_does(sample_home: Path) -> None:
    """By name if the best stands alone; nobody if too many are level."""
    page, sides = seen(sample_home), {"qwen": "open", "llama": "open", "claude": "proprietary"}
    titles = {"qwen": "Qwen", "llama": "Llama", "claude": "Claude"}

    def tell(*values: float, width: float = 0.0) -> str:
        found = cells(
            *(figure(name, value, value - width, value + width) for name, value in zip(sides, values, strict=True))
        )
        column = scoreboard.select_cells(page, make_column(found, "usd", better=-1), list(sides))
        return sentences_overview.name_board(make_board(column), titles, sides)

    assert tell(1, 2, 3) == "Open families lead on price"
    assert tell(1, 4, 3) == "Qwen leads on price"
    assert tell(1, 2, 3, width=3) == sentences_overview.NOBODY
