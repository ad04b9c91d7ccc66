-- question: What share of questions is about fine-tuning?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: questions about fine-tuning
-- unit: share
-- better: none
-- standard: none
-- caveats: Of all threads, those about training, adapters or data for them. For how often they are answered and
--   helped, see the segment `type:fine-tuning` of never_answered_share and helped_share. A vendor that offers no
--   fine-tuning gets few questions about it: few questions do not prove that it is easy.
-- version: 1
-- proof: analytics/metrics/test_questions.py::test_fine_tuning_has_its_share_and_its_segment
-- shape: share
-- covers: threads
-- segments: all
-- statistics: any
-- features: question_type
select
    q.item_id, q.url, q.family_id, q.channel_kind, q.channel_role, q.is_pooled, 'all' as segment, 'any' as statistic,
    q.age_days, q.question_type = 'fine-tuning' as is_yes, q.exclusion_reason
from metrics.thread_questions as q
