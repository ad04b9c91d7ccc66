-- question: Which counts of events are behind rates, and how much do they vary?
-- grain: rate, family_id, channel_kind, channel_role, segment, window
-- unit: events
-- standard: none
-- caveats: `dispersion` is that of event_dispersions, or the assumed one where nothing ever happened. `api or
--   unattributed` counts what may belong to the API beside what does. `bursts_count` is the number of runs of incidents
--   (incident_clusters) in the window.
-- by: family
-- version: 1
with bursts as (
    select i.family_id, i.segment, i."window", count(distinct c.cluster_id) as bursts_count
    from metrics.counted_incidents as i
    join metrics.incident_clusters as c on c.item_id = i.channel_id || '#' || i.incident_id
    group by all
),

counted as (
    select
        'incidents' as rate, n.family_id, 'status' as channel_kind, 'all' as channel_role, n.segment,
        n.segment as dispersion_segment, n."window", n.incidents_count as events_count, b.bursts_count
    from metrics.incident_counts as n
    left join bursts as b on b.family_id = n.family_id and b.segment = n.segment and b."window" = n."window"
    union all
    select
        'incidents', n.family_id, 'status', 'all', 'api or unattributed', 'api', n."window",
        n.incidents_count + u.incidents_count, null
    from metrics.incident_counts as n
    join metrics.incident_counts as u
        on u.family_id = n.family_id and u."window" = n."window" and u.segment = 'unattributed'
    where n.segment = 'api'
    union all
    select 'people', family_id, channel_kind, channel_role, activity, activity, "window", people_count, null
    from metrics.new_people_counts
)

select
    c.rate, c.family_id, c.channel_kind, c.channel_role, c.segment, c."window", c.events_count, c.bursts_count,
    coalesce(d.dispersion, r.assumed_dispersion) as dispersion, coalesce(d.comes_in_runs, false) as comes_in_runs
from counted as c
cross join metrics.rules as r
left join metrics.event_dispersions as d
    on d.rate = c.rate and d.family_id = c.family_id and d.channel_kind = c.channel_kind
        and d.channel_role = c.channel_role and d.segment = c.dispersion_segment
