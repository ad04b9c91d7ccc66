-- question: How long does it take to resolve a defect?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: wait until a defect is resolved
-- titles: p25 = wait until a quarter of defects is resolved
-- unit: hours
-- better: low
-- standard: CHAOSS Defect Resolution Duration (quantiles of the cumulative incidence; competing risks)
-- caveats: Time until a quarter, and half, of all threads with a bug label are resolved, as resolved_share defines it:
--   a thread closed otherwise never will be, and is neither left out nor counted as resolved; unknown closings are as
--   in resolution_hours. Half is often never reached. A bug label begins with `bug`, or ends in it after a colon or
--   slash, in its current form: a project without labels has no defects here.
-- version: 1
-- proof: analytics/metrics/test_resolution.py::test_defects_are_what_is_labelled_so,
--   analytics/estimates/test_survival.py::test_ways_of_ending_are_what_others_make_of_them
-- items: select d.item_id, t.url, d.family_id, d.channel_kind, d.channel_role, d.is_pooled, d.age_days, d.cause,
--   d.duration_hours, d.exclusion_reason
--   from metrics.survival_durations as d join staging.threads as t on t.thread_id = d.item_id where d.subject =
--   'resolution' and d.segment = 'bug'
-- shape: figure
-- covers: issues
-- of: threads labelled as bugs
-- segments: resolved
-- statistics: p25, median
-- gate: events
select
    family_id, channel_kind, channel_role, 'resolved' as segment, statistic, "window", value, low, high, n, n_effective,
    n_events, n_censored, own_state, own_shortfall, own_note
from metrics.resolved_quantiles
where segment = 'bug'
