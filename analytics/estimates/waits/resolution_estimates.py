"""
question: What share of reports is closed in each way by 30 days, and when is half resolved?
grain: family_id, channel_kind, channel_role, segment, window, cause, statistic, hours
standard: Aalen-Johansen estimate with log-log intervals, widened for weeks that are alike
caveats: No gate is applied yet. The `share` is that closed in one way by `hours`, and `waiting` that of open reports;
  all shares sum to 1. Quantiles are of all reports, even those that end otherwise: if more than half do, half is never
  reached, and the figure is empty.
data: statistics/waits.py, statistics/worth.py, statistics/survival.py, shapes/worth.sql
"""

import duckdb
import pyarrow as pa

from analytics.statistics.waits import WAITING, estimate_ends

CAUSES = (
    "resolved", "not_planned", "duplicate", "bot_closed", "asker_closed", "otherwise_closed", "unknown",
    WAITING,
)  # fmt: skip


def resolution_estimates(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Estimates how and when reports are closed."""
    return estimate_ends(connection, "metrics.resolution_waits", levels={"median": 0.5}, causes=CAUSES, hours=(720.0,))
