-- question: How long does a maker serve a model?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: days that a model is served
-- titles: p25 = days that the shorter-lived models are served; p75 = days that the longer-lived models are served
-- unit: days
-- better: high
-- standard: Kaplan-Meier quantiles with log-log intervals
-- caveats: From the day that a model's name bears, or on which the list of prices took it in, to the last day that
--   its maker's page names; one that is still served counts for as long as it was (see model_lifetimes for where the
--   days come from). Models of which neither beginning is known are left out, and so are those that were over before
--   our first visit and are told of nowhere: the figure is rather high than low. Weights that were fetched cannot be
--   switched off.
-- version: 1
-- proof: analytics/metrics/test_notices.py::test_models_that_still_live_count_for_as_long_as_they_did
-- items: select * from metrics.model_lifetimes
-- shape: figure
-- covers: notices
-- of: models
-- segments: all
-- statistics: p25, median, p75
-- windows: all
-- gate: events
select
    q.family_id, q.channel_kind, q.channel_role, q.segment, q.statistic, q."window", q.value / 24 as value,
    q.low / 24 as low, q.high / 24 as high, q.n, q.n_events, q.n_censored, cast(null as varchar) as own_state,
    case when q.value is null then 'Not reached: too few of them have ended.' end as own_note
from metrics.survival_summary as q
where q.subject = 'lifetime' and q."window" = 'all'
