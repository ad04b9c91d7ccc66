"""Two families in one measure have one verdict, whichever page speaks of it."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pytest

from dashboards.compare import difference_figures, differences, leads, ranking, sentences_compare
from dashboards.compare.differences import Lead
from dashboards.frame.snapshot_reader import load_rows
from dashboards.frame.view import View
from dashboards.overview import scoreboard
from dashboards.overview.scoreboard import QUESTIONS
from dashboards.words.numbers import escape_markdown
from tests.dashboards.compare.test_compare import seen

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pairs(sample_home: Path) -> list[View]:
    """Every pair of families with questions of their own."""
    page = seen(sample_home)
    asked = [row["family_id"] for row in ranking.load_ranks(page, QUESTIONS[0].measure) if row["rank"]]
    assert len(asked) > 15
    return [seen(sample_home, *pair) for pair in combinations(asked, 2)]


def read_headline(page: View, led: Sequence[Lead]) -> str:
    """Reads which of the two the headline names; nobody if it is open."""
    said = sentences_compare.judge_answers(led, page.titles)
    named = [family for family in page.chosen if said.startswith(f"{escape_markdown(page.titles[family])}'s users")]
    return named[0] if len(named) == 1 else ""


def test_every_pair_is_judged_alike_wherever_answers_within_a_time_are_spoken_of(pairs: list[View]) -> None:
    """The headline names who leads within a day or a week; the board shades whom that difference tells apart."""
    found: Counter[str] = Counter()
    column = scoreboard.make_column(pairs[0], QUESTIONS[0])
    for page in pairs:
        led = leads.load_leads(page)
        leaders = {one.leader for one in led if one.metric == "answered_share"} - {""}
        named = read_headline(page, led)
        # No place may answer one way what another answers the other way.
        assert named == (leaders.pop() if len(leaders) == 1 else ""), page.chosen
        day = next(one for one in led if one.statistic == "within_24h")
        shaded = {day.leader} if day.leader else set(page.chosen)
        is_likely = day.verdict == differences.ALONE
        assert scoreboard.judge_pair(page, column, page.chosen) == (shaded, is_likely), page.chosen
        found["ahead" if named else "open"] += 1
    assert found["open"] and found["ahead"]


def test_what_the_claims_cannot_read_is_judged_nowhere(sample_home: Path) -> None:
    """More askers of one side may only seem helped if the rule reads those of the other too badly."""
    page = seen(sample_home)
    tests = load_rows(page.snapshot, "select * from metrics.claim_tests where verdict = 'cannot be read'")
    unread = {(row["metric"], row["statistic"], row["segment"]) for row in tests}
    shown = difference_figures.draw_differences(page)
    verdicts = {(row["metric"], row["statistic"], row["segment"]): row["verdict"] for row in shown.rows}

    assert ("helped_share", "any", "all") in {key for key, word in verdicts.items() if word == differences.UNREAD}
    assert {key for key, word in verdicts.items() if word == differences.UNREAD} == unread & set(verdicts)
    assert f"{list(verdicts.values()).count(differences.UNREAD)} {difference_figures.UNREAD}" in shown.subtitle
    assert {row["effect"] for row in shown.rows if row["verdict"] == differences.UNREAD} == {None}
    pair = load_rows(page.snapshot, "select * from metrics.matched_differences where metric = 'helped_share'")
    of_open = [row for row in pair if page.sides.get(row["first_id"]) == page.sides.get(row["second_id"]) == "open"]
    assert {row["effect"] is None for row in of_open if row["segment"] == "all"} == {False}, "its own side is read well"
