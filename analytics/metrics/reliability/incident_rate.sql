-- question: How often do incidents occur?
-- title: incidents in 30 days
-- unit: per 30 days
-- better: low
-- standard: none (the inverse of a mean time between failures, which has no value if there was none)
-- caveats: Outages and degradations that the vendor posted, each once regardless of the number of components, with the
--   interval of a Poisson rate, widened by how much weekly counts vary and resemble their
--   neighbours (event_counts): no incident at all is a rate of 0 with an upper end. A vendor who posts more
--   openly has the higher rate. Suspensions, maintenance and notes are not counted, nor is the incident with which the
--   observed period begins. If there are several status pages, their days are added. Compare the segment `api`:
--   incidents that name a component of the API. `unattributed` are those that name no component; if they are more than
--   one in twenty of both together, `api` has no single value but a range, from none to all of them. `all` is
--   everything on the page, `third-party` those of `api` that the page attributes to another firm, `own fault` the
--   others of `api`.
-- version: 4
-- proof: analytics/metrics/test_golden.py::test_a_rate_has_its_interval,
--   analytics/metrics/test_incidents.py::test_the_fault_of_another_firm_counts_and_is_counted_apart
-- items: select channel_id || '#' || incident_id as item_id, url, family_id, 'status' as channel_kind, segment,
--   age_days, kind, severity
--   from metrics.counted_incidents where "window" = 'all'
-- shape: figure
-- covers: incidents
-- of: incidents
-- roles: together
-- segments: all, api, unattributed, own fault, third-party
-- statistics: per_30d
-- features: incident kind
-- gate: none
with rates as (
    select
        n.*, case when n.segment = 'api' then u.events_count else 0 end as unattributed_count,
        most.events_count as most_count, most.mean_high as most_high
    from metrics.rate_limits as n
    join metrics.rate_limits as u
        on u.rate = n.rate and u.family_id = n.family_id and u."window" = n."window" and u.segment = 'unattributed'
    join metrics.rate_limits as most
        on most.rate = n.rate and most.family_id = n.family_id and most."window" = n."window"
            and most.segment = case n.segment when 'api' then 'api or unattributed' else n.segment end
    where n.rate = 'incidents' and n.segment <> 'api or unattributed'
)

select
    n.family_id, 'status' as channel_kind, 'all' as channel_role, n.segment, 'per_30d' as statistic, n."window",
    case when n.unattributed_count <= r.most_unseen_share * n.most_count then n.events_count / n.observed_days * 30
        end as value,
    n.mean_low / n.observed_days * 30 as low, n.most_high / n.observed_days * 30 as high,
    n.events_count as n, n.events_count as n_events, 0 as n_censored,
    case when n.observed_days < r.min_observed_days then 'not enough data' else 'measured' end as own_state,
    concat_ws(
        ' ',
        'Observed for ' || cast(round(n.observed_days, 1) as varchar) || ' days.',
        case when n.bursts_count < n.events_count
            then 'They came in ' || cast(n.bursts_count as varchar) || ' runs.' end,
        case when n.unattributed_count > 0 then cast(n.unattributed_count as varchar)
            || ' more name no component and may have affected the API.' end
    ) as own_note
from rates as n
cross join metrics.rules as r
