"""
question: What share of requests is answered after so many hours, and after how many hours is a share answered?
grain: family_id, channel_kind, channel_role, segment, window, statistic, hours
published: yes
standard: Kaplan-Meier estimate with log-log intervals, widened for weeks that are alike; at 0 and 1 the exact binomial
  limit; bounds for what was not seen
caveats: No gate is applied yet. The `share` is that answered by `hours`: within a day, a week and 30 days, and of 20
  requests or more also by the hours of the charts, for the segments that these draw. It is empty beyond the longest
  time for which anything was observed. The median is empty if it is never reached; `is_unreached`: there is enough to
  say that it lies beyond what was observed. `answered_only_median` leaves out who still waits.
  Requests of one week, and of weeks beside each other, are alike, and of newcomers and people who asked before also
  those of one person: both widen the interval. Those of which it was not seen whether they were answered (`n_unseen`)
  widen the interval; if they are too many (`is_hidden`) there is no value, and the ends of a share are the bounds.
data: statistics/waits.py, statistics/worth.py, statistics/survival.py, shapes/worth.sql
"""

import duckdb
import pyarrow as pa

from analytics.statistics.waits import estimate_answers

WAITS = """(
    select
        w.*, case when w.segment in ('newcomer', 'known') and t.actor_id is not null
            then hash(t.source, t.actor_id) end as person_key
    from metrics.answer_waits as w
    left join staging.threads as t on t.thread_id = w.item_id
)"""


def answer_estimates(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Estimates the waits for answers."""
    return estimate_answers(connection, WAITS)
