-- question: How much freedom do the licences give the users of the models?
-- title: freedom of the licence
-- titles: lowest = freedom of the strictest licence; highest = freedom of the freest licence
-- unit: class, 1 to 5
-- better: high
-- standard: OSI's list of approved licences, for class 5
-- caveats: 5 approved by OSI, 4 open without a cap, 3 commercial use within limits, 2 non-commercial use only, 1 none
--   or hosted only: see the table of licences. Over all models of the family on the Hub; a licence missing from the
--   table is excluded, never guessed. A family whose weights are not published gets the lowest class, because its
--   terms were read by hand. A count of all models, so without an interval. Not legal advice.
-- proof: analytics/metrics/test_access.py::test_licences_have_classes_and_unknown_ones_none
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
where metric = 'licence_class'
