-- question: How long do users who cannot get a model to run wait for help?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: wait for help with getting it to run
-- titles: p80 = time until four in five are helped to get it to run
-- unit: hours
-- better: low
-- standard: Kaplan-Meier quantiles with log-log intervals
-- caveats: From the question to the help that thread_help recognises (accepted, confirmed or fix merged), for questions
--   about getting it to run, and for every thread (`all`), for comparison. Askers who have not been helped yet
--   count as waiting for as long as they were observed, even if the thread is closed. Askers who were helped without a
--   trace count as still waiting, so the true waits are shorter, in all classes alike. Compare a role with the same
--   role: libraries and models are asked other questions. The sides are compared by `helped_share`, thread by thread.
-- version: 1
-- proof: analytics/metrics/test_questions.py::test_help_with_getting_it_to_run_has_its_own_clock,
--   analytics/metrics/test_questions.py::test_who_is_not_known_to_be_helped_is_not_timed
-- items: select d.*, t.url from metrics.survival_durations as d join staging.threads as t on t.thread_id = d.item_id
--   where d.subject = 'help'
-- shape: figure
-- covers: threads
-- of: helped
-- segments: type:getting it to run, all
-- statistics: median, p80
-- gate: events
-- features: question_type, has_solved
select
    q.family_id, q.channel_kind, q.channel_role, q.segment, q.statistic, q."window", q.value, q.low, q.high, q.n,
    q.n_effective, q.n_events, q.n_censored, q.bounds_note as own_shortfall,
    case when q.is_unreached then 'measured' end as own_state,
    case when q.is_unreached then 'Not reached in the window: too many are still waiting.' end as own_note
from metrics.survival_summary as q
where q.subject = 'help' and q.statistic in ('median', 'p80')
