-- question: How unevenly are releases spaced?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: unevenness of releases
-- unit: ratio
-- better: low
-- standard: coefficient of variation, with the interval of its moments (delta method)
-- caveats: Standard deviation of the gaps, divided by their mean: 0 is as regular as clockwork, 1 is as if random,
--   more is in bursts. Finished gaps that begin in the window, within one repository or changelog: a long silence that
--   still lasts is not included; see release_gap_days for that. The interval is an approximation for large numbers.
-- version: 1
-- proof: analytics/metrics/test_releases.py::test_how_unevenly_releases_are_spaced
-- items: select g.*, g.release_id as item_id, r.url from metrics.release_gaps as g join staging.releases as r on
--   r.release_id = g.release_id
--   where g.next_released_at is not null
-- shape: figure
-- covers: releases
-- roles: apart
-- of: finished gaps
-- segments: stable, pre-release
-- statistics: variation
with gaps as (
    select
        g.family_id, g.channel_kind, g.channel_role, g.segment, w."window",
        date_diff('microsecond', g.released_at, g.next_released_at) / 86400e6 as gap_days
    from metrics.release_gaps as g
    join metrics.scopes as w on g.age_days <= w.window_days and not w.pools_roles
    where g.next_released_at is not null
),

means as (
    select family_id, channel_kind, channel_role, segment, "window", avg(gap_days) as mean, count(*) as n
        from gaps group by all
),

moments as (
    select
        m.family_id, m.channel_kind, m.channel_role, m.segment, m."window", m.mean, m.n,
        avg(power(g.gap_days - m.mean, 2)) as second, avg(power(g.gap_days - m.mean, 3)) as third,
        avg(power(g.gap_days - m.mean, 4)) as fourth
    from means as m
    join gaps as g
        on g.family_id = m.family_id and g.channel_kind = m.channel_kind and g.channel_role = m.channel_role
            and g.segment = m.segment
        and g."window" = m."window"
    where m.mean > 0
    group by all
),

ratios as (
    select
        *, sqrt(second) / mean as value,
        sqrt(second) / mean * sqrt(greatest(0, (
            (fourth - power(second, 2)) / nullif(4 * power(second, 2), 0) + second / power(mean,
                2) - third / nullif(mean * second, 0)
        ) / n)) as error
    from moments
)

select
    q.family_id, q.channel_kind, q.channel_role, q.segment, 'variation' as statistic, q."window",
    q.value, greatest(0, q.value - r.normal_quantile * coalesce(q.error, 0)) as low,
    q.value + r.normal_quantile * coalesce(q.error, 0) as high,
    q.n, q.n as n_events, 0 as n_censored, cast(null as varchar) as own_state, cast(null as varchar) as own_note
from ratios as q
cross join metrics.rules as r
