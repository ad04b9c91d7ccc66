"""Ranges of ranks that hold for all families at once.

They come from the differences of each two families, all of which hold together with 95 %, whatever the families' true
figures are (Mogstad, Romano, Shaikh and Wilhelm 2024), by the quantile of the studentized range with each pair's own
error and freedom (Games and Howell 1976). If some of a family's items were not seen, two families are distinguished
only if they are whatever those items were.
"""

import numpy as np
from statsmodels.stats.libqsturng import qsturng

from analytics.statistics.effects import Estimates
from analytics.statistics.survival import TAIL, Flags, Floats, Whole


def rank_families(estimates: Estimates, is_high_better: bool, below: Floats, above: Floats) -> dict[str, Whole]:
    """Ranks families by figures that could lie so far below or above by what was not seen: the rank, its range for all
    families at once, and the number of others that each cannot be known from."""
    ordered = -estimates.values if is_high_better else estimates.values
    is_apart = find_differences(estimates, below, above)
    better = is_apart & (ordered < ordered[:, None])
    ranks = 1 + np.argsort(np.argsort(ordered, kind="stable"))
    return {
        "rank": ranks,
        "rank_low": np.minimum(ranks, 1 + better.sum(1)),
        "rank_high": np.maximum(ranks, len(ranks) - better.sum(0)),
        "level_count": (~is_apart).sum(1) - 1,
    }


def find_differences(estimates: Estimates, below: Floats | float = 0.0, above: Floats | float = 0.0) -> Flags:
    """Finds the pairs that differ; the chance of even one false one among all pairs is 5 %."""
    variances, freedoms = estimates.measure_variances(), estimates.freedoms
    parts = variances**2 / freedoms
    freedom = (variances[:, None] + variances) ** 2 / np.maximum(parts[:, None] + parts, 1e-300)
    reach = qsturng(1 - 2 * TAIL, len(variances), np.maximum(1, freedom)) * np.sqrt(estimates.measure_gaps() / 2)
    gaps = (estimates.values - below)[:, None] - (estimates.values + above)
    apart: Flags = np.maximum(gaps, gaps.T) > reach
    return apart
