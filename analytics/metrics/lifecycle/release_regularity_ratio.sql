-- question: How unevenly are releases spaced?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: unevenness of releases
-- unit: ratio
-- better: low
-- standard: coefficient of variation
-- caveats: Standard deviation of the gaps, divided by their mean: 0 is as regular as clockwork, 1 is as if random,
--   more is in bursts. Finished gaps that begin in the window, within one repository or changelog: a long silence that
--   still lasts is not included; see release_gap_days for that. It describes the releases there were, without an
--   interval: those for a coefficient of variation contain the true value in 40 to 90 of 100 simulated worlds, as they
--   depend on how rare the longest silences are.
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

ratios as (
    select
        family_id, channel_kind, channel_role, segment, "window", stddev_pop(gap_days) / nullif(avg(gap_days), 0)
            as value,
        count(*) as n
    from gaps
    group by all
)

select
    family_id, channel_kind, channel_role, segment, 'variation' as statistic, "window", value, value as low,
    value as high, n, n as n_events, 0 as n_censored, cast(null as varchar) as own_state,
    cast(null as varchar) as own_note
from ratios
where value is not null
