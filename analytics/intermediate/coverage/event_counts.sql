-- question: Which counts of events are behind rates, over how many days, and how much do they vary?
-- grain: rate, family_id, channel_kind, channel_role, segment, window
-- unit: events
-- standard: quasi-Poisson: Pearson's statistic over its degrees of freedom
-- caveats: `dispersion` is the variance over the mean of the counts of up to twelve whole months, mixed with an
--   assumption that counts for four months more: for incidents the mean size of the run that an incident is in, for all
--   rates at least 1.25 plus 0.09 for each event a month, which is a rate that varies by 30 % from month to month. It
--   also pays for Student's quantile: an interval is that of a Poisson mean for the number of events over it, times it.
--   Unless events come in runs (a tenth larger than chance has them: `comes_in_runs`), all that is above chance counts
--   as far as such a variation is likelier than chance alone; before any month it is five times as likely. If nothing
--   ever happened it is 1.25. `api or unattributed` counts what may belong to the API beside what does. `bursts_count`
--   is the number of runs of incidents (item_clusters) in the window. Days are summed over the status pages of a family,
--   as far back as each goes. For people only days more than 365 days after the start of the history count, in every
--   channel of the group: before that nobody can be known to be new (`left_out_count`).
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
        max(e.as_of_at) as as_of_at
    from metrics.people_events as e
    join (values ('askers', false), ('answerers', false), ('contributors', true)) as a (activity, is_of_changes)
        on a.is_of_changes = (e.thing = 'pulls')
    join metrics.scopes as s on e.is_pooled or not s.pools_roles
    group by all
),

new_people as (
    select
        h.family_id, h.channel_kind, h.channel_role, h.activity, h."window",
        greatest(0, least(h.window_days, date_diff('microsecond', h.read_from_at, h.as_of_at) / 86400e6
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

bursts as (
    select i.family_id, i.segment, i."window", count(distinct c.cluster_id) as bursts_count
    from metrics.counted_incidents as i
    join metrics.item_clusters as c on c.item_id = i.channel_id || '#' || i.incident_id
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
        'incidents' as rate, i.family_id, 'status' as channel_kind, 'all' as channel_role, i.segment, i.age_days,
        c.cluster_id
    from metrics.counted_incidents as i
    left join metrics.item_clusters as c on c.item_id = i.channel_id || '#' || i.incident_id
    where i."window" = 'all'
    union all
    select
        'people', p.family_id, p.channel_kind, case when s.pools_roles then 'all' else p.channel_role end, p.activity,
        p.age_days, null
    from metrics.people_activity as p
    join metrics.scopes as s on s."window" = 'all' and (p.is_pooled or not s.pools_roles)
    where p.is_known_first
),

runs as (
    select
        rate, family_id, channel_kind, channel_role, segment, sum(size * size) / cast(sum(size) as double) as burst_size
    from (
        select rate, family_id, channel_kind, channel_role, segment, cluster_id, count(*) as size
        from events
        where cluster_id is not null
        group by all
    ) as clusters
    group by all
),

watched as (
    select family_id, max(date_diff('microsecond', observed_from_at, observed_until_at)) / 86400e6 as days
    from staging.status_pages
    group by family_id
),

spans as (
    select
        e.rate, e.family_id, e.channel_kind, e.channel_role, e.segment, count(*) as n,
        coalesce(max(w.days), max(e.age_days)) as days,
        least(12, greatest(1, floor(coalesce(max(w.days), max(e.age_days)) / 30))) as months
    from events as e
    left join watched as w on w.family_id = e.family_id and e.rate = 'incidents'
    group by all
),

months as (
    select
        e.rate, e.family_id, e.channel_kind, e.channel_role, e.segment, floor(e.age_days / 30) as months_ago,
        max(s.months) as months, count(*) as size
    from events as e
    join spans as s using (rate, family_id, channel_kind, channel_role, segment)
    where e.age_days < 30 * s.months
    group by all
),

spreads as (
    select
        rate, family_id, channel_kind, channel_role, segment, max(months) - 1 as own_freedom, sum(size) / max(months)
            as month_mean,
        (sum(size * size) - power(sum(size), 2) / max(months)) / (sum(size) / max(months)) as deviance
    from months
    group by all
),

event_months as (
    select
        s.rate, s.family_id, s.channel_kind, s.channel_role, s.segment,
        cast(coalesce(m.own_freedom, 0) as double) as months_freedom, coalesce(m.month_mean, 0) as month_mean,
        coalesce(m.deviance, 0) as months_deviance,
        coalesce(b.burst_size / (2 * exp(0.25 * s.n / s.days) - 1), 1) as run_size
    from spans as s
    left join spreads as m using (rate, family_id, channel_kind, channel_role, segment)
    left join runs as b using (rate, family_id, channel_kind, channel_role, segment)
),

-- The deviance of counts with a dispersion d is d times a chi-square of its freedom: `doubt` is the share of the one
-- likelihood in both.
event_dispersions as (
    select
        rate, family_id, channel_kind, channel_role, segment,
        assumed_dispersion + power(assumed_variation, 2) * month_mean as varied,
        1 / (1 + exp(least(500, months_freedom / 2 * ln(varied) - months_deviance / 2 * (1 - 1 / varied)))
            / assumed_odds) as doubt,
        months_freedom + assumed_clusters as freedom,
        run_size > greatest(1.1, 1 + (varied - 1) * doubt) as comes_in_runs,
        greatest(1, (months_deviance + assumed_clusters * greatest(run_size, 1 + (varied - 1) * doubt))
            / (months_freedom + assumed_clusters)) as own_dispersion,
        own_dispersion * power(1 + (
            student_first + (student_second + (student_third + student_fourth / freedom) / freedom) / freedom
        ) / freedom / normal_quantile, 2) as wide_dispersion,
        case when comes_in_runs then wide_dispersion else 1 + (wide_dispersion - 1) * doubt end as dispersion
    from event_months
    cross join metrics.rules
)

select
    c.rate, c.family_id, c.channel_kind, c.channel_role, c.segment, c."window", c.observed_days, c.events_count,
    c.left_out_count, c.bursts_count,
    coalesce(d.dispersion, r.assumed_dispersion) as dispersion, coalesce(d.comes_in_runs, false) as comes_in_runs
from counted as c
cross join metrics.rules as r
left join event_dispersions as d
    on d.rate = c.rate and d.family_id = c.family_id and d.channel_kind = c.channel_kind
        and d.channel_role = c.channel_role and d.segment = c.dispersion_segment
