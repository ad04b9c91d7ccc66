"""Adjusted shares of families: least squares on families and strata, with the errors of clusters.

Each item's property is explained by its family and its stratum, by weighted least squares (statsmodels) on counts, from
which the means of strata are taken first; of two families that is the difference of Mantel and Haenszel. Families need
not share all strata: each is measured against whatever the others in its own strata do. The mean of all is added again,
so that a value is the share that a family would have if it had the mix of strata of all.

Families are independent. Within each the variance is clustered two ways, by week and by person (Cameron, Gelbach and
Miller 2011; Thompson 2011), with the autocovariances of weeks (Newey and West 1987) as far as Lazarus, Lewis, Stock and
Watson (2018) advise, and each cluster's residuals as if its family's share came from its other clusters only, like
the jackknife's (MacKinnon, Nielsen and Webb 2023). Of the variances by row, week, person and both ways the largest
counts (MacKinnon, Nielsen and Webb 2024), never less than that of shares with one more item of each kind (Agresti and
Caffo 2000). The degrees of freedom are those of the effective number of clusters (Carter, Schnepel and Steigerwald
2017), of the way with fewer (Cameron and Miller 2015).
"""

import math
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import scipy

from analytics.statistics.effects import Estimates
from analytics.statistics.survival import Flags, Floats, Whole


@dataclass(frozen=True, slots=True)
class ItemCounts:
    """Items, and those with the property, by family, stratum, week and person: columns of equal length, from 0."""

    family: Whole
    stratum: Whole
    week: Whole
    person: Whole
    """Whose items these are, if those of one person are alike; -1 if nobody's."""
    items: Floats
    yes: Floats
    unseen: Floats
    """Items of which it could not be seen whether they have the property; they are not among `items`."""

    def keep(self, kept: Flags) -> "ItemCounts":
        """Keeps these rows."""
        return ItemCounts(*(getattr(self, column.name)[kept] for column in fields(self)))


@dataclass(frozen=True, slots=True)
class Fit:
    """The values of families, and how far each row of counts strays from them; a cell is a family in a stratum."""

    values: Floats
    inverse: Floats
    """That of the weighted squares of the dummies."""
    dummies: Floats
    """Cells × families."""
    cell: Whole
    strays: Floats
    """Items with the property less those expected, by row; times its dummies, its score."""

    def sum_strays(self, group: Whole, left: Floats, own: Flags | slice = slice(None)) -> Any:
        """Sums up the strays of groups by cell, of which each row counts by the part that it leaves to others."""
        return scipy.sparse.csr_array(
            ((self.strays / left)[own], (group, self.cell[own])), (group.max() + 1, len(self.dummies))
        )

    def spread_clusters(self, group: Whole, left: Floats) -> Floats:
        """Computes the spread of the scores of groups."""
        sums = self.sum_strays(group, left)
        spread: Floats = self.dummies.T @ (sums.T @ sums @ self.dummies)
        return spread

    def spread_cells(self, squares: Floats) -> Floats:
        """Computes the spread of scores by the squared strays of each cell."""
        spread: Floats = (self.dummies.T * squares) @ self.dummies
        return spread


def fit_families(counts: ItemCounts, families: int) -> Estimates:
    """Fits the model to the largest set of families that are connected by common strata (Abowd, Kramarz and Margolis
    1999); the others have no value."""
    values, freedoms, covariances = np.full(families, np.nan), np.ones(families), np.zeros((1, families, families))
    kept, connected = _keep_connected(counts.keep(counts.items > 0), families)
    if len(connected):
        fit = _fit_counts(kept, len(connected))
        values[connected] = fit.values
        spread, freedoms[connected] = _measure_spread(fit, kept, len(connected))
        covariances = np.zeros((len(spread), families, families))
        covariances[:, connected[:, None], connected] = spread
    return Estimates(values, covariances, freedoms)


def keep_shared_strata(counts: ItemCounts, is_open: Flags) -> ItemCounts:
    """Keeps the strata in which both sides have items."""
    cells = _count_cells(counts, len(is_open))
    is_shared = (cells[:, is_open].sum(1) > 0) & (cells[:, ~is_open].sum(1) > 0)
    return counts.keep(is_shared[counts.stratum])


def _keep_connected(counts: ItemCounts, families: int) -> tuple[ItemCounts, Whole]:
    """Keeps the largest set of families that are connected by strata which two of them share, the first of equal ones,
    and returns which these are."""
    holds = _count_cells(counts, families) > 0
    holds[holds.sum(1) < 2] = False
    is_shared = holds.any(0)
    groups = scipy.sparse.csgraph.connected_components(holds.T.astype(float) @ holds, directed=False)[1]
    is_kept = is_shared & (groups == np.bincount(groups, is_shared, 1).argmax())
    kept = counts.keep(is_kept[counts.family] & (holds[:, is_kept].sum(1) > 0)[counts.stratum])
    connected, family = np.unique(kept.family, return_inverse=True)
    return replace(kept, family=family, stratum=np.unique(kept.stratum, return_inverse=True)[1]), connected


