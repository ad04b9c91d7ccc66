"""Two families in one measure have one verdict, whichever page speaks of it."""

from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from dashboards.compare import compare, difference_figures, differences, ranking
from dashboards.frame.snapshot_reader import load_rows
from dashboards.frame.view import View
from dashboards.overview import scoreboard
from dashboards.overview.scoreboard import QUESTIONS
from dashboards.words.numbers import escape_markdown
from tests.dashboards.compare.test_compare import seen

pytestmark = pytest.mark.slow
CLOSE, UNKNOWN = differences.CLOSE, "unknown"


@pytest.fixture(scope="module")
def pairs(sample_home: Path) -> list[View]:
    """Every pair of families with questions of their own."""
    page = seen(sample_home)
    asked = [row["family_id"] for row in ranking.load_ranks(page) if row["rank"]]
    assert len(asked) > 15
    return [seen(sample_home, *pair) for pair in combinations(asked, 2)]


def read_verdict(page: View, text: str) -> str:
    """Reads which of the two a verdict is for: its family, or that it is too close to call."""
    verdict = text.partition("\n\n")[0].lower()
    if CLOSE in verdict:
        return CLOSE
    ahead = [family for family in page.chosen if f"**{escape_markdown(page.titles[family]).lower()}'s users" in verdict]
    return ahead[0] if len(ahead) == 1 else UNKNOWN


def read_line(page: View, statistic: str) -> str:
    """Reads the verdict of a line among the differences of the two."""
    for row in differences.load_pair(page, *page.chosen):
        if (row["metric"], row["statistic"], row["segment"]) == ("answered_share", statistic, "anyone"):
            line = difference_figures.group_difference(row, page, is_measure=True)["lines"][0]
            if line["look"] != differences.APART:
                return CLOSE
            return page.chosen[0] if line["value"] > 0 else page.chosen[1]
    return UNKNOWN


def test_every_pair_is_judged_alike_wherever_answers_within_a_time_are_spoken_of(pairs: list[View]) -> None:
    """Within a week: the answer and its chart. Within a day: the differences and the shading of the board."""
    found: Counter[str] = Counter()
    column = scoreboard.make_column(pairs[0], QUESTIONS[0])
    for page in pairs:
        answer = compare.answer_page(page, compare.draw_main(page, ranking.load_ranks(page)))
        week, day = read_line(page, "within_7d"), read_line(page, "within_24h")
        assert read_verdict(page, answer) == week != UNKNOWN, (page.chosen, answer)
        # No place may answer one way what another answers the other way.
        assert len({day, week} - {CLOSE}) < 2, page.chosen
        first, second = page.chosen
        assert scoreboard.judge_pair(page, column, page.chosen) == ({first, second} if day == CLOSE else {day})
        found.update("close" if verdict == CLOSE else "ahead" for verdict in (day, week))
    assert found["close"] and found["ahead"]


def test_what_the_claims_cannot_read_is_judged_nowhere(sample_home: Path) -> None:
    """More askers of one side may only seem helped if the rule reads those of the other too badly."""
    page = seen(sample_home)
    tests = load_rows(page.snapshot, "select * from metrics.claim_tests where verdict = 'cannot be read'")
    unread = {(row["metric"], row["statistic"], row["segment"]) for row in tests}
    shown = difference_figures.draw_differences(page)
    verdicts = {(row["metric"], row["statistic"], row["segment"]): row["verdict"] for row in shown.rows}

    assert ("helped_share", "any", "all") in {key for key, word in verdicts.items() if word == differences.UNREAD}
    assert {key for key, word in verdicts.items() if word == differences.UNREAD} == unread & set(verdicts)
    assert f"{len(unread & set(verdicts))} cannot be read" in shown.title
    assert {row["effect"] for row in shown.rows if row["verdict"] == differences.UNREAD} == {None}
    pair = load_rows(page.snapshot, "select * from metrics.matched_differences where metric = 'helped_share'")
    of_open = [row for row in pair if page.sides.get(row["first_id"]) == page.sides.get(row["second_id"]) == "open"]
    assert {row["effect"] is None for row in of_open if row["segment"] == "all"} == {False}, "its own side is read well"
