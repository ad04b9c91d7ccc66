-- question: What is the median amount of the items?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: that of the metric
-- standard: median with the 95 % interval of its order statistics, for the number of independent items that these are
--   worth (Woodruff 1952), interpolated between neighbours
-- caveats: The wrapped query gives one row per item and statistic, with its amount (never of something unfinished,
--   which is a matter of survival) and its age. If there are too few independent items for an end, there is none. What
--   items are worth is that of the share of items below the median (see `worth`), in which ties count half: models that
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
        cast(floor(i.age_days / r.alike_days) as bigint) as week,
        {{person}} as person_key
    from items as i
    join metrics.scopes as s on i.age_days <= s.window_days and (i.is_pooled or not s.pools_roles)
    cross join metrics.rules as r
),

{{left_out}},

sorted as (
    select
        figure_id, family_id, channel_kind, channel_role, segment, statistic, "window",
        cast(count(amount) as double) as n, median(amount) as value,
        list(amount order by amount) filter (where amount is not null) as amounts
    from scoped
    group by all
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
    cross join metrics.rules as r
    left join worth as w on w.figure_id = m.figure_id
    cross join lateral (select (m.n * (1 - r.normal_quantile / sqrt(w.n_worth)) + 1) / 2 as place) as p
)

select
    family_id, channel_kind, channel_role, segment, statistic, "window", value,
    case when before >= 1 then (1 - beyond) * amounts[before] + beyond * amounts[before + 1] end as low,
    case when before >= 1 then (1 - beyond) * amounts[-before] + beyond * amounts[-before - 1] end as high,
    n, n as n_events, 0 as n_censored, cast(null as varchar) as own_state, if(n = 0, own_note, null) as own_shortfall,
    if(n > 0, own_note, null) as own_note
from placed
left join left_out using (figure_id)
