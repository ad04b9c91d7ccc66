"""
question: Between which means is the observed number of events plausible?
grain: rate, family_id, channel_kind, channel_role, segment, window
unit: events
standard: mid-p 95 % interval of a Poisson mean (Lancaster 1961), for the number of events over their dispersion, times
  it; the exact one (Garwood) where events come in runs
caveats: For the counts in `metrics.event_counts`. Of the probability of just this number of events half counts for
  either end: the exact limits, which count all of it for both, hold a mean of a few single events in 97 to 99 of 100
  cases. How much more events in runs vary is known too badly for that. In Python, because SQL has no quantiles of the
  gamma distribution.
"""

import math
from collections.abc import Callable
from functools import lru_cache

import duckdb
import pyarrow as pa
from scipy import special

KEYS = ("rate", "family_id", "channel_kind", "channel_role", "segment", "window")
COUNTS = ("observed_days", "events_count", "left_out_count", "bursts_count")


def rate_limits(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Computes the lower and the upper limit of the mean number of events of each rate."""
    ((tail,),) = connection.sql("select tail_share from metrics.rules").fetchall()
    counts = connection.sql("from metrics.event_counts").to_arrow_table()
    events, scales = counts["events_count"].to_pylist(), counts["dispersion"].to_pylist()
    parts = [1.0 if in_runs else 0.5 for in_runs in counts["comes_in_runs"].to_pylist()]
    limits = [find_limits(count / scale, tail, part) for count, scale, part in zip(events, scales, parts, strict=True)]
    return pa.table(
        {name: counts[name] for name in (*KEYS, *COUNTS)}
        | {
            "mean_low": pa.array([low * scale for (low, _), scale in zip(limits, scales, strict=True)], pa.float64()),
            "mean_high": pa.array(
                [high * scale for (_, high), scale in zip(limits, scales, strict=True)], pa.float64()
            ),
        }
    )


@lru_cache(maxsize=100_000)
def find_limits(count: float, tail: float, part: float = 1.0) -> tuple[float, float]:
    """Finds the means at which this many or more, and this many or fewer, have the probability `tail`; of that of just
    this many, this part counts."""

    def measure_fewer(mean: float, own_part: float) -> float:
        # The incomplete gamma function is the probability of so many or fewer, also for a broken number.
        fewer = special.gammaincc(count, mean) if count else 0.0
        return float(own_part * special.gammaincc(count + 1, mean) + (1 - own_part) * fewer)

    low = _bisect_mean(count, lambda mean: 1 - measure_fewer(mean, 1 - part) < tail) if count else 0.0
    return low, _bisect_mean(count, lambda mean: measure_fewer(mean, part) > tail)


def _bisect_mean(count: float, is_too_low: Callable[[float], bool]) -> float:
    """Bisects to a relative width far below the digits that are shown."""
    low, high = 0.0, count + 10 + 10 * math.sqrt(count)
    while high - low > 1e-13 * high and low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if is_too_low(middle) else (low, middle)
    return (low + high) / 2
