"""Figures of families for like items: a linear model of families and strata, its variance clustered.

Each item's property is explained by its family and its stratum, by ordinary least squares; of two families that is the
difference of Mantel and Haenszel. Families need not share all strata: each is measured against whatever the others in
its own strata do. The variance is clustered, because items of one week and channel are alike, and never below that of
independent items. Nor is it below what answers of one person make it, who often gives most of them: how alike these are
is estimated together with an assumption, as for published shares, since a few people tell little of it. What two
families can be distinguished by is summed up as one variance a family (quasi-variances, Firth and de Menezes 2004), so
that any comparison of families can be made from one value and one variance each.

The values are linear in the items that have the property. What an error of reading, or an item that could not be seen,
does to any comparison of families therefore follows exactly from how much each family's value moves with such items.
"""

from dataclasses import dataclass, replace

import numpy as np

from analytics.statistics.item_counts import AnswererProducts, Flags, Floats, ItemCounts, Whole

ASSUMED_LIKENESS, ASSUMED_CLUSTERS = 0.05, 4
"""How alike answers of one person are assumed to be, and as how many clusters that weighs: as in `metrics.rules`, to
which `test_answerers_are_assumed_as_alike_as_in_published_shares` holds them."""


@dataclass(frozen=True, slots=True)
class FamilyEffects:
    """Value, variance and freedom of each family, nan if it shares no stratum with another.

    Values are relative: only differences within a `place`, a group of families linked by common strata, mean anything.
    """

    values: Floats
    variances: Floats
    freedoms: Floats
    places: Whole
    gap_variances: Floats
    """Variance of the difference of each two families of a place."""
    reading_loads: Floats
    """By how much each value rises if all items whose reading the same labels put right have the property a whole time
    more often: families × numbers of labels."""

    def find_largest_place(self) -> list[int]:
        """Finds the families of the largest place, the first of equal ones; none if no two families are linked."""
        places = sorted(set(self.places[self.places >= 0].tolist()))
        return max((np.flatnonzero(self.places == place).tolist() for place in places), key=len, default=[])


@dataclass(frozen=True, slots=True)
class _Design:
    """Sums by stratum and family, and what solves the normal equations."""

    counts: ItemCounts
    items: Floats
    yes: Floats
    profile: Floats
    places: Whole
    solution: Floats


def fit_families(counts: ItemCounts, families: int) -> FamilyEffects:
    """Fits the model to the strata that at least two families share."""
    design = _make_design(counts, families)
    if not len(design.items):
        nothing, gaps = np.full(families, np.nan), np.full((families, families), np.nan)
        return FamilyEffects(nothing, nothing, nothing, np.full(families, -1), gaps, np.zeros((families, 0)))
    totals = design.items.sum(1)
    values = design.solution @ (design.yes.sum(0) - design.profile.T @ design.yes.sum(1))
    strata = (design.yes.sum(1) - design.items @ values) / totals
    places = design.places
    gaps, freedoms = _measure_spread(design, strata[:, None] + values)
    return FamilyEffects(
        np.where(places < 0, np.nan, values),
        _share_out_gaps(gaps),
        freedoms,
        places,
        gaps,
        _load_amounts(design, design.counts.reading, design.counts.items),
    )


def bound_families(counts: ItemCounts, families: int) -> tuple[Floats, Floats]:
    """Fits the model to all items, those that could not be seen too.

    Returns the values if none of these has the property, and by how much the values rise if those of each family do:
    families × families.
    """
    design = _make_design(replace(counts, items=counts.items + counts.unseen), families)
    values = design.solution @ (design.yes.sum(0) - design.profile.T @ design.yes.sum(1))
    return values, _load_amounts(design, design.counts.family, design.counts.unseen, families)


def keep_shared_strata(counts: ItemCounts, is_open: Flags) -> ItemCounts:
    """Keeps the strata in which both sides have items."""
    strata = int(counts.stratum.max(initial=-1)) + 1
    by_side = [np.bincount(counts.stratum, counts.items * (is_open[counts.family] == side), strata) for side in (1, 0)]
    return counts.renumber(strata=np.where((by_side[0] > 0) & (by_side[1] > 0), np.arange(strata), -1))


