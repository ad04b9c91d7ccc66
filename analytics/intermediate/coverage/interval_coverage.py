"""
question: How often do the published intervals contain the true value, where it is known?
grain: interval, world
unit: share
standard: coverage in simulated worlds, drawn from fixed seeds
caveats: The product's own shapes and estimates, run on worlds in which items come in weeks, answers from few people,
  incidents in runs, notices in announcements, and replies are missing; nominally 95 %. How alike items are, and how
  large runs are, is assumed, as no channel has been followed for long enough. `held_before` is what the intervals for
  independent items held. Written by `python -m tests.coverage --write`.
data: coverage.csv, statistics/simulations.py
version: 1
"""

import duckdb
import pyarrow as pa

from analytics.statistics.simulations import read_simulations

TYPES = {
    "interval": "string", "world": "string", "worlds_count": "int64", "shown_share": "double", "held_share": "double",
    "simulation_error": "double", "mean_width": "double", "held_before": "string", "deviation_reason": "string",
}  # fmt: skip


def interval_coverage(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Reads the committed table: one row per interval and world; a share is null where no interval was shown."""
    del connection  # every metric gets one, but this one reads a file only
    return read_simulations("coverage.csv", TYPES)
