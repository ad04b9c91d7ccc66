"""Families in like strata: against statsmodels' least squares with clustered errors, and by simulation."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.statistics import family_effects
from analytics.statistics.family_effects import (
    ASSUMED_CLUSTERS,
    ASSUMED_LIKENESS,
    FamilyEffects,
    bound_families,
    fit_families,
    keep_shared_strata,
)
from analytics.statistics.item_counts import Floats, ItemCounts
from analytics.statistics.meta_analysis import compare_these
from tests.tools import reckonings as others
from tests.tools.items import count_items, draw_items, name_answerers
from tests.worlds.rows import Rows, cut, measure, one

COUNTS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 40), st.integers(0, 40), st.integers(1, 40)), min_size=1, max_size=8
)


def _count(*rows: tuple[int, int, int, float, float]) -> ItemCounts:
    """Rows of family, stratum, cluster, items, and those of them that are so."""
    table = np.array(rows, dtype=float).T
    family, stratum, cluster = table[:3].astype(np.int64)
    return count_items(family, stratum, cluster, table[3], table[4])


def _get_gap(effects: FamilyEffects) -> float:
    return float(effects.values[0] - effects.values[1])


@given(counts=COUNTS)
@settings(max_examples=40)
def test_two_families_differ_as_mantel_and_haenszel_say(counts: list[tuple[int, int, int, int]]) -> None:
    """The weighted difference of the groups, from statsmodels."""
    tables = [(min(a, n), n, min(c, m), m) for a, n, c, m in counts]
    rows = [row for s, (a, n, c, m) in enumerate(tables) for row in ((0, s, s, n, a), (1, s, 100 + s, m, c))]

    assert _get_gap(fit_families(_count(*rows), 2)) == pytest.approx(others.risk_difference(tables))


@pytest.mark.parametrize("seed", range(3))
def test_five_families_are_fitted_as_by_statsmodels(seed: int) -> None:
    """Least squares with a term for each family and stratum; errors of independent items are the robust ones."""
    counts = draw_items(seed)
    effects = fit_families(counts, 5)
    columns = (counts.family, counts.stratum, counts.cluster)
    values, variances = others.least_squares_gaps(columns, counts.yes, 5, 8, "HC1")
    pairs = np.triu_indices(5, 1)

    assert effects.values - effects.values[0] == pytest.approx(values)
    assert (effects.gap_variances[pairs] > variances[pairs] * 0.99).all()
    assert (effects.variances[:, None] + effects.variances)[pairs] == pytest.approx(
        effects.gap_variances[pairs], rel=0.15
    )


def test_items_of_a_week_that_are_alike_widen_the_error_as_in_statsmodels() -> None:
    """Clustered errors, with the families' own small-sample correction in place of that of all together."""
    counts, pairs = draw_items(4, alike=0.6), np.triu_indices(5, 1)
    columns = (counts.family, counts.stratum, counts.cluster)
    clustered, independent = (
        others.least_squares_gaps(columns, counts.yes, 5, 8, by)[1][pairs] for by in ("cluster", "HC1")
    )
    effects = fit_families(counts, 5)

    assert effects.gap_variances[pairs] == pytest.approx(np.maximum(clustered, independent), rel=0.12)
    assert (effects.gap_variances[pairs] / independent).mean() > 1.5
    assert (effects.freedoms > 10).all() and (effects.freedoms < 30).all()


