-- question: How often does a changelog or list of releases get a new entry?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: changelog entries in 30 days
-- unit: per 30 days
-- better: none
-- standard: none
-- caveats: Entries with a known date per 30 days of the period that the page covers, with the interval of a
--   Poisson rate widened by how much it varies from month to month (event_dispersions): no entry at all is a rate of 0
--   with an upper end.
--   Compare a role with the same role: one page has an entry a day, another an entry a version. If a role has several
--   channels, their days are added.
-- version: 1
-- proof: analytics/metrics/test_releases.py::test_entries_by_thirty_observed_days
-- items: select g.release_id as item_id, r.url, g.family_id, g.channel_kind, g.channel_role, g.age_days, g.released_at
--   from metrics.release_gaps as g join staging.releases as r on r.release_id = g.release_id
-- shape: figure
-- covers: releases
-- roles: apart
-- of: entries
-- segments: all
-- statistics: per_30d
-- gate: none
with undated as (
    select r.family_id, c.channel_kind, r.channel_role, count(*) as undated_count
    from staging.releases as r
    join staging.channels as c on c.channel_id = r.channel_id
    where r.released_at is null
    group by all
)

select
    n.family_id, n.channel_kind, n.channel_role, 'all' as segment, 'per_30d' as statistic, n."window",
    n.entries_count / nullif(n.observed_days, 0) * 30 as value,
    p.mean_low / nullif(n.observed_days, 0) * 30 as low,
    p.mean_high / nullif(n.observed_days, 0) * 30 as high,
    n.entries_count as n, n.entries_count as n_events, 0 as n_censored,
    case when n.observed_days < r.min_observed_days then 'not enough data' end as own_state,
    concat_ws(
        ' ',
        'Observed for ' || cast(round(n.observed_days, 1) as varchar) || ' days.',
        'Left out: ' || cast(u.undated_count as varchar) || ' without a date.'
    ) as own_note
from metrics.changelog_counts as n
join metrics.rate_limits as p
    on p.rate = 'entries' and p.family_id = n.family_id and p.channel_kind = n.channel_kind
        and p.channel_role = n.channel_role
    and p."window" = n."window"
cross join metrics.rules as r
left join undated as u on u.family_id = n.family_id and u.channel_kind = n.channel_kind
    and u.channel_role = n.channel_role
