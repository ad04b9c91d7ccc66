"""
question: How often does the board find a difference that is there, and one that is not?
grain: world, true_effect
unit: share
standard: power by simulation, from fixed seeds
caveats: A claim of four shares, more than half of which must hold, on a board with five others that come to nothing; 13
  open and 8 proprietary families of 40 to 600 threads, if the world does not say otherwise. The smallest effect that
  matters is 5 points. Where a difference is not `is_realised`, families are drawn from sides that differ by so much:
  those at hand may differ by more or less, which is what the board reports. `holds_before` is what the board of 25
  November 2026 found, in percent. Written by `python -m tests.coverage --write`.
data: power.csv, statistics/simulations.py
version: 1
"""

import duckdb
import pyarrow as pa

from analytics.statistics.simulations import read_simulations

TYPES = {
    "world": "string", "true_effect": "double", "is_realised": "bool", "worlds_count": "int64", "holds_share": "double",
    "mixed_share": "double", "refuted_share": "double", "close_share": "double", "holds_before": "double",
    "deviation_reason": "string",
}  # fmt: skip


def verdict_power(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Reads the committed table: one row per kind of world and true difference."""
    del connection  # every metric gets one, but this one reads a file only
    return read_simulations("power.csv", TYPES)
