"""
question: What share of requests has had each first response, or none, by a week?
grain: family_id, channel_kind, channel_role, segment, window, cause, statistic, hours
standard: Aalen-Johansen estimate with log-log intervals, widened for weeks that are alike
caveats: No gate is applied yet. What comes first in one way never does in another. `waiting` is the share of which
  nothing came; all shares sum to 1. Those of which it was not seen what came first (`n_unseen`) widen the intervals;
  if they are too many (`is_hidden`) there is no value.
data: statistics/waits.py, statistics/worth.py, statistics/survival.py, shapes/worth.sql
"""

import duckdb
import pyarrow as pa

from analytics.statistics.waits import WAITING, estimate_ends

CAUSES = (
    "staff", "maintainer", "outsider", "unknown", "agent", "fixed", "bot_closed", "asker_closed", "closed",
    "closed_unknown", WAITING,
)  # fmt: skip


def first_estimates(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Estimates what comes first within a week."""
    return estimate_ends(connection, "metrics.first_waits", causes=CAUSES, hours=(168.0,))
