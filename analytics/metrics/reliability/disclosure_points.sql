-- question: How much does a status page disclose, in one number to read with its uptime?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: points of disclosure
-- unit: points of 100
-- better: high
-- standard: none (an index of ours: a hundred times the plain mean of four shares)
-- caveats: The mean of with_cause, with_postmortem, names_components and one minus retro_posted of disclosure_share,
--   with equal weights. For a page that cannot name components it is the mean of the other three, and the note says
--   so. Low and high are the means of the four lower and the four upper ends: wider than a 95 % interval. It measures
--   how a page is kept, not how well the service works.
-- version: 2
-- proof: analytics/metrics/test_disclosure.py::test_the_points_are_the_mean_of_the_shares
-- items: select item_id, url, family_id, channel_kind, channel_role, is_pooled, segment, age_days from
--   metrics.incident_items
-- shape: figure
-- covers: incidents
-- of: incidents
-- segments: all, api
-- statistics: points
with shares as (
    select
        family_id, channel_kind, channel_role, segment, "window", statistic, state, n,
        case when statistic = 'retro_posted' then 1 - value else value end as value,
        case when statistic = 'retro_posted' then 1 - high else low end as low,
        case when statistic = 'retro_posted' then 1 - low else high end as high
    from metrics.disclosure_share
    where statistic <> 'states_start'
),

added as (
    select
        family_id, channel_kind, channel_role, segment, "window",
        100 * avg(value) as value, 100 * avg(low) as low, 100 * avg(high) as high,
        min(n) filter (where state <> 'not applicable') as n,
        count(value) as known_count, count(*) filter (where state = 'not applicable') as absent_count
    from shares
    group by all
)

select
    family_id, channel_kind, channel_role, segment, 'points' as statistic, "window",
    case when known_count + absent_count = 4 then value end as value, low, high, n, n as n_events, 0 as n_censored,
    cast(null as varchar) as own_state, case
        when absent_count > 0 then 'Mean of three shares: the page cannot name components.' end as own_note
from added
where n > 0
