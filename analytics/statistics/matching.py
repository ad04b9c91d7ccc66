"""Checks of comparisons: the exchange of families between the sides, and the correction for many comparisons."""

import math
from functools import lru_cache
from itertools import combinations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
EXCHANGES = 5_000
"""Exchanges of families are enumerated up to this number; beyond it, this many are drawn."""
SEED = 20_260_101


def compute_exchange_p(values: Floats, is_open: Flags) -> float:
    """Computes the share of exchanges of families between the sides whose means lie as many errors apart.

    The distance is studentised, as Welch does, because a plain one takes sides of unlike spread for unlike means (Chung
    and Romano 2013). At least two families a side.
    """
    count, first = len(values), int(is_open.sum())
    labels = _list_exchanges(count, first)
    found = float(_studentise(is_open.astype(float)[None, :], values)[0])
    # The tolerance counts exchanges that equal the observed one except for rounding.
    as_far = int((np.abs(_studentise(labels, values)) >= abs(found) * (1 - 1e-9) - 1e-12).sum())
    # Sampled exchanges exclude the observed one, which always counts; otherwise p could be 0.
    is_whole = math.comb(count, first) <= EXCHANGES
    return as_far / len(labels) if is_whole else (1 + as_far) / (1 + len(labels))


def _studentise(labels: Floats, values: Floats) -> Floats:
    """Measures the distance of the means of both sides in standard errors, one number for each row of labels, which
    all give as many families to the first side."""
    centred, first = values - values.mean(), float(labels[0].sum())
    powers = np.stack([centred, centred**2], axis=1)
    sums, parts = labels @ powers, []
    for side, count in ((sums, first), (powers.sum(0) - sums, len(values) - first)):
        mean, square = (side / count).T
        parts.append((mean, np.maximum(0.0, square - mean**2) / (count - 1)))
    (ours, our_error), (theirs, their_error) = parts
    # Sides without any spread are as far apart as can be, or not at all.
    smallest = 1e-12 * max(float(values.var()), 1e-300)
    apart: Floats = (ours - theirs) / np.sqrt(np.maximum(our_error + their_error, smallest))
    return apart


@lru_cache(maxsize=64)
def _list_exchanges(families: int, first: int) -> Floats:
    """Lists ways to give `first` of the families to one side, one a row: all of them, or a random sample."""
    if math.comb(families, first) <= EXCHANGES:
        labels = np.zeros((math.comb(families, first), families))
        for number, row in enumerate(combinations(range(families), first)):
            labels[number, list(row)] = 1
        return labels
    order = np.random.default_rng(SEED).random((EXCHANGES, families)).argsort(1)
    return (order < first).astype(float)


def adjust_by_holm(p_values: Floats) -> Floats:
    """Adjusts p values by Holm: the chance of even one false finding stays below it, however the tests are related."""
    order = np.argsort(p_values, kind="stable")
    steps = (len(p_values) - np.arange(len(p_values))) * p_values[order]
    adjusted = np.empty_like(p_values)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(steps))
    return adjusted
