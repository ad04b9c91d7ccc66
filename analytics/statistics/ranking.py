"""Ranks of families, and ranges of ranks that hold for all families at once.

Shares are compared on the scale of the arcsine, where the error of a share hardly depends on the share itself. Ranks
are of pooled figures, so that the highest figure is not taken for the best family; where all are pooled to their mean,
their own figures order them. Ranges come from the differences of
each two families, all of which hold together with 95 % (Mogstad, Romano, Shaikh and Wilhelm 2024), whatever the
families' true figures are. If some of a family's items were not seen, two families are distinguished only if they are
whatever those items were.
"""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.statistics.meta_analysis import pool_families
from analytics.statistics.student import compute_student_quantile

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
DRAWS = 10_000
"""Draws of which the width of all differences is read."""
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Ranking:
    """Pooled figure of each family with its 95 % limits, its rank by it, the range of its rank for all families at
    once, and the number of others that it cannot be known from."""

    values: Floats
    lows: Floats
    highs: Floats
    ranks: Whole
    rank_lows: Whole
    rank_highs: Whole
    level_counts: Whole

    def describe(self, number: int) -> dict[str, Any]:
        """Describes one family by the columns of its rank."""
        families, level = len(self.ranks), int(self.level_counts[number])
        shown = f"no difference shown from {level} of {families - 1}" if level else "differs from every other"
        return {
            "pooled_value": self.values[number], "pooled_low": self.lows[number], "pooled_high": self.highs[number],
            "rank": self.ranks[number], "rank_low": self.rank_lows[number], "rank_high": self.rank_highs[number],
            "families_count": families, "level_count": level, "comparison": shown,
        }  # fmt: skip


def rank_shares(
    shares: Floats,
    variances: Floats,
    freedoms: Floats,
    items: Floats,
    is_high_better: bool,
    rng: np.random.Generator,
    unseen: Floats | float = 0.0,
) -> Ranking:
    """Ranks families by shares of so many items, with variances of so many degrees of freedom and a part not seen."""
    # Without a pinch of both kinds, a share of 0 or 1 has no error on this scale.
    kept = np.clip(shares, 1 / (items + 2), 1 - 1 / (items + 2))
    angles, spreads = np.arcsin(np.sqrt(kept)), variances / (4 * kept * (1 - kept))
    pooled = pool_families(angles, widen_variances(spreads, freedoms))
    sign = -1 if is_high_better else 1
    least, most = (np.arcsin(np.sqrt(kept * (1 - unseen) + added)) for added in (0.0, unseen))
    is_apart = find_differences((least, most), spreads, freedoms, rng)
    better = is_apart & (sign * angles[None, :] < sign * angles[:, None])
    # Families without any spread between them are pooled to one figure, and differ by rounding only.
    order = np.lexsort((sign * angles, np.round(sign * pooled.values, 12)))
    ranks = 1 + np.argsort(order)
    value, low, high = (np.sin(np.clip(ends, 0, np.pi / 2)) ** 2 for ends in (pooled.values, pooled.lows, pooled.highs))
    return Ranking(
        value,
        low,
        high,
        ranks,
        np.minimum(ranks, 1 + better.sum(1)),
        np.maximum(ranks, len(shares) - better.sum(0)),
        (~is_apart).sum(1) - 1,
    )


def widen_variances(variances: Floats, freedoms: Floats, tail: float = LEVEL / 2) -> Floats:
    """Widens variances to those of normal errors that reach as far as Student's do."""
    normal = NormalDist().inv_cdf(1 - tail)
    ratios = np.array([compute_student_quantile(float(freedom), tail) / normal for freedom in freedoms])
    widened: Floats = variances * ratios**2
    return widened


def find_differences(
    bounds: tuple[Floats, Floats], variances: Floats, freedoms: Floats, rng: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """Finds the pairs that differ; the chance of even one false one among all pairs is 5 %.

    The bounds are the least and the most that each could be by what was not seen, and the same if all was.
    """
    reach = draw_reach(variances, rng)
    # Far out, where a difference of many must lie, Student's tails are longer than at the ends of one interval.
    widened = widen_variances(variances, freedoms, max(1e-9, 1 - NormalDist().cdf(reach)))
    gaps = bounds[0][:, None] - bounds[1]
    apart: npt.NDArray[np.bool_] = np.maximum(gaps, gaps.T) > reach * np.sqrt(widened[:, None] + widened)
    return apart


def draw_reach(variances: Floats, rng: np.random.Generator) -> float:
    """Draws how many errors the widest of all differences spans in 95 % of the cases if all families are equal."""
    drawn = rng.standard_normal((DRAWS, len(variances))) * np.sqrt(variances)
    widest = np.zeros(DRAWS)
    for family in range(1, len(variances)):
        gaps = np.abs(drawn[:, :family] - drawn[:, [family]]) / np.sqrt(variances[:family] + variances[family])
        widest = np.maximum(widest, gaps.max(1))
    return float(np.quantile(widest, 1 - LEVEL))
