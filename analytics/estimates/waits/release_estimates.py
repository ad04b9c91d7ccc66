"""
question: After how many hours is a share of releases followed by another?
grain: family_id, channel_kind, channel_role, segment, window, statistic
unit: hours
standard: Kaplan-Meier quantiles with log-log intervals
caveats: No gate is applied yet. Quantiles are as in answer_estimates.
data: statistics/waits.py, statistics/worth.py, statistics/survival.py, shapes/worth.sql
"""

import duckdb
import pyarrow as pa

from analytics.statistics.waits import estimate_ends


def release_estimates(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Estimates the gaps between releases."""
    return estimate_ends(connection, "metrics.release_waits", levels={"p25": 0.25, "median": 0.5, "p75": 0.75})
