-- question: What is the median amount of the items?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: that of the metric
-- standard: median with the 95 % interval of its order statistics, for the number of independent items that these are
--   worth (Woodruff's interval), interpolated between them (after Hettmansperger and Sheather)
-- caveats: The wrapped query gives one row per item and statistic, with its amount (never of something unfinished,
--   which is a matter of survival) and its age. For an even number of items, the median is the mean of the two in
--   the middle. The ends of the interval lie between two neighbouring items, where the exact place falls: whole
--   places hold the median in up to 99 of 100 cases. If there are too few independent ones for an end, there is
--   none. What items are worth is that of the share of items below the median (see `worth`), where ties count
--   by half: models that one announcement ends are hardly more than one. If no item counts, the note says why.
with items as (
    {{query}}
),

scoped as (
    select
        i.family_id, i.channel_kind, if(s.pools_roles, 'all', i.channel_role) as channel_role, i.segment, i.statistic,
        s."window",
        hash(i.family_id, i.channel_kind, if(s.pools_roles, 'all', i.channel_role), i.segment, i.statistic, s."window")
            as figure_id,
        cast(i.amount as double) as amount, i.exclusion_reason, 1 as held,
        case when c.cluster_key is not null then cast(floor(i.age_days / 7) as bigint) end as week,
        {{person}} as person_key
    from items as i
    join metrics.scopes as s on i.age_days <= s.window_days and (i.is_pooled or not s.pools_roles)
    left join {{clusters}} as c on c.item_id = i.item_id
),

{{left_out}},

-- Equal amounts are counted before they are ranked: of words and points there are far fewer than items.
amounts as (
    select figure_id, amount, cast(sum(held) as double) as held
    from scoped
    where exclusion_reason is null and amount is not null
    group by all
),

ranked as (
    select
        figure_id, amount, sum(held) over (partition by figure_id order by amount) as last_place,
        sum(held) over (partition by figure_id) as n
    from amounts
),

middles as (
    select
        figure_id, max(n) as n, (min(amount) filter (where last_place >= floor((n + 1) / 2))
            + min(amount) filter (where last_place >= ceil((n + 1) / 2))) / 2 as value
    from ranked
    group by all
),

strays as (
    select
        s.figure_id, s.week, s.person_key, cast(count(*) as double) as n, count(*) / 4 as alone,
        sum(case when s.amount < m.value then 0.5 when s.amount > m.value then -0.5 else 0 end) as stray
    from scoped as s
    join middles as m on m.figure_id = s.figure_id
    where s.exclusion_reason is null and s.amount is not null
    group by all
),

{{worth}},

placed as (
    select
        m.figure_id, m.n, m.value,
        (m.n * (1 - r.normal_quantile / sqrt(w.n_worth)) + 1) / 2 as low_place
    from middles as m
    join worth as w on w.figure_id = m.figure_id
    cross join metrics.rules as r
),

ends as (
    select
        p.figure_id,
        min(k.amount) filter (where k.last_place >= floor(p.low_place)) as low_before,
        min(k.amount) filter (where k.last_place >= floor(p.low_place) + 1) as low_after,
        min(k.amount) filter (where k.last_place >= p.n - floor(p.low_place)) as high_before,
        min(k.amount) filter (where k.last_place >= p.n + 1 - floor(p.low_place)) as high_after
    from placed as p
    join ranked as k on k.figure_id = p.figure_id
    where p.low_place >= 1
    group by all
)

select
    f.family_id, f.channel_kind, f.channel_role, f.segment, f.statistic, f."window", p.value,
    e.low_before + (e.low_after - e.low_before) * (p.low_place - floor(p.low_place)) as low,
    e.high_after - (e.high_after - e.high_before) * (p.low_place - floor(p.low_place)) as high,
    p.n, p.n as n_events, 0 as n_censored, cast(null as varchar) as own_state,
    case when p.n is null then l.own_note end as own_shortfall,
    case when p.n is not null then l.own_note end as own_note
from (
    select distinct figure_id, family_id, channel_kind, channel_role, segment, statistic, "window" from scoped
) as f
left join placed as p on p.figure_id = f.figure_id
left join ends as e on e.figure_id = f.figure_id
left join left_out as l on l.figure_id = f.figure_id
