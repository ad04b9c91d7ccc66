-- question: How many may still wait where a survival curve comes to none?
-- grain: stratum_id
-- unit: share
-- standard: exact binomial limit of those who were watched to the end, times the upper end of the log-log band of the
--   Kaplan-Meier share before
-- caveats: One row for each curve that comes to none. If some were lost sight of before (`is_cut_short`), the end
--   rests on those who were left after the last of these, perhaps on one who ended: of all of them the limit is the
--   binomial one, and it is a part of the share that may have been waiting before them. If none were lost sight of,
--   it is the binomial limit of all. `lost_sight_share` is by how much the lost ones raise it. Beyond
--   `longest_watch_hours` nobody was watched, ended or not, and a curve that was cut short tells nothing; it is empty
--   for all others.
with ended as (
    select stratum_id, at_hours as ended_hours, design_effect, reach_quantile
    from metrics.survival_curves
    where survival_share = 0 and n_events_here > 0
),

steps as (
    select
        e.*, c.at_hours, c.n_at_risk, lag(c.survival_share, 1, 1) over before as share_before,
        lag(c.greenwood, 1, 0) over before as greenwood_before,
        coalesce(c.n_at_risk < lag(c.n_at_risk - c.n_events_here) over before, false) as is_after_loss
    from ended as e
    join metrics.survival_curves as c on c.stratum_id = e.stratum_id and c.at_hours <= e.ended_hours
    window before as (partition by c.stratum_id order by c.at_hours)
),

losses as (
    select
        stratum_id, max(n_at_risk) as n, bool_or(is_after_loss) as is_cut_short,
        coalesce(max(at_hours) filter (where is_after_loss), min(at_hours)) as at_hours
    from steps
    group by stratum_id
),

watches as (
    select s.stratum_id, max(d.watched_hours) as longest_watch_hours
    from losses as l
    join metrics.survival_strata as s on s.stratum_id = l.stratum_id
    join metrics.survival_durations as d
        on d.subject = s.subject and d.family_id = s.family_id and d.channel_kind = s.channel_kind
            and d.channel_role = s.member_role and d.segment = s.segment
    where l.is_cut_short and not d.is_excluded and d.age_days <= s.window_days and (d.is_pooled or not s.pools_roles)
    group by s.stratum_id
),

limits as (
    select
        s.stratum_id, s.ended_hours, l.is_cut_short, w.longest_watch_hours,
        case when s.share_before < 1 then power(
            s.share_before, exp(s.reach_quantile * sqrt(s.design_effect * s.greenwood_before) / ln(s.share_before))
        ) else 1 end * (1 - power(r.tail_share, s.design_effect / s.n_at_risk)) as most_waiting_share,
        1 - power(r.tail_share, s.design_effect / l.n) as uncut_share
    from steps as s
    join losses as l on l.stratum_id = s.stratum_id and l.at_hours = s.at_hours
    cross join metrics.rules as r
    left join watches as w on w.stratum_id = s.stratum_id
)

select
    stratum_id, ended_hours, is_cut_short, longest_watch_hours, most_waiting_share,
    greatest(0, most_waiting_share - uncut_share) as lost_sight_share
from limits
