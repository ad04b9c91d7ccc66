"""Ranks of families, and ranges of ranks that hold for all families at once.

Shares are compared on the scale of the arcsine, where the error of a share hardly depends on the share itself. Ranks
are of pooled figures, so that the highest figure is not taken for the best family; where all are pooled to their mean,
their own figures order them. Ranges come from the differences of each two families, all of which hold together with
95 %, whatever the families' true figures are (Mogstad, Romano, Shaikh and Wilhelm 2024), by the quantile of the
studentized range with each pair's own error and freedom (Games and Howell 1976). If some of a family's items were not
seen, two families are distinguished only if they are whatever those items were.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.statistics.meta_analysis import pool_families

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
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
        return {
            "pooled_value": self.values[number], "pooled_low": self.lows[number], "pooled_high": self.highs[number],
            "rank": self.ranks[number], "rank_low": self.rank_lows[number], "rank_high": self.rank_highs[number],
            "families_count": len(self.ranks), "level_count": self.level_counts[number],
        }  # fmt: skip


def rank_shares(
    shares: Floats,
    variances: Floats,
    freedoms: Floats,
    items: Floats,
    is_high_better: bool,
    unseen: Floats | float = 0.0,
) -> Ranking:
    """Ranks families by shares of so many items, with variances of so many degrees of freedom and a part not seen."""
    # Without a pinch of both kinds, a share of 0 or 1 has no error on this scale.
    kept = np.clip(shares, 1 / (items + 2), 1 - 1 / (items + 2))
    angles, spreads = np.arcsin(np.sqrt(kept)), variances / (4 * kept * (1 - kept))
    pooled = pool_families(angles, spreads)
    sign = -1 if is_high_better else 1
    least, most = (np.arcsin(np.sqrt(kept * (1 - unseen) + added)) for added in (0.0, unseen))
    is_apart = find_differences((least, most), spreads, freedoms)
    better = is_apart & (sign * angles[None, :] < sign * angles[:, None])
    # Families without any spread between them are pooled to one figure, and differ by rounding only.
    order = np.lexsort((sign * angles, np.round(sign * pooled.values, 12)))
    ranks = 1 + np.argsort(order)
    value, low, high = (np.sin(np.clip(ends, 0, np.pi / 2)) ** 2 for ends in (pooled.values, pooled.lows, pooled.highs))
    rank_lows, rank_highs = np.minimum(ranks, 1 + better.sum(1)), np.maximum(ranks, len(shares) - better.sum(0))
    return Ranking(value, low, high, ranks, rank_lows, rank_highs, (~is_apart).sum(1) - 1)


def find_differences(bounds: tuple[Floats, Floats], variances: Floats, freedoms: Floats) -> npt.NDArray[np.bool_]:
    """Finds the pairs that differ; the chance of even one false one among all pairs is 5 %.

    The bounds are the least and the most that each could be by what was not seen, and the same if all was.
    """
    # Imported here because it brings pandas, which few commands need.
    from statsmodels.stats.libqsturng import qsturng

    both = variances[:, None] + variances
    freedom = both**2 / np.maximum(variances[:, None] ** 2 / freedoms[:, None] + variances**2 / freedoms, 1e-300)
    reach = qsturng(1 - LEVEL, len(variances), np.maximum(1, freedom)) * np.sqrt(both / 2)
    gaps = bounds[0][:, None] - bounds[1]
    apart: npt.NDArray[np.bool_] = np.maximum(gaps, gaps.T) > reach
    return apart