def test_the_sides_are_not_told_apart_by_the_habits_of_who_answers_most() -> None:
    """One person gives half of each family's answers, and every person has a habit of their own, by one law for all:
    by weeks a quarter of the intervals miss that the sides do not differ, by answerers few."""
    rng, missed = np.random.default_rng(7), np.zeros(2)
    family, week = np.repeat(np.arange(10), 150), np.tile(np.arange(150) // 3, 10) + 60 * np.repeat(np.arange(10), 150)
    for _ in range(200):
        habits = np.clip(rng.normal(0.15, 0.08, (10, 40)), 0.01, 0.9)
        person = np.where(rng.random(1500) < 0.5, 0, rng.integers(1, 40, 1500))
        yes = (rng.random(1500) < habits[family, person]).astype(float)
        for number, answerer in enumerate((None, family * 40 + person)):
            counts = count_items(family, np.zeros_like(family), week, np.ones(1500), yes, answerer=answerer)
            effects = fit_families(counts, 10)
            sides = compare_these(effects.values, effects.variances, np.arange(10) < 5, effects.freedoms, 1)
            missed[number] += not sides.low <= 0 <= sides.high

    assert missed[0] > 40 and missed[1] < 20


def test_answerers_never_narrow_what_weeks_leave_open() -> None:
    """Of the two ways to cluster the wider one counts; without other people than weeks there is one way."""
    counts = draw_items(4, alike=0.6)
    by_week = fit_families(counts, 5)
    each = fit_families(name_answerers(counts, np.arange(len(counts.family))), 5)
    few = fit_families(name_answerers(counts, counts.family * 3 + counts.cluster % 3), 5)
    pairs = np.triu_indices(5, 1)

    assert each.gap_variances[pairs] == pytest.approx(by_week.gap_variances[pairs])
    assert each.freedoms == pytest.approx(by_week.freedoms)
    assert (few.gap_variances[pairs] >= by_week.gap_variances[pairs] * (1 - 1e-9)).all()
    assert (few.gap_variances[pairs] / by_week.gap_variances[pairs]).mean() > 1.2
    assert few.freedoms.min() < by_week.freedoms.min()


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_where_no_answer_differs_from_another_the_assumption_alone_tells_how_alike_those_of_one_person_are(
    share: float,
) -> None:
    """Of twelve people, in three strata where the fit leaves nothing but rounding."""
    family, person = np.repeat(np.arange(2), 120), np.tile(np.arange(120) // 10, 2)
    items = np.resize([1.0, 3.0, 7.0], 240)
    counts = count_items(family, np.arange(240) % 3, np.arange(240), items, items * share)
    alone = fit_families(name_answerers(counts, np.arange(240)), 2).gap_variances[0, 1]
    shared = fit_families(name_answerers(counts, family * 12 + person), 2).gap_variances[0, 1]
    sizes = np.bincount(person[:120], items[:120])
    widths = [1 + ((part**2).sum() / part.sum() - 1) * ASSUMED_LIKENESS for part in (items[:120], sizes)]

    assert shared / alone == pytest.approx(widths[1] / widths[0])


@pytest.mark.parametrize("seed", range(3))
def test_sums_of_products_tell_how_far_people_stray_as_their_items_do(seed: int) -> None:
    """Each person's items summed up one by one, beside the products of their counts in each two strata."""
    drawn, rng = draw_items(seed), np.random.default_rng(seed)
    person = rng.integers(0, 25, 600) ** 2 // 25
    counts, expected = name_answerers(drawn, person), rng.random((8, 5))
    design = family_effects._make_design(counts, 5)
    assert design.counts.answers is not None
    widths, freedoms = family_effects._measure_answerers(design, design.counts.answers, expected)
    fitted = expected[drawn.stratum, drawn.family]

    for family in range(5):
        mine = drawn.family == family
        items, strays = (np.bincount(person[mine], column[mine])
                         for column in (drawn.items, drawn.yes - drawn.items * fitted))  # fmt: skip
        people = items.sum() ** 2 / (items**2).sum()
        alone = (drawn.yes * (1 - fitted) ** 2 + (drawn.items - drawn.yes) * fitted**2)[mine].sum()
        assumed = 1 + (items.sum() / people - 1) * ASSUMED_LIKENESS
        seen = (strays**2).sum() * people / alone
        assert freedoms[family] == pytest.approx(people - 1 + ASSUMED_CLUSTERS)
        assert widths[family] == pytest.approx(max(1, (seen + ASSUMED_CLUSTERS * assumed) / freedoms[family]))


def test_answerers_are_assumed_as_alike_as_in_published_shares() -> None:
    """The constants of `metrics.rules`, which no statistic reads."""
    rules = one(measure(Rows()), "rules")

    assert cut(rules, "assumed_likeness", "assumed_clusters") == (ASSUMED_LIKENESS, ASSUMED_CLUSTERS)


def test_the_interval_of_a_pair_holds_though_weeks_are_alike() -> None:
    """95 of 100 worlds with an intraclass correlation of .1, if that of independent items holds in fewer."""
    rng, held = np.random.default_rng(5), np.zeros(2)
    for _ in range(300):
        chance = np.repeat(np.array([0.5, 0.4]), 20)
        week = rng.beta(chance * 9, (1 - chance) * 9)
        items = rng.integers(4, 12, 40).astype(float)
        yes = rng.binomial(items.astype(int), week).astype(float)
        family = np.repeat([0, 1], 20)
        effects = fit_families(count_items(family, np.arange(40) % 2, np.arange(40), items, yes), 2)
        loose = fit_families(
            count_items(np.repeat(family, 30), np.zeros(1200, np.int64), np.arange(1200), *_split_items(items, yes)), 2
        )
        held += [abs(_get_gap(one) - 0.1) < 2 * one.gap_variances[0, 1] ** 0.5 for one in (effects, loose)]

    assert 0.92 < held[0] / 300 < 0.98
    assert held[1] < held[0] - 9


def _split_items(items: Floats, yes: Floats) -> tuple[Floats, Floats]:
    """Each item as a row of its own, up to thirty a row; rows without an item count for nothing."""
    place = np.arange(30)
    return (place < items[:, None]).astype(float).ravel(), (place < yes[:, None]).astype(float).ravel()


def test_families_in_places_of_their_own_are_compared_with_nobody() -> None:
    """Two in one place, two in another, one alone: only within a place is there a difference."""
    effects = fit_families(
        _count((0, 0, 0, 9, 3), (1, 0, 1, 9, 6), (2, 1, 2, 9, 1), (3, 1, 3, 9, 2), (4, 2, 4, 9, 9)), 5
    )

    assert effects.places.tolist() == [0, 0, 2, 2, -1]
    assert effects.values[1] - effects.values[0] == pytest.approx(1 / 3)
    assert np.isnan(effects.gap_variances[0, 2:]).all() and np.isnan(effects.values[4])
    assert effects.variances[0] == pytest.approx(effects.gap_variances[0, 1] / 2)
    assert np.isnan(fit_families(_count((0, 0, 0, 9, 3), (1, 1, 1, 9, 6)), 2).values).all()


def test_a_family_is_measured_by_way_of_others_where_it_shares_no_stratum_with_one() -> None:
    """The first and the third never meet; each meets the second, which is twenty points below and ten above."""
    rows = [(0, 0, 0, 100, 70), (1, 0, 1, 100, 50), (1, 1, 2, 100, 40), (2, 1, 3, 100, 30)]
    effects = fit_families(_count(*rows), 3)

    assert effects.values[0] - effects.values[2] == pytest.approx(0.3)


def test_none_of_twenty_is_no_proof_that_none_ever_is() -> None:
    """A share of 0 has the error of one more of each kind."""
    effects = fit_families(_count((0, 0, 0, 20, 0), (1, 0, 1, 20, 0)), 2)

    assert effects.gap_variances[0, 1] >= 2 * (1 / 22) * (21 / 22) / 20


def test_only_strata_with_both_sides_are_kept() -> None:
    """Open families alone, or proprietary ones alone, say nothing about the sides."""
    counts = _count((0, 0, 0, 9, 3), (1, 0, 1, 9, 6), (0, 1, 2, 9, 1), (2, 1, 3, 9, 2), (2, 2, 4, 9, 9))
    kept = keep_shared_strata(counts, np.array([True, True, False]))

    assert sorted(kept.stratum.tolist()) == [1, 1]


def test_values_move_with_what_labels_put_right_as_if_the_items_had_been_read_so() -> None:
    """Items of even families are read .1 too low, those of odd ones .05 too high: the fit of the fixed counts says the
    same as the loads."""
    drawn, shifts = draw_items(2), np.array([0.1, -0.05])
    counts = replace(drawn, reading=drawn.family % 2)
    mended = replace(counts, yes=counts.yes + counts.items * shifts[counts.reading])
    plain, right = fit_families(counts, 5), fit_families(mended, 5)

    assert plain.values + plain.reading_loads @ shifts == pytest.approx(right.values)
    assert fit_families(drawn, 5).reading_loads.shape == (5, 0)
    same = fit_families(replace(drawn, reading=np.zeros_like(drawn.family)), 5)
    assert np.ptp(same.reading_loads) == pytest.approx(0), "what all share makes no difference"


def test_bounds_are_the_extremes_of_all_that_the_unseen_could_be() -> None:
    """Every choice of families whose unseen items have the property, fitted one by one."""
    drawn = draw_items(6)
    unseen = np.random.default_rng(6).integers(0, 2, 600).astype(float)
    counts = replace(drawn, unseen=unseen)
    none, gains = bound_families(counts, 5)
    fitted = np.array(
        [
            fit_families(
                replace(drawn, items=drawn.items + unseen, yes=drawn.yes + unseen * np.array(chosen)[drawn.family]), 5
            ).values
            for chosen in product((0, 1), repeat=5)
        ]
    )
    gaps = fitted[:, 0] - fitted[:, 1]

    assert none == pytest.approx(fitted[0]) and none + gains.sum(1) == pytest.approx(fitted[-1])
    low, high = (none[0] - none[1] + ends.sum() for ends in (np.minimum(0, gains[0] - gains[1]),
                                                              np.maximum(0, gains[0] - gains[1])))  # fmt: skip
    assert (low, high) == pytest.approx((gaps.min(), gaps.max()))
