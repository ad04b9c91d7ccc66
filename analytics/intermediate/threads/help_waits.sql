-- question: How long did each request for help wait for help, by topic?
-- grain: thread_id, segment
-- unit: none
-- standard: none
-- caveats: The segments are `all`, set-up and hardware each by its `type:`, and `do-it-yourself`, both together. After
--   `help_known_until_at` help may have been missed (see thread_help). Threads opened by bots and threads that name no
--   single family are not included.
-- version: 2
select
    h.thread_id, c.segment, h.family_id, h.channel_kind, h.channel_role, h.is_pooled, h.age_days, h.opened_at,
    h.observed_until_at, h.helped_at, h.help_known_until_at, h.exclusion_reason
from metrics.thread_help as h
join staging.threads as t on t.thread_id = h.thread_id
join (values ('all'), ('do-it-yourself'), ('type:set-up'), ('type:hardware')) as c (segment)
    on c.segment = 'all' or c.segment = 'type:' || t.question_type or c.segment = 'do-it-yourself'
        and t.question_type in ('set-up', 'hardware')
where h.family_id is not null and h.author_role <> 'bot'
