-- question: What share would other dashboards show as solved, compared with the share that we know was helped?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: closed, counted as solved
-- titles: ours = helped within 30 days
-- unit: share
-- better: none
-- standard: CHAOSS Issues Closed, as most dashboards read it
-- caveats: `theirs` counts closed as solved: every closed thread, whoever closed it and why, of all that were opened.
--   `ours` is helped_share (any) of those observed for thirty days. Threads closed although nobody helped (by a bot, by
--   an asker who gave up) count in theirs only.
-- version: 1
-- proof: analytics/metrics/test_naive.py::test_closed_is_taken_for_solved
-- shape: share
-- covers: threads
-- segments: all
-- statistics: theirs, ours
-- features: helped
-- readings: ours = helped=any
select
    h.thread_id as item_id, h.url, h.family_id, h.channel_kind, h.channel_role, h.is_pooled, 'all' as segment,
    'theirs' as statistic, h.age_days, t.state = 'closed' as is_yes, false as is_unseen,
    cast(null as varchar) as exclusion_reason
from metrics.thread_help as h
join staging.threads as t on t.thread_id = h.thread_id
where h.family_id is not null
union all
select
    thread_id, url, family_id, channel_kind, channel_role, is_pooled, 'all', 'ours', age_days, is_helped_30d,
    is_helped_30d is null,
    coalesce(exclusion_reason, case when not is_watched_30d then 'observed for less than 30 days' end)
from metrics.thread_help
where family_id is not null and author_role <> 'bot'
