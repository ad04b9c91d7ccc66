-- question: How many stars do the repositories of each family have?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: stars
-- unit: stars
-- better: none
-- standard: none
-- caveats: At the latest visit, summed over repositories; a person who starred two counts twice. Context only: stars
--   accumulate with age, saturate and can be bought. A count of all, so without an interval.
-- version: 1
-- proof: analytics/metrics/test_adoption.py::test_likes_and_stars_are_levels
-- items: select r.channel_id as item_id, c.url, r.family_id, 'tracker' as channel_kind, r.channel_role, r.day_on,
--   r.stars as amount
--   from metrics.newest_repositories as r join staging.channels as c on c.channel_id = r.channel_id
-- shape: figure
-- covers: stars
-- of: repositories
-- segments: all
-- statistics: level
-- windows: all
-- gate: none
with placed as (
    select r.family_id, case when p.pools_roles then 'all' else r.channel_role end as channel_role, r.stars
    from metrics.newest_repositories as r
    join metrics.scopes as p on p."window" = 'all'
)

select
    family_id, 'tracker' as channel_kind, channel_role, 'all' as segment, 'level' as statistic, 'all' as "window",
    sum(stars) as value, sum(stars) as low, sum(stars) as high, count(*) as n, count(*) as n_events, 0 as n_censored,
    cast(null as varchar) as own_state, cast(null as varchar) as own_note
from placed
group by family_id, channel_role
