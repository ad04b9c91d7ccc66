-- question: What share has ended in each way by each hour?
-- grain: subject, family_id, channel_kind, channel_role, segment, window, cause, at_hours
-- unit: share
-- standard: Aalen-Johansen estimate of cumulative incidence, delta-method error (Dinse and Larson 1986) times the root
--   of the design effect, log-log bands
-- caveats: What ended in another way is not censored: it can never end in this one. The share still waiting is that of
--   survival_curves; together with the incidences of all causes it sums to 1 at any hour. One row for each hour at
--   which something ended in this way, and for the fixed hours of the charts. Bands are empty at 0 and 1.
--   What began in one week is alike (see competing_designs).
-- published: no
-- by: family
-- version: 2
with hours as (
    select
        c.stratum_id, c.subject, c.at_hours, c.is_grid, cast(c.n_at_risk as double) as n,
        lag(c.survival_share, 1, 1) over (partition by c.stratum_id order by c.at_hours nulls last) as share_before,
        coalesce(max(c.greenwood) over (
            partition by c.stratum_id order by c.at_hours nulls last rows between unbounded preceding and 1 preceding
        ), 0) as greenwood_before, case when c.n_events_here < c.n_at_risk
            then c.n_events_here / (cast(c.n_at_risk as double) * (c.n_at_risk - c.n_events_here)) else 0 end
            as greenwood_here
    from metrics.survival_curves as c
    where c.subject in (select subject from metrics.competing_causes)
),

ends as (
    select stratum_id, cause, duration_hours as at_hours, cast(count(*) as double) as d
    from metrics.survival_members
    where cause is not null and not is_unseen
    group by all
    union all
    select h.stratum_id, k.cause, h.at_hours, 0
    from hours as h
    join metrics.competing_causes as k on k.subject = h.subject
    where h.is_grid
),

steps as (
    select
        h.*, e.cause, e.d, case when e.d > 0 then h.share_before / h.n else 0 end as rise,
        h.greenwood_before - lag(h.greenwood_before, 1, 0)
            over (partition by e.stratum_id, e.cause order by e.at_hours nulls last) as grown
    from (select stratum_id, cause, at_hours, sum(d) as d from ends group by stratum_id, cause, at_hours) as e
    join hours as h on h.stratum_id = e.stratum_id and h.at_hours = e.at_hours
),

risen as (
    select
        *, sum(rise * d) over upto as share, sum(d) over upto as n_events_so_far,
        min(case when d > 0 then at_hours end) over beyond as next_event_hours
    from steps
    window
        upto as (partition by stratum_id, cause order by at_hours nulls last rows unbounded preceding),
        beyond as (partition by stratum_id, cause order by at_hours nulls last rows between 1 following
            and unbounded following)
),

-- Between two rows of a cause its share is constant: the growth of Greenwood's sum there is weighted by the share of
-- the previous row.
spread as (
    select
        *, power(share, 2) * (greenwood_before + greenwood_here)
        - 2 * share * (sum((share - rise * d) * grown) over upto + share * greenwood_here)
        + sum(power(share - rise * d, 2) * grown) over upto + power(share, 2) * greenwood_here
        + sum(power(rise, 2) * d * (n - d) / greatest(n, 1)) over upto
        - 2 * share * sum(rise * d / greatest(n, 1)) over upto
        + 2 * sum(share * rise * d / greatest(n, 1)) over upto as variance
    from risen
    window upto as (partition by stratum_id, cause order by at_hours nulls last rows unbounded preceding)
),

-- Rounding in sums of many steps can miss a share of exactly 1.
errors as (
    select
        s.*, case when s.share > 1 - 1e-12 then 1 else s.share end as reached, coalesce(d.design_effect, 1) as design,
        sqrt(greatest(s.variance, 0)) * coalesce(sqrt(d.design_effect), 1) as error,
        coalesce(d.reach_quantile, r.normal_quantile) as reach
    from spread as s
    cross join metrics.rules as r
    left join metrics.competing_designs as d on d.stratum_id = s.stratum_id and d.cause = s.cause
)

select
    e.stratum_id, k.subject, k.family_id, k.channel_kind, k.channel_role, k.segment, k."window", e.cause,
    e.at_hours, e.next_event_hours, cast(e.n as bigint) as n_at_risk, cast(e.d as bigint) as n_events_here,
    cast(e.n_events_so_far as bigint) as n_events_so_far, e.is_grid,
    e.reached as incidence_share, e.error as incidence_error, e.design as design_effect, e.reach as reach_quantile,
    case when e.reached > 0 and e.reached < 1
        then power(e.reached, exp(-e.reach * e.error / (e.reached * ln(e.reached)))) end as incidence_low,
    case when e.reached > 0 and e.reached < 1
        then power(e.reached, exp(e.reach * e.error / (e.reached * ln(e.reached)))) end as incidence_high
from errors as e
join (
    select distinct stratum_id, subject, family_id, channel_kind, channel_role, segment, "window"
        from metrics.survival_strata
) as k on k.stratum_id = e.stratum_id
