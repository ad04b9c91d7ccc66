-- question: What share of the requests of newcomers, and of people who asked before, is answered by each hour, if those
--   of one person are alike?
-- grain: subject, family_id, channel_kind, channel_role, segment, window, hours
-- unit: share
-- standard: Kaplan-Meier estimate, its interval widened by the design effect of clusters of one asker
-- caveats: As in survival_shares, within a day, a week and 30 days. Who asks again is known by that, and one person may
--   make most of the requests of people who asked before. `swell_factor` is by how much that, with Student's quantile
--   for the number of askers, makes the interval wider than weeks do, never below 1; only what chance leaves open is
--   widened, not what was not seen. `n_effective` is the fewer of the two numbers that the requests are worth.
with designs as (
    select
        d.stratum_id, d.to_hours as hours, d.design_effect,
        greatest(1, sqrt(d.design_effect / c.design_effect) * d.reach_quantile / c.reach_quantile) as swell_factor
    from metrics.survival_designs as d
    join metrics.survival_curves as c on c.stratum_id = d.stratum_id and c.at_hours = d.to_hours and c.is_grid
    where d.clustering = 'person'
),

shares as (
    select
        s.subject, s.family_id, s.channel_kind, s.channel_role, s.segment, s."window", s.hours, s.value, s.low, s.high,
        t.n, t.n_events, t.n_censored, t.n / (t.n + t.n_unseen) as seen,
        least(t.n_effective, t.n / coalesce(d.design_effect, 1)) as n_effective,
        coalesce(d.swell_factor, 1) as swell_factor
    from metrics.survival_shares as s
    join metrics.survival_totals as t using (subject, family_id, channel_kind, channel_role, segment, "window")
    left join designs as d on d.stratum_id = t.stratum_id and d.hours = s.hours
    where s.subject = 'response' and s.hours in (24, 168, 720) and s.segment in ('newcomer', 'known')
)

select
    subject, family_id, channel_kind, channel_role, segment, "window", hours, value,
    case when value is not null then greatest(0, value - swell_factor * (value - low / seen)) * seen end as low,
    case when value is not null
        then least(1, value + swell_factor * ((high - 1 + seen) / seen - value)) * seen + 1 - seen end as high,
    n, n_effective, n_events, n_censored, swell_factor
from shares
