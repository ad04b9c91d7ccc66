-- question: How deep is the deepest answer that an asker gets?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: points of the deepest answer
-- unit: points
-- better: high
-- standard: none
-- caveats: Of threads that a person answered within 30 days: the points, 0 to 4, of the answer with the most (see
--   answer_depth for what earns a point). Rules assign the points, and they are coarse, so see deep_answer_share for
--   their distribution. They show what an answer contains, not whether it is right. Threads whose answers of that time
--   are not all held are left out: these have many.
-- version: 1
-- proof: analytics/metrics/test_depth.py::test_each_point_of_depth_is_one_that_can_be_read
-- shape: median
-- cluster: answerer
-- covers: threads
-- of: answered threads
-- segments: all
-- statistics: deepest
-- features: has_code, has_patch, has_command, source_paths, has_version, has_solved
select
    a.thread_id as item_id, a.url, a.family_id, a.channel_kind, a.channel_role, a.is_pooled, g.segment,
    'deepest' as statistic, a.age_days, a.depth_points as amount,
    coalesce(a.exclusion_reason, case when a.is_part_seen then 'whose answers were not all seen' end)
        as exclusion_reason
from metrics.thread_answers as a
join metrics.thread_segments as g on g.thread_id = a.thread_id and g.segment not like 'language:%'
