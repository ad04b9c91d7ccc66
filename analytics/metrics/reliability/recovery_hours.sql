-- question: How long does it take to resolve an incident?
-- title: hours until an incident is resolved
-- titles: p90 = hours until nine in ten incidents are resolved
-- unit: hours
-- better: low
-- standard: Time to Recover
-- caveats: Outages and degradations, from the earliest of the first post and every stated start to the stated end. Ongoing
--   incidents are censored when last seen, and those that the page never closed at their last post: they lasted at least as long.
--   Incidents of unknown length (posted when over, over without a stated end, or without a post after their start) are
--   excluded and counted in the note: they are neither 0 nor endless. Compare the segment `api`, the incidents that
--   name a component of the API; `all` is everything on the page. Of fewer than 45 incidents `p90` has no upper end:
--   all of them may be among the shorter nine in ten.
-- version: 4
-- proof: analytics/metrics/test_incidents.py::test_recovery_is_a_median_with_what_goes_on_censored,
--   analytics/metrics/test_incidents.py::test_what_nobody_closed_lasted_at_least_until_its_last_post
-- items: select d.*, i.url from metrics.recovery_waits as d join metrics.incident_windows as i on i.channel_id ||
--   '#' || i.incident_id = d.item_id
-- shape: figure
-- covers: incidents
-- of: incidents
-- roles: together
-- segments: all, api
-- statistics: median, p90
-- gate: events
with unknown as (
    select i.family_id, g.segment, s."window", count(*) as unknown_count
    from metrics.incident_windows as i
    join (values ('all'), ('api')) as g (segment) on g.segment = 'all' or i.is_api or i.is_unattributed
    join metrics.scopes as s on s.pools_roles and i.age_days <= s.window_days
    where i.is_disturbance and (
        i.ended_at is null and i.ongoing_until_at is null or not i.is_start_known
        or (g.segment = 'api' and not i.is_api)
    )
    group by all
),

asked as (
    select f.family_id, 'status' as channel_kind, 'all' as channel_role, g.segment, t.statistic, s."window"
    from staging.families as f
    cross join (values ('all'), ('api')) as g (segment)
    cross join (values ('median'), ('p90')) as t (statistic)
    join metrics.scopes as s on s.pools_roles
)

select
    a.family_id, a.channel_kind, a.channel_role, a.segment, a.statistic, a."window", q.value, q.low, q.high, q.n,
    q.n_events, q.n_censored,
    case when q.is_unreached then 'measured' end as own_state,
    nullif(concat_ws(
        ' ',
        case when q.is_unreached then 'Not reached in the window: too many are not known to be over.' end,
        'Excluded: ' || cast(u.unknown_count as varchar) || ' of unknown length'
            || case when a.segment = 'api' then ' or without a component.' else '.' end
    ), '') as own_note
from asked as a
left join metrics.event_estimates as q
    on q.wait = 'recovery' and q.family_id = a.family_id and q.channel_role = 'all' and q.segment = a.segment
        and q."window" = a."window" and q.statistic = a.statistic
left join unknown as u on u.family_id = a.family_id and u.segment = a.segment and u."window" = a."window"
