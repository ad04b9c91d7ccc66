-- question: How often do incidents occur?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: incidents in 30 days
-- unit: per 30 days
-- better: low
-- standard: none (the inverse of a mean time between failures, which has no value where there was none)
-- caveats: Outages and degradations that the vendor posted, each once regardless of the number of components, with the
--   exact interval of a Poisson rate: no incident at all is a rate of 0 with an upper end. A vendor who posts more
--   openly has the higher rate. Suspensions, maintenance and notes are not counted. If there are several status pages,
--   their days are added. Compare the segment `api`; `all` is everything on the page, `third-party` those of `api`
--   that the page attributes to another firm, `own fault` the others of `api`.
-- version: 1
-- proof: analytics/metrics/test_golden.py::test_a_rate_has_its_exact_interval,
--   analytics/metrics/test_incidents.py::test_the_fault_of_another_firm_counts_and_is_counted_apart
-- items: select channel_id || '#' || incident_id as item_id, url, family_id, 'status' as channel_kind, segment,
--   age_days, kind, severity
--   from metrics.counted_incidents where "window" = 'all'
-- shape: figure
-- covers: incidents
-- of: incidents
-- roles: together
-- segments: all, api, own fault, third-party
-- statistics: per_30d
-- features: incident kind
-- gate: none
select
    n.family_id, 'status' as channel_kind, 'all' as channel_role, n.segment, 'per_30d' as statistic, n."window",
    n.incidents_count / n.observed_days * 30 as value, p.mean_low / n.observed_days * 30 as low,
    p.mean_high / n.observed_days * 30 as high, n.incidents_count as n, n.incidents_count as n_events, 0 as n_censored,
    case when n.observed_days < r.min_observed_days then 'not enough data' end as own_state,
    'Observed for ' || cast(round(n.observed_days, 1) as varchar) || ' days.' as own_note
from metrics.incident_counts as n
join metrics.poisson_limits as p on p.events_count = n.incidents_count
cross join metrics.rules as r
