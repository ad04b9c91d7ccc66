-- question: Which comments does each discussion have, and who opened or closed it when?
-- grain: channel_id, event_id
-- unit: none
-- standard: none
-- caveats: Comments (without the opening one) and changes of status, of discussions only, not of pull requests. A
--   hidden comment has no features: the Hub shows a note in place of its text.
-- version: 1
-- first seen: author_role, association
select
    channel_id,
    body->>'$.event_id' as event_id,
    (body->>'$.model_id') || '#' || (body->>'$.number') as thread_code,
    body->>'$.model_id' as model_id,
    cast(body->>'$.number' as bigint) as number,
    body->>'$.kind' as event_kind,
    body->>'$.url' as url,
    cast(body->>'$.created_at' as timestamp) as replied_at,
    body->>'$.status' as new_state,
    cast(body->>'$.is_hidden' as boolean) as is_hidden,
    body->>'$.hidden_reason' as hidden_reason,
    cast(body->>'$.is_edited' as boolean) as is_edited,
    body->>'$.actor' as actor_id,
    body->>'$.role' as author_role,
    body->>'$.association' as association,
    cast(body->>'$.words' as bigint) as words_count,
    cast(body->>'$.code_lines' as bigint) as code_lines,
    cast(body->>'$.has_code' as boolean) as has_code,
    cast(body->>'$.has_patch' as boolean) as has_patch,
    cast(body->>'$.has_command' as boolean) as has_command,
    cast(body->>'$.has_thanks' as boolean) as has_thanks,
    cast(body->>'$.has_solved' as boolean) as has_solved,
    cast(body->>'$.is_me_too' as boolean) as is_me_too,
    body->>'$.language' as language,
    cast(body->>'$.reader_version' as bigint) as reader_version,
    source_time,
    seen_at
from raw.huggingface__discussion_events
