-- question: Which text posts do the subreddits have, as last seen?
-- grain: channel_id, post_id
-- unit: none
-- standard: none
-- caveats: Without titles, texts and names. If a post was deleted, removed, or can no longer be checked, only the fact
--   that it existed remains; so nothing is kept as first seen. Not every text post asks something. Reddit gives only
--   the newest thousand: posts from before the first visit, or from a gap between two visits, were never collected.
-- version: 1
select
    channel_id,
    body->>'$.post_id' as post_id,
    body->>'$.url' as url,
    cast(body->>'$.created_at' as timestamp) as opened_at,
    cast(body->>'$.edited_at' as timestamp) as edited_at,
    body->>'$.state' as post_state,
    cast(body->>'$.is_locked' as boolean) as is_locked,
    cast(body->>'$.comments' as bigint) as comments_count,
    body->>'$.label' as label_name,
    body->>'$.actor' as actor_id,
    body->>'$.role' as author_role,
    body->>'$.association' as association,
    cast(body->>'$.words' as bigint) as words_count,
    cast(body->>'$.code_lines' as bigint) as code_lines,
    cast(body->>'$.has_code' as boolean) as has_code,
    cast(body->>'$.has_patch' as boolean) as has_patch,
    cast(body->>'$.has_command' as boolean) as has_command,
    body->>'$.question_type' as question_type,
    body->>'$.language' as language,
    cast(body->>'$.reader_version' as bigint) as reader_version,
    cast(body->'$.mentions' as varchar[]) as mentioned_families,
    source_time,
    seen_at
from raw.reddit__posts
