-- question: Which counts of events are behind rates, and how much do they vary?
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
--   is the number of runs of incidents (item_clusters) in the window.
with bursts as (
    select i.family_id, i.segment, i."window", count(distinct c.cluster_id) as bursts_count
    from metrics.counted_incidents as i
    join metrics.item_clusters as c on c.item_id = i.channel_id || '#' || i.incident_id
    group by all
),

counted as (
    select
        'incidents' as rate, n.family_id, 'status' as channel_kind, 'all' as channel_role, n.segment,
        n.segment as dispersion_segment, n."window", n.incidents_count as events_count, b.bursts_count
    from metrics.incident_counts as n
    left join bursts as b on b.family_id = n.family_id and b.segment = n.segment and b."window" = n."window"
    union all
    select
        'incidents', n.family_id, 'status', 'all', 'api or unattributed', 'api', n."window",
        n.incidents_count + u.incidents_count, null
    from metrics.incident_counts as n
    join metrics.incident_counts as u
        on u.family_id = n.family_id and u."window" = n."window" and u.segment = 'unattributed'
    where n.segment = 'api'
    union all
    select 'people', family_id, channel_kind, channel_role, activity, activity, "window", people_count, null
    from metrics.new_people_counts
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

assumed as (
    select *, assumed_dispersion + power(assumed_variation, 2) * month_mean as varied
    from event_months
    cross join metrics.rules
),

-- The deviance of counts with a dispersion d is d times a chi-square of its freedom: `doubt` is the share of the one
-- likelihood in both.
weighed as (
    select
        *, 1 / (1 + exp(least(500, months_freedom / 2 * ln(varied) - months_deviance / 2 * (1 - 1 / varied)))
            / assumed_odds) as doubt
    from assumed
),

mixed as (
    select
        *, months_freedom + assumed_clusters as freedom,
        run_size > greatest(1.1, 1 + (varied - 1) * doubt) as comes_in_runs,
        greatest(1, (months_deviance + assumed_clusters * greatest(run_size, 1 + (varied - 1) * doubt))
            / (months_freedom + assumed_clusters)) as own_dispersion
    from weighed
),

widened as (
    select
        *, own_dispersion * power(1 + (
            student_first + (student_second + (student_third + student_fourth / freedom) / freedom) / freedom
        ) / freedom / normal_quantile, 2) as wide_dispersion
    from mixed
),

event_dispersions as (
    select
        rate, family_id, channel_kind, channel_role, segment, comes_in_runs,
        case when comes_in_runs then wide_dispersion else 1 + (wide_dispersion - 1) * doubt end as dispersion
    from widened
)

select
    c.rate, c.family_id, c.channel_kind, c.channel_role, c.segment, c."window", c.events_count, c.bursts_count,
    coalesce(d.dispersion, r.assumed_dispersion) as dispersion, coalesce(d.comes_in_runs, false) as comes_in_runs
from counted as c
cross join metrics.rules as r
left join event_dispersions as d
    on d.rate = c.rate and d.family_id = c.family_id and d.channel_kind = c.channel_kind
        and d.channel_role = c.channel_role and d.segment = c.dispersion_segment
