-- question: What share of the items has the property?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: share
-- standard: a proportion with Wilson's 95 % interval
-- caveats: The wrapped query gives one row per item and statistic, with is_yes and its age; an item with an
--   exclusion_reason is counted as left out and enters no share. An item whose is_yes is unknown must have such a
--   reason. If the item cannot have the property at all, the reason begins with `not applicable`; if that is true of
--   all items, it is true of the figure. An item that counts but could not be seen (`is_unseen`, where the query has
--   such a column) is in no share: the interval runs from where all of them are no to where all are yes, and above the
--   share of metrics.rules there is no value, only these bounds in the note.
-- version: 2
with items as (
    {{query}}
),

scoped as (
    select
        i.family_id, i.channel_kind, case when s.pools_roles then 'all' else i.channel_role end as channel_role,
        i.segment, i.statistic, s."window", i.is_yes, i.exclusion_reason,
        {{unseen}} as is_unseen
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

counted as (
    select
        family_id, channel_kind, channel_role, segment, statistic, "window",
        cast(count(*) filter (where exclusion_reason is null and not is_unseen) as double) as n,
        cast(count(*) filter (where exclusion_reason is null and not is_unseen and is_yes) as double) as n_events,
        cast(count(*) filter (where exclusion_reason is null and is_unseen) as double) as n_unseen,
        case when bool_and(coalesce(exclusion_reason like 'not applicable%', false)) then 'not applicable'
            end as own_state
    from scoped
    group by all
),

bounds as (
    select
        *, n + n_unseen as n_known, n_events / nullif(n + n_unseen, 0) as least_share,
        (n_events + n_unseen) / nullif(n + n_unseen, 0) as most_share, power(r.normal_quantile, 2) as z_squared,
        n_unseen > r.most_unseen_share * (n + n_unseen) as is_hidden
    from counted
    cross join metrics.rules as r
)

select
    c.family_id, c.channel_kind, c.channel_role, c.segment, c.statistic, c."window",
    case when not c.is_hidden then c.n_events / nullif(c.n, 0) end as value,
    case when c.least_share = 0 then 0
        else (c.least_share + c.z_squared / (2 * c.n_known) - sqrt(
        c.z_squared * c.least_share * (1 - c.least_share) / c.n_known + power(c.z_squared / (2 * c.n_known), 2)
    )) / (1 + c.z_squared / c.n_known) end as low,
    case when c.most_share = 1 then 1
        else (c.most_share + c.z_squared / (2 * c.n_known) + sqrt(
        c.z_squared * c.most_share * (1 - c.most_share) / c.n_known + power(c.z_squared / (2 * c.n_known), 2)
    )) / (1 + c.z_squared / c.n_known) end as high,
    c.n, c.n_events, 0 as n_censored, case when c.is_hidden then 'not enough data' else c.own_state end as own_state,
    case when c.is_hidden then 'Not seen of ' || cast(cast(c.n_unseen as bigint) as varchar) || ' of '
        || cast(cast(c.n_known as bigint) as varchar) || ': the share lies between '
        || cast(round(100 * c.least_share, 1) as varchar) || ' and '
        || cast(round(100 * c.most_share, 1) as varchar) || ' %.' end as own_shortfall,
    nullif(concat_ws(' ', case when not c.is_hidden and c.n_unseen > 0 then 'Not seen of '
        || cast(cast(c.n_unseen as bigint) as varchar) || ' more: the interval allows for either.' end, l.own_note), '')
        as own_note
from bounds as c
left join left_out as l
    on l.family_id = c.family_id and l.channel_kind = c.channel_kind and l.channel_role = c.channel_role
        and l.segment = c.segment
    and l.statistic = c.statistic and l."window" = c."window"
