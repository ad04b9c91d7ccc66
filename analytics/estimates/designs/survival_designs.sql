-- question: How much wider are the intervals of survival curves, because what began in one week, or was asked by one
--   person, is alike?
-- grain: stratum_id, clustering, to_hours
-- standard: none (variance of the Kaplan-Meier estimate by influence functions, summed by cluster)
-- caveats: An item moves the log of the share by 1 over those at risk if it ends, minus the hazard that it was exposed
--   to. `design_effect` is the sum over clusters (item_clusters) of the squared sum of these moves up to `to_hours`,
--   over that of independent items, never below 1, mixed with an assumption as in the shape `share`. It holds for the
--   hours after those of the row before. `reach_quantile` is Student's for the number of clusters. The `clustering` is
--   `week` for item_clusters, and `person` for the requests of one asker, of newcomers and people who asked before. No
--   row: no clusters (nobody asks twice), or fewer items than any figure needs.
with clustered as (
    select stratum_id, duration_hours as hours, is_event, 'week' as clustering, cluster_key
    from metrics.survival_members where cluster_key is not null and not is_unseen
    union all
    select
        s.stratum_id, d.duration_hours, d.is_event, 'person', hash(md5(coalesce(t.source, '') || '/' || t.actor_id))
    from metrics.survival_durations as d
    join metrics.survival_strata as s on s.subject = d.subject and s.family_id = d.family_id
        and s.channel_kind = d.channel_kind and s.member_role = d.channel_role and s.segment = d.segment
    join staging.threads as t on t.thread_id = d.item_id and t.actor_id is not null
    where d.subject = 'response' and d.segment in ('newcomer', 'known') and not d.is_excluded
        and d.age_days <= s.window_days and (d.is_pooled or not s.pools_roles)
),

members as (
    select
        *, count(*) over (partition by stratum_id, clustering order by hours range between unbounded preceding
            and unbounded following) - rank() over (partition by stratum_id, clustering order by hours) + 1 as n_at_risk
    from clustered
),

risks as (
    select
        *, sum(case when is_event then 1.0 / (n_at_risk * n_at_risk) else 0 end) over (partition by stratum_id,
            clustering order by hours) as hazard
    from members
),

exposed as (select *, case when is_event then 1.0 / n_at_risk else 0 end - hazard as pull from risks),

clusters as (
    select
        stratum_id, clustering, cast(count(*) as double) as n, [
            coalesce(sum(pull) filter (where hours <= 24), 0), coalesce(sum(pull) filter (where hours <= 168), 0),
            coalesce(sum(pull) filter (where hours <= 720), 0), sum(pull)
        ] as pulls,
        [
            coalesce(sum(pull * pull) filter (where hours <= 24), 0),
            coalesce(sum(pull * pull) filter (where hours <= 168), 0),
            coalesce(sum(pull * pull) filter (where hours <= 720), 0), sum(pull * pull)
        ] as squares,
        [
            count(*) filter (where hours > 24), count(*) filter (where hours > 168),
            count(*) filter (where hours > 720), 0
        ] as lefts,
        [
            coalesce(max(hazard) filter (where hours <= 24), 0), coalesce(max(hazard) filter (where hours <= 168), 0),
            coalesce(max(hazard) filter (where hours <= 720), 0), max(hazard)
        ] as hazards
    from exposed
    group by stratum_id, clustering, cluster_key
),

spreads as (
    select
        c.stratum_id, c.clustering, [24.0, 168.0, 720.0, 1e9][h.place] as to_hours, sum(n) as n, count(*) as groups,
        sum(n * n) / sum(n) as group_size,
        sum(squares[h.place]) + power(max(hazards[h.place]), 2) * sum(lefts[h.place]) as independent,
        sum(power(pulls[h.place], 2)) - 2 * max(hazards[h.place]) * sum(pulls[h.place] * lefts[h.place])
        + power(max(hazards[h.place]), 2) * sum(power(lefts[h.place], 2)) as clustered
    from clusters as c
    cross join (select unnest([1, 2, 3, 4]) as place) as h
    group by c.stratum_id, c.clustering, h.place
    having sum(c.n) >= (select min_items_count from metrics.rules) and count(*) < sum(c.n)
),

mixed as (
    select
        *, n / group_size - 1 as own_freedom, n / group_size - 1 + assumed_clusters as freedom,
        1 + (group_size - 1) * assumed_likeness as assumed_design,
        -- If all end at once nothing is left but rounding, which says nothing of clusters.
        case when groups > 1 and independent * n > 1e-9
            then clustered * groups / (groups - 1.0) / independent end as seen_design
    from spreads
    cross join metrics.rules
)

select
    stratum_id, clustering, to_hours, freedom, greatest(1, (
        own_freedom * coalesce(seen_design, assumed_design) + assumed_clusters * assumed_design
    ) / freedom) as design_effect,
    normal_quantile + (
        student_first + (student_second + (student_third + student_fourth / freedom) / freedom) / freedom
    ) / freedom as reach_quantile
from mixed
