-- question: What is each request for help about, and in which language is it written?
-- grain: item_id
-- unit: none
-- standard: none
-- caveats: Topics and languages are read by rules from title and text (see their accuracy). Threads that were not read,
--   and those older than the completely read period, have an `exclusion_reason`. Replies play no part. Threads opened
--   by bots and threads that name no single family are not included.
-- by: family
-- version: 1
select
    t.thread_id as item_id, t.url, t.family_id, t.channel_kind, t.channel_role, t.is_own as is_pooled, t.age_days,
    s.question_type, s.language, case
        when t.is_before_reach then 'older than the completely read period'
        when s.question_type is null then 'of unread topic'
    end as exclusion_reason
from metrics.thread_responses as t
join staging.threads as s on s.thread_id = t.thread_id
where t.family_id is not null and t.author_role <> 'bot'
