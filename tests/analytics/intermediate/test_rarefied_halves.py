"""Families are compared by a hundred answers of each, because more answers come from more people."""

from itertools import combinations_with_replacement

import numpy as np
import pytest
from scipy.stats import multivariate_hypergeom, norm
from scipy.stats import t as student

from analytics.statistics.rarefaction import count_halves, measure_loads, widen_by_weeks
from tests.worlds.rows import Rows, cut, found, measure, one

EVERY = {"channel_role": "all", "window": "all", "channel_kind": "tracker"}


def _answered(rows: Rows, family: str, people: int, each: int) -> None:
    """A tracker in which so many people give so many answers each, one in each week."""
    channel = rows.channel(rows.family(family))
    for person in range(people):
        for number in range(each):
            answer = (1, "outsider", {"actor_id": f"{family}-{person}"})
            rows.thread(channel, [answer], age_hours=24 * 7 * (person + people * number) + 24)


def test_a_hundred_answers_of_each_family_are_compared() -> None:
    """Sixty people of whom each answers ten, or only twice: half of all come from 30 in both; of a hundred answers too,
    within a few. With 99 answers nothing is drawn."""
    rows = Rows()
    for family, people, each in (("large", 60, 10), ("small", 60, 2), ("few", 4, 50), ("short", 33, 3)):
        _answered(rows, family, people, each)
    con = measure(rows)
    figures = {(row["family_id"], row["statistic"]): row for row in found(con, "answerer_absence_factor", **EVERY)}

    assert [figures[family, "half"]["value"] for family in ("large", "small", "few", "short")] == [30, 30, 2, 17]
    assert cut(figures["few", "half_of_100"], "value", "low", "high", "n") == (2, 2, 2, 200)
    large = figures["large", "half_of_100"]
    assert large["low"] < large["value"] < large["high"] <= 30 and large["value"] % 1 > 0
    assert cut(figures["short", "half_of_100"], "value", "state", "note") == (
        None, "not enough data", "Only 99 answers. Of fewer than 100 answers none are drawn.",
    )  # fmt: skip
    again = one(measure(rows), "answerer_absence_factor", family_id="large", statistic="half_of_100", **EVERY)
    assert cut(again, "value", "low", "high") == cut(large, "value", "low", "high")


@pytest.mark.parametrize("people", [1, 2, 3, 4])
def test_the_fewest_people_behind_half_are_those_of_the_definition(people: int) -> None:
    """Against a search through all sets of people."""
    for counts in combinations_with_replacement(range(5), people):
        if sum(counts):
            order = sorted(counts, reverse=True)
            fewest = next(k for k in range(1, people + 1) if 2 * sum(order[:k]) >= sum(counts))
            assert count_halves(np.array([counts]))[0] == fewest


def test_what_a_piece_moves_is_what_drawing_it_for_sure_changes() -> None:
    """Of three people with 100, 60 and 40 pieces: the exact mean of hundreds that hold a given piece, less that of all;
    each piece is in half of the hundreds, and its absence moves as much the other way."""
    counts = np.array([100, 60, 40])
    ways = np.array([(first, second, 100 - first - second) for first in range(101) for second in range(101 - first)])
    chances, halves = multivariate_hypergeom.pmf(ways, counts, 100), count_halves(ways)
    held = (chances * halves) @ ways / (chances @ ways)
    expected = 0.5 * (held - chances @ halves) * 199 / 100
    drawn = np.random.default_rng(1).multivariate_hypergeometric(counts, 100, size=200_000)
    loads, variance = measure_loads(counts, drawn, count_halves(drawn))

    assert loads == pytest.approx(expected, rel=0.02, abs=2e-4)
    assert variance == pytest.approx(float(counts @ expected**2), rel=0.02)


def test_weeks_in_which_others_are_busy_widen_the_interval() -> None:
    """Each piece in a week of its own has the normal quantile; ten weeks of one person each are worth ten pieces."""
    moved, alone = np.tile([1.0, -1.0], 50), np.ones(100, dtype=np.int64)
    weeks = np.repeat(np.arange(10), 10)
    busy = np.repeat(np.tile([1.0, -1.0], 5), 10)

    assert widen_by_weeks(moved, alone, np.arange(100), 0.05, 4) == pytest.approx(norm.ppf(0.975))
    # Within weeks that are alike, nothing is left to balance; the assumption of 0.05 is 1.45.
    mixed = (9 * 10 * 10 / 9 + 4 * 1.45) / 13
    assert widen_by_weeks(busy, alone, weeks, 0.05, 4) == pytest.approx(student.ppf(0.975, 13) * np.sqrt(mixed))
