-- question: How often is there trouble?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: per 30 days
-- standard: none (the inverse of a mean time between failures, which has no value where there was none)
-- caveats: Outages and degradations that the vendor posted, each once however many components it touches, with the exact interval of a
--   Poisson rate: no incident at all is a rate of 0 with an upper end. A vendor who posts more openly has the higher rate. Suspensions,
--   maintenance and notes are not counted. Of several status pages the days are added. Compare the segment `api`; `all` is everything on
--   the page, and `third-party` those of `api` that are another firm's fault by the page's own words: they count there, too.
-- version: 1
with wanted as (
    select c.*, s.segment, w."window"
    from metrics.channel_coverage as c
    cross join (values ('all'), ('api'), ('third-party')) as s (segment)
    cross join (select distinct "window" from metrics.scopes) as w
    where c.subject = 'incidents' and c.channel_role = 'all'
),

judged as (
    select
        w.*, coalesce(n.incidents_count, 0) as n, n.observed_days,
        n.incidents_count / n.observed_days * 30 as value,
        p.mean_low / n.observed_days * 30 as low, p.mean_high / n.observed_days * 30 as high,
        case
            when w.coverage_state <> 'measured' then w.coverage_state
            when coalesce(n.observed_days, 0) < r.min_observed_days then 'not enough data'
            else 'measured'
        end as state
    from wanted as w
    cross join metrics.rules as r
    left join metrics.incident_counts as n on n.family_id = w.family_id and n.segment = w.segment and n."window" = w."window"
    left join metrics.poisson_limits as p on p.events_count = n.incidents_count
)

select
    family_id, side, channel_kind, channel_role, segment, 'per_30d' as statistic, "window",
    case when state = 'measured' then value end as value,
    case when state = 'measured' then low end as low,
    case when state = 'measured' then high end as high,
    'per 30 days' as unit, n, n as n_events, cast(0 as bigint) as n_censored, coverage_share, as_of_at, 1 as method_version, state as state,
    nullif(concat_ws(
        ' ',
        case when coverage_state = 'measured' then 'Observed for ' || cast(round(coalesce(observed_days, 0), 1) as varchar) || ' days.' end,
        coverage_note
    ), '') as note
from judged
