-- question: How many weeks would it take to close the open reports at the current pace?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: weeks to close the open reports
-- unit: weeks
-- better: low
-- standard: CHAOSS Issue Age (backlog)
-- caveats: Open reports at the last good visit, divided by the reports closed for good per week of the window, however
--   they were closed. Trackers only. Reports older than the completely read period count in neither: a backlog that
--   was not read to its beginning is larger than it looks here. The interval is that of the number of closings,
--   widened by how much they vary from month to month (event_dispersions); the backlog is known. No value
--   below 5 closings, or if part of the window was not read.
-- version: 1
-- proof: analytics/metrics/test_resolution.py::test_the_pile_lasts_as_long_as_the_pace_of_closing_says
-- items: select r.thread_id as item_id, r.url, r.family_id, r.channel_kind, r.channel_role, r.is_own as is_pooled,
--   r.state, t.closed_at
--   from metrics.thread_responses as r join staging.threads as t on t.thread_id = r.thread_id where r.channel_kind =
--   'tracker'
-- shape: figure
-- covers: issues
-- of: open threads
-- segments: all
-- statistics: open_by_closed
-- windows: 30d, 90d, 365d
-- gate: none
with counted as (
    select
        d.family_id, d.channel_kind, case when s.pools_roles then 'all' else d.channel_role end as channel_role,
        s."window", cast(count(*) filter (where d.is_open) as double) as pile,
        cast(count(*) filter (where d.closed_days <= s.window_days) as double) as closed,
        s.window_days / 7 as weeks,
        -- A day less is no hole: the first visit reads from a midnight on.
        bool_or(d.read_days < s.window_days - 1) as is_part_read
    from metrics.thread_closings as d
    join metrics.scopes as s on s."window" <> 'all' and (d.is_own or not s.pools_roles)
    group by all
)

select
    c.family_id, c.channel_kind, c.channel_role, 'all' as segment, 'open_by_closed' as statistic, c."window",
    c.pile * c.weeks / nullif(c.closed, 0) as value,
    c.pile * c.weeks / p.mean_high as low,
    c.pile * c.weeks / nullif(p.mean_low, 0) as high,
    c.pile as n, c.closed as n_events, 0 as n_censored,
    case when c.is_part_read or c.closed < r.min_events_count then 'not enough data' end as own_state,
    concat_ws(
        ' ',
        cast(cast(c.pile as bigint) as varchar) || ' open, ' || cast(cast(c.closed as bigint) as varchar) || ' closed.',
        case when c.is_part_read then 'Part of the window was not read.' end
    ) as own_note
from counted as c
cross join metrics.rules as r
join metrics.rate_limits as p
    on p.rate = 'closings' and p.family_id = c.family_id and p.channel_kind = c.channel_kind
        and p.channel_role = c.channel_role and p."window" = c."window"
