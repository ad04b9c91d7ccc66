-- question: How far do the median waits for a person and for any reply err together?
-- grain: family_id, channel_kind, channel_role, window
-- unit: none
-- standard: correlation of the moves of both medians, summed by cluster
-- caveats: A thread moves a median by whether it lies below it. The correlation of the sums over item_clusters
--   of these moves is mixed with that of single threads as if four more clusters had shown it; never below 0. Threads
--   that were not watched beyond a median, and do not end before it, tell nothing.
-- by: family
-- version: 1
with medians as (
    select
        t.stratum_id, u.stratum_id as any_stratum_id, p.family_id, p.channel_kind, p.channel_role, p."window", p.value,
        a.value as any_value
    from metrics.survival_summary as p
    join metrics.survival_summary as a using (subject, family_id, channel_kind, channel_role, "window", statistic)
    join metrics.survival_totals as t
        on t.subject = p.subject and t.family_id = p.family_id and t.channel_kind = p.channel_kind
            and t.channel_role = p.channel_role and t."window" = p."window" and t.segment = p.segment
    join metrics.survival_totals as u
        on u.subject = p.subject and u.family_id = p.family_id and u.channel_kind = p.channel_kind
            and u.channel_role = p.channel_role and u."window" = p."window" and u.segment = a.segment
    where p.subject = 'response' and p.segment = 'anyone' and a.segment = 'anything' and p.statistic = 'median'
        and p.value is not null and a.value is not null
),

-- Each apart, or a plan may first meet each thread with itself in every other curve that it belongs to.
waits as materialized (
    select
        m.stratum_id, p.item_key, coalesce(p.cluster_key, p.item_key) as cluster_key,
        case when p.duration_hours <= m.value then 1.0 else 0 end as is_below
    from medians as m
    join metrics.survival_members as p on p.stratum_id = m.stratum_id
    where not p.is_unseen and (p.is_event or p.duration_hours > m.value)
),

any_waits as materialized (
    select
        m.stratum_id, a.item_key, case when a.duration_hours <= m.any_value then 1.0 else 0 end as is_any_below
    from medians as m
    join metrics.survival_members as a on a.stratum_id = m.any_stratum_id
    where not a.is_unseen and (a.is_event or a.duration_hours > m.any_value)
),

-- Whether each thread lies below the median for a person, and below that for anything.
sides as (
    select p.stratum_id, p.cluster_key, p.is_below, a.is_any_below
    from waits as p
    join any_waits as a on a.stratum_id = p.stratum_id and a.item_key = p.item_key
),

alone as (
    select
        stratum_id, avg(is_below) as below, avg(is_any_below) as any_below,
        -- Where all lie on one side nothing moves together: DuckDB's own answer, not a number, would count as 1.
        case when stddev_pop(is_below) > 0 and stddev_pop(is_any_below) > 0
            then corr(is_below, is_any_below) else 0 end as correlation
    from sides
    group by stratum_id
),

weeks as (
    select
        s.stratum_id, cast(count(*) as double) as n, sum(s.is_below - t.below) as pull,
        sum(s.is_any_below - t.any_below) as any_pull
    from sides as s
    join alone as t on t.stratum_id = s.stratum_id
    group by s.stratum_id, s.cluster_key
),

seen as (
    select
        stratum_id, power(sum(n), 2) / sum(n * n) - 1 as freedom,
        sum(pull * any_pull) / nullif(sqrt(sum(pull * pull) * sum(any_pull * any_pull)), 0) as correlation
    from weeks
    group by stratum_id
)

select
    m.family_id, m.channel_kind, m.channel_role, m."window", greatest(0, least(1, (
        s.freedom * coalesce(s.correlation, t.correlation) + r.assumed_clusters * t.correlation
    ) / (s.freedom + r.assumed_clusters))) as correlation
from medians as m
join seen as s on s.stratum_id = m.stratum_id
join alone as t on t.stratum_id = m.stratum_id
cross join metrics.rules as r