def _make_design(counts: ItemCounts, families: int) -> _Design:
    """Sums the strata that at least two families share."""
    strata = int(counts.stratum.max(initial=-1)) + 1
    cell = counts.stratum * families + counts.family
    items, yes = (
        np.bincount(cell, column, strata * families).astype(float).reshape(strata, families)
        for column in (counts.items, counts.yes)
    )
    is_shared = (items > 0).sum(1) > 1
    kept = counts.renumber(strata=np.where(is_shared, np.cumsum(is_shared) - 1, -1))
    items, yes = items[is_shared], yes[is_shared]
    profile = items / items.sum(1, keepdims=True)
    # Families of unlinked places make the matrix singular; the pseudo-inverse solves each place by itself.
    solution = np.linalg.pinv(np.diag(items.sum(0)) - items.T @ profile, hermitian=True)
    return _Design(kept, items, yes, profile, _find_places(items), solution)


def _renumber(numbers: Whole) -> tuple[Whole, int]:
    """Numbers again, from 0 and in their order, those that occur; returns also how many they are."""
    is_found = np.bincount(numbers) > 0
    return (np.cumsum(is_found) - 1)[numbers], int(is_found.sum())


def _load_amounts(design: _Design, number: Whole, amounts: Floats, numbers: int = 0) -> Floats:
    """Computes by how much the values rise with the amounts of each number (-1: of none), as if with items that have
    the property: families × numbers."""
    size = max(numbers, int(number.max(initial=-1)) + 1)
    known = number >= 0
    own, by_stratum = (
        np.bincount(number[known] * width + column[known], amounts[known], size * width).reshape(size, width)
        for column, width in zip((design.counts.family, design.counts.stratum), design.items.shape[::-1], strict=True)
    )
    loads: Floats = design.solution @ (own - (by_stratum[:, :, None] * design.profile).sum(1)).T
    return loads


def _measure_spread(design: _Design, expected: Floats) -> tuple[Floats, Floats]:
    """Measures the variance of the difference of each two families of a place, and the freedom of each family, from the
    shares that the model expects, strata × families; of two ways to cluster the one that makes it wider counts."""
    places, counts = design.places, design.counts
    fitted = expected[counts.stratum, counts.family]
    is_apart = (places[:, None] != places[None, :]) | (places < 0)[:, None]
    sizes = _count_clusters(counts, len(places))
    gaps = np.maximum(_measure_gaps(_cluster_scores(design, fitted, sizes), design), _spread_items(design, fitted))
    gaps, freedoms = np.where(is_apart, np.nan, gaps), np.maximum(1.0, sizes - 1)
    if counts.answers is None or not counts.answers.has_person.any():
        return gaps, freedoms
    designs, known = _measure_answerers(design, counts.answers, expected)
    by_answerer = np.where(is_apart, np.nan, _spread_items(design, fitted, designs))
    is_wider = np.nansum(by_answerer, axis=1) > np.nansum(gaps, axis=1)
    return np.fmax(gaps, by_answerer), np.where(is_wider, known, freedoms)


def _measure_answerers(design: _Design, answers: AnswererProducts, expected: Floats) -> tuple[Floats, Floats]:
    """Measures by how much answers of one person being alike swells the variance of each family, and its freedom."""
    families, totals = design.items.shape[1], design.items.sum(0)
    first, second = expected[answers.first, answers.family], expected[answers.second, answers.family]
    squares, strays = (
        np.bincount(answers.family, column, families)
        for column in (answers.items, answers.yes - 2 * answers.yes_items * second + answers.items * first * second)
    )
    independent = (design.yes * (1 - expected) ** 2 + (design.items - design.yes) * expected**2).sum(0)
    # How many people with equally many answers would be as good.
    sizes = np.maximum(1.0, np.divide(totals**2, squares, out=np.zeros(families), where=squares > 0))
    assumed = 1 + np.maximum(0.0, totals / sizes - 1) * ASSUMED_LIKENESS
    # A few people stray less from their own mean than from the true one: their squares weigh one more than is free.
    # If all items are as expected, rounding alone is left of either.
    has_spread = independent > 1e-9 * totals
    seen = np.divide(np.maximum(0.0, strays) * sizes, independent, out=(sizes - 1) * assumed, where=has_spread)
    freedoms = sizes - 1 + ASSUMED_CLUSTERS
    return np.maximum(1.0, (seen + ASSUMED_CLUSTERS * assumed) / freedoms), freedoms


