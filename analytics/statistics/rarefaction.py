"""How few people did half of a hundred pieces of work, and how much one piece of each moves that number."""

import math

import numpy as np
import numpy.typing as npt

from analytics.statistics.student import compute_student_quantile

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
PIECES = 100


def measure_loads(counts: Whole, drawn: Whole, halves: Whole) -> tuple[Floats, float]:
    """Measures how much one piece of each person moves the mean, and the variance that this makes of the mean if pieces
    are independent. What chance in so many draws adds to it is taken off."""
    left = (counts.sum() - 1) / (counts.sum() - PIECES)
    loads: Floats = ((halves - halves.mean()) @ (drawn - drawn.mean(0))) / len(drawn) / counts * left
    by_chance = float(halves.var()) * PIECES / counts.sum() * (len(counts) - 1) / len(drawn) * left
    return loads, max(0.0, float(counts @ loads**2) - by_chance)


def widen_by_weeks(moved: Floats, pieces: Whole, week: Whole, likeness: float, assumed: float) -> float:
    """Computes the quantile that an error for independent pieces is multiplied by, times the root of the design effect
    of weeks."""
    sizes, sums = np.bincount(week, pieces), np.bincount(week, moved)
    if len(sizes) == pieces.sum():
        return compute_student_quantile(math.inf)
    group_size = float(sizes @ sizes / sizes.sum())
    freedom, assumed_design = sizes.sum() / group_size - 1, 1 + (group_size - 1) * likeness
    alone = float((moved**2 / pieces).sum())
    seen = float(sums @ sums) * len(sums) / max(1, len(sums) - 1) / alone if alone > 0 else assumed_design
    design = max(1.0, (freedom * seen + assumed * assumed_design) / (freedom + assumed))
    return compute_student_quantile(freedom + assumed) * math.sqrt(design)


def count_halves(drawn: Whole) -> Whole:
    """Counts the fewest people behind at least half of the pieces; `drawn` is draws × people."""
    done = np.cumsum(-np.sort(-drawn, axis=1), axis=1)
    halves: Whole = 1 + np.argmax(2 * done >= drawn.sum(axis=1, keepdims=True), axis=1)
    return halves
