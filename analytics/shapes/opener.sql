-- Columns of what opens a thread, which staging files of threads share.
body->>'$.url' as url,
cast(body->>'$.created_at' as timestamp) as opened_at,
body->>'$.actor' as actor_id,
body->>'$.role' as author_role,
cast(body->>'$.words' as bigint) as words_count,
cast(body->>'$.has_code' as boolean) as has_code,
cast(body->>'$.has_patch' as boolean) as has_patch,
cast(body->>'$.has_command' as boolean) as has_command,
body->>'$.question_type' as question_type,
body->>'$.language' as language,
cast(body->>'$.reader_version' as bigint) as reader_version,
cast(body->'$.mentions' as varchar[]) as mentioned_families
