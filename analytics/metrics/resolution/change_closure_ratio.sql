-- question: Are as many changes closed as are proposed?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: changes closed by changes proposed
-- unit: ratio
-- better: high
-- standard: CHAOSS Change Request Closure Ratio
-- caveats: Closed in the window, merged or not and whenever proposed, divided by proposed in the window: above 1, the
--   backlog shrinks. One ratio of two counts for each window, never a mean of ratios of shorter ones. `people` leaves
--   out changes proposed by bots and agents. The interval treats both counts as random and independent (the share of
--   closings among all events, by Wilson). Empty if nothing was proposed, or if part of the window was not read. The
--   family's own repositories only.
-- version: 1
-- proof: analytics/metrics/test_resolution.py::test_closed_over_proposed_is_one_ratio_of_two_counts
-- items: select change_id as item_id, url, family_id, 'tracker' as channel_kind, channel_role, opened_at, closed_at,
--   author_role from staging.changes
-- shape: figure
-- covers: changes
-- segments: all, people
-- statistics: closed_by_opened
-- windows: 30d, 90d, 365d
-- gate: items
with visits as (
    select channel_id, max(coalesce(as_of_at, last_run_at)) as as_of_at, max(reach_at) as reach_at
    from staging.collections
    where thing = 'pulls'
    group by channel_id
),

dated as (
    select
        c.family_id, c.channel_role, c.author_role, c.channel_id,
        date_diff('microsecond', c.opened_at, coalesce(v.as_of_at, c.seen_at)) / 86400e6 as opened_days,
        date_diff('microsecond', c.closed_at, coalesce(v.as_of_at, c.seen_at)) / 86400e6 as closed_days,
        coalesce(date_diff('microsecond', v.reach_at, v.as_of_at) / 86400e6, 1000000) as read_days
    from staging.changes as c
    left join visits as v on v.channel_id = c.channel_id
    where c.family_id is not null
),

counted as (
    select
        d.family_id, case when s.pools_roles then 'all' else d.channel_role end as channel_role, g.segment, s."window",
        cast(count(*) filter (where d.opened_days <= s.window_days) as double) as opened,
        cast(count(*) filter (where d.closed_days <= s.window_days) as double) as closed,
        -- A day less is no hole: the first visit reads from a midnight on.
        bool_or(d.read_days < s.window_days - 1) as is_part_read
    from dated as d
    cross join metrics.scopes as s
    join (values ('all'), ('people')) as g (segment) on g.segment = 'all' or d.author_role not in ('bot', 'agent')
    where s."window" <> 'all'
    group by all
),

bounded as (
    select
        *,
        (closed + power(r.normal_quantile, 2) / 2) / (closed + opened + power(r.normal_quantile, 2)) as middle,
        r.normal_quantile * sqrt(closed * opened / nullif(closed + opened, 0) + power(r.normal_quantile, 2) / 4)
            / (closed + opened + power(r.normal_quantile, 2)) as reach
    from counted
    cross join metrics.rules as r
)

select
    family_id, 'tracker' as channel_kind, channel_role, segment, 'closed_by_opened' as statistic, "window",
    closed / nullif(opened, 0) as value,
    case when opened > 0 then greatest(0, (middle - reach) / (1 - middle + reach)) end as low,
    case when opened > 0 then (middle + reach) / (1 - middle - reach) end as high,
    opened as n, closed as n_events, 0 as n_censored,
    case when is_part_read then 'not enough data' end as own_state,
    concat_ws(
        ' ',
        cast(cast(closed as bigint) as varchar) || ' closed, ' || cast(cast(opened as bigint) as varchar)
            || ' proposed.',
        case when is_part_read then 'Part of the window was not read.' end
    ) as own_note
from bounded
