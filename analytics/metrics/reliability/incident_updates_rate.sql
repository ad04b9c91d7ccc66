-- question: How often does the page post updates during an incident?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: updates per hour of an incident
-- unit: per hour
-- better: high
-- standard: none
-- caveats: The median incident's posts per hour of its duration, including the first and last post: short incidents
--   have more of them per hour, so it is no measure of effort if durations differ much. Incidents of unknown duration
--   are left out and counted.
-- version: 1
-- proof: analytics/metrics/test_disclosure.py::test_posts_are_counted_by_the_hour
-- shape: median
-- covers: incidents
-- of: incidents of known length
-- segments: all, api
-- statistics: per_hour
select
    item_id, url, family_id, channel_kind, channel_role, is_pooled, segment, 'per_hour' as statistic, age_days,
    updates_count / incident_hours as amount,
    case
        when is_open then 'still ongoing'
        when incident_hours is null then 'of unknown length'
        when updates_count is null then 'without counted posts'
    end as exclusion_reason
from metrics.incident_items
