-- question: What is the mean wait within the first seven days, and the median of those answered?
-- grain: subject, family_id, channel_kind, channel_role, segment, window, statistic
-- unit: hours
-- standard: restricted mean survival time with its asymptotic variance times n / (n - 1) and the design effect,
--   Student's interval on the logit of its part of the 168 hours
-- caveats: `rmst_7d` is the mean wait cut off at 168 hours, empty where nothing was observed that long. If the last
--   ended before and others were lost sight of, its upper end allows for them. `answered_only_median` leaves out all
--   that still waits, for comparison with tools that do so; its ends are waits themselves. Requests for help only, by
--   who answers, topic (`type:`, `language:`) and rules for bots. Threads without an answer seen waited 0 to 168 hours.
-- by: family
-- version: 1
with curves as (
    select * from metrics.survival_curves
    where stratum_id in (select stratum_id from metrics.survival_totals where subject = 'response' and (
        segment in ('anyone', 'staff', 'maintainer', 'outsider', 'agent') or segment like '%:%'))
),

pieces as (
    select *, survival_share * (least(coalesce(next_event_hours, 168), 168) - at_hours) as area
    from curves
    where at_hours < 168 and (n_events_here > 0 or at_hours = 0)
),

tails as (
    select *, sum(area) over (partition by stratum_id order by at_hours desc nulls last rows unbounded preceding)
        as area_after
    from pieces
),

means as (
    select
        stratum_id, sum(area) / 168 as part,
        sqrt(sum(case when n_events_here < n_at_risk then power(area_after, 2) * n_events_here
            / (n_at_risk * (n_at_risk - n_events_here)) else 0 end)) / 168 as error
    from tails
    group by stratum_id
),

totals as (
    select
        stratum_id, max(n_at_risk) as n, max(n_events_so_far) as n_events,
        max(design_effect) filter (where at_hours = 168) as design_effect,
        max(reach_quantile) filter (where at_hours = 168) as reach_quantile,
        greatest(2, least(max(n_at_risk) - 1, max(freedom) filter (where at_hours = 168))) as freedom,
        coalesce(max(n_at_risk) filter (where at_hours = 168), 0) > 0 as is_followed
    from curves
    group by stratum_id
),

scales as (
    select
        t.*, case when not u.is_hidden and (t.is_followed or e.ended_hours <= 168 and (
            not e.is_cut_short or e.longest_watch_hours >= 168)) then m.part end as part, u.n / (u.n + u.n_unseen)
            as seen_share, u.subject, u.family_id, u.channel_kind, u.channel_role, u.segment, u."window",
        coalesce(e.lost_sight_share * greatest(0, 1 - e.ended_hours / 168), 0) as lost_part,
        m.error * sqrt(t.design_effect * t.n / greatest(1.0, t.n - 1)) * (
            r.normal_quantile + (r.student_first + (r.student_second + (
                r.student_third + r.student_fourth / t.freedom) / t.freedom) / t.freedom) / t.freedom
        ) / (m.part * (1 - m.part)) as half,
        t.reach_quantile * sqrt(t.design_effect * t.n_events) as places, r.tail_share
    from totals as t
    join means as m using (stratum_id)
    join metrics.survival_totals as u using (stratum_id)
    left join metrics.survival_ends as e using (stratum_id)
    cross join metrics.rules as r
),

ranked as (
    select
        t.stratum_id, min(c.at_hours) filter (where c.n_events_so_far >= ceil(t.n_events / 2.0)) as lower_middle,
        min(c.at_hours) filter (where c.n_events_so_far >= floor(t.n_events / 2.0) + 1) as upper_middle,
        min(c.at_hours) filter (where c.n_events_so_far >= floor((t.n_events - t.places) / 2)) as low,
        min(c.at_hours) filter (where c.n_events_so_far >= least(t.n_events, 1 + ceil((t.n_events + t.places) / 2)))
            as high
    from curves as c
    join scales as t on t.stratum_id = c.stratum_id
    where c.n_events_here > 0
    group by t.stratum_id
),

ends as (
    select
        *, case when part >= 1 - 1e-12 then power(tail_share, design_effect / n)
            when part > 0 then 1 / (1 + (1 - part) / part * exp(half)) when part = 0 then 0 end as part_low,
        case when part >= 1 - 1e-12 then 1 when part > 0 then least(1, part + sqrt(power(
            1 / (1 + (1 - part) / part * exp(-half)) - part, 2) + power(lost_part, 2))) when part = 0 then 0 end
            as part_high
    from scales
)

select
    subject, family_id, channel_kind, channel_role, segment, "window", 'rmst_7d' as statistic, 168 * part as value,
    168 * seen_share * part_low as low, 168 * (1 - seen_share + seen_share * part_high) as high,
    168 * part_low as seen_low, 168 * part_high as seen_high, n, n_events, n - n_events as n_censored
from ends
union all
select
    subject, family_id, channel_kind, channel_role, segment, "window", 'answered_only_median',
    (k.lower_middle + k.upper_middle) / 2, k.low, k.high, k.low, k.high, t.n, t.n_events, t.n - t.n_events
from scales as t left join ranked as k using (stratum_id)
