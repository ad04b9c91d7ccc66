"""Errors of figures set against each other, and the ends of effects: reckoned by hand from what the figures themselves
say."""

from datetime import date
from math import log
from typing import Any

import numpy as np
import pytest

from analytics.claims import reader
from analytics.claims.comparing import Compared, compare_families, read_family_figures
from analytics.claims.judging import NOBODY, Material, judge_tests
from analytics.statistics.matching import Pairs, Z
from tests.worlds.rows import Rows, cut, measure, one

HOURS = reader.MetricStatistic(metric="first_response_hours", segment="anyone", statistic="median")
TIMES = {"first": 1.0, "second": 2.0, "third": 4.0, "fourth": 8.0, "fifth": 16.0}
"""How slow each family is; the first two are open."""


@pytest.fixture(scope="module")
def waited() -> Any:
    """Five families whose waits are 1 to 30 hours, times something."""
    rows = Rows()
    for place, (family, times) in enumerate(TIMES.items()):
        channel = rows.channel(rows.family(family, "open" if place < 2 else "proprietary"))
        for number in range(30):
            rows.thread(channel, [(times * (1 + number), "staff")], age_hours=1000)
    con = measure(rows)
    one(con, "first_response_hours", family_id="first", **_cells())
    return con


def _cells() -> dict[str, str]:
    return {
        "window": "all",
        "channel_role": "all",
        "channel_kind": "tracker",
        "segment": "anyone",
        "statistic": "median",
    }


def _ends(con: Any, family: str) -> tuple[float, float, float]:
    value, low, high = cut(one(con, "first_response_hours", family_id=family, **_cells()), "value", "low", "high")
    return float(value), float(low), float(high)


def test_the_error_of_a_ratio_is_half_the_width_of_its_logarithm(waited: Any) -> None:
    """Of two medians both errors count; the mean of one pair is the pair."""
    pairs = compare_families(waited, HOURS, "all", scale="ratio").matched
    families = sorted(TIMES)
    value, low, high = _ends(waited, families[0])
    other, other_low, other_high = _ends(waited, families[1])

    assert low < value < high
    assert pairs.differences[0, 1] == pytest.approx(log(value / other))
    assert pairs.variances[0, 1] == pytest.approx(
        (log(high / low) / 2 / Z) ** 2 + (log(other_high / other_low) / 2 / Z) ** 2
    )


def test_the_error_of_a_difference_is_half_the_width_of_its_interval(waited: Any) -> None:
    """Medians are no shares of items: their difference is one of figures."""
    pairs = compare_families(waited, HOURS, "all").matched
    families = sorted(TIMES)
    value, low, high = _ends(waited, families[0])
    other, other_low, other_high = _ends(waited, families[1])

    assert pairs.differences[0, 1] == pytest.approx(value - other)
    assert pairs.variances[0, 1] == pytest.approx(((high - low) / 2 / Z) ** 2 + ((other_high - other_low) / 2 / Z) ** 2)


def test_what_one_family_more_could_change_stands_for_the_error_of_an_order(waited: Any) -> None:
    """Two families stand against three: one more of the smaller side could change a half."""
    compared = compare_families(waited, HOURS, "all", scale="order")

    assert sorted(compared.is_open.tolist()) == [False, False, False, True, True]
    assert np.unique(compared.matched.variances).tolist() == [0.5]
    assert compared.matched.differences[compared.families.index("first"), compared.families.index("second")] == -1


def test_the_figures_of_one_side_bring_their_own_error(waited: Any) -> None:
    """The third to the fifth are proprietary; each has thirty items."""
    figures = read_family_figures(waited, HOURS, "all", (), "proprietary")
    value, low, high = _ends(waited, "third")

    assert sorted(figures) == ["fifth", "fourth", "third"]
    assert figures["third"] == (value, pytest.approx(((high - low) / 2 / Z) ** 2), 30)


def _judged(differences: tuple[float, float], scale: str = "difference", least: int = 2) -> Any:
    """The outcome of two open families against two proprietary ones, of so much more; the threads alone say nearly
    nothing."""
    claim = reader.read_claims()[0]
    values = np.array([*differences, 0.0, 0.0])
    gaps = values[:, None] - values[None, :]
    np.fill_diagonal(gaps, np.nan)
    pairs = Pairs(gaps, np.full((4, 4), 9.0))
    compared = Compared(
        ("a", "b", "c", "d"), np.array([True, True, False, False]), pairs, pairs, np.array([1.0, 2.0, 3.0, 4.0])
    )
    test = reader.Test.model_validate(
        {
            "metric": "answered_share",
            "statistic": "any",
            "says": "open higher",
            "scale": scale,
            "least_effect": 2,
            "why": "x" * 20,
        }
    )
    (outcome,) = judge_tests([Material(claim, 1, test, compared, {}, "not enough data", least)])
    return outcome


@pytest.mark.parametrize(
    ("differences", "scale", "is_cut"),
    [
        ((0.5, 0.6), "difference", True),
        ((0.5, 1.0), "difference", True),
        ((0.5, 1.2), "difference", False),
        ((0.5, 0.6), "ratio", False),
    ],
)
def test_the_interval_of_shares_ends_at_one_and_that_of_other_figures_does_not(
    differences: tuple[float, float], scale: str, is_cut: bool
) -> None:
    """No two shares are further apart than 1; hours, dollars and ratios may be."""
    outcome = _judged(differences, scale)

    assert outcome.left_out == NOBODY
    assert (outcome.effect.low == -1, outcome.effect.high == 1) == (is_cut, is_cut)
    assert (outcome.unmatched.low == -1, outcome.unmatched.high == 1) == (is_cut, is_cut)
    assert outcome.effect.value == pytest.approx(sum(differences) / 2)


@pytest.mark.parametrize("least", [2, 3])
def test_an_outcome_says_how_many_it_rests_on(least: int) -> None:
    """Ten items of two families a side, whether or not they are enough."""
    outcome = _judged((0.5, 0.6), least=least)

    assert (outcome.n, outcome.open_count, outcome.proprietary_count) == (10, 2, 2)
    assert (outcome.effect is None) == (least > 2)


def test_a_family_that_has_ended_is_compared_with_nobody() -> None:
    """Its history is measured as before; a claim is about what one can build on."""
    rows = Rows()
    for place, family in enumerate(TIMES):
        channel = rows.channel(rows.family(family, "open" if place < 2 else "proprietary"))
        for number in range(30):
            rows.thread(channel, [(1 + number, "staff")], age_hours=1000)
    next(row for row in rows.tables["families"] if row["family_id"] == "fifth")["ended_on"] = date(2026, 9, 27)
    con = measure(rows)

    assert one(con, "first_response_hours", family_id="fifth", **_cells())["n"] == 30
    assert compare_families(con, HOURS, "all", scale="ratio").families == ("first", "fourth", "second", "third")
