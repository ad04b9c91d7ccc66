-- question: How long did each request for help wait for help?
-- grain: thread_id, segment
-- unit: none
-- standard: none
-- caveats: The segments are `all` and, by its `type:`, getting it to run. After
--   `help_known_until_at` help may have been missed (see thread_help). Threads opened by bots and threads that name no
--   single family are not included.
-- by: family
-- version: 1
select
    h.thread_id, c.segment, h.family_id, h.channel_kind, h.channel_role, h.is_pooled, h.age_days, h.opened_at,
    h.observed_until_at, h.helped_at, h.help_known_until_at, h.exclusion_reason
from metrics.thread_help as h
join staging.threads as t on t.thread_id = h.thread_id
join (values ('all'), ('type:getting it to run')) as c (segment)
    on c.segment = 'all' or c.segment = 'type:' || t.question_type
where h.family_id is not null and h.author_role <> 'bot'
