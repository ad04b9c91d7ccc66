-- question: How are the points of depth distributed over answered askers?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: deep answers
-- titles: at_least_1 = answers with 1 point of depth or more; at_least_2 = answers with 2 points of depth or more;
--   at_least_3 = deep answers, 3 of 4 points or more; at_least_4 = answers with all 4 points of depth
-- unit: share
-- better: high
-- standard: none
-- caveats: Of threads that a person answered within 30 days: the share whose deepest answer has at least this many of
--   the 4 points (see answer_depth); up to version 3 there was a fifth, for a cause in words, so that `at_least_4` did
--   not ask for all. An answer with 3 or more (`at_least_3`) is called deep. What proves an answer right counts within
--   those 30 days, too. Where answers are missing and none held has so many, it was not seen.
-- version: 1
-- proof: analytics/metrics/test_depth.py::test_each_point_of_depth_is_one_that_can_be_read,
--   analytics/metrics/depth/test_late_proof.py::test_the_askers_word_counts_for_thirty_days
-- shape: share
-- cluster: answerer
-- covers: threads
-- of: answered threads
-- segments: all
-- statistics: at_least_1, at_least_2, at_least_3, at_least_4
-- features: depth_of_answers
-- readings: at_least_1 = depth_of_answers=at_least_1; at_least_2 = depth_of_answers=at_least_2;
--   at_least_3 = depth_of_answers=at_least_3; at_least_4 = depth_of_answers=at_least_4
select
    a.thread_id as item_id, a.url, a.family_id, a.channel_kind, a.channel_role, a.is_pooled, g.segment, p.statistic,
    a.age_days, coalesce(a.depth_points >= p.points, false) as is_yes,
    a.is_part_seen and not coalesce(a.depth_points >= p.points, false) as is_unseen, a.exclusion_reason
from metrics.thread_answers as a
join metrics.thread_segments as g on g.thread_id = a.thread_id and g.segment not like 'language:%'
cross join (values ('at_least_1', 1), ('at_least_2', 2), ('at_least_3', 3), ('at_least_4', 4))
    as p (statistic, points)
