-- question: How does the share answered within a week change with the weeks since the latest model?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: answered within a week, by weeks since a release
-- unit: share
-- better: high
-- standard: none (Kaplan-Meier)
-- caveats: The segments are the weeks between the family's latest model and the question. The release date of a model
--   is the day on which OpenRouter first listed it (see thread_releases): vendors date their own releases in ways that
--   cannot be compared. The family's own channels of all roles together.
-- version: 1
-- proof: analytics/metrics/test_responses.py::test_weeks_are_counted_from_the_newest_model_before_the_question
-- items: select d.*, t.url from metrics.survival_durations as d join staging.threads as t on t.thread_id = d.item_id
--   where d.subject = 'response' and d.segment like 'week %'
-- shape: figure
-- waits: response
-- covers: threads
-- roles: together
-- segments: week 00-03, week 04-12, week 13-25, week 26+
-- statistics: within_7d
-- gate: events
select
    c.family_id, c.channel_kind, c.channel_role, c.segment, 'within_7d' as statistic, c."window", c.value, c.low,
    c.high, t.n, t.n_effective, t.n_events, t.n_censored, cast(null as varchar) as own_state,
    case when c.value is null then 'No thread was observed for that long.' end as own_note
from metrics.survival_shares as c
join metrics.survival_totals as t using (subject, family_id, channel_kind, channel_role, segment, "window")
where c.subject = 'response' and c.segment like 'week %' and c.hours = 168
