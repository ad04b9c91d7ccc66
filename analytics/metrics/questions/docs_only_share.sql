-- question: How often was the answer in the documentation?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: answers that only point to the documentation
-- unit: share
-- better: none
-- standard: none
-- caveats: Of threads that a person answered within 30 days, those in which every answer is little more than a link to
--   documentation: the answer was there, and the asker had not found it. Where answers are missing, one held that says
--   more settles it; otherwise it was not seen.
-- version: 1
-- proof: analytics/metrics/test_depth.py::test_documentation_that_is_pointed_to
-- shape: share
-- cluster: answerer
-- covers: threads
-- segments: all
-- statistics: pointed
-- features: is_docs_pointer
select
    a.thread_id as item_id, a.url, a.family_id, a.channel_kind, a.channel_role, a.is_pooled, 'all' as segment,
    'pointed' as statistic, a.age_days, a.is_all_docs_pointer as is_yes,
    a.is_part_seen and a.is_all_docs_pointer as is_unseen, a.exclusion_reason
from metrics.thread_answers as a
