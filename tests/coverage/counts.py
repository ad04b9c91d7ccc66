"""Figures of counts: changes closed by changes proposed, people behind half of answers, and
points of disclosure."""

import math
from collections.abc import Iterator
from functools import cache, partial
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from analytics.statistics.rarefaction import PIECES, count_halves
from tests.coverage import product
from tests.coverage.case import Case
from tests.coverage.draws import Rng, draw_incidents
from tests.coverage.product import Interval

ANSWERS, LIKENESS = 300, 0.05
TOLD = (0.5, 0.25, 0.9, 0.8)
"""How often an incident has a cause, a report, named parts, and a post in time."""
SHARES = 1 / np.arange(3, 43) / np.sum(1 / np.arange(3, 43))
"""How often each person answers: a few do much."""


def list_counts() -> Iterator[Case]:
    """Lists all figures of counts."""
    for variation in (0.0, 0.5):
        words = "20 changes a month, half closed in 10 days" + (f", varies by {variation:.0%}" if variation else "")
        runner = partial(run_closures, variation=variation)
        before = "92.2" if variation else "98.5"
        yield Case("changes closed by changes proposed", words, 0.8, runner, before, 8)
    for weeks_count, words in ((300, "300 answers of 40 people"), (12, "300 answers of 40 people, in 12 unlike weeks")):
        runner = partial(run_halves, weeks=weeks_count)
        yield Case("people behind half of 100 answers", words, find_half(weeks_count), runner, "", 8)
    for alike, words in ((0.0, "60 incidents"), (0.4, "60 incidents, in all respects alike by 0.4")):
        runner = partial(run_points, alike=alike)
        yield Case("points of disclosure", words, 25 * sum(TOLD), runner, "", 8)


def run_closures(rng: Rng, count: int, variation: float) -> list[Interval]:
    """Runs changes of which four fifths are closed, soon or late."""

    def draw_world() -> list[tuple[float, float | None]]:
        world: list[tuple[float, float | None]] = []
        for opened in draw_incidents(rng, 24, 20.0, 1.0, variation):
            left = opened - rng.exponential(10 / np.log(2))
            world.append((opened, float(left) if left > 0 and rng.random() < 0.8 else None))
        return world

    return product.read_closure_ratios([draw_world() for _ in range(count)])


@cache
def find_half(weeks: int) -> float:
    """Finds the mean number of people behind half of a hundred answers drawn from those of many such windows."""
    rng = np.random.default_rng(7)
    windows = [np.sum(_draw_weeks(rng, weeks), axis=0) for _ in range(8000 if weeks < ANSWERS else 0)]
    # Of independent answers a hundred of the window are a hundred of the community.
    drawn = [rng.multivariate_hypergeometric(window, PIECES) for window in windows] or [
        *rng.multinomial(PIECES, SHARES, size=30_000)
    ]
    return float(np.mean(count_halves(np.array([np.repeat(np.arange(len(SHARES)), counts) for counts in drawn]))))


def _draw_weeks(rng: Rng, weeks: int) -> npt.NDArray[np.int64]:
    """Draws how many answers each person gives in each week; in weeks with many answers others are busy each time."""
    if weeks == ANSWERS:
        return rng.multinomial(1, SHARES, size=weeks)
    return rng.multinomial(ANSWERS // weeks, rng.dirichlet(SHARES * (1 / LIKENESS - 1), size=weeks))


def run_halves(rng: Rng, count: int, weeks: int) -> list[Interval]:
    """Runs answers of one community."""
    return product.read_halves([_draw_weeks(rng, weeks).tolist() for _ in range(count)])


def run_points(rng: Rng, count: int, alike: float) -> list[Interval]:
    """Runs incidents of which some are told well in all respects: normal scores that correlate."""
    bars = [NormalDist().inv_cdf(share) for share in TOLD]

    def draw_incident() -> list[bool]:
        scores = math.sqrt(alike) * rng.standard_normal() + math.sqrt(1 - alike) * rng.standard_normal(len(bars))
        return [bool(score < bar) for score, bar in zip(scores, bars, strict=True)]

    return product.read_points([[draw_incident() for _ in range(60)] for _ in range(count)])
