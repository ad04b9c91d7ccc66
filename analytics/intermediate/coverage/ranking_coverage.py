"""
question: How often is what is said of sides and ranks right, where the truth is known?
grain: statement, world
unit: share
standard: coverage and error rates in simulated worlds, drawn from fixed seeds
caveats: Families of 20 to 400 questions of three kinds, each with its own mix; those of one week are answered alike,
  with an intraclass correlation of 0.05, which is assumed. `found_before` is what exchanged families, plain Mantel and
  Haenszel differences and ranks from a bootstrap came to in the same worlds. Written by `python -m tests.coverage
  --write`.
data: ranks.csv, statistics/simulations.py
version: 1
"""

import duckdb
import pyarrow as pa

from analytics.statistics.simulations import read_simulations

TYPES = {
    "statement": "string", "world": "string", "worlds_count": "int64", "found_value": "double", "unit": "string",
    "wanted_range": "string", "found_before": "string", "deviation_reason": "string",
}  # fmt: skip


def ranking_coverage(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Reads the committed table: one row per statement and world."""
    del connection  # every metric gets one, but this one reads a file only
    return read_simulations("ranks.csv", TYPES)
