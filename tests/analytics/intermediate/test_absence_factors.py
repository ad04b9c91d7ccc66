"""Families are compared by a hundred answers of each, because more answers come from more people."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import combinations_with_replacement

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from scipy.stats import chisquare, hypergeom, multivariate_hypergeom

from analytics.intermediate.people.absence_factors import list_strays
from analytics.statistics.rarefaction import LEAST, PIECES, count_halves, draw_people, measure_loads
from analytics.statistics.worth import measure_designs
from tests.tools.reckonings import weekly_worth
from tests.worlds.rows import NOW, Rows, cut, found, measure, one

EVERY = {"channel_role": "all", "window": "all", "channel_kind": "tracker"}


def _answered(rows: Rows, family: str, counts: Sequence[int]) -> None:
    """A tracker in which each person gives so many answers, one in each week."""
    channel = rows.channel(rows.family(family))
    for person, count in enumerate(counts):
        for number in range(count):
            answer = (1, "outsider", {"actor_id": f"{family}-{person}"})
            rows.thread(channel, [answer], age_hours=24 * 7 * (person + len(counts) * number) + 24)


def test_a_hundred_answers_of_each_family_are_compared() -> None:
    """Sixty people of whom each answers ten, or only four times: half of all come from 30 in both; of a hundred too,
    within a few. Where a few answer more than others, it matters whose answers were there. With 199 answers nothing is
    drawn."""
    rows = Rows()
    for family, counts in (
        ("large", [10] * 60), ("small", [4] * 60), ("few", [50] * 4), ("short", [19] * 9 + [28]),
        ("uneven", [12] * 6 + [3] * 60),
    ):  # fmt: skip
        _answered(rows, family, counts)
    con = measure(rows)
    figures = {(row["family_id"], row["statistic"]): row for row in found(con, "answerer_absence_factor", **EVERY)}

    assert [figures[family, "half"]["value"] for family in ("large", "small", "few", "short")] == [30, 30, 2, 5]
    assert cut(figures["few", "half_of_100"], "value", "low", "high", "n") == (2, 2, 2, 200)
    large, uneven = figures["large", "half_of_100"], figures["uneven", "half_of_100"]
    assert large["low"] <= large["value"] <= large["high"] <= 30 and large["value"] % 1 > 0
    assert uneven["low"] < uneven["value"] < figures["uneven", "half"]["value"] and uneven["value"] < uneven["high"]
    assert cut(figures["short", "half_of_100"], "value", "state", "note") == (
        None, "not enough data", "Only 199 answers. Of fewer than 200 answers none are drawn.",
    )  # fmt: skip
    again = one(measure(rows), "answerer_absence_factor", family_id="large", statistic="half_of_100", **EVERY)
    assert cut(again, "value", "low", "high") == cut(large, "value", "low", "high")


def test_a_hundred_changes_are_compared_too() -> None:
    """Ten times as much work of one crowd comes from many more people, and so does half of it; of half of a hundred
    pieces that is not so. Of 199 pieces nothing is drawn."""
    rows, shares = Rows(), np.arange(1, 301) ** -0.5
    for family, count in (("large", 1200), ("small", 210), ("short", LEAST - 1)):
        channel = rows.channel(rows.family(family))
        makers = np.random.default_rng(1).choice(300, count, p=shares / shares.sum())
        for number, maker in enumerate(makers):
            at = NOW - timedelta(days=7 * (number % 100) + 1)
            common = {
                "channel_id": channel, "family_id": family, "channel_role": "sdk", "actor_id": f"{family}-{maker}",
                "author_role": "outsider", "seen_at": NOW,
            }  # fmt: skip
            rows.add("changes", change_id=f"{family}-{number}", opened_at=at, merged_at=at, closed_at=at, **common)
    con = measure(rows)
    figures = {(row["family_id"], row["statistic"]): row for row in found(con, "contributor_absence_factor", **EVERY)}
    half = {family: figures[family, "half"] for family in ("large", "small")}
    large, small = (figures[family, "half_of_100"] for family in ("large", "small"))

    assert all(row["low"] == row["value"] == row["high"] for row in half.values())
    assert half["large"]["value"] > 1.5 * half["small"]["value"]
    assert large["low"] < large["value"] < large["high"] and large["low"] < small["high"]
    assert large["value"] < 1.3 * small["value"]
    assert cut(figures["short", "half_of_100"], "value", "state", "note") == (
        None, "not enough data", "Only 199 merged changes. Of fewer than 200 changes none are drawn.",
    )  # fmt: skip


def test_intervals_hold_the_truth_with_the_fewest_pieces_that_are_drawn_from() -> None:
    """Sixty people of whom the first do most, 200 times: with 115 pieces about half of the intervals held it."""
    rng, shares = np.random.default_rng(3), np.arange(1, 61) ** -1.5
    shares /= shares.sum()
    truth = count_halves(list_owners(rng.multinomial(PIECES, shares, size=20_000))).mean()
    held = 0
    for _ in range(200):
        counts = rng.multinomial(LEAST, shares)
        halves = count_halves(owners := draw_people(counts[counts > 0], 400, rng))
        _, variance = measure_loads(counts[counts > 0], owners, halves)
        held += abs(halves.mean() - truth) <= 1.96 * np.sqrt(variance)

    assert held >= 186


def list_owners(drawn: Iterable[Sequence[int]]) -> npt.NDArray[np.int64]:
    """Lists whose the pieces are, from how many of each person's were drawn."""
    return np.array([np.repeat(np.arange(len(counts)), counts) for counts in drawn])