def _count_cells(counts: ItemCounts, families: int) -> Floats:
    """Counts the items of each stratum and family."""
    strata = int(counts.stratum.max(initial=-1)) + 1
    cells = np.bincount(counts.stratum * families + counts.family, counts.items, strata * families)
    return cells.astype(float).reshape(strata, families)


def _fit_counts(counts: ItemCounts, families: int) -> Fit:
    """Fits weighted least squares of shares on families; of both the mean of the stratum is taken off, and that of all
    added. Shares and families are the same throughout a cell, so that the fit is one of cells."""
    places, cell = np.unique(counts.stratum * families + counts.family, return_inverse=True)
    stratum, family = np.divmod(places, families)
    items, yes = (np.bincount(cell, column) for column in (counts.items, counts.yes))
    sizes = _count_cells(counts, families)
    mean = yes.sum() / items.sum() - (np.bincount(stratum, yes) / sizes.sum(1))[stratum]
    dummies = np.eye(families)[family] - (sizes / sizes.sum(1, keepdims=True))[stratum] + sizes.sum(0) / sizes.sum()
    from statsmodels.regression.linear_model import WLS  # late, as below: it takes half a second to load

    results = WLS(yes / items + mean, dummies, weights=items, hasconst=False).fit()
    strays = counts.yes - counts.items * (results.fittedvalues - mean)[cell]
    return Fit(results.params, results.normalized_cov_params, dummies, cell, strays)


def _measure_spread(fit: Fit, counts: ItemCounts, families: int) -> tuple[Floats, Floats]:
    """Measures the covariances of the values by row, week, person and both ways, with those of independent items, and
    the freedom of each family."""
    by_week, freedoms = _spread_weeks(fit, counts, families)
    middles = [fit.spread_cells(np.bincount(fit.cell, fit.strays**2).astype(float)), by_week]
    if (counts.person >= 0).any():
        # An item of nobody is its own cluster.
        own = counts.person.max() + 1 + np.arange(len(counts.person))
        person = np.where(counts.person < 0, own, counts.person)
        left, people = _weigh_clusters(counts, person, families)
        by_person, by_both = (
            fit.spread_clusters(np.unique(group * families + counts.family, return_inverse=True)[1], left)
            for group in (person, person * (counts.week.max() + 1) + counts.week)
        )
        middles += [by_person, by_week + by_person - by_both]
        freedoms = np.minimum(freedoms, people)
    middles.append(_spread_independent(fit, counts, families))
    return np.stack([fit.inverse @ middle @ fit.inverse for middle in middles]), np.maximum(1, freedoms)


def _spread_weeks(fit: Fit, counts: ItemCounts, families: int) -> tuple[Floats, Floats]:
    """Computes the spread of scores by week, and the freedom of each family, by the weeks of its own items."""
    from statsmodels.stats.sandwich_covariance import S_hac_simple

    left, freedoms = _weigh_clusters(counts, counts.week, families)
    spread = np.zeros((families, families))
    for family in range(families):
        own = counts.family == family
        week = counts.week[own] - counts.week[own].min()
        sums = fit.sum_strays(week, left, own) @ fit.dummies
        # So many weeks apart, products of weeks no longer count (Lazarus, Lewis, Stock and Watson 2018).
        span = min(len(sums), math.ceil(1.3 * math.sqrt(len(sums))))
        spread += S_hac_simple(sums, nlags=span - 1)
        # The equivalent freedom of Bartlett's weights (Priestley 1981).
        freedoms[family] = min(freedoms[family], 1.5 * len(sums) / span)
    return spread, freedoms


def _spread_independent(fit: Fit, counts: ItemCounts, families: int) -> Floats:
    """Computes the spread of the scores of independent items, with one more item of each kind: few that are like those
    of others stay few, however many a family has besides."""
    items, yes = (np.bincount(counts.family, column, families) for column in (counts.items, counts.yes))
    share = (yes + 1) / (items + 2)
    squares = np.bincount(fit.cell, counts.items * (share * (1 - share))[counts.family])
    return fit.spread_cells(squares.astype(float))


def _weigh_clusters(counts: ItemCounts, cluster: Whole, families: int) -> tuple[Floats, Floats]:
    """Finds which part of its family's items the cluster of each row leaves to others, by which it strays less from
    their mean, and the freedom of as many clusters of equal size as are as good as those of each family."""
    keys, places = np.unique(cluster * families + counts.family, return_inverse=True)
    sizes, items = np.bincount(places, counts.items), np.bincount(counts.family, counts.items, families)
    left: Floats = 1 - sizes[places] / items[counts.family]
    squares = np.bincount(keys % families, sizes**2, families)
    freedoms = np.divide(items**2, squares, out=np.ones(families), where=squares > 0) - 1
    # A family of one cluster does not stray from it.
    return np.where(left > 0, left, 1), freedoms
