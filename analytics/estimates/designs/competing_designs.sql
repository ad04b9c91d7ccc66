-- question: How much wider are the intervals of ways of ending, because what began in one week is alike?
-- grain: stratum_id, cause
-- unit: none
-- standard: linearised variance of a share between clusters
-- caveats: By cause, of the items that began at least 30 days ago (of all in the window of 30 days): the variance
--   between clusters (item_clusters) of the share that has ended in this way, over that of independent items, never
--   below 1, mixed with an assumption as in the shape `share`. `reach_quantile` is Student's for the number of
--   clusters. Strata without a row have no clusters, or fewer items than any figure needs.
-- published: no
-- by: family
-- version: 1
with held as (
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

ends as (
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
    from ends as e
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
)

select
    m.stratum_id, k.family_id, cause,
    greatest(1, (own_freedom * seen_design + assumed_clusters * assumed_design) / freedom) as design_effect,
    normal_quantile + (
        student_first + (student_second + (student_third + student_fourth / freedom) / freedom) / freedom
    ) / freedom as reach_quantile
from mixed as m
join (select distinct stratum_id, family_id from metrics.survival_strata) as k on k.stratum_id = m.stratum_id
