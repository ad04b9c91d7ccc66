-- question: How often was an announced shutdown date moved?
-- title: shutdown dates that were moved
-- titles: earlier = shutdown dates moved earlier; later = shutdown dates moved later; withdrawn = shutdowns withdrawn
-- unit: changes
-- better: none
-- caveats: Found by comparing our visits: only moves since the first visit are visible, and two moves between two
--   visits count as one. `moved` is `earlier` plus `later`; `withdrawn`: the date was withdrawn without a new one.
--   Only exact days are dates: a month, or an earliest date ("not before"), that is made exact was not moved. n counts
--   the notices with an exact day. A page that we have observed for less than 20 days has no number. A count of all, so
--   without an interval.
-- version: 2
-- proof: analytics/metrics/test_notices.py::test_moves_of_the_last_day_are_counted_as_they_are_seen
-- items: select n.notice_id as item_id, n.url, n.family_id, 'deprecations' as channel_kind, n.shutdown_on, c.change,
--   c.change_seen_at,
--   c.old_shutdown_on, c.new_shutdown_on from staging.notices as n left join staging.notice_changes as c
--   on c.notice_id = n.notice_id and c.old_shutdown_kind = 'exact'
--   and c.change in ('moved earlier', 'moved later', 'date withdrawn')
--   where n.shutdown_on is not null and n.shutdown_kind = 'exact'
-- shape: figure
-- covers: notices
-- of: notices
-- segments: all
-- statistics: moved, earlier, later, withdrawn
-- gate: none
with date_moves as (
    select
        channel_id, family_id, change_seen_at,
        case change when 'moved earlier' then 'earlier' when 'moved later' then 'later' else 'withdrawn' end as change
    from staging.notice_changes
    where change in ('moved earlier', 'moved later', 'date withdrawn') and old_shutdown_kind = 'exact'
        and family_id is not null
),

notice_channels as (
    select c.family_id, c.channel_kind, c.channel_role, c.channel_id, v.clock_at, v.first_run_at
    from metrics.covered_channels as c
    join staging.visits as v on v.channel_id = c.channel_id and v.thing = c.thing
    where c.subject = 'notices' and c.is_collected
),

watched as (
    select
        g.family_id, g.channel_kind, g.channel_role, count(distinct n.notice_id) as n,
        min(greatest(0, date_diff('microsecond', g.first_run_at, g.clock_at) / 86400e6)) as watched_days
    from notice_channels as g
    left join staging.notices as n on n.channel_id = g.channel_id and n.family_id = g.family_id
        and n.shutdown_on is not null and n.shutdown_kind = 'exact'
    group by all
),

moves as (
    select
        g.family_id, g.channel_kind, g.channel_role, s."window", t.statistic,
        count(*) filter (where m.change = t.statistic or (t.statistic = 'moved' and m.change in ('earlier', 'later')))
            as moves_count
    from date_moves as m
    join notice_channels as g on g.channel_id = m.channel_id
        and g.family_id = m.family_id
    join metrics.scopes as s on not s.pools_roles
        and date_diff('microsecond', m.change_seen_at, g.clock_at) / 86400e6 between 0 and s.window_days
    cross join (values ('moved'), ('earlier'), ('later'), ('withdrawn')) as t (statistic)
    group by all
)

select
    w.family_id, w.channel_kind, w.channel_role, 'all' as segment, t.statistic, s."window",
    coalesce(m.moves_count, 0) as value, coalesce(m.moves_count, 0) as low, coalesce(m.moves_count, 0) as high,
    w.n, coalesce(m.moves_count, 0) as n_events, 0 as n_censored,
    case when coalesce(w.watched_days, 0) < r.min_observed_days then 'not enough data' end as own_state,
    'Observed for ' || cast(round(coalesce(w.watched_days, 0), 1) as varchar) || ' days.' as own_note
from watched as w
cross join (values ('moved'), ('earlier'), ('later'), ('withdrawn')) as t (statistic)
join metrics.scopes as s on not s.pools_roles
cross join metrics.rules as r
left join moves as m
    on m.family_id = w.family_id and m.channel_kind = w.channel_kind and m.channel_role = w.channel_role
        and m."window" = s."window"
    and m.statistic = t.statistic
