-- question: After how many hours have a quarter and half ended in each way?
-- grain: subject, family_id, channel_kind, channel_role, segment, window, cause, statistic
-- unit: hours
-- standard: quantiles of the Aalen-Johansen estimate with log-log intervals
-- caveats: Quantiles over all items, including those that end in another way: if more than half do so, half is never
--   reached in this way, and the figure is empty. Intervals are as in survival_summary. Groups of any size are
--   included; the public tables say where there is too little.
-- by: family
-- version: 1
with tests as (
    select
        c.stratum_id, c.cause, c.at_hours, c.next_event_hours, c.n_events_so_far, c.incidence_share, c.design_effect,
        w.statistic, w.level, c.incidence_high >= w.level as may_be_reached, c.incidence_low <= w.level as may_be_short
    from metrics.competing_curves as c
    cross join (values ('p25', 0.25), ('median', 0.5)) as w (statistic, level)
    where c.n_events_here > 0
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
    t.subject, t.family_id, t.channel_kind, t.channel_role, t.segment, t."window", k.cause, w.statistic, q.value,
    q.low, q.high, t.n, coalesce(t.n / q.design_effect, t.n_effective) as n_effective,
    coalesce(q.n_events, 0) as n_events, t.n_censored
from metrics.survival_totals as t
join metrics.competing_causes as k on k.subject = t.subject
cross join (values ('p25'), ('median')) as w (statistic)
left join quantiles as q on q.stratum_id = t.stratum_id and q.cause = k.cause and q.statistic = w.statistic
