-- question: How are reports closed within a month, and within three?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: reports closed
-- titles: within_30d = reports closed within 30 days; within_90d = reports closed within 90 days;
--   within_30d/resolved = reports resolved within 30 days; within_90d/resolved = reports resolved within 90 days
-- unit: share
-- better: none
-- standard: CHAOSS Issue Resolution Duration (as a probability; competing risks, Aalen-Johansen)
-- caveats: The segments give the outcome and sum to 1: `resolved` (a merged change closed it, or a person other than
--   the asker closed it as completed), `not_planned`, `duplicate`, `bot_closed`, `asker_closed` (whether it was solved
--   is unknown), `otherwise_closed`, and `open`. Only a close that still held when last seen counts. Trackers only:
--   other channels give no reason for a close. GitHub calls completed whatever is closed without another reason, so
--   `resolved` is an upper bound: closed is not helped.
-- version: 1
-- proof: analytics/metrics/test_resolution.py::test_only_what_was_completed_by_others_is_resolved,
--   analytics/estimates/test_survival.py::test_ways_of_ending_are_what_others_make_of_them
-- items: select d.item_id, t.url, d.family_id, d.channel_kind, d.channel_role, d.is_pooled, d.age_days, d.cause,
--   d.duration_hours, d.exclusion_reason
--   from metrics.survival_durations as d join staging.threads as t on t.thread_id = d.item_id where d.subject =
--   'resolution' and d.segment = 'all'
-- shape: figure
-- covers: issues
-- of: threads
-- segments: resolved, not_planned, duplicate, bot_closed, asker_closed, otherwise_closed, open
-- statistics: within_30d, within_90d
select
    c.family_id, c.channel_kind, c.channel_role, case c.cause when 'waiting' then 'open' else c.cause end as segment,
    t.statistic, c."window", c.value, c.low, c.high, c.n, c.n_events, c.n_censored, cast(null as varchar) as own_state,
    case when c.value is null then 'No thread was observed for that long.' end as own_note
from metrics.competing_shares as c
join (values ('within_30d', 720.0), ('within_90d', 2160.0)) as t (statistic, hours) on t.hours = c.hours
where c.subject = 'resolution' and c.segment = 'all'
