-- question: What share of questions is about getting a model to run at all?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: questions about set-up and hardware
-- titles: set-up = questions about set-up; hardware = questions about hardware
-- unit: share
-- better: none
-- standard: none
-- caveats: Of all threads: `any` is about set-up (building, installing, starting, loading) or hardware (cards,
--   drivers, memory, speed on them); the other statistics count each alone. It shows the cost of do-it-yourself
--   through the questions; people who give up without asking are not visible.
-- version: 1
-- proof: analytics/metrics/test_questions.py::test_getting_it_to_run_is_set_up_or_hardware
-- shape: share
-- covers: threads
-- segments: all
-- statistics: any, set-up, hardware
-- features: question_type
select
    q.item_id, q.url, q.family_id, q.channel_kind, q.channel_role, q.is_pooled, 'all' as segment, k.statistic,
    q.age_days,
    case k.statistic when 'any' then q.question_type in ('set-up', 'hardware') else q.question_type = k.statistic
        end as is_yes, q.exclusion_reason
from metrics.thread_questions as q
cross join (values ('any'), ('set-up'), ('hardware')) as k (statistic)
