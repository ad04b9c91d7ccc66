-- question: How old are the reports that are still open?
-- title: age of open reports
-- unit: days
-- better: low
-- standard: CHAOSS Issue Age
-- caveats: Age at the clock (see visits), whether or not anybody replied. Trackers only: elsewhere threads are seldom
--   closed. The window is that of the opening, so only `all` describes the whole backlog. Reports older than the
--   completely read period are excluded: the oldest are missing if a tracker was not read back to its beginning.
-- version: 3
-- proof: analytics/metrics/test_resolution.py::test_the_pile_is_as_old_as_its_middle
-- shape: median
-- cluster: week
-- covers: issues
-- of: open threads
-- segments: all
-- statistics: median
select
    thread_id as item_id, url, family_id, channel_kind, channel_role, is_own as is_pooled, 'all' as segment,
    'median' as statistic, age_days,
    age_days as amount, case when is_before_reach then 'older than the completely read period' end as exclusion_reason
from staging.threads
where state = 'open' and channel_kind = 'tracker' and family_id is not null and author_role <> 'bot'
