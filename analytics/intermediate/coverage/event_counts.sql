-- question: Which counts of events are behind rates, over how many days, and how much do they vary?
-- grain: rate, family_id, channel_kind, channel_role, segment, window
-- unit: events
-- standard: quasi-Poisson, the variance of weekly counts by Newey and West (see shapes/worth)
-- caveats: `dispersion` is the variance over the mean of the counts of up to 52 whole weeks, which may resemble their
--   neighbours, and also pays for the quantile: an interval is that of a Poisson mean for the number of events over it,
--   times it. Never less than 1; 1 if nothing ever happened. The rate that is meant is the one behind this window.
--   `api or unattributed` counts what may belong to the API beside what does. `bursts_count` is the number of runs of
--   incidents in the window, each of which began within six hours of the one before. Days are summed over the status pages of a family, as far back as each
--   goes. For people only days more than 365 days after the start of the history count, in every channel of the group:
--   before that nobody can be known to be new (`left_out_count`).
with watched_days as (
    select
        p.family_id, s.segment, w."window",
        sum(greatest(0, least(
            w.window_days - date_diff('microsecond', p.observed_until_at, p.visited_at) / 86400e6,
            date_diff('microsecond', p.observed_from_at, p.observed_until_at) / 86400e6
        ))) as observed_days
    from staging.status_pages as p
    cross join (values ('all'), ('api'), ('unattributed'), ('own fault'), ('third-party')) as s (segment)
    join metrics.scopes as w on w.pools_roles
    where p.observed_from_at < p.observed_until_at
    group by all
),

incidents as (
    select d.*, count(i.incident_id) as incidents_count
    from watched_days as d
    left join metrics.counted_incidents as i
        on i.family_id = d.family_id and i.segment = d.segment and i."window" = d."window"
    group by all
),

histories as (
    select
        e.family_id, e.channel_kind, case when s.pools_roles then 'all' else e.channel_role end as channel_role,
        a.activity, s."window", s.window_days, s.pools_roles, max(e.read_from_at) as read_from_at,
        max(e.clock_at) as clock_at
    from metrics.people_events as e
    join (values ('askers', false), ('answerers', false), ('contributors', true)) as a (activity, is_of_changes)
        on a.is_of_changes = (e.thing = 'pulls')
    join metrics.scopes as s on e.is_pooled or not s.pools_roles
    group by all
),

new_people as (
    select
        h.family_id, h.channel_kind, h.channel_role, h.activity, h."window",
        greatest(0, least(h.window_days, date_diff('microsecond', h.read_from_at, h.clock_at) / 86400e6
            - r.min_history_days)) as observed_days,
        date_diff('microsecond', h.read_from_at, p.first_at) / 86400e6 >= r.min_history_days as is_known,
        p.person_id
    from histories as h
    cross join metrics.rules as r
    left join metrics.people_activity as p
        on p.family_id = h.family_id and p.channel_kind = h.channel_kind and p.activity = h.activity
            and p.age_days <= h.window_days
            and (h.pools_roles and p.is_pooled or not h.pools_roles and p.channel_role = h.channel_role)
),

starts as (
    select
        channel_id, incident_id, started_at,
        date_diff('microsecond', lag(started_at) over on_page, started_at) <= 6 * 3600e6 as is_soon
    from metrics.incident_windows
    window on_page as (partition by channel_id order by started_at nulls last, incident_id)
),

runs as (
    select
        channel_id, incident_id,
        count(*) filter (where not coalesce(is_soon, false)) over (
            partition by channel_id order by started_at nulls last, incident_id
        ) as run
    from starts
),

bursts as (
    select i.family_id, i.segment, i."window", count(distinct (i.channel_id, r.run)) as bursts_count
    from metrics.counted_incidents as i
    join runs as r on r.channel_id = i.channel_id and r.incident_id = i.incident_id
    group by all
),