def _cluster_scores(design: _Design, fitted: Floats, sizes: Floats) -> Floats:
    """Computes the sums of the residuals of each cluster, as each family's equation sees them: clusters × families."""
    counts, families = design.counts, design.items.shape[1]
    # A few clusters stray less from their own mean than from the true one.
    swell = np.sqrt(sizes / np.maximum(sizes - 1, 1))
    residuals = (counts.yes - counts.items * fitted) * swell[counts.family]
    cluster, clusters = _renumber(counts.cluster)
    own = np.bincount(cluster * families + counts.family, residuals, clusters * families).astype(float)
    by_stratum = design.profile[counts.stratum]
    shared = np.stack([np.bincount(cluster, residuals * column, clusters) for column in by_stratum.T], axis=1)
    scores: Floats = own.reshape(clusters, families) - shared
    return scores


def _measure_gaps(scores: Floats, design: _Design) -> Floats:
    """Computes the variance of the difference of each two families from their scores."""
    return _subtract_pairs(design.solution @ (scores.T @ scores) @ design.solution * _correct_freedom(design))


def _spread_items(design: _Design, fitted: Floats, designs: Floats | float = 1.0) -> Floats:
    """Computes the same variances for independent items, each family's times its design effect; a share of 0 or 1 is
    given the error of one more of each."""
    counts = design.counts
    squares = counts.yes * (1 - fitted) ** 2 + (counts.items - counts.yes) * fitted**2
    spread = np.bincount(counts.stratum * design.items.shape[1] + counts.family, squares, design.items.size).reshape(
        design.items.shape
    )
    items = design.items.sum(0)
    careful = (design.yes.sum(0) + 1) / (items + 2)
    lacking = np.maximum(0.0, items * careful * (1 - careful) - spread.sum(0))
    spread = designs * (spread + design.items * np.divide(lacking, items, out=np.zeros_like(items), where=items > 0))
    crossed = spread.T @ design.profile
    middle = np.diag(spread.sum(0)) - crossed - crossed.T + design.profile.T @ (design.profile * spread.sum(1)[:, None])
    return _subtract_pairs(design.solution @ middle @ design.solution * _correct_freedom(design))


def _correct_freedom(design: _Design) -> float:
    """Computes by how much squared residuals are too small, because the strata were fitted to the same items."""
    items, used = design.items.sum(), design.items.shape[0] + design.items.shape[1] - 1
    return float(items / max(1.0, items - used))


def _subtract_pairs(covariance: Floats) -> Floats:
    own = np.diag(covariance)
    gaps: Floats = np.maximum(0.0, own[:, None] + own[None, :] - covariance - covariance.T)
    return gaps


def _share_out_gaps(gaps: Floats) -> Floats:
    """Finds one variance a family, so that those of two come nearest to the variance of their difference."""
    is_known = ~np.isnan(gaps)
    families, rows, firsts = is_known.sum(1), np.nansum(gaps, axis=1), is_known.argmax(1).tolist()
    # Within a place of n families a row sums to (n - 2) own variances and one of each; with two, the halves are taken.
    sums = {first: np.nansum(gaps[np.ix_(is_known[first], is_known[first])]) for first in set(firsts)}
    totals = np.array([sums[first] for first in firsts]) * (families > 0) / (2 * np.maximum(families - 1, 1))
    own = np.where(families > 2, (rows - totals) / np.maximum(families - 2, 1), totals / 2)
    least = np.where(np.isnan(gaps) | (gaps == 0), np.inf, gaps).min(1, initial=np.inf) / 10
    return np.where(families < 2, np.nan, np.maximum(own, np.where(np.isinf(least), 0.0, least)))


def _find_places(items: Floats) -> Whole:
    """Numbers the groups of families that are linked by common strata; -1 for a family without one."""
    linked = (items > 0).astype(float).T @ (items > 0).astype(float) > 0
    places = np.full(len(linked), -1)
    for family in range(len(linked)):
        if places[family] < 0 and linked[family].sum() > 1:
            reached = linked[family]
            while (further := linked[reached].any(0) | reached).sum() > reached.sum():
                reached = further
            places[reached] = family
    return places


def _count_clusters(counts: ItemCounts, families: int) -> Floats:
    """Counts how many clusters of equal size would be as good as those of each family."""
    cluster, clusters = _renumber(counts.cluster)
    cells = np.bincount(cluster * families + counts.family, counts.items, clusters * families)
    sizes = cells.reshape(clusters, families)
    squares = (sizes**2).sum(0)
    counted: Floats = np.divide(sizes.sum(0) ** 2, squares, out=np.zeros(families), where=squares > 0)
    return counted
