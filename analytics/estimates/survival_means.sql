-- question: What is the mean wait within the first seven days, and the median of those answered?
-- grain: subject, family_id, channel_kind, channel_role, segment, window, statistic
-- unit: hours
-- standard: restricted mean survival time with its asymptotic variance
-- caveats: `rmst_7d` is the mean wait cut off at 168 hours, empty where nothing was observed that long.
--   `answered_only_median` leaves out everything that still waits and therefore looks fast; it exists for comparison
--   with tools that do so. Requests for help only, by who answers, by topic (`type:`, `language:`) and under other
--   rules for bots (`bots:`).
-- version: 2
with curves as (
    select *
    from metrics.survival_curves
    where subject = 'response'
        and (segment in ('anyone', 'staff', 'maintainer', 'outsider', 'agent') or segment like '%:%')
),

pieces as (
    select
        *, survival_share * (least(coalesce(next_event_hours, 168), 168) - at_hours) as area
    from curves
    where at_hours < 168 and (n_events_here > 0 or at_hours = 0)
),

tails as (
    select
        *,
        sum(area) over (
            partition by family_id, channel_kind, channel_role, segment, "window" order by at_hours desc nulls last
            rows between unbounded preceding and current row
        ) as area_after
    from pieces
),

means as (
    select
        subject, family_id, channel_kind, channel_role, segment, "window",
        sum(area) as mean,
        sqrt(sum(
            case when n_events_here < n_at_risk
                then power(area_after, 2) * n_events_here / (n_at_risk * (n_at_risk - n_events_here)) else 0 end
        )) as error
    from tails
    group by all
),

totals as (
    select
        subject, family_id, channel_kind, channel_role, segment, "window",
        max(n_at_risk) as n, max(n_events_so_far) as n_events,
        coalesce(max(n_at_risk) filter (where at_hours = 168), 0) > 0
            or min(survival_share) filter (where at_hours <= 168) = 0 as is_followed
    from curves
    group by all
),

ranked as (
    select
        subject, family_id, channel_kind, channel_role, segment, "window",
        min(c.at_hours) filter (where c.n_events_so_far >= ceil(t.n_events / 2.0)) as lower_middle,
        min(c.at_hours) filter (where c.n_events_so_far >= floor(t.n_events / 2.0) + 1) as upper_middle,
        min(c.at_hours) filter (
            where c.n_events_so_far >= floor((t.n_events - r.normal_quantile * sqrt(t.n_events)) / 2)
        ) as low,
        min(c.at_hours) filter (
            where c.n_events_so_far >= least(t.n_events,
                1 + ceil((t.n_events + r.normal_quantile * sqrt(t.n_events)) / 2))
        ) as high
    from curves as c
    join totals as t using (subject, family_id, channel_kind, channel_role, segment, "window")
    cross join metrics.rules as r
    where c.n_events_here > 0
    group by all
)

select
    subject, family_id, channel_kind, channel_role, segment, "window", 'rmst_7d' as statistic,
    case when t.is_followed then m.mean end as value,
    case when t.is_followed then greatest(0, m.mean - r.normal_quantile * m.error) end as low,
    case when t.is_followed then least(168, m.mean + r.normal_quantile * m.error) end as high,
    t.n, t.n_events, t.n - t.n_events as n_censored
from totals as t
join means as m using (subject, family_id, channel_kind, channel_role, segment, "window")
cross join metrics.rules as r
union all
select
    subject, family_id, channel_kind, channel_role, segment, "window", 'answered_only_median',
    (k.lower_middle + k.upper_middle) / 2, k.low, k.high, t.n, t.n_events, t.n - t.n_events
from totals as t
left join ranked as k using (subject, family_id, channel_kind, channel_role, segment, "window")
