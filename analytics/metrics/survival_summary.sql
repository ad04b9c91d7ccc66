-- question: What do the survival curves come to, before any gate?
-- grain: subject, family_id, channel_kind, channel_role, segment, window, statistic
-- unit: hours
-- standard: Kaplan-Meier quantiles with log-log intervals; restricted mean survival time
-- caveats: A quantile is the first hour at which the share still waiting is not above its level; where that is never reached it is empty and only
--   the lower end may be given. `rmst_7d` is the mean wait cut at 168 hours, empty where nothing was followed so long. `answered_only_median`
--   is the median of what has ended: it leaves out all that still waits and so looks fast; it is here to compare with tools that do so.
-- version: 1
with wanted as (
    select *
    from (values
        ('response', 'median', 0.5), ('response', 'p80', 0.8), ('recovery', 'median', 0.5), ('recovery', 'p90', 0.9),
        ('release', 'p25', 0.25), ('release', 'median', 0.5), ('release', 'p75', 0.75)
    ) as w (subject, statistic, level)
),

tests as (
    select
        c.*, w.statistic, w.level,
        c.survival_share > 0 and c.survival_share < 1
            and abs((ln(-ln(c.survival_share)) - ln(-ln(1 - w.level))) * c.survival_share * ln(c.survival_share) / c.survival_error)
                <= r.normal_quantile as is_inside
    from metrics.survival_curves as c
    join wanted as w on w.subject = c.subject
    cross join metrics.rules as r
    where c.n_events_here > 0
),

quantiles as (
    select
        subject, family_id, channel_kind, channel_role, segment, "window", statistic,
        min(at_hours) filter (where survival_share <= 1 - level + 1e-12) as value,
        min(at_hours) filter (where is_inside) as low,
        case when not coalesce(bool_or(is_inside and next_event_hours is null), false) then max(next_event_hours) filter (where is_inside) end as high
    from tests
    group by all
),

totals as (
    select
        subject, family_id, channel_kind, channel_role, segment, "window",
        max(n_at_risk) as n, max(n_events_so_far) as n_events
    from metrics.survival_curves
    group by all
)

select
    t.subject, t.family_id, t.channel_kind, t.channel_role, t.segment, t."window", w.statistic,
    q.value, q.low, q.high, t.n, t.n_events, t.n - t.n_events as n_censored
from totals as t
join wanted as w on w.subject = t.subject
left join quantiles as q using (subject, family_id, channel_kind, channel_role, segment, "window", statistic)
union all by name
select * from metrics.survival_means
