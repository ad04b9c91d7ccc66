"""Bootstrap by cluster: whole threads are resampled within their channel, but only the counts by kind are drawn.

A statistic here depends on threads only through the number of each kind: kinds are (items, items with the property),
or (hours on a grid, answered or not). To draw N threads of a channel with replacement, each of the N equally likely
each time, and then to count the kinds, is to draw those counts from the multinomial distribution of N with the shares
of the kinds. So the counts are drawn at once: B × kinds numbers, not B × threads. Replies of a thread are one kind
together and stay together.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
DRAWS = 1000
TAIL = 0.025


def make_generator(*names: str) -> np.random.Generator:
    """Makes the randomness of one figure: the same for the same names, whatever else is computed."""
    return np.random.default_rng(int.from_bytes(hashlib.blake2b("/".join(names).encode(), digest_size=8).digest()))


def draw_counts(counts: npt.NDArray[np.int64], rng: np.random.Generator, draws: int = DRAWS) -> npt.NDArray[np.int64]:
    """Draws the threads of one channel, as counts by kind: draws × kinds."""
    return rng.multinomial(int(counts.sum()), counts / counts.sum(), size=draws)


def draw_shares(channels: Sequence[npt.NDArray[np.int64]], rng: np.random.Generator, draws: int = DRAWS) -> Floats:
    """Draws the share of one family; a channel is its kinds: rows of (items, items with the property, threads)."""
    items, yes = np.zeros(draws), np.zeros(draws)
    for kinds in channels:
        counts = draw_counts(kinds[:, 2], rng, draws)
        items += counts @ kinds[:, 0]
        yes += counts @ kinds[:, 1]
    return yes / items


def draw_answered_shares(
    channels: Sequence[npt.NDArray[np.int64]], steps: int, rng: np.random.Generator, draws: int = DRAWS
) -> Floats:
    """Draws the share answered within `steps` steps of the grid by Kaplan and Meier.

    A channel is rows of (step, answered or not, threads); what is later than the last step stands in the step after it.
    """
    ended, censored = np.zeros((draws, steps + 1)), np.zeros((draws, steps + 1))
    for kinds in channels:
        counts = draw_counts(kinds[:, 2], rng, draws)
        for into, is_event in ((ended, 1), (censored, 0)):
            mine = kinds[:, 1] == is_event
            into[:, kinds[mine, 0]] += counts[:, mine]
    at_risk = np.cumsum((ended + censored)[:, ::-1], axis=1)[:, ::-1]
    with np.errstate(invalid="ignore"):
        left = np.where(at_risk > 0, 1 - ended / at_risk, 1.0)
    shares: Floats = 1 - left[:, :steps].prod(axis=1)
    return shares


def compute_rank_ranges(values: Floats, draws: Floats, is_higher_better: bool) -> npt.NDArray[np.int64]:
    """Computes each rank and its range in 95 % of the draws: families × 3; `draws` is families × draws, ties share a
    rank."""
    sign = -1 if is_higher_better else 1
    ranks = 1 + (sign * values[None, :] < sign * values[:, None]).sum(1)
    best = 1 + (sign * draws[None, :, :] < sign * draws[:, None, :]).sum(1)
    worst = (sign * draws[None, :, :] <= sign * draws[:, None, :]).sum(1)
    # Rounded outwards, because ranks are whole numbers and a range must not be too narrow.
    low = np.quantile(best, TAIL, axis=1, method="lower")
    high = np.quantile(worst, 1 - TAIL, axis=1, method="higher")
    return np.stack([ranks, np.minimum(low, ranks), np.maximum(high, ranks)], axis=1).astype(np.int64)


def count_overlaps(ranges: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Counts the others whose range of ranks overlaps each."""
    low, high = ranges[:, 1], ranges[:, 2]
    counts: npt.NDArray[np.int64] = ((low[:, None] <= high[None, :]) & (high[:, None] >= low[None, :])).sum(1) - 1
    return counts
