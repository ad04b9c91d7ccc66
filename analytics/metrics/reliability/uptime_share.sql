-- question: For what share of the observed time was no incident posted?
-- title: uptime
-- titles: any_severity = time without any incident; partial_or_worse = time without a partial outage;
--   statuspage_formula = uptime by Statuspage's formula; suspension = time without a suspension; any_or_suspension =
--   time without incident or suspension; as_others_count = uptime as other dashboards show it
-- unit: share
-- better: high
-- standard: none (weights of Statuspage, at which degradations count like partial outages; the union of incidents)
-- caveats: Uptime as the vendor reports it, not as probes measure it: a vendor who posts less looks better;
--   disclosure_share measures how much is disclosed. Overlapping incidents count once, and while two overlap the worse
--   one counts. `weighted`: an incident graded as an outage counts fully, any other for 0.3, also one that its page
--   grades as a note although its title reports trouble. `any_severity`: all count fully. Status pages count no
--   degradation: `statuspage_formula` counts a major outage fully and a partial one for 0.3, as Statuspage and Instatus
--   do, `partial_or_worse` both fully, as incident.io does. Hold these against a page's own figure, which counts each
--   component by its own states; ours takes incidents by their grade. `suspension`: only models withdrawn on
--   purpose, which the previous four leave out; `any_or_suspension` adds them, as other trackers do. Maintenance and
--   notes that report no trouble never count. Low and high are not a confidence interval but the possible range, given
--   incidents without a stated end or, in segment `api`, without a component; an unknown end lies before the first
--   visit that no longer found the incident ongoing. One without a grade is trouble for sure, of an unknown level: it
--   counts fully in `any_severity`, and makes ranges of the other three. If they differ by more than 0.001 there is no
--   single value, and if they differ by more than 0.1 the uptime cannot be known from the page. If the observed
--   period begins with an incident, time counts from its end. For several status pages it is the mean, weighted by
--   observed time. Compare the segment `api`; `all` is everything on the page. `as_others_count` takes pages at their
--   word, as trackers of status pages do: it adds up the hours of all incidents, also of notes and withdrawn models,
--   counts overlapping ones twice, one without an end until now (n_censored counts these) and one posted when it was
--   over not at all. Incidents that name no component count as the API's.
-- version: 4
-- proof: analytics/metrics/test_golden.py::test_incidents_that_overlap_count_once,
--   analytics/metrics/test_incidents.py::test_the_weights_cost_what_they_say,
--   analytics/metrics/test_incidents.py::test_an_hour_of_each_level_costs_what_a_status_page_counts,
--   analytics/metrics/test_incidents.py::test_trouble_that_its_page_grades_as_a_note_is_a_degradation,
--   analytics/metrics/test_incidents.py::test_a_clock_that_starts_at_an_incident_starts_at_its_end,
--   analytics/metrics/test_incidents.py::test_an_unknown_severity_makes_a_range_and_no_value,
--   analytics/metrics/test_naive.py::test_adding_up_incidents_invents_downtime
-- items: select l.channel_id || '#' || l.incident_id as item_id, i.url, l.family_id, 'status' as channel_kind,
--   l.segment, t.statistic,
--   l.ended_days as age_days, i.kind, i.incident_hours from metrics.incident_levels as l
--   join weights as t on t.level = l.level
--   join metrics.incident_windows as i on i.channel_id = l.channel_id and i.incident_id = l.incident_id
--   union all
--   select i.channel_id || '#' || i.incident_id, i.url, i.family_id, 'status', s.segment, 'as_others_count',
--   i.age_days, i.kind, i.incident_hours from metrics.incident_windows as i
--   join (values ('all'), ('api')) as s (segment) on s.segment = 'all' or i.is_api or i.is_unattributed
-- shape: figure
-- covers: incidents
-- of: incidents
-- roles: together
-- segments: all, api
-- statistics: weighted, any_severity, partial_or_worse, statuspage_formula, suspension, any_or_suspension,
--   as_others_count
-- gate: none
with weights as (
    select *
    from (values
        ('weighted', 'any', true), ('any_severity', 'any', false), ('partial_or_worse', 'partial', false),
        ('statuspage_formula', 'partial', true), ('suspension', 'suspension', false),
        ('any_or_suspension', 'any or suspension', false)
    ) as t (statistic, level, weighs_less)
),

lost as (
    select
        family_id, segment, "window", level, sum(observed_hours) as observed_hours, sum(certain_hours) as certain_hours,
        sum(possible_hours) as possible_hours, sum(incidents_count) as n, sum(unsure_count) as unsure_count,
        sum(ungraded_count) as ungraded_count
    from metrics.downtime
    group by all
),

