-- question: How long does it take to resolve a report?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: wait until a report is resolved
-- titles: p25 = wait until a quarter of reports is resolved
-- unit: hours
-- better: low
-- standard: CHAOSS Issue Resolution Duration (quantiles of the cumulative incidence; competing risks)
-- caveats: Time until a quarter, and half, of all reports are resolved, as resolved_share defines it: a report closed
--   otherwise never will be, and is neither left out nor counted as resolved. Closings of which nobody knows how they
--   came about do not count as resolved either; where these are more than a twentieth of all there is no value. Half is
--   often never reached. Most tools give the mean time of closed reports, whatever closed them.
-- version: 1
-- proof: analytics/metrics/test_resolution.py::test_half_is_reached_only_where_half_is_resolved,
--   analytics/metrics/resolution/test_unknown_ends.py::test_the_wait_has_no_value_where_closings_are_unknown,
--   analytics/estimates/test_survival.py::test_ways_of_ending_are_what_others_make_of_them
-- items: select d.item_id, t.url, d.family_id, d.channel_kind, d.channel_role, d.is_pooled, d.age_days, d.cause,
--   d.duration_hours, d.exclusion_reason
--   from metrics.survival_durations as d join staging.threads as t on t.thread_id = d.item_id where d.subject =
--   'resolution' and d.segment = 'all'
-- shape: figure
-- covers: issues
-- of: threads
-- segments: resolved
-- statistics: p25, median
-- gate: events
select
    family_id, channel_kind, channel_role, 'resolved' as segment, statistic, "window", value, low, high, n, n_effective,
    n_events, n_censored, own_state, own_shortfall, own_note
from metrics.resolved_quantiles
where segment = 'all'
