-- question: What share of the items has the property?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: share
-- standard: a proportion with Wilson's 95 % interval on the number of independent items that these are worth (Franco,
--   Little, Louis and Slud 2019)
-- caveats: The wrapped query gives one row per item and statistic, with is_yes and its age; an item with an
--   exclusion_reason is counted as excluded and enters no share. An item whose is_yes is unknown must have such a
--   reason. If the item cannot have the property at all, the reason begins with `not applicable`; if that is true of
--   all items, it is true of the figure. An item that counts but could not be seen (`is_unseen`, where the query has
--   such a column) is in no share: the interval runs from where all of them are no to where all are yes, and above the
--   share of metrics.rules there is no value, only these bounds in the note. The share that is meant is the
--   one behind this window, and neighbouring weeks may resemble each other: what items of the same weeks and of the
--   same people are worth is in `worth`. Items without company have Wilson's own interval.
with items as (
    {{query}}
),

-- Items that count alike are counted before each window and group of roles takes its part of them: of many items of one
-- week that is a row instead of hundreds. The ages are those at which a window of metrics.scopes ends. An item that
-- depends on no other has no week, and is counted together with others of the kind.
alike as (
    select
        i.family_id, i.channel_kind, i.channel_role, i.is_pooled, i.segment, i.statistic, i.exclusion_reason,
        case when i.age_days <= 30 then 30 when i.age_days <= 90 then 90 when i.age_days <= 365 then 365
            when i.age_days > 365 then 1000000 end as within_days,
        case when c.cluster_key is not null then cast(floor(i.age_days / 7) as bigint) end as week,
        {{person}} as person_key,
        cast(count(*) filter (where not {{unseen}}) as double) as n,
        cast(count(*) filter (where i.is_yes and not {{unseen}}) as double) as n_events,
        cast(count(*) filter (where {{unseen}}) as double) as n_unseen
    from items as i
    left join {{clusters}} as c on c.item_id = i.item_id
    group by all
),

scoped as (
    select
        a.family_id, a.channel_kind, if(s.pools_roles, 'all', a.channel_role) as channel_role, a.segment, a.statistic,
        s."window", a.exclusion_reason, a.week, a.person_key,
        hash(a.family_id, a.channel_kind, if(s.pools_roles, 'all', a.channel_role), a.segment, a.statistic, s."window")
            as figure_id,
        sum(a.n) as n, sum(a.n_events) as n_events, sum(a.n_unseen) as n_unseen, sum(a.n + a.n_unseen) as held
    from alike as a
    join metrics.scopes as s on a.within_days <= s.window_days and (a.is_pooled or not s.pools_roles)
    group by all
),

{{left_out}},

counted as (
    select
        figure_id,
        coalesce(sum(n) filter (where exclusion_reason is null), 0) as n,
        coalesce(sum(n_events) filter (where exclusion_reason is null), 0) as n_events,
        coalesce(sum(n_unseen) filter (where exclusion_reason is null), 0) as n_unseen,
        case when bool_and(coalesce(exclusion_reason like 'not applicable%', false)) then 'not applicable'
            end as own_state
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

bounds as (
    select
        c.*, w.n_worth / c.n * (c.n + c.n_unseen) as n_known,
        c.n_events / nullif(c.n + c.n_unseen, 0) as least_share,
        (c.n_events + c.n_unseen) / nullif(c.n + c.n_unseen, 0) as most_share,
        power(r.normal_quantile, 2) as z_squared,
        c.n_unseen > r.most_unseen_share * (c.n + c.n_unseen) as is_hidden
    from counted as c
    cross join metrics.rules as r
    left join worth as w on w.figure_id = c.figure_id
)

select
    f.family_id, f.channel_kind, f.channel_role, f.segment, f.statistic, f."window",
    case when not c.is_hidden then c.n_events / nullif(c.n, 0) end as value,
    case when c.least_share = 0 then 0
        else (c.least_share + c.z_squared / (2 * c.n_known) - sqrt(
        c.z_squared * c.least_share * (1 - c.least_share) / c.n_known + power(c.z_squared / (2 * c.n_known), 2)
    )) / (1 + c.z_squared / c.n_known) end as low,
    case when c.most_share = 1 then 1
        else (c.most_share + c.z_squared / (2 * c.n_known) + sqrt(
        c.z_squared * c.most_share * (1 - c.most_share) / c.n_known + power(c.z_squared / (2 * c.n_known), 2)
    )) / (1 + c.z_squared / c.n_known) end as high,
    c.n, c.n_events, 0 as n_censored,
    case when c.is_hidden then 'not enough data' else c.own_state end as own_state,
    case when c.is_hidden then cast(cast(c.n_unseen as bigint) as varchar) || ' of '
        || cast(cast(c.n + c.n_unseen as bigint) as varchar) || case c.n_unseen when 1 then ' was' else ' were' end
        || ' not seen: the share lies between '
        || cast(round(100 * c.least_share, 1) as varchar) || ' and '
        || cast(round(100 * c.most_share, 1) as varchar) || ' %.' end as own_shortfall,
    nullif(concat_ws(' ', case when not c.is_hidden and c.n_unseen > 0 then cast(cast(c.n_unseen as bigint) as varchar)
        || case c.n_unseen when 1 then ' more was' else ' more were' end || ' not seen: the interval allows for either.'
        end, l.own_note), '')
        as own_note
from bounds as c
join (
    select distinct figure_id, family_id, channel_kind, channel_role, segment, statistic, "window" from scoped
) as f on f.figure_id = c.figure_id
left join left_out as l on l.figure_id = c.figure_id
