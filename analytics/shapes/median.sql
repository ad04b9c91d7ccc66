-- question: What is the median amount of the items?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: that of the metric
-- standard: median with the 95 % interval of its order statistics
-- caveats: The wrapped query gives one row per item and statistic, with its amount (never of something unfinished,
--   which is a matter of survival) and its age. For an even number of items, the median is the mean of the two in the
--   middle. The ends of the interval are items themselves; fewer than six items have no interval that covers 95 %.
-- version: 1
with items as (
    {{query}}
),

scoped as (
    select
        i.family_id, i.channel_kind, case when s.pools_roles then 'all' else i.channel_role end as channel_role,
        i.segment, i.statistic, s."window", cast(i.amount as double) as amount, i.exclusion_reason
    from items as i
    join metrics.scopes as s on i.age_days <= s.window_days and (i.is_pooled or not s.pools_roles)
),

reasons as (
    select family_id, channel_kind, channel_role, segment, statistic, "window", exclusion_reason, count(*) as left_count
    from scoped
    where exclusion_reason is not null
    group by all
),

left_out as (
    select
        family_id, channel_kind, channel_role, segment, statistic, "window",
        'Left out: ' || string_agg(cast(left_count as varchar) || ' ' || exclusion_reason, ', '
            order by exclusion_reason) || '.' as own_note
    from reasons
    group by all
),

ranked as (
    select
        family_id, channel_kind, channel_role, segment, statistic, "window", amount,
        row_number() over (partition by family_id, channel_kind, channel_role, segment, statistic, "window"
            order by amount nulls last) as place,
        cast(count(*) over (partition by family_id, channel_kind, channel_role, segment, statistic, "window")
            as double) as n
    from scoped
    where exclusion_reason is null and amount is not null
),

middles as (
    select
        k.family_id, k.channel_kind, k.channel_role, k.segment, k.statistic, k."window", max(k.n) as n,
        avg(k.amount) filter (where k.place in (floor((k.n + 1) / 2), ceil((k.n + 1) / 2))) as value,
        max(k.amount) filter (where k.place = floor((k.n - r.normal_quantile * sqrt(k.n)) / 2)) as low,
        max(k.amount) filter (where k.place = ceil(1 + (k.n + r.normal_quantile * sqrt(k.n)) / 2)) as high
    from ranked as k
    cross join metrics.rules as r
    group by all
)

select
    m.family_id, m.channel_kind, m.channel_role, m.segment, m.statistic, m."window", m.value, m.low, m.high,
    m.n, m.n as n_events, 0 as n_censored, cast(null as varchar) as own_state,
    cast(null as varchar) as own_shortfall, l.own_note
from middles as m
left join left_out as l
    on l.family_id = m.family_id and l.channel_kind = m.channel_kind and l.channel_role = m.channel_role
        and l.segment = m.segment
    and l.statistic = m.statistic and l."window" = m."window"
