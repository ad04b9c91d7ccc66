"""
question: What share of outsiders' changes is merged, closed or open after thirty days?
grain: family_id, channel_kind, channel_role, segment, window, cause, statistic, hours
standard: Aalen-Johansen estimate with log-log intervals, widened for weeks that are alike
caveats: No gate is applied yet. `waiting` is the share that is open; all shares sum to 1.
data: statistics/waits.py, statistics/worth.py, statistics/survival.py, shapes/worth.sql
"""

import duckdb
import pyarrow as pa

from analytics.statistics.waits import WAITING, estimate_ends


def change_estimates(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Estimates what becomes of changes within thirty days."""
    return estimate_ends(connection, "metrics.change_waits", causes=("merged", "closed", WAITING), hours=(720.0,))
