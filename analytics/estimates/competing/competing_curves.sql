-- question: What share has ended in each way by each hour?
-- grain: stratum_id, cause, at_hours
-- unit: share
-- standard: Aalen-Johansen estimate of cumulative incidence, delta-method error (Dinse and Larson 1986) times the root
--   of the design effect, log-log bands; if all have ended with the limit of survival_ends
-- caveats: What ended in another way is not censored: it can never end in this one. The share still waiting is that of
--   survival_curves; together with the incidences of all causes it sums to 1 at any hour. One row for each hour at
--   which something ended in this way, and for the fixed hours of the charts. Bands are empty at 0.
--   What began in one week is alike: the error is multiplied by the root of the design effect of weeks.
with hours as (
    select
        c.stratum_id, s.subject, c.at_hours, c.is_grid, cast(c.n_at_risk as double) as n,
        lag(c.survival_share, 1, 1) over before as share_before, lag(c.greenwood, 1, 0) over before as greenwood_before
    from metrics.survival_curves as c
    join (select distinct stratum_id, subject from metrics.survival_strata) as s
        on s.stratum_id = c.stratum_id and s.subject in (select subject from metrics.competing_causes)
    window before as (partition by c.stratum_id order by c.at_hours nulls last)
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
        lead(case when d > 0 then at_hours end ignore nulls)
            over (partition by stratum_id, cause order by at_hours nulls last) as next_event_hours
    from steps
    window upto as (partition by stratum_id, cause order by at_hours nulls last rows unbounded preceding)
),

-- Between two rows of a cause its share is constant: the growth of Greenwood's sum there is weighted by the share of
-- the previous row.
spread as (
    select
        *, power(share, 2) * greenwood_before
        - 2 * share * sum((share - rise * d) * grown + rise * d / greatest(n, 1)) over upto
        + sum(
            power(share - rise * d, 2) * grown + rise * d * (rise * (n - d) + 2 * share) / greatest(n, 1)
        ) over upto as variance
    from risen
    window upto as (partition by stratum_id, cause order by at_hours nulls last rows unbounded preceding)
),

held as (
    select m.stratum_id, m.cluster_key, m.cause, cast(count(*) as double) as n_events
    from metrics.survival_members as m
    join (select distinct stratum_id, subject, "window" from metrics.survival_strata) as s
        on s.stratum_id = m.stratum_id
    where m.cluster_key is not null and not m.is_unseen and (m.is_month_old or s."window" = '30d')
        and s.subject in (select subject from metrics.competing_causes)
    group by m.stratum_id, m.cluster_key, m.cause
),

clusters as (
    select stratum_id, cluster_key, sum(n_events) as n
    from held
    group by stratum_id, cluster_key
),

sizes as (
    select stratum_id, sum(n) as n, count(*) as groups, sum(n * n) as size_squares
    from clusters
    group by stratum_id
    having sum(clusters.n) >= (select min_items_count from metrics.rules) and count(*) < sum(clusters.n)
),

ended as (
    select h.stratum_id, c.n, h.cause, h.n_events
    from held as h
    join clusters as c on c.stratum_id = h.stratum_id and c.cluster_key = h.cluster_key
    where h.cause is not null
),

spreads as (
    select
        e.stratum_id, e.cause, s.groups, s.n / (s.size_squares / s.n) - 1 as own_freedom,
        1 + (s.size_squares / s.n - 1) * r.assumed_likeness as assumed_design,
        sum(e.n_events) * (s.n - sum(e.n_events)) / s.n as independent,
        sum(e.n_events * e.n_events) - 2 * sum(e.n_events) / s.n * sum(e.n * e.n_events)
        + power(sum(e.n_events) / s.n, 2) * s.size_squares as clustered
    from ended as e
    join sizes as s on s.stratum_id = e.stratum_id
    cross join metrics.rules as r
    group by e.stratum_id, e.cause, s.groups, s.n, s.size_squares, r.assumed_likeness
),

mixed as (
    select
        *, own_freedom + r.assumed_clusters as freedom, case when groups > 1 and independent > 0
            then clustered * groups / (groups - 1.0) / independent else assumed_design end as seen_design
    from spreads
    cross join metrics.rules as r
),

-- By how much weeks make the error larger, and Student's quantile for their number.
competing_designs as (
    select
        stratum_id, cause,
        greatest(1, (own_freedom * seen_design + assumed_clusters * assumed_design) / freedom) as design_effect,
        normal_quantile + (
            student_first + (student_second + (student_third + student_fourth / freedom) / freedom) / freedom
        ) / freedom as reach_quantile
    from mixed
),

-- Rounding in sums of many steps can miss a share of exactly 1, and its error of none.
errors as (
    select
        s.*, case when s.share > 1 - 1e-12 then 1.0 else s.share end as reached, coalesce(d.design_effect, 1) as design,
        case when s.share > 1 - 1e-12 then 0 else sqrt(greatest(s.variance, 0)) * coalesce(sqrt(d.design_effect), 1)
            end as error,
        coalesce(d.reach_quantile, r.normal_quantile) as reach
    from spread as s
    cross join metrics.rules as r
    left join competing_designs as d on d.stratum_id = s.stratum_id and d.cause = s.cause
),

bands as (
    select
        *, case when reached > 0 and reached < 1 then power(reached, exp(-reach * error / (reached * ln(reached)))) end
            as low,
        case when reached > 0 and reached < 1 then power(reached, exp(reach * error / (reached * ln(reached)))) end
            as high
    from errors
)

-- If all have ended, what was lost sight of before may have ended in any way (Zou and Donner's MOVER).
select
    b.stratum_id, b.cause, b.at_hours, b.next_event_hours, cast(b.n as bigint) as n_at_risk,
    cast(b.d as bigint) as n_events_here, cast(b.n_events_so_far as bigint) as n_events_so_far, b.is_grid,
    b.reached as incidence_share, b.error as incidence_error, b.design as design_effect,
    case when b.reached = 1 then 1 - e.most_waiting_share when e.lost_sight_share > 0
        then greatest(0, b.reached - sqrt(power(b.reached - b.low, 2) + power(e.lost_sight_share, 2)))
        else b.low end as incidence_low,
    case when b.reached = 1 then 1 when e.lost_sight_share > 0
        then least(1, b.reached + sqrt(power(b.high - b.reached, 2) + power(e.lost_sight_share, 2)))
        else b.high end as incidence_high
from bands as b
left join metrics.survival_ends as e on e.stratum_id = b.stratum_id and e.ended_hours <= b.at_hours
