-- question: How long does a maker serve a model?
-- title: days that a model is served
-- unit: days
-- better: high
-- standard: Kaplan-Meier median with log-log interval
-- caveats: From the date in the model's name, or that of its first appearance in the list of prices, to the last day
--   given on its maker's page; a model that is still served counts for as long as it has been (see model_lifetimes for
--   the origin of the dates). If too few have ended for a value, the lower end of the interval is what is known.
--   Models without either start date are excluded, and so are those that ended before our first visit and appear in no
--   record: the figure is too high rather than too low. Downloaded weights cannot be switched off.
-- version: 2
-- proof: analytics/metrics/test_notices.py::test_models_that_still_live_count_for_as_long_as_they_did
-- items: select * from metrics.model_lifetimes
-- shape: figure
-- covers: notices
-- of: models
-- segments: all
-- statistics: median
-- windows: all
-- gate: events
select
    q.family_id, q.channel_kind, q.channel_role, q.segment, q.statistic, q."window", q.value / 24 as value,
    q.low / 24 as low, q.high / 24 as high, q.n, q.n_events, q.n_censored,
    case when q.is_unreached then 'measured' end as own_state,
    case when q.value is null then 'Not reached: too few of them have ended.' end as own_note
from metrics.event_estimates as q
where q.wait = 'lifetime' and q."window" = 'all'
