-- question: What do people ask about?
-- title: questions by what is wanted
-- unit: share
-- better: none
-- caveats: The shares of the five classes, which sum to 1, by what the asker mainly wants. They are read better for
--   some classes than for others, and a thread wrongly assigned to one class is missing in another: small differences
--   between families are no differences. Corrected with labels if the kind of channel has some (see
--   reading_errors), so that a share may end at 0.
-- version: 5
-- proof: analytics/metrics/test_questions.py::test_the_shares_of_the_classes_add_up
-- shape: share
-- covers: threads
-- segments: all
-- statistics: getting it to run, using it, something broke, account and money, other
-- features: question_type
-- readings: getting it to run = question_type=getting it to run; using it = question_type=using it;
--   something broke = question_type=something broke; account and money = question_type=account and money;
--   other = question_type=other
select
    q.thread_id as item_id, q.url, q.family_id, q.channel_kind, q.channel_role, q.is_own as is_pooled,
    'all' as segment, k.statistic, q.age_days, q.question_type = k.statistic as is_yes,
    case
        when q.is_before_reach then 'older than the completely read period'
        when q.question_type is null then 'of unread topic'
    end as exclusion_reason
from staging.threads as q
cross join (values
    ('getting it to run'), ('using it'), ('something broke'), ('account and money'), ('other')
) as k (statistic)
where q.family_id is not null and q.author_role <> 'bot'
