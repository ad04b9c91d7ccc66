-- question: Which comments does each discussion have, and who opened or closed it when?
-- grain: channel_id, event_id
-- caveats: Comments (without the opening one) and changes of status, of discussions only, not of pull requests. A
--   hidden comment has no features: the Hub shows a note in place of its text.
-- first seen: author_role
select
    channel_id,
    body->>'$.event_id' as event_id,
    (body->>'$.model_id') || '#' || (body->>'$.number') as thread_code,
    body->>'$.kind' as event_kind,
    body->>'$.url' as url,
    cast(body->>'$.created_at' as timestamp) as replied_at,
    cast(body->>'$.is_hidden' as boolean) as is_hidden,
    body->>'$.hidden_reason' as hidden_reason,
    body->>'$.actor' as actor_id,
    body->>'$.role' as author_role,
    body->>'$.association' as association,
    {{reply}},
    source_time,
    seen_at
from raw.huggingface__discussion_events
