-- question: Which answers do the questions of each channel have, as last seen?
-- grain: channel_id, reply_code
-- unit: none
-- standard: none
-- caveats: Comments below questions and answers are not read, so help given there is not seen. An answer deleted after
--   it was seen stays. Accounts are numbers of the site; none is marked as a vendor's staff, so staff are a lower
--   bound.
-- version: 1
-- first seen: author_role, association
select
    channel_id,
    body->>'$.comment_id' as reply_code,
    cast(body->>'$.number' as bigint) as number,
    body->>'$.url' as url,
    cast(body->>'$.created_at' as timestamp) as replied_at,
    cast(body->>'$.is_accepted' as boolean) as is_accepted,
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
from raw.stackexchange__answers
