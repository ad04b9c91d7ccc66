-- question: What quantiles do the survival curves give, before any gate?
-- grain: subject, family_id, channel_kind, channel_role, segment, window, statistic
-- unit: hours
-- standard: Kaplan-Meier quantiles with log-log intervals
-- caveats: A quantile is the first hour at which the share still waiting is at or below its level; if that is never
--   reached it is empty, and only the lower end may be given. Groups of any size are included; the public tables say
--   where there is too little.
-- version: 2
with wanted as (
    select *
    from (values
        ('response', 'median', 0.5), ('response', 'p80', 0.8), ('recovery', 'median', 0.5), ('recovery', 'p90', 0.9),
        ('help', 'median', 0.5), ('help', 'p80', 0.8),
        ('release', 'p25', 0.25), ('release', 'median', 0.5), ('release', 'p75', 0.75),
        ('lifetime', 'p25', 0.25), ('lifetime', 'median', 0.5), ('lifetime', 'p75', 0.75)
    ) as w (subject, statistic, level)
),

tests as (
    select
        c.*, w.statistic, w.level,
        c.survival_share > 0 and c.survival_share < 1
            and abs(
                (ln(-ln(c.survival_share)) - ln(-ln(1 - w.level)))
                * c.survival_share * ln(c.survival_share) / c.survival_error
            )
                <= c.reach_quantile as is_inside
    from metrics.survival_curves as c
    join wanted as w on w.subject = c.subject
    where c.n_events_here > 0
),

quantiles as (
    select
        subject, family_id, channel_kind, channel_role, segment, "window", statistic,
        min(at_hours) filter (where survival_share <= 1 - level + 1e-12) as value,
        min(at_hours) filter (where is_inside) as low,
        case when not bool_or(is_inside and next_event_hours is null)
            then max(next_event_hours) filter (where is_inside) end as high
    from tests
    group by all
)

select
    t.subject, t.family_id, t.channel_kind, t.channel_role, t.segment, t."window", w.statistic,
    q.value, q.low, q.high, t.n, t.n_events, t.n_censored
from metrics.survival_totals as t
join wanted as w on w.subject = t.subject
left join quantiles as q
    on q.subject = t.subject and q.family_id = t.family_id and q.channel_kind = t.channel_kind
        and q.channel_role = t.channel_role
    and q.segment = t.segment and q."window" = t."window" and q.statistic = w.statistic
union all
select
    subject, family_id, channel_kind, channel_role, segment, "window", statistic, value, low, high, n, n_events,
    n_censored
from metrics.survival_means
