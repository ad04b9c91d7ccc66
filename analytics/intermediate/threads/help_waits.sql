-- question: How long was each request for help waited for help, by what it is about?
-- grain: thread_id, segment
-- unit: none
-- standard: none
-- caveats: The segments are `all`, each of set-up and hardware by its `type:`, and `do-it-yourself`, both together.
--   What is not known to be helped or not (see thread_help) carries its `exclusion_reason`. Threads that bots opened,
--   and those that name no single family, are not in here.
-- version: 1
select
    h.thread_id, c.segment, h.family_id, h.channel_kind, h.channel_role, h.is_pooled, h.age_days, h.opened_at,
    h.observed_until_at, h.helped_at, h.exclusion_reason
from metrics.thread_help as h
join staging.threads as t on t.thread_id = h.thread_id
join (values ('all'), ('do-it-yourself'), ('type:set-up'), ('type:hardware')) as c (segment)
    on c.segment = 'all' or c.segment = 'type:' || t.question_type or c.segment = 'do-it-yourself'
        and t.question_type in ('set-up', 'hardware')
where h.family_id is not null and h.author_role <> 'bot'
