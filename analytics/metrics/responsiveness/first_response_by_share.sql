-- question: Who or what is first to respond within a week?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: first to respond within a week
-- titles: within_7d/staff = staff come first within a week; within_7d/maintainer = maintainers come first within a
--   week;
--   within_7d/outsider = other users come first within a week; within_7d/agent = agents come first within a week;
--   within_7d/waiting = still waiting after a week
-- unit: share
-- better: none
-- standard: none (competing risks; Aalen-Johansen)
-- caveats: The segments name the first response and sum to 1: a reply by `staff`, `maintainer`, `outsider`, a deleted
--   account (`unknown`) or an AI `agent`; a close before any such reply, by a merged change (`fixed`), by a bot or
--   agent (`bot_closed`), by the asker (`asker_closed`) or by somebody else (`closed`: not planned, duplicate or
--   without a reason); and `waiting`, for no response within seven days. Replies by bots do not count. A thread that
--   is too recent counts for as long as it was observed. Deleted and moved threads are unknown, and threads older than
--   the completely read period are left out.
-- version: 1
-- proof: analytics/metrics/test_responses.py::test_what_came_first_shuts_out_all_the_rest,
--   analytics/estimates/test_survival.py::test_ways_of_ending_are_what_others_make_of_them
-- items: select d.item_id, t.url, d.family_id, d.channel_kind, d.channel_role, d.is_pooled, d.age_days, d.cause,
--   d.duration_hours, d.exclusion_reason
--   from metrics.survival_durations as d join staging.threads as t on t.thread_id = d.item_id where d.subject = 'first'
-- shape: figure
-- covers: threads
-- segments: staff, maintainer, outsider, unknown, agent, fixed, bot_closed, asker_closed, closed, waiting
-- statistics: within_7d
select
    c.family_id, c.channel_kind, c.channel_role, c.cause as segment, 'within_7d' as statistic, c."window", c.value,
    c.low, c.high, c.n, c.n_events, c.n_censored, cast(null as varchar) as own_state,
    nullif(concat_ws(' ', case when c.value is null then 'No thread was observed for that long.' end, e.exclusion_note),
        '') as own_note
from metrics.competing_shares as c
left join metrics.thread_exclusions as e
    on e.family_id = c.family_id and e.channel_kind = c.channel_kind and e.channel_role = c.channel_role
        and e.segment = 'anyone'
    and e."window" = c."window"
where c.subject = 'first' and c.hours = 168
