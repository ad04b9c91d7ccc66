"""Matched comparison: two families within groups of similar cases, and two sides with the family as the unit.

Two families are compared by the Mantel-Haenszel risk difference over the groups in which both have items, with the
variance of Sato, Greenland and Robins (1989): it is valid for few large groups and for many small ones, where the older
one of Greenland and Robins (1985) gives 0 for a group of one item against one. Items of one thread are not independent:
the variance is multiplied by the design effect, never below 1.

Two sides are compared by the mean over all pairs of an open and a proprietary family. Families are exchanged and
resampled, so that a family with a million threads counts as one.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from analytics.statistics.meta_analysis import Effect
from analytics.statistics.student import compute_student_quantile

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
DRAWS = 1000
"""Number of times that families are resampled."""
EXCHANGES = 5_000
"""Exchanges of families are enumerated up to this number; beyond it, this many are drawn."""
SEED = 20_260_101
Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Difference and variance for each two families, first minus second; nan if they share no group."""

    differences: Floats
    variances: Floats


def match_families(yes: Floats, items: Floats, design: Floats) -> Pairs:
    """Compares families by their counts per group; `yes` and `items` are groups × families, `design` one number a
    family."""
    a, c, n1, n0 = yes[:, :, None], yes[:, None, :], items[:, :, None], items[:, None, :]
    # Pairs that share no group divide by zero; their nan is the answer.
    with np.errstate(divide="ignore", invalid="ignore"):
        n = n1 + n0
        shared = (n1 > 0) & (n0 > 0)
        weight = np.where(shared, n1 * n0 / n, 0.0).sum(0)
        difference = np.where(shared, (a * n0 - c * n1) / n, 0.0).sum(0) / weight
        p = np.where(shared, (n1**2 * c - n0**2 * a + n1 * n0 * (n0 - n1) / 2) / n**2, 0.0).sum(0)
        q = np.where(shared, (a * (n0 - c) + c * (n1 - a)) / (2 * n), 0.0).sum(0)
        variance = (difference * p + q) / weight**2 * np.maximum(design[:, None], design[None, :])
    np.fill_diagonal(difference, np.nan)
    return Pairs(difference, variance)


def compute_design_effect(
    yes: float, items: float, yes_squared: float, items_by_yes: float, items_squared: float
) -> float:
    """Computes how much the variance of a share grows because items of one thread are alike; 1 for one item a
    thread."""
    share = yes / items
    independent = items * share * (1 - share)
    clustered = yes_squared - 2 * share * items_by_yes + share**2 * items_squared
    return max(1.0, clustered / independent) if independent > 0 else 1.0


def compare_pair(difference: float, variance: float) -> Effect:
    """Compares two families by the normal approximation."""
    error = math.sqrt(max(0.0, variance))
    p_value = math.erfc(abs(difference) / error / math.sqrt(2)) if error else float(difference == 0)
    return Effect(
        difference, max(-1.0, difference - Z * error), min(1.0, difference + Z * error), p_value, error, math.inf
    )


def compare_sides(pairs: Pairs, is_open: Flags, limit: float = math.inf) -> Effect | None:
    """Averages the difference over all pairs of an open and a proprietary family; None if no pair shares a group.

    The p tells how often families whose sides are exchanged at random differ so much. The interval is of Student's
    form: its error is that of families resampled within their side, or that of the threads alone where it is larger.
    """
    across = pairs.differences[np.ix_(is_open, ~is_open)]
    if not (present := ~np.isnan(across)).any():
        return None
    value = float(across[present].mean())
    least = min(is_open.sum(), (~is_open).sum())
    threads = float(pairs.variances[np.ix_(is_open, ~is_open)][present].mean()) / least
    error = math.sqrt(max(_resample_variance(across) * least / max(1, least - 1), threads))
    reach = compute_student_quantile(max(1, int(least) - 1)) * error
    return Effect(
        value,
        max(-limit, value - reach),
        min(limit, value + reach),
        _compute_exchange_p(pairs.differences, is_open, value),
        error,
        max(1, int(least) - 1),
    )


