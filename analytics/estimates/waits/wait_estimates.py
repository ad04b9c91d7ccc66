"""
question: What share of threads has ended its wait after so many hours, at all or in one way, and after how many has a
  share?
grain: wait, family_id, channel_kind, channel_role, segment, window, cause, statistic, hours
standard: Kaplan-Meier or, of several ways of ending, Aalen-Johansen estimates with log-log intervals, widened for weeks
  and people that are alike; at 0 and 1 the exact binomial limit; bounds for what was not seen
caveats: No gate is applied yet. A `share` is empty beyond the longest time for which anything was observed. Those of
  all causes and of `waiting`, which is of what has not ended, sum to 1; without a cause it is of any end. A quantile is
  of all waits, whichever way they end, and empty if it is never reached; `is_unreached`: there is enough to say that it
  lies beyond what was observed. What was not seen (`n_unseen`) widens the interval; if it is too much (`is_hidden`)
  there is no value, and the ends of a share are the bounds. Of answers to 20 requests or more the share is also by the
  hours of the charts, for the segments that these draw, and `answered_only_median` leaves out who still waits. Requests
  of newcomers and of people who asked before are alike by person, too.
data: statistics/waits.py, statistics/worth.py, statistics/survival.py, shapes/worth.sql
"""

import duckdb
import pyarrow as pa

from analytics.statistics.waits import WAITING, WaitKind, estimate_waits

ANSWERS = """(
    select
        w.*, case when w.segment in ('newcomer', 'known') and t.actor_id is not null
            then hash(t.source, t.actor_id) end as person_key
    from metrics.answer_waits as w
    left join staging.threads as t on t.thread_id = w.item_id
)"""
KINDS = (
    WaitKind("answer", ANSWERS, hours=(24.0, 168.0, 720.0), levels={"median": 0.5}, is_drawn=True),
    WaitKind(
        "first", "(from metrics.thread_ends where wait = 'first')", hours=(168.0,),
        causes=("staff", "maintainer", "outsider", "unknown", "agent", "fixed", "bot_closed", "asker_closed", "closed",
                "closed_unknown", WAITING),
    ),
    WaitKind(
        "resolution", "(from metrics.thread_ends where wait = 'resolution')", hours=(720.0,), levels={"median": 0.5},
        causes=("resolved", "not_planned", "duplicate", "bot_closed", "asker_closed", "otherwise_closed", "unknown",
                WAITING),
    ),
)  # fmt: skip


def wait_estimates(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Estimates the waits of threads."""
    return pa.concat_tables(estimate_waits(connection, kind) for kind in KINDS)
