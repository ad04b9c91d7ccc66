-- question: How many likes do the models of each family have?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: likes
-- unit: likes
-- better: none
-- standard: none
-- caveats: On the Hub, summed over the models of the family at the latest visit. Context only: likes accumulate with
--   age and cost nothing to give. A count of all, so without an interval.
-- version: 1
-- proof: analytics/metrics/test_adoption.py::test_likes_and_stars_are_levels
-- items: select model_id as item_id, url, family_id, 'hub' as channel_kind, likes as amount from metrics.newest_models
-- shape: figure
-- covers: models
-- roles: together
-- of: models
-- segments: all
-- statistics: level
-- windows: all
-- gate: none
select
    family_id, 'hub' as channel_kind, 'all' as channel_role, 'all' as segment, 'level' as statistic, 'all' as "window",
    sum(likes) as value, sum(likes) as low, sum(likes) as high, count(likes) as n, count(likes) as n_events,
    0 as n_censored, cast(null as varchar) as own_state, cast(null as varchar) as own_note
from metrics.newest_models
group by family_id