def test_no_piece_is_drawn_twice() -> None:
    """Of a hundred pieces all are drawn, and of as many people with one piece each nobody is drawn twice."""
    rng = np.random.default_rng(1)
    assert (draw_people(np.array([70, 30]), 5, rng) == np.repeat([0, 1], [70, 30])).all()
    assert (np.diff(draw_people(np.ones(120, dtype=np.int64), 2000, rng), axis=1) > 0).all()


def test_people_are_drawn_as_often_as_by_the_hypergeometric_distribution() -> None:
    """Of three people with 100, 60 and 40 pieces: how many of the second one's are in a draw."""
    drawn = draw_people(np.array([100, 60, 40]), 100_000, np.random.default_rng(1))
    seen = np.bincount((drawn == 1).sum(axis=1), minlength=61)
    expected = 100_000 * hypergeom.pmf(np.arange(61), 200, 60, PIECES)
    likely = expected > 5
    assert chisquare([*seen[likely], seen[~likely].sum()], [*expected[likely], expected[~likely].sum()]).pvalue > 0.001


@pytest.mark.parametrize("people", [1, 2, 3, 4])
def test_the_fewest_people_behind_half_are_those_of_the_definition(people: int) -> None:
    """Against a search through all sets of people."""
    for counts in combinations_with_replacement(range(5), people):
        if sum(counts):
            order = sorted(counts, reverse=True)
            fewest = next(k for k in range(1, people + 1) if 2 * sum(order[:k]) >= sum(counts))
            assert count_halves(list_owners([counts]))[0] == fewest


def test_what_a_piece_moves_is_what_drawing_it_for_sure_changes() -> None:
    """Of three people with 100, 60 and 40 pieces: the exact mean of hundreds that hold a given piece, less that of all;
    each piece is in half of the hundreds, and its absence moves as much the other way."""
    counts = np.array([100, 60, 40])
    ways = np.array([(first, second, 100 - first - second) for first in range(101) for second in range(101 - first)])
    chances, halves = multivariate_hypergeom.pmf(ways, counts, 100), count_halves(list_owners(ways))
    held = (chances * halves) @ ways / (chances @ ways)
    expected = 0.5 * (held - chances @ halves) * 199 / 100
    owners = draw_people(counts, 100_000, np.random.default_rng(1))
    loads, variance = measure_loads(counts, owners, count_halves(owners))

    assert loads == pytest.approx(expected, rel=0.02, abs=2e-4)
    assert variance == pytest.approx(float(counts @ expected**2), rel=0.02)


def test_weeks_in_which_others_are_busy_widen_the_interval() -> None:
    """Pieces that take turns from week to week are independent; those of weeks of one person each are worth as many as
    the sums of the weeks say."""
    alone, weeks = np.ones(100, dtype=np.int64), np.arange(100)
    signs = np.array([1.0, 1.0, -1.0, 1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0])
    _, worth = weekly_worth([10] * 10, (10 * signs).tolist(), 100)
    strays = [list_strays(0, (weeks // 10).tolist(), alone, np.repeat(signs, 10))]
    strays.append(list_strays(1, weeks.tolist(), alone, np.tile([1.0, -1.0], 50)))
    found(con := measure(Rows()), "rules")
    designs = measure_designs(con, pa.concat_tables(strays), 2)

    assert designs[0] == pytest.approx(100 / worth, rel=1e-3)
    assert designs[1] == 1
