-- question: What quantiles do the survival curves give, before any gate?
-- grain: subject, family_id, channel_kind, channel_role, segment, window, statistic
-- unit: hours
-- standard: Kaplan-Meier quantiles with log-log intervals; where the curve comes to none the limit of survival_ends
-- caveats: A quantile is the first hour at which the share still waiting is at or below its level; if that is never
--   reached it is empty, and only the lower end may be given. The interval runs from the first hour at which the share
--   is not above the level by more than chance to the first from which it stays below it by more, also where the curve
--   jumps over the level; that the last has ended is not enough for its upper end. Groups of any size are included; the
--   public tables say if there is too little. If some were not seen (survival_totals) the interval runs from
--   where all of them had ended at once to where none ever does; where these are too many there is neither value nor
--   interval. `is_unreached`: there is enough to say that the quantile lies beyond what was observed.
with wanted as (
    select *
    from (values
        ('response', 'median', 0.5), ('response', 'p80', 0.8), ('recovery', 'median', 0.5), ('recovery', 'p90', 0.9),
        ('release', 'p25', 0.25), ('release', 'median', 0.5), ('release', 'p75', 0.75),
        ('lifetime', 'p25', 0.25), ('lifetime', 'median', 0.5), ('lifetime', 'p75', 0.75)
    ) as w (subject, statistic, level)
),

-- The level that those who were seen must reach, if all others have ended, and if none has.
levels as (
    select
        t.stratum_id, t.is_hidden, w.statistic, w.level, v.side,
        (w.level * (t.n + t.n_unseen) - case when v.side = 'high' then 0 else t.n_unseen end) / t.n as seen_level
    from metrics.survival_totals as t
    join wanted as w on w.subject = t.subject
    cross join (values ('low'), ('high')) as v (side)
),

-- Whether the share may have come down to the level by then, and whether it may not.
tests as (
    select
        c.stratum_id, c.at_hours, c.next_event_hours, c.survival_share, w.statistic, w.level, w.is_hidden, w.side,
        w.seen_level > 0 and w.seen_level < 1 and coalesce(c.survival_low, 0) <= 1 - w.seen_level as may_be_down,
        w.seen_level <= 0 or w.seen_level >= 1
            or coalesce(c.survival_high, e.most_waiting_share) >= 1 - w.seen_level as may_be_up
    from metrics.survival_curves as c
    join levels as w on w.stratum_id = c.stratum_id
    left join metrics.survival_ends as e on e.stratum_id = c.stratum_id
    where c.n_events_here > 0
),

quantiles as (
    select
        stratum_id, statistic,
        min(at_hours) filter (where survival_share <= 1 - level + 1e-12 and not is_hidden) as value,
        min(at_hours) filter (where may_be_down and side = 'low' and not is_hidden) as low,
        case when not bool_or(may_be_up and side = 'high' and next_event_hours is null) then coalesce(
            max(next_event_hours) filter (where may_be_up and side = 'high' and not is_hidden),
            min(at_hours) filter (where side = 'high' and not is_hidden)
        ) end as high
    from tests
    group by all
),

curves as (
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
),

survival_means as (
    select
        subject, family_id, channel_kind, channel_role, segment, "window", 'rmst_7d' as statistic, 168 * part as value,
        168 * seen_share * part_low as low, 168 * (1 - seen_share + seen_share * part_high) as high,
        n, n_events, n - n_events as n_censored
    from ends
    union all
    select
        subject, family_id, channel_kind, channel_role, segment, "window", 'answered_only_median',
        (k.lower_middle + k.upper_middle) / 2, k.low, k.high, t.n, t.n_events, t.n - t.n_events
    from scales as t left join ranked as k using (stratum_id)
),

estimated as (
    select t.stratum_id, w.statistic, q.value, q.low, q.high
    from metrics.survival_totals as t
    join wanted as w on w.subject = t.subject
    left join quantiles as q on q.stratum_id = t.stratum_id and q.statistic = w.statistic
    union all
    select t.stratum_id, m.statistic, m.value, m.low, m.high
    from survival_means as m
    join metrics.survival_totals as t using (subject, family_id, channel_kind, channel_role, segment, "window")
)

select
    t.subject, t.family_id, t.channel_kind, t.channel_role, t.segment, t."window", e.statistic,
    e.value, e.low, e.high, t.n, t.n_effective, t.n_events, t.n_censored,
    e.value is null and not t.is_hidden and t.n >= r.min_items_count and t.n_events >= r.min_events_count
        and t.n_effective >= r.min_effective_count as is_unreached,
    case when t.is_hidden
        then t.n_unseen || ' of ' || (t.n + t.n_unseen) || case t.n_unseen when 1 then ' was' else ' were' end
            || ' not seen: too many for a value.' end as bounds_note
from metrics.survival_totals as t
join estimated as e on e.stratum_id = t.stratum_id
cross join metrics.rules as r
