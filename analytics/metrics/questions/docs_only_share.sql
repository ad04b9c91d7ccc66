-- question: How often was the answer in the documentation, and how often is the documentation itself the topic?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: answers and questions about the documentation
-- titles: pointed = only pointed to the documentation; asked = asked about the documentation
-- unit: share
-- better: none
-- standard: none
-- caveats: `pointed`: of threads that a person answered within 30 days, those in which every answer is little more than
--   a link to documentation: the answer was there, and the asker had not found it. `asked`: of all threads, those that
--   ask where or how something is documented, or call the documentation wrong or missing. Where answers are missing,
--   one held that says more settles `pointed`; otherwise it was not seen.
-- version: 2
-- proof: analytics/metrics/test_depth.py::test_documentation_that_is_pointed_to_and_that_is_asked_for
-- shape: share
-- cluster: answerer
-- covers: threads
-- segments: all
-- statistics: pointed, asked
-- features: is_docs_pointer, question_type
select
    a.thread_id as item_id, a.url, a.family_id, a.channel_kind, a.channel_role, a.is_pooled, 'all' as segment,
    'pointed' as statistic, a.age_days, a.is_all_docs_pointer as is_yes,
    a.is_part_seen and a.is_all_docs_pointer as is_unseen, a.exclusion_reason
from metrics.thread_answers as a
union all
select item_id, url, family_id, channel_kind, channel_role, is_pooled, 'all', 'asked', age_days,
question_type = 'docs', false, exclusion_reason
from metrics.thread_questions
