-- question: How many hosts offer the same model?
-- title: hosts that serve the same model
-- titles: median = hosts of the median model; most = hosts that serve the same model; named = hosts named in the
--   catalog
-- unit: hosts
-- better: high
-- caveats: Providers per model that serve it through the Hub and that the Hub lists as live: the median and the
--   maximum over the models whose details were read. `named` counts the hosts that the catalog names for the family.
--   Whether hosts share machines is unknown. Hosts of closed models are not collected. A count of all, so without an
--   interval.
-- proof: analytics/metrics/test_access.py::test_hosts_are_counted_by_model
-- items: select model_id as item_id, url, family_id, 'hub' as channel_kind, live_providers_count as amount from
--   metrics.newest_models
-- shape: figure
-- covers: lineage
-- roles: together
-- of: models
-- segments: all
-- statistics: median, most, named
-- windows: all
-- gate: none
select
    m.family_id, 'hub' as channel_kind, 'all' as channel_role, 'all' as segment, t.statistic, 'all' as "window",
    cast(case t.statistic
        when 'median' then median(m.live_providers_count)
        when 'most' then max(m.live_providers_count)
        else max(len(f.host_ids))
    end as double) as value,
    value as low, value as high, count(m.live_providers_count) as n, n as n_events, 0 as n_censored,
    cast(null as varchar) as own_state, cast(null as varchar) as own_note
from metrics.newest_models as m
left join staging.families as f on f.family_id = m.family_id
cross join (values ('median'), ('most'), ('named')) as t (statistic)
group by m.family_id, t.statistic
