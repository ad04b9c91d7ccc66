-- question: How many events behind rates came in each month, and in runs of which size?
-- grain: rate, family_id, channel_kind, channel_role, segment
-- unit: events
-- standard: Pearson's statistic
-- caveats: Of up to twelve whole months back from the last visit: their mean, the sum of squared distances from it
--   over it (`months_deviance`), and one month less than there are (`months_freedom`). `run_size` is the mean size
--   of the run that an incident is in (incident_clusters), with what chance gives divided out; 1 for other events.
-- by: family
-- version: 1
with events as (
    select
        'incidents' as rate, i.family_id, 'status' as channel_kind, 'all' as channel_role, i.segment, i.age_days,
        c.cluster_id
    from metrics.counted_incidents as i
    left join metrics.incident_clusters as c on c.item_id = i.channel_id || '#' || i.incident_id
    where i."window" = 'all'
    union all
    select
        'people', p.family_id, p.channel_kind, case when s.pools_roles then 'all' else p.channel_role end, p.activity,
        p.age_days, null
    from metrics.people_activity as p
    join metrics.scopes as s on s."window" = 'all' and (p.is_pooled or not s.pools_roles)
    where p.is_known_first
),

bursts as (
    select
        rate, family_id, channel_kind, channel_role, segment, sum(size * size) / cast(sum(size) as double) as burst_size
    from (
        select rate, family_id, channel_kind, channel_role, segment, cluster_id, count(*) as size
        from events
        where cluster_id is not null
        group by all
    ) as clusters
    group by all
),

watched as (
    select family_id, max(date_diff('microsecond', observed_from_at, observed_until_at)) / 86400e6 as days
    from staging.status_pages
    group by family_id
),

spans as (
    select
        e.rate, e.family_id, e.channel_kind, e.channel_role, e.segment, count(*) as n,
        coalesce(max(w.days), max(e.age_days)) as days,
        least(12, greatest(1, floor(coalesce(max(w.days), max(e.age_days)) / 30))) as months
    from events as e
    left join watched as w on w.family_id = e.family_id and e.rate = 'incidents'
    group by all
),

months as (
    select
        e.rate, e.family_id, e.channel_kind, e.channel_role, e.segment, floor(e.age_days / 30) as months_ago,
        max(s.months) as months, count(*) as size
    from events as e
    join spans as s using (rate, family_id, channel_kind, channel_role, segment)
    where e.age_days < 30 * s.months
    group by all
),

spreads as (
    select
        rate, family_id, channel_kind, channel_role, segment, max(months) - 1 as own_freedom, sum(size) / max(months)
            as month_mean,
        (sum(size * size) - power(sum(size), 2) / max(months)) / (sum(size) / max(months)) as deviance
    from months
    group by all
)

select
    s.rate, s.family_id, s.channel_kind, s.channel_role, s.segment,
    cast(coalesce(m.own_freedom, 0) as double) as months_freedom, coalesce(m.month_mean, 0) as month_mean,
    coalesce(m.deviance, 0) as months_deviance,
    coalesce(b.burst_size / (2 * exp(0.25 * s.n / s.days) - 1), 1) as run_size
from spans as s
left join spreads as m using (rate, family_id, channel_kind, channel_role, segment)
left join bursts as b using (rate, family_id, channel_kind, channel_role, segment)