counted as (
    select
        'incidents' as rate, n.family_id, 'status' as channel_kind, 'all' as channel_role, n.segment,
        n.segment as dispersion_segment, n."window", n.observed_days, n.incidents_count as events_count,
        0 as left_out_count, b.bursts_count
    from incidents as n
    left join bursts as b on b.family_id = n.family_id and b.segment = n.segment and b."window" = n."window"
    union all
    select
        'incidents', n.family_id, 'status', 'all', 'api or unattributed', 'api', n."window", n.observed_days,
        n.incidents_count + u.incidents_count, 0, null
    from incidents as n
    join incidents as u
        on u.family_id = n.family_id and u."window" = n."window" and u.segment = 'unattributed'
    where n.segment = 'api'
    union all
    select
        'people', family_id, channel_kind, channel_role, activity, activity, "window", observed_days,
        count(*) filter (where is_known), count(*) filter (where not is_known), null
    from new_people
    group by all
),

events as (
    select
        'incidents' as rate, family_id, 'status' as channel_kind, 'all' as channel_role, segment, age_days
    from metrics.counted_incidents
    where "window" = 'all'
    union all
    select
        'people', p.family_id, p.channel_kind, case when s.pools_roles then 'all' else p.channel_role end, p.activity,
        p.age_days
    from metrics.people_activity as p
    join metrics.scopes as s on s."window" = 'all' and (p.is_pooled or not s.pools_roles)
    where p.is_known_first
),

watched as (
    select
        'incidents' as rate, family_id, null as channel_kind, null as channel_role, null as segment,
        max(date_diff('microsecond', observed_from_at, observed_until_at)) / 86400e6 as days
    from staging.status_pages
    group by family_id
    union all
    select 'people', family_id, channel_kind, channel_role, activity, max(observed_days)
    from new_people
    group by all
),

spans as (
    select
        e.rate, e.family_id, e.channel_kind, e.channel_role, e.segment,
        concat_ws('/', e.rate, e.family_id, e.channel_kind, e.channel_role, e.segment) as figure_id,
        cast(least(52, greatest(1, floor(max(w.days) / 7))) as bigint) as weeks
    from events as e
    join watched as w
        on w.rate = e.rate and w.family_id = e.family_id and (e.rate = 'incidents' or w.channel_kind = e.channel_kind
            and w.channel_role = e.channel_role and w.segment = e.segment)
    group by all
),

weekly as (
    select s.figure_id, s.weeks, cast(floor(e.age_days / 7) as bigint) as week, cast(count(*) as double) as held
    from events as e
    join spans as s using (rate, family_id, channel_kind, channel_role, segment)
    where e.age_days < 7 * s.weeks
    group by all
),

means as (select figure_id, sum(held) / weeks as mean from weekly group by figure_id, weeks),

-- Each week weighs the same; weeks without an event are the rest.
strays as (
    select
        m.figure_id, w.week, cast(null as ubigint) as person_key, m.mean as n, m.mean as alone,
        coalesce(k.held, 0) - m.mean as stray
    from means as m
    join (select figure_id, unnest(generate_series(0, weeks - 1)) as week from spans) as w on w.figure_id = m.figure_id
    left join weekly as k on k.figure_id = w.figure_id and k.week = w.week
),

{{worth}},

event_dispersions as (
    select s.*, m.mean * s.weeks / w.n_worth as dispersion
    from spans as s
    join means as m on m.figure_id = s.figure_id
    join worth as w on w.figure_id = s.figure_id
)

select
    c.rate, c.family_id, c.channel_kind, c.channel_role, c.segment, c."window", c.observed_days, c.events_count,
    c.left_out_count, c.bursts_count, coalesce(d.dispersion, 1) as dispersion
from counted as c
left join event_dispersions as d
    on d.rate = c.rate and d.family_id = c.family_id and d.channel_kind = c.channel_kind
        and d.channel_role = c.channel_role and d.segment = c.dispersion_segment
