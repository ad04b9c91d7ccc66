"""How few people did half of a hundred pieces of work, and how much one piece of each moves that number."""

import hashlib
import math

import numpy as np
import numpy.typing as npt

from analytics.statistics.effects import compute_student_quantile
from analytics.statistics.weeks import choose_span, compute_weekly_quantile

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
PIECES = 100
DRAWS = 2000
LEAST = 2 * PIECES
"""The fewest pieces of which a hundred are drawn: the variance of a mean over all such draws (a U-statistic) has no
unbiased estimate from fewer than twice as many (Smith and Grassle 1977; Wang and Lindsay 2014)."""


def make_generator(*names: str) -> np.random.Generator:
    """Makes the randomness of one figure: the same for the same names, whatever else is computed."""
    return np.random.default_rng(int.from_bytes(hashlib.blake2b("/".join(names).encode(), digest_size=8).digest()))


def draw_people(counts: Whole, draws: int, rng: np.random.Generator) -> Whole:
    """Draws PIECES of all pieces without replacement, so many times, and returns the places of the people in `counts`
    to whom they belong: draws × PIECES, sorted. By Floyd's algorithm, so that a draw costs the same however many people
    and pieces there are."""
    lasts = counts.sum() - np.arange(PIECES, 0, -1)
    drawn = rng.integers(0, lasts[:, None], (PIECES, draws), endpoint=True).astype(np.int32)
    for place, last in enumerate(lasts):
        drawn[place][(drawn[:place] == drawn[place]).any(axis=0)] = last
    return np.repeat(np.arange(len(counts)), counts)[np.sort(drawn.T, axis=1)]


def measure_loads(counts: Whole, owners: Whole, halves: Whole) -> tuple[Floats, float]:
    """Measures how much one piece of each person moves the mean, and the variance that this makes of the mean if pieces
    are independent. What chance in so many draws adds to it is taken off."""
    left = (counts.sum() - 1) / (counts.sum() - PIECES)
    moves = np.repeat(halves - halves.mean(), PIECES)
    loads: Floats = np.bincount(owners.ravel(), moves, len(counts)) / len(owners) / counts * left
    by_chance = float(halves.var()) * PIECES / counts.sum() * (len(counts) - 1) / len(owners) * left
    return loads, max(0.0, float(counts @ loads**2) - by_chance)


def measure_weeks(moved: Floats, pieces: Whole, week: Whole) -> float:
    """Measures the design effect of weeks, which may resemble their neighbours, with the square of the wider quantile;
    it is never below 1."""
    # Imported here because it brings pandas, which few commands need.
    from statsmodels.stats.sandwich_covariance import S_hac_simple

    sizes, sums, weeks = np.bincount(week, pieces), np.bincount(week, moved), int(week.max()) + 1
    total, alone = float(sizes.sum()), float((moved**2 / pieces).sum())
    freedom = total**2 / float(sizes @ sizes) - 1
    quantile = float(compute_weekly_quantile(weeks, freedom)) / compute_student_quantile(math.inf)
    if weeks == 1 or alone == 0:
        return quantile**2
    careful = sums / np.sqrt(1 - sizes / total)
    return max(1.0, float(S_hac_simple(careful, choose_span(weeks) - 1)[0, 0]) / alone * quantile**2)


def count_halves(owners: Whole) -> Whole:
    """Counts the fewest people behind at least half of the pieces; `owners` is draws × pieces, sorted."""
    draws, pieces = owners.shape
    person = np.cumsum(np.diff(owners, axis=1, prepend=owners[:, :1]) > 0, axis=1) + pieces * np.arange(draws)[:, None]
    drawn = np.bincount(person.ravel(), minlength=draws * pieces).astype(np.uint8).reshape(draws, pieces)
    done = np.cumsum(np.sort(drawn, axis=1)[:, ::-1], axis=1)
    halves: Whole = 1 + np.argmax(2 * done >= pieces, axis=1)
    return halves
