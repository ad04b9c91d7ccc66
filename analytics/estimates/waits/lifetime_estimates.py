"""
question: After how many hours has a share of models ended?
grain: family_id, channel_kind, channel_role, segment, window, statistic
unit: hours
standard: Kaplan-Meier quantiles with log-log intervals
caveats: No gate is applied yet. Quantiles are as in answer_estimates. Models whose ends were announced on one page and
  day are alike, as items of one person are elsewhere: an announcement has no neighbours as a week has.
data: statistics/waits.py, statistics/worth.py, statistics/survival.py, shapes/worth.sql
"""

import duckdb
import pyarrow as pa

from analytics.statistics.waits import estimate_ends

WAITS = """(
    select
        l.family_id, l.channel_kind, l.channel_role, 'all' as segment, true as is_pooled, true as is_apart, l.age_days,
        24e0 * date_diff('day', l.launched_on, coalesce(l.ended_on, l.observed_until_on)) as duration_hours,
        l.ended_on is not null as is_event, 24e0 * l.age_days as watched_hours,
        cast(null as ubigint) as cluster_key, k.cluster_key as person_key, cast(null as varchar) as cause,
        false as is_excluded, false as is_unseen
    from metrics.model_lifetimes as l
    left join metrics.item_clusters as k on k.item_id = l.item_id
    where l.exclusion_reason is null and coalesce(l.ended_on, l.observed_until_on) >= l.launched_on
)"""


def lifetime_estimates(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Estimates how long models are served."""
    return estimate_ends(connection, WAITS, levels={"median": 0.5})
