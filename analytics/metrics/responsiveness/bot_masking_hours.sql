-- question: How much shorter does the wait look if replies by bots count as answers?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: wait hidden by bots
-- unit: hours
-- better: none
-- standard: none (bot masking, Hasan et al. 2023)
-- caveats: The median wait for the first answer by a person, minus that for the first reply by anything, including
--   bots and AI agents, as many tools count it. The interval is the widest that the intervals of the two medians
--   allow, and so wider than 95 %. Empty if either median is not reached.
-- version: 2
-- proof: analytics/metrics/test_responses.py::test_bots_that_come_first_and_bots_that_come_alone
-- items: select d.item_id, t.url, d.family_id, d.channel_kind, d.channel_role, d.is_pooled, d.age_days, d.segment as
--   replied_by, d.duration_hours, d.exclusion_reason
--   from metrics.survival_durations as d join staging.threads as t on t.thread_id = d.item_id
--   where d.subject = 'response' and d.segment in ('anyone', 'anything')
-- shape: figure
-- covers: threads
-- segments: all
-- statistics: median
-- gate: events
select
    p.family_id, p.channel_kind, p.channel_role, 'all' as segment, p.statistic, p."window",
    p.value - a.value as value, greatest(0, p.low - a.high) as low, p.high - a.low as high, p.n,
    p.n_effective, p.n_events, p.n_censored, p.bounds_note as own_shortfall,
    case when p.is_unreached then 'measured' end as own_state,
    case when p.is_unreached then 'Not reached in the window: too many are still waiting for a person.' end as own_note
from metrics.survival_summary as p
join metrics.survival_summary as a
    on a.subject = p.subject and a.family_id = p.family_id and a.channel_kind = p.channel_kind
        and a.channel_role = p.channel_role
    and a."window" = p."window" and a.statistic = p.statistic and a.segment = 'anything'
where p.subject = 'response' and p.segment = 'anyone' and p.statistic = 'median'
