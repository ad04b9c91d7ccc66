-- question: How old are the reports that are still open?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: age of open reports
-- unit: days
-- better: low
-- standard: CHAOSS Issue Age
-- caveats: Since they were opened, at the last good visit, whether anybody replied or not. Trackers only: elsewhere
--   threads are seldom closed. The window is by the opening, so that only `all` tells of the whole pile. Reports older
--   than what was read whole are left out: the oldest are missing where a tracker was not read back to its beginning.
-- version: 1
-- proof: analytics/metrics/test_resolution.py::test_the_pile_is_as_old_as_its_middle
-- shape: median
-- covers: issues
-- of: open threads
-- segments: all
-- statistics: median
select
    thread_id as item_id, url, family_id, channel_kind, channel_role, is_own as is_pooled, 'all' as segment,
    'median' as statistic, age_days,
    age_days as amount, case when is_before_reach then 'older than what was read whole' end as exclusion_reason
from metrics.thread_responses
where state = 'open' and channel_kind = 'tracker' and family_id is not null and author_role <> 'bot'
