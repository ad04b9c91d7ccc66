-- question: What share of answered askers gets code?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: answers with code
-- unit: share
-- better: high
-- standard: none
-- caveats: Of threads that a person answered within 30 days: at least one of these answers contains lines set out as
--   code, a patch or a command; up to version 3 code counted from three lines on. Channels differ in how they format
--   code, so compare only channels of the same kind. Where answers are missing and none held has code, it was not seen.
-- version: 1
-- proof: analytics/metrics/test_depth.py::test_code_in_any_answer_counts_once
-- shape: share
-- cluster: answerer
-- covers: threads
-- of: answered threads
-- segments: all
-- statistics: any
-- features: code_in_answers
-- readings: any = code_in_answers=any
select
    a.thread_id as item_id, a.url, a.family_id, a.channel_kind, a.channel_role, a.is_pooled, g.segment,
    'any' as statistic, a.age_days, a.has_code_point as is_yes,
    a.is_part_seen and not a.has_code_point as is_unseen, a.exclusion_reason
from metrics.thread_answers as a
join metrics.thread_segments as g on g.thread_id = a.thread_id and g.segment not like 'language:%'
