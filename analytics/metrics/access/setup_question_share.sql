-- question: What share of questions is about getting it to run at all?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: questions about set-up and hardware
-- titles: set-up = questions about set-up; hardware = questions about hardware
-- unit: share
-- better: none
-- standard: none
-- caveats: Of all threads: `any` is about set-up (building, installing, starting, loading) or hardware (cards,
--   drivers, memory, speed on them); the others are each alone. It is what do-it-yourself costs, seen from the
--   questions; who gives up and asks nobody is not seen.
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
