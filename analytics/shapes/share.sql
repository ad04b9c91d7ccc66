-- question: What share of the items has the property?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: share
-- standard: a proportion with Wilson's 95 % interval
-- caveats: The wrapped query gives one row per item and statistic, with is_yes and its age; an item with an
--   exclusion_reason is counted as left out and enters no share. An item whose is_yes is unknown must have such a
--   reason. If the item cannot have the property at all, the reason begins with `not applicable`; if that is true of
--   all items, it is true of the figure.
-- version: 1
with items as (
    {{query}}
),

scoped as (
    select
        i.family_id, i.channel_kind, case when s.pools_roles then 'all' else i.channel_role end as channel_role,
        i.segment, i.statistic, s."window", i.is_yes, i.exclusion_reason
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
        cast(count(*) filter (where exclusion_reason is null) as double) as n,
        cast(count(*) filter (where exclusion_reason is null and is_yes) as double) as n_events,
        case when bool_and(coalesce(exclusion_reason like 'not applicable%', false)) then 'not applicable'
            end as own_state
    from scoped
    group by all
)

select
    c.family_id, c.channel_kind, c.channel_role, c.segment, c.statistic, c."window",
    c.n_events / nullif(c.n, 0) as value,
    case when c.n_events = 0 then 0
        else (c.n_events / c.n + power(r.normal_quantile, 2) / (2 * c.n) - r.normal_quantile * sqrt(
        c.n_events / c.n * (1 - c.n_events / c.n) / c.n + power(r.normal_quantile / (2 * c.n), 2)
    )) / (1 + power(r.normal_quantile, 2) / c.n) end as low,
    case when c.n_events = c.n then 1
        else (c.n_events / c.n + power(r.normal_quantile, 2) / (2 * c.n) + r.normal_quantile * sqrt(
        c.n_events / c.n * (1 - c.n_events / c.n) / c.n + power(r.normal_quantile / (2 * c.n), 2)
    )) / (1 + power(r.normal_quantile, 2) / c.n) end as high,
    c.n, c.n_events, 0 as n_censored, c.own_state, l.own_note
from counted as c
cross join metrics.rules as r
left join left_out as l
    on l.family_id = c.family_id and l.channel_kind = c.channel_kind and l.channel_role = c.channel_role
        and l.segment = c.segment
    and l.statistic = c.statistic and l."window" = c."window"
