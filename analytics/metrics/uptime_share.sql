-- question: For what share of the observed time was nothing posted as wrong?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: share
-- standard: none (Statuspage's formula; the union of overlapping incidents)
-- caveats: Uptime as the vendor tells it, not as probes see it: a vendor who posts less looks better. Overlapping incidents count once,
--   and while two overlap the worse one counts. `weighted`: an outage counts fully, a partial outage or degradation for 0.3.
--   `any_severity`: all count fully. `partial_or_worse`: degradations do not count. `suspension`: only models withdrawn on purpose, which
--   the three before leave out; `any_or_suspension` adds them, as other trackers do. Maintenance and notes never count. Low and high are
--   no interval of chance but what is possible, given incidents without a stated end or severity; where they differ by more than 0.001
--   there is no single value. Of several status pages it is the mean, weighted by observed time. Compare the segment `api`; `all` is
--   everything on the page.
-- version: 1
with wanted as (
    select c.*, s.segment, t.statistic, t.level, t.weighs_less, w."window", w.window_days
    from metrics.channel_coverage as c
    cross join (values ('all'), ('api')) as s (segment)
    cross join (values
        ('weighted', 'any', true), ('any_severity', 'any', false), ('partial_or_worse', 'partial', false),
        ('suspension', 'suspension', false), ('any_or_suspension', 'any or suspension', false)
    ) as t (statistic, level, weighs_less)
    cross join (select distinct "window", window_days from metrics.scopes) as w
    where c.subject = 'incidents' and c.channel_role = 'all'
),

lost as (
    select
        family_id, segment, "window", level, sum(observed_hours) as observed_hours, sum(certain_hours) as certain_hours,
        sum(possible_hours) as possible_hours, cast(sum(incidents_count) as bigint) as n, sum(unsure_count) as unsure_count
    from metrics.downtime
    group by all
),

untimed as (
    select w.family_id, w.segment, w."window", count(*) as untimed_count
    from (select distinct family_id, segment, "window", window_days from wanted) as w
    join metrics.incident_windows as i on i.family_id = w.family_id and i.age_days <= w.window_days and (w.segment = 'all' or i.is_api)
    where i.is_disturbance and not i.is_start_known
    group by all
),

bounds as (
    select
        w.*, d.observed_hours, coalesce(d.n, 0) as n, coalesce(d.unsure_count, 0) as unsure_count, u.untimed_count,
        case when w.weighs_less then r.degraded_weight * d.certain_hours + (r.outage_weight - r.degraded_weight) * o.certain_hours
            else d.certain_hours end / d.observed_hours as least_lost,
        case when w.weighs_less then r.degraded_weight * d.possible_hours + (r.outage_weight - r.degraded_weight) * o.possible_hours
            else d.possible_hours end / d.observed_hours as most_lost,
        case
            when w.coverage_state <> 'measured' then w.coverage_state
            when coalesce(d.observed_hours, 0) < 24 * r.min_observed_days then 'not enough data'
            else 'measured'
        end as state,
        r.widest_uptime_range
    from wanted as w
    cross join metrics.rules as r
    left join lost as d on d.family_id = w.family_id and d.segment = w.segment and d."window" = w."window" and d.level = w.level
    left join lost as o on o.family_id = w.family_id and o.segment = w.segment and o."window" = w."window" and o.level = 'outage'
    left join untimed as u on u.family_id = w.family_id and u.segment = w.segment and u."window" = w."window"
)

select
    family_id, side, channel_kind, channel_role, segment, statistic, "window",
    case when state = 'measured' and most_lost - least_lost <= widest_uptime_range then 1 - (least_lost + most_lost) / 2 end as value,
    case when state = 'measured' then 1 - most_lost end as low,
    case when state = 'measured' then 1 - least_lost end as high,
    'share' as unit, n, n as n_events, cast(unsure_count as bigint) as n_censored, coverage_share, as_of_at,
    1 as method_version, state as state,
    nullif(concat_ws(
        ' ',
        case when coverage_state = 'measured'
            then 'Observed for ' || cast(round(coalesce(observed_hours, 0) / 24, 1) as varchar) || ' days.' end,
        case when unsure_count > 0 then unsure_count || ' incidents without a stated end or severity make the range.' end,
        case when untimed_count > 0 then 'Left out: ' || untimed_count || ' posted when over, of unknown length.' end,
        coverage_note
    ), '') as note
from bounds
