-- question: What quantiles do the survival curves give, before any gate?
-- grain: subject, family_id, channel_kind, channel_role, segment, window, statistic
-- unit: hours
-- standard: Kaplan-Meier quantiles with log-log intervals; where the curve comes to none the limit of survival_ends
-- caveats: A quantile is the first hour at which the share still waiting is at or below its level; if that is never
--   reached it is empty, and only the lower end may be given. The interval runs from the first hour at which the share
--   is not above the level by more than chance to the first from which it stays below it by more, also where the curve
--   jumps over the level; that the last has ended is not enough for its upper end. Groups of any size are included; the
--   public tables say where there is too little. Where some were not seen (survival_totals) the interval runs from
--   where all of them had ended at once to where none ever does; where these are too many there is neither value nor
--   interval; `seen_low` and `seen_high` are its ends by chance alone. `is_unreached`: there is enough to say that the
--   quantile lies beyond what was observed.
-- by: family
-- version: 1
with wanted as (
    select *
    from (values
        ('response', 'median', 0.5), ('response', 'p80', 0.8), ('recovery', 'median', 0.5), ('recovery', 'p90', 0.9),
        ('release', 'p25', 0.25), ('release', 'median', 0.5), ('release', 'p75', 0.75),
        ('lifetime', 'p25', 0.25), ('lifetime', 'median', 0.5), ('lifetime', 'p75', 0.75)
    ) as w (subject, statistic, level)
),

-- The level that those who were seen must reach, if all others have ended, if none has, and if there are no others.
levels as (
    select
        t.stratum_id, t.is_hidden, w.statistic, w.level, v.side, case v.side
            when 'seen' then w.level
            else (w.level * (t.n + t.n_unseen) - case when v.side = 'high' then 0 else t.n_unseen end) / t.n
        end as seen_level
    from metrics.survival_totals as t
    join wanted as w on w.subject = t.subject
    join (values ('low'), ('high'), ('seen')) as v (side) on v.side <> 'seen' or t.n_unseen > 0
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
        ) end as high,
        min(at_hours) filter (where may_be_down and side = 'seen' and not is_hidden) as seen_low,
        case when not bool_or(may_be_up and side = 'seen' and next_event_hours is null) then coalesce(
            max(next_event_hours) filter (where may_be_up and side = 'seen' and not is_hidden),
            min(at_hours) filter (where side = 'seen' and not is_hidden)
        ) end as seen_high
    from tests
    group by all
),

estimated as (
    select
        t.stratum_id, w.statistic, q.value, q.low, q.high,
        case when t.n_unseen > 0 then q.seen_low else q.low end as seen_low,
        case when t.n_unseen > 0 then q.seen_high else q.high end as seen_high
    from metrics.survival_totals as t
    join wanted as w on w.subject = t.subject
    left join quantiles as q on q.stratum_id = t.stratum_id and q.statistic = w.statistic
    union all
    select t.stratum_id, m.statistic, m.value, m.low, m.high, m.seen_low, m.seen_high
    from metrics.survival_means as m
    join metrics.survival_totals as t using (subject, family_id, channel_kind, channel_role, segment, "window")
)

select
    t.subject, t.family_id, t.channel_kind, t.channel_role, t.segment, t."window", e.statistic,
    e.value, e.low, e.high, t.n, t.n_effective, t.n_events, t.n_censored, e.seen_low, e.seen_high,
    e.value is null and not t.is_hidden and t.n >= r.min_items_count and t.n_events >= r.min_events_count
        and t.n_effective >= r.min_effective_count as is_unreached,
    case when t.is_hidden
        then t.n_unseen || ' of ' || (t.n + t.n_unseen) || case t.n_unseen when 1 then ' was' else ' were' end
            || ' not seen: too many for a value.' end as bounds_note
from metrics.survival_totals as t
join estimated as e on e.stratum_id = t.stratum_id
cross join metrics.rules as r
