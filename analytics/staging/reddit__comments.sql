-- question: Which comments do posts have, as last seen?
-- grain: channel_id, comment_id
-- unit: none
-- standard: none
-- caveats: Without texts and names; a deleted or removed comment leaves only its position. A comment that vanished from
--   its post's tree stays here: it counts only while the last complete reading of the tree (`reddit__trees`) still
--   showed it.
-- version: 1
select
    channel_id,
    body->>'$.comment_id' as comment_id,
    body->>'$.post_id' as post_id,
    body->>'$.url' as url,
    cast(body->>'$.created_at' as timestamp) as replied_at,
    body->>'$.state' as post_state,
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
from raw.reddit__comments
