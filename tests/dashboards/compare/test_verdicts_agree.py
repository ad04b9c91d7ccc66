"""Two families in one measure have one verdict, whichever page speaks of it."""

from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from dashboards.compare import compare, difference_figures, differences, ranking, side_by_side
from dashboards.compare.side_by_side import HELP
from dashboards.frame.measures import Measure
from dashboards.frame.view import View
from dashboards.overview import overview, scoreboard
from dashboards.overview.scoreboard import QUESTIONS
from dashboards.support import support
from tests.dashboards.compare.test_compare import seen

pytestmark = pytest.mark.slow
CLOSE, TRIAL, UNKNOWN = differences.CLOSE, differences.TRIAL, "unknown"
WEEK, DAY, HELPED = ("within_7d", "within_24h", "any")
MEASURES: dict[str, Measure] = {measure.statistic: measure for measure in HELP}


@pytest.fixture(scope="module")
def pairs(sample_home: Path) -> list[View]:
    """Every pair of families with questions of their own."""
    page = seen(sample_home)
    asked = [row["family_id"] for row in ranking.load_ranks(page) if row["rank"]]
    assert len(asked) > 15
    return [seen(sample_home, *pair) for pair in combinations(asked, 2)]


def read_verdict(page: View, text: str) -> str:
    """Reads which of the two a verdict is for: its family, that it is too close to call, or that nothing is said."""
    verdict = text.partition("\n\n")[0].lower()
    if CLOSE in verdict:
        return CLOSE
    if differences.TRIAL in verdict:
        return TRIAL
    titles = {family: page.titles[family].lower() for family in page.chosen}
    ahead = [
        family for family, title in titles.items() if f"**{title}'s users" in verdict or verdict == f"{title} ahead"
    ]
    return ahead[0] if len(ahead) == 1 else UNKNOWN


def read_strip(page: View, statistic: str) -> str:
    """Reads the verdict beside a measure where the two stand side by side."""
    measure = MEASURES[statistic]
    rows = side_by_side.load_rows(page, measure, page.chosen)
    return read_verdict(page, side_by_side.judge_measure(page, measure, rows))


def read_line(page: View, metric: str, statistic: str) -> str:
    """Reads the verdict of a line among the differences of the two."""
    for row in differences.load_pair(page, *page.chosen):
        if (row["metric"], row["statistic"], row["segment"]) == (metric, statistic, MEASURES[statistic].segment):
            line = difference_figures.group_difference(row, page, is_measure=True)["lines"][0]
            if line["look"] != differences.APART:
                return CLOSE
            return page.chosen[0] if line["value"] > 0 else page.chosen[1]
    return UNKNOWN


def read_cells(page: View, number: int) -> str:
    """Reads the verdict of the two cells of a question on the board."""
    words = [cell.word for cell in scoreboard.make_column(page, QUESTIONS[number], page.chosen).cells]
    if set(words) == {differences.AHEAD, differences.BEHIND}:
        return page.chosen[words.index(differences.AHEAD)]
    assert len(set(words)) == 1, words
    return words[0] if words[0] in (CLOSE, TRIAL) else UNKNOWN


def test_every_pair_is_judged_alike_wherever_answers_within_a_time_are_spoken_of(pairs: list[View]) -> None:
    """Within a day: the board and the comparison. Within a week: the first page, the comparison, its list, and the page
    of support."""
    found: Counter[str] = Counter()
    for page in pairs:
        day = {
            read_cells(page, 0),
            read_strip(page, DAY),
            read_line(page, "answered_share", DAY),
        }
        week = {
            read_verdict(page, compare.answer_page(page, ranking.load_ranks(page))),
            read_verdict(page, overview.answer_page(page)),
            read_strip(page, WEEK),
            read_line(page, "answered_share", WEEK),
            read_verdict(page, support.story(page).answer),
        }
        assert len(day) == len(week) == 1, (page.chosen, day, week)
        # No place may answer one way what another answers the other way.
        assert len((day | week) - {CLOSE}) < 2, (page.chosen, day, week)
        found.update("close" if verdict == CLOSE else "ahead" for verdict in day | week)
    assert found["close"] and found["ahead"]
