"""
question: Between which means of a Poisson distribution is the observed number of events plausible?
grain: events_count
unit: events
standard: exact (Garwood) 95 % interval of a Poisson mean
caveats: For the numbers that occur in `metrics.event_counts`. In Python, because SQL has no quantiles of the
  chi-square distribution.
version: 1
"""

import math
from collections.abc import Callable

import duckdb
import pyarrow as pa


def poisson_limits(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Computes the lower and the upper limit of the mean for each number of events seen."""
    counts = connection.sql("select events_count from metrics.event_counts").fetchall()
    ((tail,),) = connection.sql("select tail_share from metrics.rules").fetchall()
    rows = [
        {"events_count": count, "mean_low": find_lower_limit(count, tail), "mean_high": find_upper_limit(count, tail)}
        for (count,) in counts
    ]
    schema = pa.schema([("events_count", pa.int64()), ("mean_low", pa.float64()), ("mean_high", pa.float64())])
    return pa.Table.from_pylist(rows, schema)


def find_lower_limit(count: int, tail: float) -> float:
    """Finds the mean at which this many or more have the probability `tail`; 0 for none."""
    return _bisect_mean(count, lambda mean: 1 - compute_cumulative(count - 1, mean) < tail) if count else 0.0


def find_upper_limit(count: int, tail: float) -> float:
    """Finds the mean at which this many or fewer have the probability `tail`."""
    return _bisect_mean(count, lambda mean: compute_cumulative(count, mean) > tail)


def compute_cumulative(count: int, mean: float) -> float:
    """Computes the probability of `count` or fewer under a Poisson mean above 0."""
    term = total = math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
    if not term:  # underflow: the mean is far away on one side or the other
        return float(mean < count)
    for number in range(count, 0, -1):
        term *= number / mean
        total += term
        # The remaining terms are too small to change a float.
        if number < mean and term < total * 1e-17:
            break
    return total


def _bisect_mean(count: int, is_too_low: Callable[[float], bool]) -> float:
    """Bisects to the last bit that a float holds."""
    low, high = 0.0, count + 10 + 10 * math.sqrt(count)
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if is_too_low(middle) else (low, middle)
    return middle
