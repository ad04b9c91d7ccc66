-- question: How many incidents were there of each severity?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: incidents
-- titles: outage = outages; partial = partial outages; degraded = degradations; ungraded = incidents without a grade;
--   grouped = incidents, repeats counted once
-- unit: incidents
-- better: low
-- standard: none
-- caveats: Each once, regardless of the number of components. `outage`, `partial` and `degraded` are the page's own
--   words, mapped to three grades; `ungraded` have no grade that we know; `any` is all of them. `grouped` counts those
--   posted within ten minutes under similar titles as one (see incident_repeats): pages that post each model
--   separately have many more of `any` than of `grouped`. A count of what was posted in the time observed: compare
--   incident_rate, not this.
-- version: 1
-- proof: analytics/metrics/test_disclosure.py::test_an_incident_told_for_each_model_is_one_of_a_group
-- items: select item_id, url, family_id, channel_kind, segment, age_days, severity, kind from metrics.incident_items
-- shape: figure
-- covers: incidents
-- of: incidents
-- roles: together
-- segments: all, api
-- statistics: outage, partial, degraded, ungraded, any, grouped
-- gate: none
with counted as (
    select c.*, r.item_id is not null as is_repeat
    from metrics.counted_incidents as c
    left join metrics.incident_repeats as r on r.item_id = c.channel_id || '#' || c.incident_id
        and r.segment = c.segment
),

figures as (
    select
        n.family_id, n.segment, t.statistic, n."window", max(n.observed_days) as observed_days,
        count(c.incident_id) filter (where case t.statistic
            when 'outage' then c.severity = 3
            when 'partial' then c.severity = 2
            when 'degraded' then c.severity <= 1
            when 'ungraded' then c.severity is null
            when 'grouped' then not c.is_repeat
            else true
        end) as n
    from metrics.incident_counts as n
    cross join (values ('outage'), ('partial'), ('degraded'), ('ungraded'), ('any'), ('grouped')) as t (statistic)
    left join counted as c on c.family_id = n.family_id and c.segment = n.segment and c."window" = n."window"
    where n.segment in ('all', 'api')
    group by all
)

select
    f.family_id, 'status' as channel_kind, 'all' as channel_role, f.segment, f.statistic, f."window",
    f.n as value, f.n as low, f.n as high, f.n, f.n as n_events, 0 as n_censored,
    case when f.observed_days < r.min_observed_days then 'not enough data' end as own_state,
    'Observed for ' || cast(round(f.observed_days, 1) as varchar) || ' days.' as own_note
from figures as f
cross join metrics.rules as r
