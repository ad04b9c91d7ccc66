-- question: What may users do with the weights?
-- title: freedom to use the weights
-- titles: lowest = freedom to use the most restricted weights; highest = freedom to use the freest weights
-- unit: points, 0 to 5
-- better: high
-- standard: none (after the components of the Model Openness Framework, of which only these are collected)
-- caveats: One point each: the weights can be downloaded; without asking anybody first; they may be changed; passed
--   on; used commercially without a cap. Rules for a model's output, and whether data and recipes are open, are not
--   collected. Over all models of the family on the Hub; a licence missing from the table is excluded, never guessed.
--   A family whose weights are not published gets the lowest value, because its terms were read by hand. A count of
--   all models, so without an interval. Not legal advice.
-- proof: analytics/metrics/test_access.py::test_freedom_counts_what_one_may_do
-- items: select *, 'offers' as channel_kind from metrics.licensed_models
-- shape: figure
-- covers: licences
-- roles: together
-- of: models
-- segments: all
-- statistics: lowest, median, highest
-- windows: all
-- gate: none
select
    family_id, 'offers' as channel_kind, 'all' as channel_role, 'all' as segment, statistic, 'all' as "window",
    value, value as low, value as high, n, n as n_events, 0 as n_censored, cast(null as varchar) as own_state, own_note
from metrics.licence_levels
where metric = 'weight_freedom_points'
