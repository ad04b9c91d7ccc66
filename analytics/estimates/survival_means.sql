-- question: What is the mean wait within the first seven days, and the median of those answered?
-- grain: subject, family_id, channel_kind, channel_role, segment, window, statistic
-- unit: hours
-- standard: restricted mean survival time with its asymptotic variance times n / (n - 1) and the design effect, Student's
--   interval on the logit of its part of the 168 hours
-- caveats: `rmst_7d` is the mean wait cut off at 168 hours, empty where nothing was observed that long.
--   `answered_only_median` leaves out everything that still waits and therefore looks fast; it exists for comparison
--   with tools that do so. Requests for help only, by who answers, by topic (`type:`, `language:`) and under other
--   rules for bots (`bots:`).
-- version: 3
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
        max(design_effect) filter (where at_hours = 168) as design_effect,
        greatest(2, least(max(n_at_risk) - 1, max(freedom) filter (where at_hours = 168))) as freedom,
        coalesce(max(n_at_risk) filter (where at_hours = 168), 0) > 0
            or min(survival_share) filter (where at_hours <= 168) = 0 as is_followed
    from curves
    group by all
),

-- Of those answered, the median's ends move with the same design effect.
scales as (
    select
        t.*, m.mean / 168 as part, m.error * sqrt(t.design_effect * t.n / greatest(1.0, t.n - 1)) / 168 * (
            r.normal_quantile + (r.student_first + (r.student_second + (
                r.student_third + r.student_fourth / t.freedom) / t.freedom) / t.freedom) / t.freedom
        ) as half,
        c.reach_quantile * sqrt(t.design_effect) as reach
    from totals as t
    join means as m using (subject, family_id, channel_kind, channel_role, segment, "window")
    join curves as c using (subject, family_id, channel_kind, channel_role, segment, "window")
    cross join metrics.rules as r
    where c.at_hours = 168
),

ranked as (
    select
        subject, family_id, channel_kind, channel_role, segment, "window",
        min(c.at_hours) filter (where c.n_events_so_far >= ceil(t.n_events / 2.0)) as lower_middle,
        min(c.at_hours) filter (where c.n_events_so_far >= floor(t.n_events / 2.0) + 1) as upper_middle,
        min(c.at_hours) filter (
            where c.n_events_so_far >= floor((t.n_events - t.reach * sqrt(t.n_events)) / 2)
        ) as low,
        min(c.at_hours) filter (
            where c.n_events_so_far >= least(t.n_events,
                1 + ceil((t.n_events + t.reach * sqrt(t.n_events)) / 2))
        ) as high
    from curves as c
    join scales as t using (subject, family_id, channel_kind, channel_role, segment, "window")
    where c.n_events_here > 0
    group by all
)

select
    subject, family_id, channel_kind, channel_role, segment, "window", 'rmst_7d' as statistic,
    case when t.is_followed then 168 * t.part end as value,
    case when not t.is_followed then null when t.part >= 1 - 1e-12 then 168 * power(r.tail_share, t.design_effect / t.n)
        when t.part > 0 then 168 / (1 + (1 - t.part) / t.part * exp(t.half / (t.part * (1 - t.part)))) else 0 end as low,
    case when not t.is_followed then null when t.part >= 1 - 1e-12 then 168
        when t.part > 0 then 168 / (1 + (1 - t.part) / t.part * exp(-t.half / (t.part * (1 - t.part)))) else 0 end as high,
    t.n, t.n_events, t.n - t.n_events as n_censored
from scales as t
cross join metrics.rules as r
union all
select
    subject, family_id, channel_kind, channel_role, segment, "window", 'answered_only_median',
    (k.lower_middle + k.upper_middle) / 2, k.low, k.high, t.n, t.n_events, t.n - t.n_events
from totals as t
left join ranked as k using (subject, family_id, channel_kind, channel_role, segment, "window")
