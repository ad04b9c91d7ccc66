"""
question: What share of changes, incidents, releases and models has ended after so many hours, and after how many has a
  share?
grain: wait, family_id, channel_kind, channel_role, segment, window, cause, statistic, hours
standard: as wait_estimates
caveats: As wait_estimates. Models whose ends were announced on one page and day are alike, as items of one person are
  elsewhere: an announcement has no neighbours as a week has.
data: statistics/waits.py, statistics/worth.py, statistics/survival.py, shapes/worth.sql
"""

import duckdb
import pyarrow as pa

from analytics.statistics.waits import WAITING, WaitKind, estimate_waits

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
    WaitKind("change", "metrics.change_waits", hours=(720.0,), causes=("merged", "closed", WAITING)),
    WaitKind("recovery", "metrics.recovery_waits", levels={"median": 0.5, "p90": 0.9}),
    WaitKind("release", "metrics.release_waits", levels={"p25": 0.25, "median": 0.5, "p75": 0.75}, has_weeks=False),
    WaitKind("lifetime", LIFETIMES, levels={"median": 0.5}, has_weeks=False),
)  # fmt: skip


def event_estimates(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Estimates the waits of all but threads."""
    return pa.concat_tables(estimate_waits(connection, kind) for kind in KINDS)
