-- question: What do people ask about?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: questions by topic
-- unit: share
-- better: none
-- standard: none
-- caveats: The shares of the eleven types, which sum to 1: the title decides the type, else the labels, else the text.
--   The rules are more accurate for some types than for others, and a thread wrongly assigned to one type is missing
--   in another: small differences between families are no differences.
-- version: 1
-- proof: analytics/metrics/test_questions.py::test_the_shares_of_the_types_add_up
-- shape: share
-- covers: threads
-- segments: all
-- statistics: set-up, hardware, licence, api-error, billing, quality, fine-tuning, refusal, docs, feature, other
-- features: question_type
select
    q.item_id, q.url, q.family_id, q.channel_kind, q.channel_role, q.is_pooled, 'all' as segment, k.statistic,
    q.age_days, q.question_type = k.statistic as is_yes, q.exclusion_reason
from metrics.thread_questions as q
cross join (values
    ('set-up'), ('hardware'), ('licence'), ('api-error'), ('billing'), ('quality'), ('fine-tuning'), ('refusal'),
    ('docs'), ('feature'), ('other')
) as k (statistic)
