-- question: What uptime would other dashboards show, compared with ours for the same pages?
-- title: uptime as other dashboards show it
-- titles: ours = uptime of the same pages
-- unit: share
-- better: none
-- standard: none (a status page taken at its word, as trackers of status pages do)
-- caveats: `theirs` adds up the hours of all incidents: overlapping ones count twice, one without an end counts until
--   now, one posted when it was over counts nothing, and a note or a model withdrawn on purpose counts like an outage
--   (n_censored counts those with an invented duration). `ours` is uptime_share, weighted: overlaps count once, unknown
--   ends become a range. Incidents that name no component count as the API's, as trackers count them. Both begin when
--   an incident with which the observed period begins was over. Never below 0.
-- version: 2
-- proof: analytics/metrics/test_naive.py::test_adding_up_incidents_invents_downtime
-- items: select i.channel_id || '#' || i.incident_id as item_id, i.url, i.family_id, 'status' as channel_kind,
--   s.segment, i.age_days, i.kind, i.incident_hours as amount from metrics.incident_windows as i join (values ('all'),
--   ('api')) as s (segment) on s.segment = 'all' or i.is_api or i.is_unattributed
-- shape: figure
-- covers: incidents
-- of: incidents
-- segments: all, api
-- statistics: theirs, ours
-- gate: none
with pages as (
    select channel_id, family_id, segment, "window", observed_hours from metrics.downtime where level = 'any'
),

added as (
    select
        p.family_id, p.segment, p."window", p.channel_id, max(p.observed_hours) as observed_hours,
        count(i.incident_id) as n, count(i.incident_id) filter (where i.ended_at is null) as invented_count,
        coalesce(sum(case
            when i.ended_at is not null then i.incident_hours
            when i.incident_id is null or i.is_retro then 0
            else 24 * least(i.age_days, p.observed_hours / 24)
        end), 0) as added_hours
    from pages as p
    left join metrics.incident_windows as i
        on i.channel_id = p.channel_id and (p.segment = 'all' or i.is_api or i.is_unattributed)
            and i.kind <> 'maintenance' and i.age_days * 24 between 0 and p.observed_hours
    group by all
),

theirs as (
    select
        family_id, segment, "window", greatest(0, 1 - sum(added_hours) / sum(observed_hours)) as value, sum(n) as n,
        sum(invented_count) as invented_count
    from added
    group by all
    having sum(observed_hours) >= 24 * (select max(min_observed_days) from metrics.rules)
)

select
    family_id, 'status' as channel_kind, 'all' as channel_role, segment, 'theirs' as statistic, "window", value,
    value as low, value as high, n, n as n_events, invented_count as n_censored, cast(null as varchar) as own_state,
    case when invented_count > 0 then 'Invents the duration of ' || cast(invented_count as varchar) || ' incidents.'
        end as own_note
from theirs
union all
select
    family_id, channel_kind, channel_role, segment, 'ours', "window", value, low, high, n, n_events, n_censored,
    case when value is null then state end, case when value is null and low < high then 'A range.' end
from metrics.uptime_share
where statistic = 'weighted'
