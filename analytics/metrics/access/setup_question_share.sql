-- question: What share of questions is about getting a model to run at all?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: questions about getting it to run
-- unit: share
-- better: none
-- standard: none
-- caveats: Of all threads, those about building, installing, starting, loading, hardware, drivers, memory or speed. It
--   shows the cost of do-it-yourself through the questions; people who give up without asking are not visible. Put
--   right by labels where the kind of channel has some (see reading_errors).
-- version: 1
-- proof: analytics/metrics/test_questions.py::test_getting_it_to_run_is_a_class_of_its_own
-- shape: share
-- covers: threads
-- segments: all
-- statistics: any
-- features: question_type
-- readings: any = question_type=getting it to run
select
    q.item_id, q.url, q.family_id, q.channel_kind, q.channel_role, q.is_pooled, 'all' as segment, 'any' as statistic,
    q.age_days, q.question_type = 'getting it to run' as is_yes, q.exclusion_reason
from metrics.thread_questions as q
