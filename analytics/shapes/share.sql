-- question: What share of the items has the property?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: share
-- standard: a proportion with Wilson's 95 % interval on the number of independent items that these are worth (Franco,
--   Little, Louis and Slud 2019)
-- caveats: The wrapped query gives one row per item and statistic, with is_yes and its age. An item with an
--   exclusion_reason enters no share; one whose is_yes is unknown must have such a reason. If the item cannot have the
--   property at all, the reason begins with `not applicable`; if that is true of all items, it is true of the figure.
--   If items that count could not be seen (`is_unseen`, if the query has such a column), the interval allows for
--   all of them being no and all being yes; above the share of metrics.rules there is no value, only these
--   bounds in the note. The share that is meant is the one behind this window, not that of the items in it.
with items as (
    {{query}}
),

-- Items by day first, as each is in several windows.
days as (
    select
        i.family_id, i.channel_kind, i.channel_role, i.is_pooled, i.segment, i.statistic, i.exclusion_reason,
        ceil(i.age_days) as day, cast(floor(i.age_days / r.alike_days) as bigint) as week, {{person}} as person_key,
        count(*) as held, count(*) filter (where not {{unseen}}) as n,
        count(*) filter (where i.is_yes and not {{unseen}}) as n_events
    from items as i
    cross join metrics.rules as r
    group by all
),

scoped as (
    select
        d.family_id, d.channel_kind, if(s.pools_roles, 'all', d.channel_role) as channel_role, d.segment, d.statistic,
        s."window", d.exclusion_reason,
        hash(d.family_id, d.channel_kind, if(s.pools_roles, 'all', d.channel_role), d.segment, d.statistic, s."window")
            as figure_id,
        d.week, d.person_key, sum(d.held) as held, sum(d.n) as n, sum(d.n_events) as n_events
    from days as d
    join metrics.scopes as s on d.day <= s.window_days and (d.is_pooled or not s.pools_roles)
    group by all
),

{{left_out}},

counted as (
    select
        figure_id, family_id, channel_kind, channel_role, segment, statistic, "window",
        coalesce(sum(held) filter (where exclusion_reason is null), 0) as n_all,
        coalesce(sum(n) filter (where exclusion_reason is null), 0) as n,
        coalesce(sum(n_events) filter (where exclusion_reason is null), 0) as n_events,
        if(bool_and(coalesce(exclusion_reason like 'not applicable%', false)), 'not applicable', null) as own_state
    from scoped
    group by all
),

strays as (
    select
        k.figure_id, k.week, k.person_key, k.n, k.n_events - k.n * c.n_events / c.n as stray,
        k.n_events * power(1 - c.n_events / c.n, 2) + (k.n - k.n_events) * power(c.n_events / c.n, 2) as alone
    from scoped as k
    join counted as c on c.figure_id = k.figure_id
    where k.exclusion_reason is null and k.n > 0
),

{{worth}},

-- If all unseen are no, the share is least, and if all are yes, it is most. They are worth as much as those seen.
bounds as (
    select
        c.*, c.n_all - c.n as n_unseen, c.n_all - c.n > r.most_unseen_share * c.n_all as is_hidden,
        c.n_events / nullif(c.n_all, 0) as least, (c.n_events + c.n_all - c.n) / nullif(c.n_all, 0) as most,
        power(r.normal_quantile, 2) * c.n / (w.n_worth * c.n_all) as spread
    from counted as c
    cross join metrics.rules as r
    left join worth as w on w.figure_id = c.figure_id
)

select
    b.family_id, b.channel_kind, b.channel_role, b.segment, b.statistic, b."window",
    case when not is_hidden then n_events / nullif(n, 0) end as value,
    (least + spread / 2 - sqrt(spread * least * (1 - least) + power(spread / 2, 2))) / (1 + spread) as low,
    (most + spread / 2 + sqrt(spread * most * (1 - most) + power(spread / 2, 2))) / (1 + spread) as high,
    n, n_events, 0 as n_censored, if(is_hidden, 'not enough data', own_state) as own_state,
    case when is_hidden then n_unseen || ' of ' || n_all || if(n_unseen = 1, ' was', ' were')
        || ' not seen: the share lies between ' || round(100 * least, 1) || ' and ' || round(100 * most, 1) || ' %.'
        end as own_shortfall,
    nullif(concat_ws(
        ' ', case when not is_hidden and n_unseen > 0 then n_unseen || if(n_unseen = 1, ' more was', ' more were')
            || ' not seen: the interval allows for either.' end, l.own_note
    ), '') as own_note
from bounds as b
left join left_out as l on l.figure_id = b.figure_id
