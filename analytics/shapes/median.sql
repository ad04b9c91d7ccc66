-- question: What is the median amount of the items?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: that of the metric
-- standard: median with the 95 % interval of its order statistics, for the number of independent items that these are
--   worth (Woodruff's interval), interpolated between them (after Hettmansperger and Sheather)
-- caveats: The wrapped query gives one row per item and statistic, with its amount (never of something unfinished,
--   which is a matter of survival) and its age. For an even number of items, the median is the mean of the two in
--   the middle. The ends of the interval lie between two neighbouring items, where the exact place falls: whole
--   places hold the median in up to 99 of 100 cases. Where there are too few independent ones for an end, there is
--   none. The design effect is that of the share of items below the median (see the shape `share`), where ties
--   count by half: models that one announcement ends are hardly more than one.
-- version: 3
with items as (
    {{query}}
),

scoped as (
    select
        i.family_id, i.channel_kind, case when s.pools_roles then 'all' else i.channel_role end as channel_role,
        i.segment, i.statistic, s."window", cast(i.amount as double) as amount, i.exclusion_reason,
        hash(coalesce(c.cluster_id, cast(i.item_id as varchar))) as cluster_id,
        hash(coalesce(c.answerer_id, cast(i.item_id as varchar))) as answerer_id
    from items as i
    join metrics.scopes as s on i.age_days <= s.window_days and (i.is_pooled or not s.pools_roles)
    left join {{clusters}} as c on c.item_id = i.item_id
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
        family_id, channel_kind, channel_role, segment, statistic, "window", amount, cluster_id, answerer_id,
        row_number() over (partition by family_id, channel_kind, channel_role, segment, statistic, "window"
            order by amount nulls last) as place,
        cast(count(*) over (partition by family_id, channel_kind, channel_role, segment, statistic, "window")
            as double) as n
    from scoped
    where exclusion_reason is null and amount is not null
),

middles as (
    select
        family_id, channel_kind, channel_role, segment, statistic, "window", max(n) as n,
        avg(amount) filter (where place in (floor((n + 1) / 2), ceil((n + 1) / 2))) as value
    from ranked
    group by all
),

clusters as (
    select
        k.family_id, k.channel_kind, k.channel_role, k.segment, k.statistic, k."window", w.clustering,
        case w.clustering when 'answerer' then k.answerer_id else k.cluster_id end as cluster_key,
        cast(count(*) as double) as n,
        sum(case when k.amount < m.value then 0.5 when k.amount > m.value then -0.5 else 0 end) as balance
    from ranked as k
    join middles as m
        on m.family_id = k.family_id and m.channel_kind = k.channel_kind and m.channel_role = k.channel_role
            and m.segment = k.segment
        and m.statistic = k.statistic and m."window" = k."window"
    cross join (values {{clusterings}}) as w (clustering)
    group by all
),

spreads as (
    select
        family_id, channel_kind, channel_role, segment, statistic, "window", clustering, sum(n) as n,
        count(*) as groups,
        sum(n * n) / sum(n) as group_size, sum(n) / 4 as independent, sum(balance * balance) as clustered
    from clusters
    group by all
),

{{worth}},

placed as (
    select
        k.family_id, k.channel_kind, k.channel_role, k.segment, k.statistic, k."window", k.amount, k.place, k.n,
        w.design, (k.n * (1 - r.normal_quantile / sqrt(w.n_worth)) + 1) / 2 as low_place
    from ranked as k
    join worth as w
        on w.family_id = k.family_id and w.channel_kind = k.channel_kind and w.channel_role = k.channel_role
            and w.segment = k.segment
        and w.statistic = k.statistic and w."window" = k."window"
    cross join metrics.rules as r
),

ends as (
    select
        family_id, channel_kind, channel_role, segment, statistic, "window", max(n / design) as n_effective,
        case when max(low_place) >= 1 then
            sum(amount * (1 - abs(place - low_place))) filter (where abs(place - low_place) < 1) end as low,
        case when max(low_place) >= 1 then
            sum(amount * (1 - abs(n + 1 - place - low_place))) filter (where abs(n + 1 - place - low_place) < 1)
        end as high
    from placed
    group by all
)

select
    m.family_id, m.channel_kind, m.channel_role, m.segment, m.statistic, m."window", m.value, e.low, e.high,
    m.n, e.n_effective, m.n as n_events, 0 as n_censored, cast(null as varchar) as own_state,
    cast(null as varchar) as own_shortfall, l.own_note
from middles as m
join ends as e
    on e.family_id = m.family_id and e.channel_kind = m.channel_kind and e.channel_role = m.channel_role
        and e.segment = m.segment
    and e.statistic = m.statistic and e."window" = m."window"
left join left_out as l
    on l.family_id = m.family_id and l.channel_kind = m.channel_kind and l.channel_role = m.channel_role
        and l.segment = m.segment
    and l.statistic = m.statistic and l."window" = m."window"
