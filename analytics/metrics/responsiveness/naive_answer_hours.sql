-- question: What wait for an answer would other dashboards show, compared with ours for the same threads?
-- title: wait for an answer as other dashboards show it
-- titles: ours = wait for an answer of the same threads
-- unit: hours
-- better: none
-- standard: CHAOSS Time to First Response (answered only), as Augur, LFX, issue-metrics and GrimoireLab compute it
-- caveats: `theirs` is the median of answered threads: askers who still wait are dropped (n_censored counts them), so
--   a community that ignores most people looks fast. `ours` is the median of all threads, including those still
--   waiting; it is empty if fewer than half were answered.
-- proof: analytics/metrics/test_naive.py::test_dropping_those_who_wait_makes_the_slow_look_fast
-- items: select d.*, t.url from metrics.survival_durations as d join staging.threads as t on t.thread_id = d.item_id
--   where d.subject = 'response'
-- shape: figure
-- covers: threads
-- segments: anyone
-- statistics: theirs, ours
-- gate: events
select
    q.family_id, q.channel_kind, q.channel_role, q.segment,
    case q.statistic when 'median' then 'ours' else 'theirs' end as statistic, q."window", q.value, q.low, q.high,
    case q.statistic when 'median' then q.n else q.n_events end as n,
    case q.statistic when 'median' then q.n_effective else least(q.n_effective, q.n_events) end as n_effective,
    q.n_events, q.n_censored,
    case when q.statistic = 'median' and q.is_unreached then 'measured' end as own_state,
    case
        when q.statistic = 'median' and q.value is null and q.bounds_note is null then 'Fewer than half were answered.'
        when q.statistic <> 'median' and q.n_censored > 0 then 'Drops ' || cast(q.n_censored as varchar)
            || ' who are still waiting.'
    end as own_note
from metrics.survival_summary as q
where q.subject = 'response' and q.segment = 'anyone' and q.statistic in ('median', 'answered_only_median')
