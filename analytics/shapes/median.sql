-- question: What is the median amount of the items?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: that of the metric
-- standard: median with the 95 % interval of its order statistics, for the number of independent items that these are
--   worth (Woodruff 1952), interpolated between neighbours
-- caveats: The wrapped query gives one row per item and statistic, with its amount (never of something unfinished,
--   which is a matter of survival) and its age. If there are too few independent items for an end, there is none. What
--   items are worth is that of the share of items below the median (see `worth`), where ties count by half: models that
--   one announcement ends are hardly more than one. If no item counts, the note says why.
with items as (
    {{query}}
),

scoped as (
    select
        i.family_id, i.channel_kind, if(s.pools_roles, 'all', i.channel_role) as channel_role, i.segment, i.statistic,
        s."window",
        hash(i.family_id, i.channel_kind, if(s.pools_roles, 'all', i.channel_role), i.segment, i.statistic, s."window")
            as figure_id,
        case when i.exclusion_reason is null then cast(i.amount as double) end as amount, i.exclusion_reason, 1 as held,
        case when c.cluster_key is not null then cast(floor(i.age_days / 7) as bigint) end as week,
        {{person}} as person_key
    from items as i
    join metrics.scopes as s on i.age_days <= s.window_days and (i.is_pooled or not s.pools_roles)
    left join {{clusters}} as c on c.item_id = i.item_id
),

{{left_out}},

sorted as (
    select
        figure_id, cast(count(*) as double) as n, median(amount) as value, list(amount order by amount) as amounts
    from scoped
    where amount is not null
    group by figure_id
),

strays as (
    select
        s.figure_id, s.week, s.person_key, cast(count(*) as double) as n, count(*) / 4 as alone,
        sum(sign(m.value - s.amount)) / 2 as stray
    from scoped as s
    join sorted as m on m.figure_id = s.figure_id
    where s.amount is not null
    group by all
),

{{worth}},

-- The place of the low end among the sorted amounts; that of the high end is as far from the other side.
placed as (
    select m.*, cast(floor(p.place) as bigint) as before, p.place - floor(p.place) as beyond
    from sorted as m
    join worth as w on w.figure_id = m.figure_id
    cross join metrics.rules as r
    cross join lateral (select (m.n * (1 - r.normal_quantile / sqrt(w.n_worth)) + 1) / 2 as place) as p
)

select
    f.family_id, f.channel_kind, f.channel_role, f.segment, f.statistic, f."window", p.value,
    case when p.before >= 1 then (1 - p.beyond) * p.amounts[p.before] + p.beyond * p.amounts[p.before + 1] end as low,
    case when p.before >= 1 then (1 - p.beyond) * p.amounts[-p.before] + p.beyond * p.amounts[-p.before - 1] end
        as high,
    p.n, p.n as n_events, 0 as n_censored, cast(null as varchar) as own_state,
    case when p.n is null then l.own_note end as own_shortfall,
    case when p.n is not null then l.own_note end as own_note
from (
    select distinct figure_id, family_id, channel_kind, channel_role, segment, statistic, "window" from scoped
) as f
left join placed as p on p.figure_id = f.figure_id
left join left_out as l on l.figure_id = f.figure_id
