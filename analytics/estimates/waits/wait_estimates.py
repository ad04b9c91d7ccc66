"""
question: What share of waits has ended after so many hours, at all or in one way, and after how many has a share?
grain: wait, family_id, channel_kind, channel_role, segment, window, cause, statistic, hours
standard: Kaplan-Meier or, of several ways of ending, Aalen-Johansen estimates with log-log intervals, widened for weeks
  and people that are alike; at 0 and 1 the exact binomial limit; bounds for what was not seen
caveats: No gate is applied yet. A `share` is empty beyond the longest time for which anything was observed. Those of
  all causes and of `waiting`, which is of what has not ended, sum to 1; without a cause it is of any end. A quantile is
  of all waits, whichever way they end, and empty if it is never reached; `is_unreached`: there is enough to say that it
  lies beyond what was observed. What was not seen (`n_unseen`) widens the interval; if it is too much (`is_hidden`)
  there is no value, and the ends of a share are the bounds. Of answers to 20 requests or more the share is also by the
  hours of the charts, for the segments that these draw, and `answered_only_median` leaves out who still waits. Requests
  of newcomers and of people who asked before are alike by person, too. Models whose ends were announced on one page
  and day are alike, as items of one person are elsewhere: an announcement has no neighbours as a week has.
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
LIFETIMES = """(
    select
        l.family_id, l.channel_kind, l.channel_role, 'all' as segment, true as is_pooled, true as is_apart, l.age_days,
        24e0 * date_diff('day', l.launched_on, coalesce(l.ended_on, l.observed_until_on)) as duration_hours,
        l.ended_on is not null as is_event, 24e0 * l.age_days as watched_hours,
        case when l.announcement is not null then hash(md5(l.announcement)) end as person_key,
        cast(null as varchar) as cause, false as is_excluded, false as is_unseen
    from metrics.model_lifetimes as l
    where l.exclusion_reason is null and coalesce(l.ended_on, l.observed_until_on) >= l.launched_on
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
    WaitKind("change", "metrics.change_waits", hours=(720.0,), causes=("merged", "closed", WAITING)),
    WaitKind("recovery", "metrics.recovery_waits", levels={"median": 0.5, "p90": 0.9}),
    WaitKind("release", "metrics.release_waits", levels={"p25": 0.25, "median": 0.5, "p75": 0.75}, has_weeks=False),
    WaitKind("lifetime", LIFETIMES, levels={"median": 0.5}, has_weeks=False),
)  # fmt: skip


def wait_estimates(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Estimates the waits of each kind."""
    return pa.concat_tables(estimate_waits(connection, kind) for kind in KINDS)
