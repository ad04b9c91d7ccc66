-- question: How many words of answer does an asker get?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: words of answers
-- titles: first = words of the first answer; all = words of all answers
-- unit: words
-- better: none
-- standard: none
-- caveats: Of threads that a person answered within 30 days: the words of the `first` answer, and of `all` answers by
--   people in that time together, without code, quotations and addresses. A Chinese or Japanese character counts as a
--   word. More words are not more help: context for depth.
-- version: 1
-- proof: analytics/metrics/test_depth.py::test_words_and_turns_are_those_of_people
-- shape: median
-- cluster: answerer
-- covers: threads
-- of: answered threads
-- segments: all
-- statistics: first, all
select
    a.thread_id as item_id, a.url, a.family_id, a.channel_kind, a.channel_role, a.is_pooled, g.segment, s.statistic,
    a.age_days,
    case s.statistic when 'first' then a.first_words_count else a.words_count end as amount,
    coalesce(a.exclusion_reason, case when case s.statistic when 'first' then a.is_first_unseen else a.is_part_seen end
        then 'whose answers were not all seen' end) as exclusion_reason
from metrics.thread_answers as a
join metrics.thread_segments as g on g.thread_id = a.thread_id and g.segment not like 'language:%'
cross join (values ('first'), ('all')) as s (statistic)
