-- question: How much wider is the interval of closed minus helped, because what began in one week is alike?
-- grain: family_id, channel_kind, channel_role, segment, window
-- unit: none
-- standard: linearised variance of a mean between clusters
-- caveats: The variance between clusters (thread_clusters) of the mean of closed minus helped, over that of independent
--   threads, never below 1, mixed with an assumption as in the shape `share`. `reach_quantile` is Student's for the
--   number of clusters; threads without company have the normal one and no design effect.
-- by: family
-- version: 1
with clusters as (
    select
        h.family_id, h.channel_kind, case when s.pools_roles then 'all' else h.channel_role end as channel_role,
        g.segment, s."window", c.cluster_key, cast(count(*) as double) as n,
        cast(sum(cast(h.is_closed_30d as int) - cast(h.is_helped_30d as int)) as double) as gap,
        cast(count(*) filter (where h.is_closed_30d <> h.is_helped_30d) as double) as n_apart
    from metrics.thread_help as h
    join metrics.thread_segments as g on g.thread_id = h.thread_id and g.segment not like 'language:%'
    join metrics.scopes as s on h.age_days <= s.window_days and (h.is_pooled or not s.pools_roles)
    join metrics.thread_clusters as c on c.item_id = h.thread_id
    where h.family_id is not null and h.author_role <> 'bot' and h.exclusion_reason is null
        and h.is_helped_30d is not null and h.is_closed_30d is not null
    group by all
),

spreads as (
    select
        family_id, channel_kind, channel_role, segment, "window", sum(n) as n, count(*) as groups,
        sum(n * n) / sum(n) as group_size, sum(n_apart) - power(sum(gap), 2) / sum(n) as independent,
        sum(gap * gap) - 2 * sum(gap) / sum(n) * sum(n * gap) + power(sum(gap) / sum(n), 2) * sum(n * n) as clustered
    from clusters
    group by all
),

mixed as (
    select
        *, n / group_size - 1 as own_freedom, n / group_size - 1 + r.assumed_clusters as freedom,
        1 + (group_size - 1) * r.assumed_likeness as assumed_design, case when groups > 1 and independent > 0
            then clustered * groups / (groups - 1.0) / independent end as seen_design
    from spreads
    cross join metrics.rules as r
)

select
    family_id, channel_kind, channel_role, segment, "window", n, case when groups = n then 1 else greatest(1, (
        own_freedom * coalesce(seen_design, assumed_design) + assumed_clusters * assumed_design) / freedom) end
        as design_effect,
    case when groups = n then normal_quantile else normal_quantile + (
        student_first + (student_second + (student_third + student_fourth / freedom) / freedom) / freedom
    ) / freedom end as reach_quantile
from mixed
