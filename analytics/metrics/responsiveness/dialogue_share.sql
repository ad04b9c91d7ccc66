-- question: What share of follow-up questions is answered within a week?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: follow-up questions answered within a week
-- unit: share
-- better: high
-- standard: none (Kaplan-Meier)
-- caveats: Of threads in which the asker wrote again after the first answer by a person, from that post to the next
--   one by a person other than the asker. A post that reports success asks for nothing. Thanks without such a report
--   count as a follow-up, so the share is a lower bound. Threads that are too recent count for as long as they were
--   observed. The window is that of the thread's opening.
-- version: 1
-- proof: analytics/metrics/test_responses.py::test_asking_on_starts_a_second_clock
-- items: select d.*, t.url from metrics.survival_durations as d join staging.threads as t on t.thread_id = d.item_id
--   where d.subject = 'dialogue'
-- shape: figure
-- covers: threads
-- of: threads with a follow-up by the asker
-- segments: all
-- statistics: within_7d
-- gate: events
-- features: has_solved
select
    c.family_id, c.channel_kind, c.channel_role, c.segment, 'within_7d' as statistic, c."window", c.value, c.low,
    c.high, t.n, t.n_effective, t.n_events, t.n_censored, cast(null as varchar) as own_state,
    case when c.value is null then 'No thread was observed for that long.' end as own_note
from metrics.survival_shares as c
join metrics.survival_totals as t using (subject, family_id, channel_kind, channel_role, segment, "window")
where c.subject = 'dialogue' and c.hours = 168
