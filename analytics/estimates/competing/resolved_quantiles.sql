-- question: After how many hours are a quarter and half of all reports resolved, before any gate?
-- grain: family_id, channel_kind, channel_role, statistic, window
-- unit: hours
-- standard: quantiles of the Aalen-Johansen estimate with log-log intervals
-- caveats: Of all reports, even those that end otherwise: if more than half do, half is never reached, and the figure is
--   empty. Intervals are as in survival_summary. `unknown_count` counts the closings of which nobody knows how they came
--   about.
with tests as (
    select
        c.stratum_id, c.cause, c.at_hours, c.next_event_hours, c.n_events_so_far, c.incidence_share, c.design_effect,
        w.statistic, w.level, c.incidence_high >= w.level as may_be_reached, c.incidence_low <= w.level as may_be_short
    from metrics.competing_curves as c
    cross join (values ('p25', 0.25), ('median', 0.5)) as w (statistic, level)
    where c.n_events_here > 0 and c.cause in ('resolved', 'unknown')
),

quantiles as (
    select
        stratum_id, cause, statistic,
        min(at_hours) filter (where incidence_share >= level - 1e-12) as value,
        min(at_hours) filter (where may_be_reached) as low,
        case when not bool_or(may_be_short and next_event_hours is null)
            then coalesce(max(next_event_hours) filter (where may_be_short), min(at_hours)) end as high,
        max(n_events_so_far) as n_events, max(design_effect) as design_effect
    from tests
    group by all
)

select
    t.family_id, t.channel_kind, t.channel_role, w.statistic, t."window", q.value, q.low, q.high, t.n, t.n_censored,
    coalesce(t.n / q.design_effect, t.n_effective) as n_effective, coalesce(q.n_events, 0) as n_events,
    coalesce(u.n_events, 0) as unknown_count
from metrics.survival_totals as t
cross join (values ('p25'), ('median')) as w (statistic)
left join quantiles as q on q.stratum_id = t.stratum_id and q.cause = 'resolved' and q.statistic = w.statistic
left join quantiles as u on u.stratum_id = t.stratum_id and u.cause = 'unknown' and u.statistic = w.statistic
where t.subject = 'resolution'