untimed as (
    select i.family_id, g.segment, s."window", count(*) as untimed_count
    from metrics.incident_windows as i
    join (values ('all'), ('api')) as g (segment) on g.segment = 'all' or i.is_api or i.is_unattributed
    join metrics.scopes as s on s.pools_roles and i.age_days <= s.window_days
    where i.is_disturbance and not i.is_start_known
    group by all
),

bounds as (
    select
        d.*, t.statistic, u.untimed_count, r.widest_uptime_range,
        -- An unknown grade matters only if grades weigh.
        d.unsure_count + case when t.weighs_less then d.ungraded_count else 0 end as uncertain_count,
        case when t.weighs_less
            then r.degraded_weight * d.certain_hours + (r.outage_weight - r.degraded_weight) * o.certain_hours
            else d.certain_hours end / d.observed_hours as least_lost,
        case when t.weighs_less
            then r.degraded_weight * d.possible_hours + (r.outage_weight - r.degraded_weight) * o.possible_hours
            else d.possible_hours end / d.observed_hours as most_lost,
        r.widest_told_range, d.observed_hours < 24 * r.min_observed_days as is_brief
    from lost as d
    join weights as t on t.level = d.level
    join lost as o on o.family_id = d.family_id and o.segment = d.segment and o."window" = d."window"
        and o.level = 'outage'
    cross join metrics.rules as r
    left join untimed as u on u.family_id = d.family_id and u.segment = d.segment and u."window" = d."window"
),

added as (
    select
        p.family_id, p.segment, p."window", p.channel_id, max(p.observed_hours) as observed_hours,
        count(i.incident_id) as n, count(i.incident_id) filter (where i.ended_at is null) as invented_count,
        coalesce(sum(case
            when i.ended_at is not null then i.incident_hours
            when i.incident_id is null or i.is_retro then 0
            else least(24 * i.age_days - s.silent_hours, p.observed_hours)
        end), 0) as added_hours
    from metrics.downtime as p
    join (
        select channel_id, date_diff('microsecond', observed_until_at, visited_at) / 3600e6 as silent_hours
        from staging.status_pages
    ) as s on s.channel_id = p.channel_id
    left join metrics.incident_windows as i
        on i.channel_id = p.channel_id and (p.segment = 'all' or i.is_api or i.is_unattributed)
            and i.kind <> 'maintenance' and 24 * i.age_days - s.silent_hours between 0 and p.observed_hours
    where p.level = 'any'
    group by all
),

others as (
    select
        family_id, segment, "window", greatest(0, 1 - sum(added_hours) / sum(observed_hours)) as value, sum(n) as n,
        sum(invented_count) as invented_count
    from added
    group by all
    having sum(observed_hours) >= 24 * (select max(min_observed_days) from metrics.rules)
)

select
    family_id, 'status' as channel_kind, 'all' as channel_role, segment, statistic, "window",
    case when most_lost - least_lost <= widest_uptime_range then 1 - (least_lost + most_lost) / 2 end as value,
    1 - most_lost as low, 1 - least_lost as high, n, n as n_events, uncertain_count as n_censored,
    case when is_brief or most_lost - least_lost > widest_told_range then 'not enough data' else 'measured'
        end as own_state,
    concat_ws(
        ' ',
        'Observed for ' || cast(round(observed_hours / 24, 1) as varchar) || ' days.',
        case when not is_brief and most_lost - least_lost > widest_told_range
            then 'Its page does not show it: anything from ' || printf('%.2f', 100 * (1 - most_lost)) || ' to '
                || printf('%.2f', 100 * (1 - least_lost)) || ' % is possible.' end,
        case when uncertain_count > 0 then cast(uncertain_count as varchar)
            || if(uncertain_count = 1, ' incident', ' incidents') || ' without a stated end'
            || case when segment = 'api' then ', severity or component' else ' or severity' end
            || if(uncertain_count = 1, ' causes', ' cause') || ' the range.' end,
        'Excluded: ' || cast(untimed_count as varchar) || ' posted when over, of unknown length.'
    ) as own_note
from bounds
union all
select
    family_id, 'status', 'all', segment, 'as_others_count', "window", value, value, value, n, n, invented_count, null,
    case when invented_count > 0 then 'Invents the duration of ' || cast(invented_count as varchar)
        || if(invented_count = 1, ' incident.', ' incidents.') end
from others
