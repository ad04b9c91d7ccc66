-- question: What share of the models can be downloaded only on request?
-- title: models by form of access
-- titles: no = models open to all; auto = models released after a form; manual = models released by hand
-- unit: share
-- better: none
-- caveats: Share of the family's models on the Hub, by the Hub's latest state: `no`, `auto` (an account and a form,
--   granted at once), `manual` (a person decides). The Hub does not say which countries are refused or what the form
--   asks. A count of all models, so without an interval. Closed weights cannot be downloaded.
-- proof: analytics/metrics/test_access.py::test_gates_are_shares_of_the_models_that_say
-- items: select model_id as item_id, url, family_id, 'hub' as channel_kind, gated as statistic from
--   metrics.newest_models
-- shape: figure
-- covers: models
-- roles: together
-- of: models
-- segments: all
-- statistics: no, auto, manual
-- windows: all
-- gate: none
select
    m.family_id, 'hub' as channel_kind, 'all' as channel_role, 'all' as segment, t.statistic, 'all' as "window",
    count(m.gated) as n, count(*) filter (where m.gated = t.statistic) as n_events,
    n_events / cast(nullif(n, 0) as double) as value, value as low, value as high, 0 as n_censored,
    cast(null as varchar) as own_state,
    case when count(*) > n then 'Excluded: ' || cast(count(*) - n as varchar) || ' for which this is unknown.'
        end as own_note
from metrics.newest_models as m
cross join (values ('no'), ('auto'), ('manual')) as t (statistic)
group by m.family_id, t.statistic
