-- question: What share has ended in each way by each hour, and what share has not ended?
-- grain: subject, family_id, channel_kind, channel_role, segment, window, cause, hours
-- unit: share
-- standard: Aalen-Johansen estimate with log-log bands; at 0 the exact binomial limit, at 1 that of survival_ends
-- caveats: No gate is applied yet. Empty beyond the longest time for which anything was observed, and where too many
--   were not seen. `waiting` is the share that has not ended, with the Kaplan-Meier band.
with given as (
    select
        c.stratum_id, c.cause, c.at_hours as hours,
        c.incidence_share as value, case when c.incidence_share = 0 then 0 else c.incidence_low end as low,
        case
            when c.incidence_share = 0 and c.n_at_risk = 0 then 1
            when c.incidence_share = 0 then 1 - power(r.tail_share, c.design_effect / c.n_at_risk)
            else c.incidence_high
        end as high,
        max(c.n_events_so_far) over (partition by c.stratum_id, c.cause) as n_events, c.is_grid, c.n_at_risk,
        max(c.design_effect) over (partition by c.stratum_id, c.cause) as design_effect
    from metrics.competing_curves as c
    cross join metrics.rules as r
)

select
    t.subject, t.family_id, t.channel_kind, t.channel_role, t.segment, t."window", g.cause, g.hours,
    case when s.value is not null then g.value end as value,
    case when s.value is not null then g.low * t.n / (t.n + t.n_unseen) end as low,
    case when s.value is not null then (g.high * t.n + t.n_unseen) / (t.n + t.n_unseen) end as high,
    t.n, t.n / g.design_effect as n_effective, g.n_events, t.n_censored
from given as g
join metrics.survival_totals as t on t.stratum_id = g.stratum_id
join metrics.survival_shares as s
    on s.subject = t.subject and s.family_id = t.family_id and s.channel_kind = t.channel_kind
        and s.channel_role = t.channel_role
    and s.segment = t.segment and s."window" = t."window" and s.hours = g.hours
where g.is_grid
union all
select
    s.subject, s.family_id, s.channel_kind, s.channel_role, s.segment, s."window", 'waiting', s.hours, 1 - s.value,
    1 - s.high, 1 - s.low, t.n, t.n_effective, t.n_events, t.n_censored
from metrics.survival_shares as s
join metrics.survival_totals as t using (subject, family_id, channel_kind, channel_role, segment, "window")
where s.subject in (select subject from metrics.competing_causes)
