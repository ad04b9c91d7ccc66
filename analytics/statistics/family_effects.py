"""Figures of families for like items: a linear model of families and strata, its variance clustered.

Each item's property is explained by its family and its stratum, by ordinary least squares; of two families that is the
difference of Mantel and Haenszel. Families need not share all strata: each is measured against whatever the others in
its own strata do. The variance is clustered two ways, by week and by person (Cameron, Gelbach and Miller 2011; Thompson
2011), with the autocovariances of weeks (Newey and West 1987; Driscoll and Kraay 1998) as far as Lazarus, Lewis, Stock
and Watson (2018) advise. Of the variances by week, by person and both ways the largest counts (MacKinnon, Nielsen and
Webb 2024), never less than that of independent items. The degrees of freedom are those of the effective number of
clusters (Carter, Schnepel and Steigerwald 2017), of the way with fewer (Cameron and Miller 2015). What two
families can be distinguished by is summed up as one variance a family (quasi-variances, Firth and de Menezes 2004), so
that any comparison of families can be made from one value and one variance each.

The values are linear in the items that have the property. What an error of reading, or an item that could not be seen,
does to any comparison of families therefore follows exactly from how much each family's value moves with such items.
"""

from dataclasses import dataclass, replace

import numpy as np

from analytics.statistics.item_counts import Flags, Floats, ItemCounts, Whole
from analytics.statistics.weeks import choose_span


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


def _renumber(numbers: Whole) -> Whole:
    """Numbers again, from 0 and in their order, those that occur."""
    return (np.cumsum(np.bincount(numbers) > 0) - 1)[numbers]


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
    shares that the model expects, strata × families."""
    # Imported here because it brings pandas, which few commands need.
    from statsmodels.stats.sandwich_covariance import S_crosssection, S_hac_simple, S_white_simple, group_sums

    places, counts = design.places, design.counts
    fitted = expected[counts.stratum, counts.family]
    week, person = counts.week - counts.week.min(), counts.person
    weeks, known = int(week.max()) + 1, person >= 0
    span = choose_span(weeks)
    moves, sizes = _find_moves(design, fitted, week)
    by_week = S_hac_simple(group_sums(moves, week), span - 1)
    variances, freedoms = [by_week], np.minimum(sizes - 1, 1.5 * weeks / span)
    if known.any():
        own, people = _find_moves(design, fitted, person)
        named, both = own[known], np.unique(person[known] * weeks + week[known], return_inverse=True)[1]
        by_person, by_both = S_crosssection(named, _renumber(person[known])), S_crosssection(named, both)
        variances += [by_person + S_white_simple(own[~known]), by_week + by_person - by_both]
        freedoms = np.minimum(freedoms, people - 1)
    correction = _correct_freedom(design)
    gaps = np.max([_spread_items(design, fitted), *(_subtract_pairs(one * correction) for one in variances)], axis=0)
    is_apart = (places[:, None] != places[None, :]) | (places < 0)[:, None]
    return np.where(is_apart, np.nan, gaps), np.maximum(1.0, freedoms)


def _find_moves(design: _Design, fitted: Floats, cluster: Whole) -> tuple[Floats, Floats]:
    """Finds by how much each row moves the value of each family, rows × families, and how many clusters of equal size
    would be as good as those of each family."""
    counts, families = design.counts, design.items.shape[1]
    # A row of -1 is of no cluster, and stands for itself.
    numbers = np.where(cluster >= 0, cluster, cluster.max(initial=0) + 1 + np.arange(len(cluster)))
    keys, places = np.unique(numbers * families + counts.family, return_inverse=True)
    sizes, items = np.bincount(places, counts.items), counts.sum_items(families)
    squares = np.bincount(keys % families, sizes**2, families)
    as_good = np.divide(items**2, squares, out=np.zeros(families), where=squares > 0)
    # A cluster strays less from a mean that it is part of (Bell and McCaffrey 2002).
    left = np.maximum(1 - sizes / np.maximum(items[keys % families], 1), 0.1)
    residuals = (counts.yes - counts.items * fitted) / np.sqrt(left[places])
    by_stratum = design.profile @ design.solution
    moves: Floats = residuals[:, None] * (design.solution[counts.family] - by_stratum[counts.stratum])
    return moves, as_good


def _spread_items(design: _Design, fitted: Floats) -> Floats:
    """Computes the same variances for independent items; a share of 0 or 1 is given the error of one more of each."""
    counts = design.counts
    squares = counts.yes * (1 - fitted) ** 2 + (counts.items - counts.yes) * fitted**2
    spread = np.bincount(counts.stratum * design.items.shape[1] + counts.family, squares, design.items.size).reshape(
        design.items.shape
    )
    items = design.items.sum(0)
    careful = (design.yes.sum(0) + 1) / (items + 2)
    lacking = np.maximum(0.0, items * careful * (1 - careful) - spread.sum(0))
    spread = spread + design.items * np.divide(lacking, items, out=np.zeros_like(items), where=items > 0)
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
