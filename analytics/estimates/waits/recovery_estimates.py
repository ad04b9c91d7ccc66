"""
question: After how many hours is a share of incidents over?
grain: family_id, channel_kind, channel_role, segment, window, statistic
unit: hours
standard: Kaplan-Meier quantiles with log-log intervals
caveats: No gate is applied yet. Quantiles are as in answer_estimates.
data: statistics/waits.py, statistics/worth.py, statistics/survival.py, shapes/worth.sql
"""

import duckdb
import pyarrow as pa

from analytics.statistics.waits import estimate_ends


def recovery_estimates(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Estimates how long incidents last."""
    return estimate_ends(connection, "metrics.recovery_waits", levels={"median": 0.5, "p90": 0.9})
