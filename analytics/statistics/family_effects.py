"""Figures of families for like items: least squares on families and strata, with the errors of clusters.

Each item's property is explained by its family and its stratum, by weighted least squares (statsmodels) on counts, from
which the means of strata are taken first; of two families that is the difference of Mantel and Haenszel. Families need
not share all strata: each is measured against whatever the others in its own strata do. The variance is clustered two
ways, by week and by person (Cameron, Gelbach and Miller 2011; Thompson 2011), with the autocovariances of weeks (Newey
and West 1987; Driscoll and Kraay 1998) as far as Lazarus, Lewis, Stock and Watson (2018) advise. Of the variances by
week, by person and both ways the largest counts (MacKinnon, Nielsen and Webb 2024), never less than that of shares with
one more item of each kind (Agresti and Caffo 2000). The degrees of freedom are those of the effective number of
clusters (Carter, Schnepel and Steigerwald 2017), of the way with fewer (Cameron and Miller 2015). What two families can
be distinguished by is summed up as one variance a family (quasi-variances, Firth and de Menezes 2004), so that any
comparison of families can be made from one value and one variance each.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.csgraph import connected_components

from analytics.statistics.item_counts import Flags, Floats, ItemCounts, Whole
from analytics.statistics.weeks import choose_span

if TYPE_CHECKING:
    from statsmodels.regression.linear_model import RegressionResults


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

    def find_largest_place(self) -> list[int]:
        """Finds the families of the largest place, the first of equal ones; none if no two families are linked."""
        places = sorted(set(self.places[self.places >= 0].tolist()))
        return max((np.flatnonzero(self.places == place).tolist() for place in places), key=len, default=[])


@dataclass(frozen=True, slots=True)
class _Fit:
    """Results of statsmodels, and the matrix that makes values of all families of them."""

    results: "RegressionResults"
    spread: Floats


def fit_families(counts: ItemCounts, families: int) -> FamilyEffects:
    """Fits the model to the strata that at least two families share."""
    kept, places = _keep_linked(counts.keep(counts.items > 0), families)
    if not len(kept.items):
        nothing, gaps = np.full(families, np.nan), np.full((families, families), np.nan)
        return FamilyEffects(nothing, nothing, nothing, places, gaps)
    fit = _fit_counts(kept, places)
    covariances, freedoms = _measure_spread(fit, kept, families)
    gaps = np.max([_subtract_pairs(fit.spread @ covariance @ fit.spread.T) for covariance in covariances], axis=0)
    items, yes = kept.sum_items(families), np.bincount(kept.family, kept.yes, families)
    share = (yes + 1) / (items + 2)
    alone = share * (1 - share) / np.maximum(items, 1)
    is_apart = (places[:, None] != places) | (places < 0)
    gaps = np.where(is_apart, np.nan, np.maximum(gaps, alone[:, None] + alone))
    return FamilyEffects(
        np.where(places < 0, np.nan, fit.spread @ fit.results.params),
        _share_out_gaps(gaps),
        freedoms,
        places,
        gaps,
    )


def keep_shared_strata(counts: ItemCounts, is_open: Flags) -> ItemCounts:
    """Keeps the strata in which both sides have items."""
    strata = int(counts.stratum.max(initial=-1)) + 1
    by_side = [np.bincount(counts.stratum, counts.items * (is_open[counts.family] == side), strata) for side in (1, 0)]
    return counts.renumber(strata=np.where((by_side[0] > 0) & (by_side[1] > 0), np.arange(strata), -1))


def _keep_linked(counts: ItemCounts, families: int) -> tuple[ItemCounts, Whole]:
    """Keeps the strata that at least two families share, and numbers the groups of families that they link; -1 for a
    family without one."""
    holds = _count_cells(counts, families) > 0
    is_shared = holds.sum(1) > 1
    linked = holds[is_shared].astype(float).T @ holds[is_shared]
    places = np.where(linked.diagonal() > 0, connected_components(linked, directed=False)[1], -1)
    return counts.renumber(strata=np.where(is_shared, np.cumsum(is_shared) - 1, -1)), places


def _count_cells(counts: ItemCounts, families: int) -> Floats:
    """Counts the items of each stratum and family."""
    strata = int(counts.stratum.max(initial=-1)) + 1
    cells = np.bincount(counts.stratum * families + counts.family, counts.items, strata * families)
    return cells.astype(float).reshape(strata, families)


def _fit_counts(counts: ItemCounts, places: Whole) -> _Fit:
    """Fits weighted least squares of shares on families, both less their means in each stratum; the first family of
    each place is the one that others are measured from."""
    # Imported here because it brings pandas, which few commands need.
    from statsmodels.regression.linear_model import WLS

    families, cells = np.eye(len(places)), _count_cells(counts, len(places))
    totals = cells.sum(1)
    shares = counts.yes / counts.items - (np.bincount(counts.stratum, counts.yes) / totals)[counts.stratum]
    spread = families[:, np.setdiff1d(np.flatnonzero(places >= 0), np.unique(places, return_index=True)[1])]
    dummies = (families[counts.family] - (cells / totals[:, None])[counts.stratum]) @ spread
    return _Fit(WLS(shares, dummies, weights=counts.items, hasconst=False).fit(method="qr"), spread)


def _measure_spread(fit: _Fit, counts: ItemCounts, families: int) -> tuple[list[Floats], Floats]:
    """Measures the covariances of the values by row (White 1980), by week, by person and both ways, and the freedom of
    each family. Residuals are as much too small as strata and families were fitted to the same items."""
    from statsmodels.stats.sandwich_covariance import cov_cluster, cov_nw_groupsum, cov_white_simple

    items, used = counts.items.sum(), counts.stratum.max() + 1 + fit.spread.shape[1]
    residuals = fit.results.wresid * np.sqrt(items / max(1.0, items - used))
    scores, inverse = fit.results.model.wexog * residuals[:, None], fit.results.normalized_cov_params
    by_row = cov_white_simple((scores, inverse), use_correction=False)
    week, weeks = counts.week - counts.week.min(), int(np.ptp(counts.week)) + 1
    span, (left, clusters) = choose_span(weeks), _weigh_clusters(counts, week, families)
    by_week, freedoms = (
        cov_nw_groupsum((scores / left, inverse), span - 1, week),
        np.minimum(clusters, 1.5 * weeks / span),
    )
    if not (counts.person >= 0).any():
        return [by_row, by_week], np.maximum(1, freedoms)
    # An item of nobody stands for itself.
    own = counts.person.max() + 1 + np.arange(len(counts.person))
    person = _renumber(np.where(counts.person < 0, own, counts.person))
    left, people = _weigh_clusters(counts, person, families)
    by_person, by_both = (
        cov_cluster((scores / left, inverse), group, use_correction=False)
        for group in (person, _renumber(person * weeks + week))
    )
    return [by_row, by_week, by_person, by_week + by_person - by_both], np.maximum(1, np.minimum(freedoms, people))


def _weigh_clusters(counts: ItemCounts, cluster: Whole, families: int) -> tuple[Floats, Floats]:
    """Finds by how much the cluster of each row strays less from its family's mean, of which it is part (Bell and
    McCaffrey 2002), and the freedom of as many clusters of equal size as are as good as those of each family."""
    keys, places = np.unique(cluster * families + counts.family, return_inverse=True)
    sizes, items = np.bincount(places, counts.items), counts.sum_items(families)
    squares = np.bincount(keys % families, sizes**2, families)
    left: Floats = np.sqrt(np.maximum(1 - sizes[places] / items[counts.family], 0.1))[:, None]
    return left, np.divide(items**2, squares, out=np.ones(families), where=squares > 0) - 1


def _renumber(numbers: Whole) -> Whole:
    """Numbers again, from 0 and in their order, those that occur."""
    renumbered: Whole = np.unique(numbers, return_inverse=True)[1]
    return renumbered


def _subtract_pairs(covariance: Floats) -> Floats:
    own = np.diag(covariance)
    gaps: Floats = own[:, None] + own - covariance - covariance.T
    return gaps


def _share_out_gaps(gaps: Floats) -> Floats:
    """Finds one variance a family, so that those of two come nearest to the variance of their difference, by least
    squares; none is below a tenth of the smallest difference of its family."""
    first, second = np.nonzero(np.triu(~np.isnan(gaps), 1))
    pairs = np.eye(len(gaps))[first] + np.eye(len(gaps))[second]
    own = np.linalg.lstsq(pairs, gaps[first, second], rcond=None)[0]
    others = np.where(np.eye(len(gaps)) > 0, np.inf, np.nan_to_num(gaps, nan=np.inf)).min(1, initial=np.inf)
    return np.where(np.isinf(others), np.nan, np.maximum(own, others / 10))
