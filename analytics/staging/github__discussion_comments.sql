-- question: Which comments do discussions have, as last seen?
-- grain: channel_id, comment_id
-- unit: none
-- standard: none
-- caveats: Both comments and replies to them; a reply names its comment as `parent_id`. A deleted comment with replies
--   is still listed, hidden as deleted; one that vanished after it was seen stays. Associations are as first seen.
-- version: 1
-- first seen: author_role, association
select
    channel_id,
    body->>'$.comment_id' as comment_id,
    cast(body->>'$.number' as bigint) as number,
    body->>'$.parent_id' as parent_id,
    body->>'$.url' as url,
    cast(body->>'$.created_at' as timestamp) as replied_at,
    cast(body->>'$.is_answer' as boolean) as is_accepted,
    cast(body->>'$.is_hidden' as boolean) as is_hidden,
    body->>'$.hidden_reason' as hidden_reason,
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
from raw.github__discussion_comments
