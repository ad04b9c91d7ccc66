-- question: How many stars have the repositories of each family?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: stars
-- standard: none
-- caveats: As last seen, added over repositories; somebody who starred two counts twice. Context only: stars gather with age, saturate and can be bought.
--   A count of all, so without an interval.
-- version: 1
-- proof: test_metrics_adoption.py::test_likes_and_stars_are_levels
-- items: select channel_id as item_id, family_id, 'tracker' as channel_kind, channel_role, day_on, stars as amount from staging.repositories_daily
-- shape: figure
-- covers: stars
-- of: repositories
-- segments: all
-- statistics: level
-- windows: all
-- gate: none
with ranked as (
    select *, row_number() over (partition by channel_id order by day_on desc nulls last) as from_newest
    from staging.repositories_daily
    where family_id is not null and stars is not null
),

placed as (
    select r.family_id, case when p.pools_roles then 'all' else r.channel_role end as channel_role, r.stars
    from ranked as r
    join metrics.scopes as p on p."window" = 'all'
    where r.from_newest = 1
)

select
    family_id, 'tracker' as channel_kind, channel_role, 'all' as segment, 'level' as statistic, 'all' as "window",
    sum(stars) as value, sum(stars) as low, sum(stars) as high, count(*) as n, count(*) as n_events, 0 as n_censored,
    cast(null as varchar) as own_state, cast(null as varchar) as own_note
from placed
group by family_id, channel_role
