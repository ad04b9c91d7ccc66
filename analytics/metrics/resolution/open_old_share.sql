-- question: What share of open reports is older than 90 days?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: open reports older than 90 days
-- unit: share
-- better: low
-- standard: CHAOSS Issue Age
-- caveats: As for open_age_days. The window is that of the opening, so only 365d and `all` can contain any.
-- version: 1
-- proof: analytics/metrics/test_resolution.py::test_the_pile_is_as_old_as_its_middle
-- shape: share
-- covers: issues
-- of: open threads
-- segments: all
-- statistics: over_90d
select
    thread_id as item_id, url, family_id, channel_kind, channel_role, is_own as is_pooled, 'all' as segment,
    'over_90d' as statistic, age_days,
    age_days > 90 as is_yes,
    case when is_before_reach then 'older than the completely read period' end as exclusion_reason
from metrics.thread_responses
where state = 'open' and channel_kind = 'tracker' and family_id is not null and author_role <> 'bot'