def _resample_variance(across: Floats) -> float:
    """Computes the variance of the mean difference when the families of each side are resampled."""
    first, second = (_draw_families(size, side) for side, size in enumerate(across.shape))
    present = ~np.isnan(across)
    with np.errstate(invalid="ignore"):
        means = ((first @ np.nan_to_num(across)) * second).sum(1) / ((first @ present.astype(float)) * second).sum(1)
    return float(np.nanvar(means))


@lru_cache(maxsize=64)
def _draw_families(size: int, side: int) -> npt.NDArray[np.int64]:
    """Draws the families of a side: draws × families; `side` distinguishes the two sides."""
    return np.random.default_rng([SEED, side]).multinomial(size, np.full(size, 1 / size), DRAWS)


def _compute_exchange_p(differences: Floats, is_open: Flags, value: float) -> float:
    """Computes the share of exchanges of families between the sides that differ at least as much."""
    labels = _list_exchanges(len(is_open), int(is_open.sum()))
    present = (~np.isnan(differences)).astype(float)
    # Within a side each difference cancels against its opposite, so that only the sums of the rows count.
    sums = labels @ np.nan_to_num(differences).sum(1)
    is_whole = present.sum() == len(is_open) * (len(is_open) - 1)
    counts = is_open.sum() * (~is_open).sum() if is_whole else ((labels @ present) * (1 - labels)).sum(1)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = sums / counts
    # The tolerance counts exchanges that equal the observed one except for rounding.
    as_far = int((np.abs(means) >= abs(value) - 1e-12).sum())
    return (
        as_far / len(labels)
        # Sampled exchanges exclude the observed one, which always counts; otherwise p could be 0.
        if math.comb(len(is_open), int(is_open.sum())) <= EXCHANGES
        else (1 + as_far) / (1 + len(labels))
    )


@lru_cache(maxsize=64)
def _list_exchanges(families: int, first: int) -> Floats:
    """Lists ways to give `first` of the families to one side, one a row: all of them, or a random sample."""
    if math.comb(families, first) <= EXCHANGES:
        rows: Iterator[tuple[int, ...]] = combinations(range(families), first)
        labels = np.zeros((math.comb(families, first), families))
        for number, row in enumerate(rows):
            labels[number, list(row)] = 1
        return labels
    order = np.random.default_rng(SEED).random((EXCHANGES, families)).argsort(1)
    return (order < first).astype(float)


def compare_with_level(values: Floats, variances: Floats, level: float) -> Effect:
    """Measures how far the mean of some families lies above a level; p comes from random signs of the families."""
    gaps = values - level
    mean, count = float(gaps.mean()), len(gaps)
    error = math.sqrt(
        max(float(gaps.var(ddof=1)) if count > 1 else 0.0, float(np.nan_to_num(variances).mean())) / count
    )
    reach = compute_student_quantile(max(1, count - 1)) * error
    if 2**count <= EXCHANGES:
        signs = 1.0 - 2.0 * ((np.arange(2**count)[:, None] >> np.arange(count)) & 1)
        p_value = float((np.abs(signs @ gaps) >= abs(gaps.sum()) - 1e-12).mean())
    else:
        signs = np.asarray(np.random.default_rng(SEED).choice([-1.0, 1.0], (EXCHANGES, count)), dtype=float)
        p_value = (1 + int((np.abs(signs @ gaps) >= abs(gaps.sum()) - 1e-12).sum())) / (1 + EXCHANGES)
    return Effect(mean, mean - reach, mean + reach, p_value, error, max(1, count - 1))


def adjust_by_holm(p_values: Floats) -> Floats:
    """Adjusts p values by Holm: the chance of even one false finding stays below it, however the tests are related."""
    order = np.argsort(p_values, kind="stable")
    steps = (len(p_values) - np.arange(len(p_values))) * p_values[order]
    adjusted = np.empty_like(p_values)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(steps))
    return adjusted
